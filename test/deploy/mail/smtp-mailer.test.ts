import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { Failure, UserError } from '../../../deploy/errors.js';
import { digestDay, endedDays, gather } from '../../../deploy/mail/digest.js';
import { mailingFailure } from '../../../deploy/mail/failure.js';
import { createMailer } from '../../../deploy/mail/smtp-mailer.js';
import { Spool } from '../../../deploy/mail/spool.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';

const settings = {
  smtpUrl: null,
  from: 'los@x.org',
  to: ['a@x.org', 'b@x.org'],
  subjectPrefix: '[los]',
  verified: [],
  digestHour: 7,
  spool: '',
};
const data = { summary: 'Done.', version: 'v1', rows: 3 };

/** A mail server that keeps what it takes; `refuse` lets it answer otherwise. */
async function mailServer(port = 0) {
  const received: string[] = [];
  const control: { refuse?: { at: 'rcpt' | 'data'; code: number; only?: string } } = {};
  let logins = 0;
  const failing = (code: number) => Object.assign(new Error('no'), { responseCode: code });
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onAuth(_auth, _session, done) {
      logins++;
      done(new Error('no'));
    },
    onRcptTo: (_address, _session, done) =>
      done(control.refuse?.at === 'rcpt' ? failing(control.refuse.code) : null),
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => {
        const { at, code = 0, only = '' } = control.refuse ?? {};
        if (at === 'data' && text.includes(only)) return done(failing(code));
        received.push(text);
        done();
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const at = (server.server.address() as AddressInfo).port;
  return {
    control,
    port: at,
    choice: { server: { url: `smtp://127.0.0.1:${at}` } },
    mails: () => Promise.all(received.map((text) => simpleParser(text))),
    raw: received,
    logins: () => logins,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

const time = { hour: 7, zone: 'Europe/Berlin' };

/** Where nothing listens. */
const down = { server: { url: 'smtp://127.0.0.1:1', user: 'me', password: 's3cr3tword' } };

describe('sending status mails', () => {
  let folder: string;
  let warnings: string[];
  let notes: string[];
  const progress = {
    ...silentProgress,
    warn: (text: string) => void warnings.push(text),
    note: (text: string) => void notes.push(text),
  };
  const mailer = (
    choice: Parameters<typeof createMailer>[0],
    own: Partial<typeof settings> | { digestHour: null } = {},
  ) =>
    createMailer(
      choice,
      { ...settings, ...own },
      { deployment: 'los on test', schema: 'D.S', timeZone: 'Europe/Berlin', spool: folder },
      progress,
    );
  const waiting = () => new Spool(folder).waiting().length;

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
    expect(received!.subject).to.equal('[los] 3 admissions scored by v1');
    expect(received!.text).to.contain('Done.');
    expect(received!.html).to.contain('Done.');
    expect(server.raw[0]).to.contain('X-Predict-Los-Event: scoring').and.to.contain('a@x.org, b@x.org');
    expect(waiting()).to.equal(0);
    expect(new Spool(folder).holdsMail()).to.equal(false);
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
    expect(seen!.attachments[0]!.content.subarray(1, 4).toString()).to.equal('PNG');
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
    const written = readdirSync(folder)
      .sort()
      .map((name) => /Message-ID: (\S+)/.exec(JSON.parse(readFileSync(join(folder, name), 'utf8')).raw)![1]);

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
    const spool = new Spool(folder);
    const [name] = spool.waiting();
    expect(spool.claim(name!)!.subject).to.contain('3 admissions');
    expect(spool.claim(name!), 'claimed by two').to.equal(undefined);
    expect(spool.waiting()).to.deep.equal([]);
    const old = new Date(Date.now() - 11 * 60_000);
    utimesSync(join(folder, `${name}.claimed`), old, old);
    expect(spool.waiting()).to.deep.equal([name]);
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
    expect(new Spool(folder).holdsMail()).to.equal(true);
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
      ['v1', 'later'].map((version) => `[los] 3 admissions scored by ${version}`),
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

  it('gives the lines of a day that a process died with to the next, under the same Message-ID', async () => {
    const digest = join(folder, 'digest');
    const file = join(digest, '2026-11-24.jsonl');
    const ids: string[] = [];
    gather(digest, { at: '2026-11-24T12:00:00Z', title: 'x', scored: 5 }, time);
    const dying = (_day: string, _entries: unknown, id: string) => {
      ids.push(id);
      return Promise.reject(new Error('killed'));
    };
    const now = new Date('2026-11-26T12:00:00Z');
    for (let i = 0; i < 2; i++) {
      await endedDays(digest, now, time, dying).catch(({ message }: Error) =>
        expect(message).to.equal('killed'),
      );
      await endedDays(digest, now, time, () => expect.fail('two had it'));
      const old = new Date(Date.now() - 11 * 60_000);
      utimesSync(`${file}.claimed`, old, old);
    }
    expect(ids).to.have.length(2);
    expect(ids[1]).to.equal(ids[0]);
  });

  it('sets aside what cannot be read, says so, and goes on with the others', async () => {
    const before = mailer(down);
    await before.send('scoring', data);
    await before.close();
    writeFileSync(join(folder, '2026-01-01-cut.json'), '{"envelope":');
    const day = join(folder, 'digest', '2026-11-24.jsonl');
    gather(join(folder, 'digest'), { at: '2026-11-24T12:00:00Z', title: 'x', scored: 5 }, time);
    appendFileSync(day, '{"at":"2026-11-');

    const server = await mailServer();
    await mailer(server.choice).close();
    await server.close();
    const mails = await server.mails();
    expect(mails.map(({ subject }) => subject)).to.deep.equal([
      '[los] 3 admissions scored by v1',
      '[los] 5 admissions scored in 2 runs',
    ]);
    expect(mails[1]!.text).to.contain('a run whose line cannot be read: once');
    expect(warnings.join()).to.contain('refused/2026-01-01-cut.json');
    expect(readdirSync(join(folder, 'refused'))).to.deep.equal(['2026-01-01-cut.json']);
    expect(readdirSync(join(folder, 'digest'))).to.deep.equal([]);
    expect(waiting()).to.equal(0);
  });

  it('lets no other read what waits', async () => {
    const mail = mailer(down);
    await mail.send('scoring', data);
    await mail.send('scoring', data, { routine: true });
    await mail.close();
    const digest = join(folder, 'digest');
    const files = [
      ...readdirSync(folder, { withFileTypes: true }).flatMap((each) =>
        each.isFile() ? [join(folder, each.name)] : [],
      ),
      ...readdirSync(digest).map((name) => join(digest, name)),
    ];
    expect(files).to.have.length(2);
    for (const file of files) expect(statSync(file).mode & 0o077, file).to.equal(0);
    expect(statSync(digest).mode & 0o077).to.equal(0);
  });

  it('keeps what repeats and went well for the mail of the day, where there is one', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    expect(await mail.send('scoring', data, { routine: true })).to.equal(false);
    for (const [hour, scored] of [
      [5, 40],
      [6, 60],
    ] as const)
      gather(
        join(folder, 'digest'),
        { at: `2026-11-24T0${hour}:30:00Z`, title: `${scored} admissions`, scored },
        time,
      );
    await mail.close();
    expect(await server.mails()).to.deep.equal([]);
    // The next command: two days are over, for at 05:30 UTC it is not yet seven in Berlin. Today goes on.
    const [one, other] = [mailer(server.choice), mailer(server.choice)];
    await Promise.all([one.close(), other.close()]);
    const each = mailer(server.choice, { digestHour: null });
    await each.send('scoring', data, { routine: true });
    await each.close();
    await server.close();
    const subjects = (await server.mails()).map(({ subject }: ParsedMail) => subject);
    expect(subjects.slice(0, 2).sort()).to.deep.equal([
      '[los] 40 admissions scored in 1 run',
      '[los] 60 admissions scored in 1 run',
    ]);
    expect(subjects.slice(2)).to.deep.equal(['[los] 3 admissions scored by v1']);
    expect(readdirSync(join(folder, 'digest'))).to.deep.equal([`${digestDay(new Date(), time)}.jsonl`]);
  });

  it('leaves at its hour also on the days on which the clock is changed', () => {
    const day = (at: string) => digestDay(new Date(at), { hour: 7, zone: 'Europe/Berlin' });
    expect(['2026-03-29T04:59:00Z', '2026-03-29T05:00:00Z'].map(day)).to.deep.equal([
      '2026-03-28',
      '2026-03-29',
    ]);
    expect(['2026-10-25T05:59:00Z', '2026-10-25T06:00:00Z'].map(day)).to.deep.equal([
      '2026-10-24',
      '2026-10-25',
    ]);
    expect(day('2027-01-01T05:59:00Z')).to.equal('2026-12-31');
  });

  it('mails the present day too where no one may come to do it later', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    await mail.send('scoring', data, { routine: true });
    await mail.endDay();
    await mail.close();
    await server.close();
    expect((await server.mails()).map(({ subject }) => subject)).to.deep.equal([
      '[los] 3 admissions scored in 1 run',
    ]);
    expect(readdirSync(join(folder, 'digest'))).to.deep.equal([]);
    expect(new Spool(folder).holdsMail()).to.equal(false);
  });

  it('remembers what it has said no longer than it keeps quiet about it', () => {
    const spool = new Spool(folder);
    spool.noteSaid('one', 60_000);
    const [file] = readdirSync(join(folder, 'said'));
    const old = new Date(Date.now() - 61_000);
    utimesSync(join(folder, 'said', file!), old, old);
    spool.noteSaid('another', 60_000);
    expect(spool.wasSaid('another', 60_000)).to.equal(true);
    expect(readdirSync(join(folder, 'said')))
      .to.have.length(1)
      .and.not.to.include(file);
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
      '[los] FAILED: los score: The task LOS_SCORE failed',
      '[los] FAILED: los score: x is undefined',
      '[los] FAILED: los score: A piece failed',
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
