import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mailbox, startMailbox } from '@local-cloud/cloud/mail/mailbox.js';
import { listMails } from '@local-cloud/cloud/mail/read.js';
import { parseFault } from '@local-cloud/kit/faults/fault.js';
import { Faults } from '@local-cloud/kit/faults/faults.js';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';

describe('faults of the local mailbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mail-faults-'));
  const faults = new Faults();
  let mailbox: Mailbox;
  before(async () => {
    mailbox = await startMailbox({ folder, faults });
  });
  after(async () => {
    await mailbox.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const send = async (subject: string) => {
    const transport = createTransport({ url: mailbox.smtpUrl, socketTimeout: 300 } as object);
    try {
      return await transport.sendMail({ from: 'a@localhost', to: 'b@localhost', subject, text: 'x' });
    } catch (error) {
      return error as Error & { code?: string; responseCode?: number };
    } finally {
      transport.close();
    }
  };

  for (const [kind, seen] of [
    ['throttle', { responseCode: 451 }],
    ['fail', { responseCode: 554 }],
    ['unavailable', { responseCode: 421 }],
    ['hang', { code: 'ETIMEDOUT' }],
    ['cut', { code: 'ECONNECTION' }],
    ['garbage', { code: 'ECONNECTION' }],
  ] as const)
    it(`${kind}: the next mail fails, and the one after it arrives`, async () => {
      const before = listMails(folder).length;
      faults.add(parseFault(`smtp=${kind}`));
      expect(await send(kind)).to.include(seen);
      expect(listMails(folder).length).to.equal(before);
      expect(await send('again')).to.have.property('accepted');
      expect(listMails(folder).length).to.equal(before + 1);
    });

  it('lose: the mail arrives, and its sender does not know', async () => {
    const before = listMails(folder).length;
    faults.add(parseFault('smtp=lose'));
    expect(await send('lose')).to.include({ code: 'ECONNECTION' });
    expect(listMails(folder).length).to.equal(before + 1);
  });
});
