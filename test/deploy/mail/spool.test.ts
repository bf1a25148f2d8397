import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Failure, UserError } from '../../../deploy/errors.js';
import { mailingFailure } from '../../../deploy/mail/failure.js';
import { Spool } from '../../../deploy/mail/spool.js';
import { StatusMailer } from '../../../deploy/mail/status-mailer.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { mailServer } from './mail-server.js';

const settings = {
  smtpUrl: null,
  from: 'los@x.org',
  to: ['a@x.org', 'b@x.org'],
  verified: [],
  digestHour: 7,
  spool: '',
};
const data = { summary: 'Done.', version: 'v1', rows: 3 };

/** Where nothing listens. */
const down = { server: { url: 'smtp://127.0.0.1:1', user: 'me', password: 's3cr3tword' } };

/** Without a connection, as before the first apply: what a server does not take waits on disk. */
describe('status mails while LOS_EVENTS cannot be reached', () => {
  let folder: string;
  let warnings: string[];
  let notes: string[];
  const progress = {
    ...silentProgress,
    warn: (text: string) => void warnings.push(text),
    note: (text: string) => void notes.push(text),
  };
  const mailer = (choice: ConstructorParameters<typeof StatusMailer>[0]) =>
    new StatusMailer(
      choice,
      settings,
      { deployment: 'los on test', schema: 'D.S', timeZone: 'Europe/Berlin', spool: folder },
      progress,
    );
  const spool = () => new Spool(folder, progress);
  const waiting = () => spool().waiting().length;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'los-spool-'));
    [warnings, notes] = [[], []];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('sends HTML and text to every recipient', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    expect(await mail.send('scoring', data)).to.equal(true);
    expect(mail.sent).to.equal(1);
    await mail.close();
    await server.close();
    const [received] = await server.mails();
    expect(received!.subject).to.equal('[predict-los] 3 admissions scored by v1');
    expect(received!.text).to.contain('Done.');
    expect(received!.html).to.contain('Done.');
    expect(server.raw[0]).to.contain('X-Predict-Los-Event: scoring').and.to.contain('a@x.org, b@x.org');
    expect(waiting()).to.equal(0);
    expect(spool().holdsMail()).to.equal(false);
  });

  it('makes one conversation of all mails of a run, and another of the next run', async () => {
    const server = await mailServer();
    for (const times of [3, 1]) {
      const mail = mailer(server.choice);
      for (let i = 0; i < times; i++) await mail.send('scoring', data);
      await mail.close();
    }
    await server.close();
    const [first, second, third, other] = await server.mails();
    expect(first!.inReplyTo).to.equal(undefined);
    expect([second!.inReplyTo, third!.inReplyTo]).to.deep.equal([first!.messageId, first!.messageId]);
    expect(third!.references).to.equal(first!.messageId);
    expect(other!.inReplyTo).to.equal(undefined);
    expect(new Set([first, second, third, other].map((mail) => mail!.messageId)).size).to.equal(4);
  });

  it('has its picture inside, with words for readers who do not see it', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    const draw = async () =>
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"><text y="12">7 days</text></svg>';
    await mail.send('scoring', { ...data, picture: { title: 'Days', alt: 'It takes 7 days.', draw } });
    const broken = async () => 'no picture';
    await mail.send('scoring', {
      ...data,
      picture: { title: 'Days', alt: 'It takes 7 days.', draw: broken },
    });
    await mail.close();
    await server.close();
    const [seen, unseen] = await server.mails();
    const pictures = seen!.attachments.map(({ cid, content }) => [cid, content.toString('latin1', 1, 4)]);
    expect(pictures).to.deep.equal([
      ['picture@predict-los', 'PNG'],
      ['dark-picture@predict-los', 'PNG'],
    ]);
    expect(seen!.html).to.contain('alt="It takes 7 days."');
    expect(seen!.text).to.contain('It takes 7 days.');
    expect(unseen!.attachments).to.deep.equal([]);
    expect(unseen!.html).not.to.contain('<img');
    expect(unseen!.text).to.contain('It takes 7 days.');
    expect(warnings).to.have.length(1);
  });

  it('lets mails wait while the server is down, says so once, and the next command sends them once, as they were', async () => {
    const first = mailer(down);
    for (let i = 0; i < 3; i++) expect(await first.send('scoring', { ...data, rows: i })).to.equal(false);
    await first.close();
    expect(first.sent).to.equal(0);
    expect(waiting()).to.equal(3);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('was not sent').and.to.contain(folder).and.not.to.contain('s3cr3tword');
    const written = readdirSync(folder).map(
      (name) => `<${JSON.parse(readFileSync(join(folder, name), 'utf8')).id}@predict-los>`,
    );

    const server = await mailServer();
    // Two commands at once, and one after them.
    const [second, third] = [mailer(server.choice), mailer(server.choice)];
    await Promise.all([second.close(), third.close()]);
    await mailer(server.choice).close();
    await server.close();
    const mails = await server.mails();
    expect(mails.map(({ messageId }) => messageId).sort()).to.deep.equal([...written].sort());
    expect(second.sent + third.sent).to.equal(3);
    expect(notes.join()).to.contain('had waited');
    expect(waiting()).to.equal(0);
  });

  it('sends on as soon as the server is there again', async () => {
    const before = await mailServer();
    await before.close();
    const mail = mailer({ server: { url: `smtp://127.0.0.1:${before.port}` } });
    expect(await mail.send('scoring', { ...data, rows: 1 })).to.equal(false);
    const server = await mailServer(before.port);
    while (!(await mail.send('scoring', { ...data, rows: 2 })));
    await mail.close();
    await server.close();
    expect(waiting()).to.equal(0);
    const [first] = await server.mails();
    expect(first!.subject).to.contain('1 admission scored');
  });

  it('gives what a process died with to the next, after some time', async () => {
    const mail = mailer(down);
    await mail.send('scoring', data);
    await mail.close();
    const dying = spool();
    const [name] = dying.waiting();
    expect((await dying.take('command')).map(({ subject }) => subject)).to.deep.equal([
      '3 admissions scored by v1',
    ]);
    expect(await spool().take('command'), 'claimed by two').to.deep.equal([]);
    const old = new Date(Date.now() - 11 * 60_000);
    utimesSync(join(folder, `${name}.claimed`), old, old);
    expect(spool().waiting()).to.deep.equal([name]);
  });

  it('sets aside what the server will never take, and goes on with the others', async () => {
    const server = await mailServer();
    server.control.refuse = { at: 'rcpt', code: 550 };
    const mail = mailer(server.choice);
    expect(await mail.send('scoring', data)).to.equal(false);
    server.control.refuse = { at: 'data', code: 451 };
    expect(await mail.send('scoring', data)).to.equal(false);
    expect(waiting()).to.equal(1);
    server.control.refuse = undefined;
    expect(await mail.send('scoring', { ...data, rows: 4 })).to.equal(true);
    await mail.close();
    await server.close();
    expect(readdirSync(join(folder, 'refused'))).to.have.length(1);
    expect(spool().holdsMail()).to.equal(true);
    expect(warnings.join()).to.contain('mail.to').and.to.contain('refused');
    expect(waiting()).to.equal(0);
  });

  it('goes on with the others where the server puts off one, and tries that again', async () => {
    const before = mailer(down);
    for (const version of ['later', 'v1']) await before.send('scoring', { ...data, version });
    await before.close();
    const server = await mailServer();
    server.control.refuse = { at: 'data', code: 451, only: 'later' };
    await mailer(server.choice).close();
    expect(waiting()).to.equal(1);
    server.control.refuse = undefined;
    await mailer(server.choice).close();
    await server.close();
    const subjects = (await server.mails()).map(({ subject }) => subject);
    expect(subjects).to.deep.equal(
      ['v1', 'later'].map((version) => `[predict-los] 3 admissions scored by ${version}`),
    );
    expect(waiting()).to.equal(0);
  });

  it('leaves a server alone for a while that does not let us in', async () => {
    const server = await mailServer();
    const mail = mailer({ server: { ...server.choice.server, user: 'me', password: 's3cr3tword' } });
    for (let i = 0; i < 3; i++) expect(await mail.send('scoring', data)).to.equal(false);
    await mail.close();
    await server.close();
    expect(server.logins()).to.equal(1);
    expect(waiting()).to.equal(3);
    expect(warnings).to.have.length(1);
    expect(warnings[0]).to.contain('LOS_SMTP_PASSWORD').and.not.to.contain('s3cr3tword');
  });

  it('sets aside what cannot be read, says so, and goes on with the others', async () => {
    const before = mailer(down);
    await before.send('scoring', data);
    await before.close();
    writeFileSync(join(folder, '2026-01-01_cut.json'), '{"id":');

    const server = await mailServer();
    await mailer(server.choice).close();
    await server.close();
    const mails = await server.mails();
    expect(mails.map(({ subject }) => subject)).to.deep.equal(['[predict-los] 3 admissions scored by v1']);
    expect(warnings.join()).to.contain('refused/2026-01-01_cut.json');
    expect(readdirSync(join(folder, 'refused'))).to.deep.equal(['2026-01-01_cut.json']);
    expect(waiting()).to.equal(0);
  });

  it('lets no other user read what waits', async () => {
    const mail = mailer(down);
    await mail.send('scoring', data);
    await mail.close();
    const [name] = spool().waiting();
    expect(statSync(join(folder, name!)).mode & 0o077).to.equal(0);
  });

  it('has no digest: what repeats is mailed at once, as no table keeps it', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    expect(await mail.send('scoring', data, { routine: true })).to.equal(true);
    await mail.close();
    await server.close();
  });

  it('remembers what it has said no longer than it keeps quiet about it', async () => {
    const mail = mailer(down);
    const fail = (error: string) =>
      mail.send('failure', { step: 'los score', error, short: error, summary: '' }, { once: true });
    await fail('one');
    const [file] = readdirSync(join(folder, 'said'));
    const old = new Date(Date.now() - 7 * 3_600_000);
    utimesSync(join(folder, 'said', file!), old, old);
    await fail('another');
    await fail('another');
    await mail.close();
    expect(readdirSync(join(folder, 'said')))
      .to.have.length(1)
      .and.not.to.include(file);
    expect(waiting()).to.equal(2);
  });

  it('mails what failed, once in some hours; not what a person at the keyboard did wrong or stopped', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    const fail = (error: Error, signal = new AbortController().signal) =>
      mailingFailure({ mail, signal }, 'los score', async () => Promise.reject(error)).then(
        () => expect.fail('it did not fail'),
        (thrown) => expect(thrown).to.equal(error),
      );
    await fail(new UserError('There is no version v9.', { next: 'Name another.' }));
    await fail(new Error('stopped'), AbortSignal.abort());
    expect(mail.sent).to.equal(0);
    await fail(new Failure('The task LOS_SCORE failed: 503 at 12:01.', { next: 'Look at the log.' }));
    await fail(new Failure('The task LOS_SCORE failed: 503 at 12:16.', { next: 'Look at the log.' }));
    await fail(new TypeError('x is undefined'));
    await fail(new Failure('A piece failed.', { next: 'Mend it. Then: los score --from 3.' }));
    await mail.close();
    await server.close();
    const mails = await server.mails();
    expect(mails.map(({ subject }) => subject)).to.deep.equal([
      '[predict-los] FAILED: los score: The task LOS_SCORE failed',
      '[predict-los] FAILED: los score: x is undefined',
      '[predict-los] FAILED: los score: A piece failed',
    ]);
    expect(mails[0]!.text).to.contain('503 at 12:01').and.to.contain('Look at the log. Then run it again');
    // One way on, not two.
    expect(mails[2]!.text).to.contain('Then: los score --from 3.').and.not.to.contain('run it again');
  });

  it('keeps mails where the server’s address is wrong, until it is right', async () => {
    const wrong = mailer({ server: undefined, problem: { what: 'It is none', fix: 'Mend it.' } });
    expect(await wrong.send('scoring', data)).to.equal(false);
    await wrong.close();
    const server = await mailServer();
    await mailer(server.choice).close();
    await server.close();
    expect(await server.mails()).to.have.length(1);
  });

  it('says once that no mail server is set', async () => {
    const mail = mailer({ server: undefined });
    await mail.send('scoring', data);
    await mail.send('scoring', data);
    await mail.close();
    expect(notes).to.have.length(1);
    expect(waiting()).to.equal(0);
  });
});
