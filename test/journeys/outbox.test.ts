import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { drive } from '../../deploy/clients/drive.js';
import { mailingFailure } from '../../deploy/mail/failure.js';
import { Spool } from '../../deploy/mail/spool.js';
import { StatusMailer } from '../../deploy/mail/status-mailer.js';
import type { OpenContext } from '../../deploy/open.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { type EventMessage, type Scope, takeEvents } from '../../procedures/notifying/outbox.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { mailServer } from '../deploy/mail/mail-server.js';

const settings = {
  smtpUrl: null,
  from: 'los@x.org',
  to: ['a@x.org'],
  verified: [],
  digestHour: 7,
  spool: '',
};
const data = { summary: 'Done.', version: 'v1', rows: 3 };
/** Where nothing listens. */
const down = { server: { url: 'smtp://127.0.0.1:1' } };

describe('status mails in LOS_EVENTS', () => {
  const clock = new MovableClock({ frozen: true });
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let folder: string;
  let warnings: string[];

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', { clock }, 'applied');
    clock.advance(Math.max(0, Date.now() - clock.now()));
    ctx = await cloud.open();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'los-outbox-'));
    warnings = [];
    await ctx.snowflake.execute('DELETE FROM LOS_EVENTS');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) };
  const mailer = (
    choice: ConstructorParameters<typeof StatusMailer>[0],
    own: object = {},
    spool = join(folder, 'spool'),
  ) => {
    const sender = { deployment: 'los on test', schema: 'D.S', timeZone: 'UTC', spool };
    const mail = new StatusMailer(choice, { ...settings, ...own }, sender, progress);
    mail.connect(ctx);
    return mail;
  };
  const rows = (columns: string) =>
    ctx.snowflake.query(`SELECT ${columns} FROM LOS_EVENTS ORDER BY HAPPENED_AT, EVENT_ID`);
  const user = async () => String((await ctx.snowflake.query('SELECT CURRENT_USER() AS U'))[0]!.U);
  const spooled = () => new Spool(join(folder, 'spool'), progress).waiting();
  const alarm = (severity: string) =>
    ctx.snowflake.execute(
      `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, DAY, HAPPENED_AT, ATTEMPTS)
SELECT UUID_STRING(), 'health', 'alarm', ?, 'AGE', 'AGE is higher than in training.', CURRENT_DATE(), CURRENT_TIMESTAMP(), 0`,
      [severity],
    );
  const later = (hours: number) =>
    ctx.snowflake.execute(`UPDATE LOS_EVENTS SET HAPPENED_AT = DATEADD(minute, -${hours * 60}, HAPPENED_AT)`);

  it('are written down, sent at once, and keep nothing of the mail', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    expect(await mail.send('deploy', { summary: 'Deployed.', changes: '1 created', sentences: [] })).to.equal(
      true,
    );
    expect(await mail.send('scoring', data)).to.equal(true);
    await mail.close();
    await server.close();
    const [first, second] = await server.mails();
    expect(second!.inReplyTo).to.equal(first!.messageId);
    const kept = await rows('EVENT_ID, KIND, SUBJECT, SENT_BY, MAIL, LEASE, SENT_AT IS NULL AS WAITS');
    expect(kept.map(({ EVENT_ID }) => `<${EVENT_ID}@predict-los>`)).to.have.members([
      first!.messageId,
      second!.messageId,
    ]);
    expect(kept.find(({ KIND }) => KIND === 'scoring')).to.include({
      SUBJECT: '3 admissions scored by v1',
      SENT_BY: await user(),
      MAIL: null,
      LEASE: null,
      WAITS: false,
    });
    expect(spooled()).to.deep.equal([]);
  });

  it('wait while the mail server is down; the next command on any machine sends them once, as they were', async () => {
    const before = mailer(down);
    expect(await before.send('scoring', data)).to.equal(false);
    await before.close();
    expect(spooled()).to.deep.equal([]);
    expect(warnings.join()).to.contain('It waits in LOS_EVENTS');
    const [waiting] = await rows('EVENT_ID, SENT_AT');
    expect(waiting!.SENT_AT).to.equal(null);
    const server = await mailServer();
    const [one, other] = ['one', 'other'].map((name) => mailer(server.choice, {}, join(folder, name)));
    await Promise.all(
      [one!, other!].map((mail) => mail.send('destroy', { summary: 'x', removed: 1, kept: [] })),
    );
    await Promise.all([one!.close(), other!.close()]);
    await server.close();
    const mails = (await server.mails()).filter(({ subject }) => subject!.includes('scored'));
    expect(mails.map(({ messageId }) => messageId)).to.deep.equal([`<${waiting!.EVENT_ID}@predict-los>`]);
    expect(mails[0]!.text).to.contain('Done.');
    expect((await rows('SENT_AT')).every(({ SENT_AT }) => SENT_AT !== null)).to.equal(true);
  });

  it('that repeat and went well are one mail a day with what else can wait', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    for (const count of [40, 60])
      expect(await mail.send('scoring', { ...data, rows: count }, { routine: true })).to.equal(false);
    expect(await server.mails()).to.deep.equal([]);
    await later(24);
    await mail.send('scoring', { ...data, rows: 0 }, { routine: true });
    await alarm('warning');
    await later(24);
    await alarm('info');
    await mail.deliver();
    await mail.close();
    await server.close();
    const mails = await server.mails();
    expect(mails.map(({ subject }) => subject)).to.deep.equal([
      '[predict-los] 100 admissions scored in 2 runs',
      '[predict-los] Warning: AGE is higher than in training',
    ]);
    expect(mails[0]!.text).to.contain('Scorings').and.to.contain('60');
    expect(mails[1]!.text).to.contain('run of los');
    expect((await rows('SENT_AT')).filter(({ SENT_AT }) => SENT_AT === null)).to.have.length(1);
  });

  it('say the same failure once in six hours, whatever its numbers', async () => {
    const server = await mailServer();
    const fail = async (error: string) => {
      const mail = mailer(server.choice);
      const signal = new AbortController().signal;
      await mailingFailure({ mail, signal }, 'los score', () => Promise.reject(new Error(error))).catch(
        () => {},
      );
      await mail.close();
    };
    for (const minute of ['01', '16']) await fail(`The endpoint answered 503 at 12:${minute}.`);
    expect(await server.mails()).to.have.length(1);
    await later(6.1);
    await fail("The endpoint answered 503 at 18:16 to 'Müller, Anna'.");
    await fail('The endpoint answered 503 at 18:31.');
    await server.close();
    const mails = await server.mails();
    expect(mails).to.have.length(3);
    expect(JSON.stringify([await rows('MESSAGE, SUBJECT'), mails[1]!.text])).not.to.contain('Müller');
  });

  it('that the server never takes are kept for a person, and not tried again; alarms wait on', async () => {
    const server = await mailServer();
    server.control.refuse = { at: 'rcpt', code: 550 };
    await alarm('critical');
    const mail = mailer(server.choice);
    expect(await mail.send('scoring', data)).to.equal(false);
    server.control.refuse = undefined;
    expect(await mail.send('scoring', { ...data, rows: 4 })).to.equal(true);
    await mail.close();
    await server.close();
    expect((await server.mails()).map(({ subject }) => subject)).to.have.members([
      '[predict-los] ALARM: AGE is higher than in training',
      '[predict-los] 4 admissions scored by v1',
    ]);
    expect(readdirSync(join(folder, 'spool', 'refused'))).to.have.length(1);
    expect(warnings.join()).to.contain('mail.to').and.to.contain('refused');
    expect((await rows('SENT_BY')).map(({ SENT_BY }) => SENT_BY)).to.have.members([
      await user(),
      await user(),
      'none',
    ]);
  });

  it('leave before the table goes, those of today too; what does not, waits on disk', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    await mail.send('scoring', data, { routine: true });
    await mail.flush();
    await mail.close();
    const late = mailer(down);
    await late.send('scoring', data);
    await alarm('critical');
    await late.flush();
    await late.close();
    expect(spooled()).to.have.length(2);
    expect((await rows('SENT_AT')).every(({ SENT_AT }) => SENT_AT !== null)).to.equal(true);
    await mailer(server.choice).close();
    await server.close();
    expect((await server.mails()).map(({ subject }) => subject)).to.deep.equal([
      '[predict-los] 3 admissions scored in 1 run',
      '[predict-los] ALARM: AGE is higher than in training',
      '[predict-los] 3 admissions scored by v1',
    ]);
    expect(spooled()).to.deep.equal([]);
  });

  it('go by the spool where the role may not write there', async () => {
    const server = await mailServer();
    const mail = mailer(server.choice);
    const { snowflake } = ctx;
    mail.connect({
      ...ctx,
      snowflake: { ...snowflake, query: () => snowflake.query('CALL LOS_NO_SUCH_PROCEDURE()') },
    });
    expect(await mail.send('scoring', data)).to.equal(true);
    expect(await rows('EVENT_ID')).to.deep.equal([]);
    await mail.close();
    await server.close();
  });

  it('are all that a command sends where Snowflake itself mails what the loop did', async () => {
    await alarm('critical');
    const plan = {
      place: { snowflake: ctx.settings.snowflake },
      dataset: 'health',
      zone: 'UTC',
      tasks: [],
      digest: null,
    };
    const take = async (scope: Scope, email: object | null) => {
      const taken = await drive(ctx, takeEvents({ ...plan, email }, scope, scope));
      await ctx.snowflake.execute('UPDATE LOS_EVENTS SET LEASE = NULL, LEASE_UNTIL = NULL');
      return taken.length;
    };
    expect(await take('command', {})).to.equal(0);
    expect(await take('command', null)).to.equal(1);
    expect(await take('notify', {})).to.equal(1);
    expect(await take('snowflake', {})).to.equal(1);
  });

  it('are the only events that a caller can report', async () => {
    const id = randomUUID();
    const report = {
      id,
      kind: 'deploy',
      severity: 'info',
      subject: 's',
      message: 'm',
      next: null,
      thread: id,
      mail: {},
      scored: 0,
      once: false,
    };
    const take = (object: object) =>
      callProcedure<EventMessage[]>(ctx, 'LOS_REPORT_EVENT', ['a', 'command', { object }]);
    for (const forged of [
      { kind: 'alarm' },
      { severity: 'critical' },
      { severity: 'routine' },
      { id: 'x/../../victim/package' },
      { thread: 'x' },
      { subject: 'x'.repeat(20_000) },
      { mail: 'x' },
    ])
      await take({ ...report, ...forged }).then(
        () => expect.fail(JSON.stringify(forged).slice(0, 50)),
        (error: Error) => expect(error.message).to.equal('This is no report of los.'),
      );
    expect((await take(report)).map(({ id }) => id)).to.deep.equal([id]);
    // An answer that was lost is asked for again.
    await take(report);
    expect(await rows('EVENT_ID')).to.have.length(1);
  });

  it('leave at their hour also on the days on which the clock is changed', async () => {
    const plan = {
      place: { snowflake: ctx.settings.snowflake },
      dataset: 'health',
      zone: 'UTC',
      tasks: [],
      digest: { hour: 7, zone: 'Europe/Berlin' },
      email: null,
    };
    const due = async (before: string, now: string) => {
      // A session does not live for months.
      await ctx.close();
      clock.advance(Date.parse(before) - clock.now());
      ctx = await cloud.open();
      await ctx.snowflake.execute('DELETE FROM LOS_EVENTS');
      await alarm('info');
      clock.advance(Date.parse(now) - clock.now());
      // What tasks notice of the months that passed is critical.
      const taken = await drive(ctx, takeEvents(plan, now, 'notify'));
      return taken.some(({ subject }) => subject === 'AGE');
    };
    const year = new Date(clock.now()).getUTCFullYear() + 1;
    const lastSunday = (month: string) =>
      [...Array(7).keys()]
        .map((i) => new Date(Date.parse(`${year}-${month}-31T00:00:00Z`) - i * 86_400_000))
        .find((day) => day.getUTCDay() === 0)!
        .toISOString()
        .slice(0, 10);
    const [spring, autumn] = [lastSunday('03'), lastSunday('10')];
    expect(await due(`${spring}T04:00:00Z`, `${spring}T04:59:00Z`)).to.equal(false);
    expect(await due(`${spring}T04:59:00Z`, `${spring}T05:00:00Z`)).to.equal(true);
    expect(await due(`${autumn}T05:00:00Z`, `${autumn}T05:59:00Z`)).to.equal(false);
    expect(await due(`${autumn}T05:59:00Z`, `${autumn}T06:00:00Z`)).to.equal(true);
  });
});
