import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { createMailer } from '../../../deploy/mail/smtp-mailer.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';

const settings = {
  smtpUrl: null,
  from: 'los@x.org',
  to: ['a@x.org', 'b@x.org'],
  subjectPrefix: '[los]',
  verified: [],
};
const data = { summary: 'Done.', version: 'v1', rows: 3 };

describe('sending status mails', () => {
  it('sends HTML and text to every recipient', async () => {
    const received: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, _session, done) {
        let text = '';
        stream.on('data', (chunk) => {
          text += chunk;
        });
        stream.on('end', () => {
          received.push(text);
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    const mailer = createMailer({ url: `smtp://127.0.0.1:${port}` }, settings, 'los on test', silentProgress);
    expect(await mailer.send('scoring', data)).to.equal(true);
    expect(mailer.sent).to.equal(1);
    mailer.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    const mail = await simpleParser(received[0]!);
    expect(mail.subject).to.equal('[los] Scored 3 admissions with v1');
    expect(mail.text).to.contain('Done.');
    expect(mail.html).to.contain('Done.');
    expect(received[0]).to.contain('X-Predict-Los-Event: scoring');
  });

  it('reports a failure without the password and without throwing', async () => {
    const warnings: string[] = [];
    const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) };
    const server = { url: 'smtp://127.0.0.1:1', user: 'me', password: 's3cr3tword' };
    const mailer = createMailer(server, settings, 'los on test', progress);
    expect(await mailer.send('scoring', data)).to.equal(false);
    expect(mailer.sent).to.equal(0);
    expect(warnings.join()).to.contain('was not sent').and.not.to.contain('s3cr3tword');
  });

  it('says once that no mail server is set', async () => {
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
    const mailer = createMailer(undefined, settings, 'los on test', progress);
    await mailer.send('scoring', data);
    await mailer.send('scoring', data);
    expect(notes).to.have.length(1);
  });
});
