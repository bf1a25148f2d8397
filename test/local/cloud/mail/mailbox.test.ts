import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Mailbox, startMailbox } from '@local-cloud/cloud/mail/mailbox.js';
import { listMails, readMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import nodemailer from 'nodemailer';

describe('the local mailbox', () => {
  let folder: string;
  let mailbox: Mailbox | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailbox-'));
  });
  afterEach(async () => {
    await mailbox?.close();
    mailbox = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps what nodemailer sends, with HTML, text, attachment and hidden copy', async () => {
    mailbox = await startMailbox({ folder: join(folder, 'mail') });
    const transport = nodemailer.createTransport(mailbox.smtpUrl);
    await transport.sendMail({
      from: 'Sender <sender@example.org>',
      to: 'one@example.org',
      bcc: 'two@example.org',
      subject: 'Größe & Länge – ok',
      text: 'plain\n.leading dot',
      html: '<b>rich</b>',
      attachments: [{ filename: 'a.csv', content: 'x,y\n1,2\n' }],
    });
    transport.close();
    const [mail, ...others] = await readMails(mailbox.folder);
    expect(others).to.deep.equal([]);
    expect(mail).to.include({ subject: 'Größe & Länge – ok', html: '<b>rich</b>' });
    expect(mail!.from).to.include('sender@example.org');
    expect(mail!.text.trim()).to.equal('plain\n.leading dot');
    expect(mail!.to).to.deep.equal(['one@example.org', 'two@example.org']);
    expect(mail!.attachments[0]!.content.toString()).to.equal('x,y\n1,2\n');
  });

  it('lists mails in the order in which they came and leaves no partial file', async () => {
    mailbox = await startMailbox({ folder });
    const transport = nodemailer.createTransport(mailbox.smtpUrl);
    for (const subject of ['first', 'second', 'third'])
      await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', subject, text: 'x' });
    transport.close();
    expect((await readMails(folder)).map((mail) => mail.subject)).to.deep.equal(['first', 'second', 'third']);
    expect(readdirSync(folder)).to.have.length(3);
  });

  it('asks for a login when it has credentials, and refuses a wrong password', async () => {
    mailbox = await startMailbox({ folder, credentials: { user: 'mailer', password: 'right' } });
    const port = Number(new URL(mailbox.smtpUrl).port);
    const send = (auth?: { user: string; pass: string }) =>
      nodemailer
        .createTransport({ host: '127.0.0.1', port, auth })
        .sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 's', text: 't' })
        .then(
          () => 'sent',
          (error: { responseCode?: number }) => error.responseCode,
        );
    expect(await send()).to.equal(530);
    expect(await send({ user: 'mailer', pass: 'wrong' })).to.equal(535);
    expect(listMails(folder)).to.deep.equal([]);
    expect(await send({ user: 'mailer', pass: 'right' })).to.equal('sent');
    expect(listMails(folder)).to.have.length(1);
  });

  it('has an empty list for a folder that does not exist', () => {
    expect(listMails(join(folder, 'none'))).to.deep.equal([]);
  });
});
