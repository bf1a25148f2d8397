import { execFile } from 'node:child_process';
import { type AddressInfo, createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startMailbox } from '@local-cloud/cloud/mail/mailbox.js';
import { readMails } from '@local-cloud/cloud/mail/read.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { Smtp } from '../../../deploy/mail/smtp.js';
import { chooseSmtp, readSmtpUrl, transportOptions } from '../../../deploy/mail/smtp-server.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { projectRoot } from '../../../deploy/project.js';
import { embeddedCloud } from '../embedded-cloud.js';

describe('the mail server', () => {
  it('is LOS_SMTP_URL before the settings’ before the local mailbox', () => {
    const [env, file] = ['smtp://a.org', 'smtp://b.org'];
    const local = { url: 'smtp://127.0.0.1:25', user: 'local', password: 'x' };
    expect(chooseSmtp({ LOS_SMTP_URL: env }, file, local).server!.url).to.equal(env);
    expect(chooseSmtp({}, file, local).server!.url).to.equal(file);
    expect(chooseSmtp({ LOS_SMTP_USER: 'me' }, null, local).server).to.equal(local);
    expect(chooseSmtp({}, null)).to.deep.equal({ server: undefined });
  });

  it('has user and password in its URL, or apart from it as they are', () => {
    const server = { url: 'smtps://mail.org:465', user: 'me@x.org', password: 'a/b#c%zz@' };
    const inUrl = 'smtps://me%40x.org:a%2Fb%23c%25zz%40@mail.org:465';
    expect(chooseSmtp({ LOS_SMTP_URL: inUrl }, null).server).to.deep.equal(server);
    const apart = { LOS_SMTP_USER: server.user, LOS_SMTP_PASSWORD: server.password };
    expect(chooseSmtp({ LOS_SMTP_URL: server.url, ...apart }, null).server).to.deep.equal(server);
    expect(chooseSmtp(apart, server.url).server).to.deep.equal(server);
    expect(chooseSmtp({ LOS_SMTP_PASSWORD: 'x' }, server.url).problem!.what).to.contain('without a user');
  });

  it('takes a password of any characters when it is written as URLs want it, and never quotes another', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (password) => {
        const url = `smtp://u:${encodeURIComponent(password)}@h.org`;
        expect(readSmtpUrl(url)).to.deep.equal({ url: 'smtp://h.org', user: 'u', password });
      }),
    );
    for (const password of [
      'S3cr3t/zzLeak#q',
      'S3cr3t%zzLeak',
      '12/S3cr3t',
      '12#S3cr3t',
      '12?S3cr3t',
      '/S3cr3t',
    ]) {
      const { server, problem } = chooseSmtp({ LOS_SMTP_URL: `smtp://u:${password}@127.0.0.1:9` }, null);
      expect(server, password).to.equal(undefined);
      expect(`${problem!.what} ${problem!.fix}`).to.contain('LOS_SMTP_URL').and.not.to.contain('S3cr3t');
    }
    for (const other of ['http://h.org', 'smtp://', 'mail.org', 'smtp://h.org/inbox'])
      expect(readSmtpUrl(other), other).to.equal(undefined);
  });
});

describe('a command whose mails cannot be sent', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  before(async () => {
    local = await embeddedCloud('mail: { digestHour: null }', {}, 'applied');
  });
  after(async () => {
    await local.cloud.close();
    local.remove();
  });

  const apply = (env: Record<string, string>) =>
    promisify(execFile)(
      process.execPath,
      [join(projectRoot, 'dist/deploy/cli.js'), 'apply', '--config', local.config, '--json'],
      { env: { ...process.env, ...env } },
    );

  const cases: Record<string, Record<string, string>> = {
    'an address that is none': { LOS_SMTP_URL: 'smtp://u:S3cr3t/zzLeak#q@127.0.0.1:9' },
    'a password with a percent sign': { LOS_SMTP_URL: 'smtp://u:S3cr3t%zzLeak@127.0.0.1:9' },
    'a server that is not there': {
      LOS_SMTP_URL: 'smtp://127.0.0.1:9',
      LOS_SMTP_USER: 'u',
      LOS_SMTP_PASSWORD: 'S3cr3t%zzLeak',
    },
  };
  for (const [what, env] of Object.entries(cases))
    it(`does its work, exits with 0 and warns without a secret or a stack: ${what}`, async () => {
      const { stdout, stderr } = await apply(env);
      expect(JSON.parse(stdout)).to.have.property('created');
      expect(stderr).to.contain('LOS_SMTP_URL');
      expect(stdout + stderr).not.to.match(/S3cr3t|zzLeak|Deprecation|\n {4}at /);
    });

  it('has them sent by los notify once it reaches a server, each once', async () => {
    const folder = join(local.folder, 'later');
    const mailbox = await startMailbox({ folder });
    for (let times = 0; times < 2; times++)
      await promisify(execFile)(
        process.execPath,
        [join(projectRoot, 'dist/deploy/cli.js'), 'notify', '--config', local.config, '--json'],
        { env: { ...process.env, LOS_SMTP_URL: mailbox.smtpUrl } },
      );
    await mailbox.close();
    const mails = await readMails(folder);
    // Two addresses that are none, and a server that is not there.
    expect(mails.map(({ subject }) => subject)).to.have.length(Object.keys(cases).length);
  });
});

describe('a password for the mail server', () => {
  const options = (url: string, password?: string) =>
    transportOptions({ url, user: 'u', ...(password === undefined ? {} : { password }) });

  it('finding Low: leaves this machine over TLS only', () => {
    for (const url of [
      'smtp://mail.org:587',
      'smtp://127.0.0.1.mail.org',
      'smtp://10.0.0.1',
      'smtp://[fe80::1]',
    ])
      expect(options(url, 'S3cr3t').requireTLS, url).to.equal(true);
    for (const url of ['smtp://127.0.0.1:25', 'smtp://localhost:25', 'smtp://[::1]:25'])
      expect(options(url, 'S3cr3t').requireTLS, url).to.equal(false);
    expect(options('smtp://mail.org').requireTLS).to.equal(false);
  });

  it('finding Low: is kept from a server without STARTTLS, and the warning says why', async function () {
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((each) => each?.family === 'IPv4' && !each.internal);
    if (!outside) return this.skip();
    const lines: string[] = [];
    const server = createServer((socket) => {
      socket.write('220 plain ESMTP\r\n');
      socket.on('error', () => undefined);
      socket.on('data', (data) => {
        lines.push(String(data));
        socket.write(
          /^EHLO/.test(String(data)) ? '250-plain\r\n250 AUTH PLAIN\r\n' : '502 no such command\r\n',
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, outside.address, resolve));
    const said: string[] = [];
    const { port } = server.address() as AddressInfo;
    const choice = { server: { url: `smtp://${outside.address}:${port}`, user: 'u', password: 'S3cr3t' } };
    const smtp = new Smtp(choice, { ...silentProgress, warn: (text) => said.push(text) });
    const mail = {
      envelope: { from: 'a@b.example', to: ['c@d.example'] },
      subject: 'Beds',
      raw: 'Subject: Beds\r\n\r\n',
    };
    expect(await smtp.deliver(mail, 'It waits')).to.equal('down');
    await smtp.close();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    expect(said.join('')).to.contain('it offers no STARTTLS').and.contain('smtps://');
    expect(lines.join('')).not.to.contain('AUTH').and.not.to.contain('S3cr3t');
  });
});
