// Findings 2 and 4 of the security review of turn 4: what one who runs the pipeline makes of mails, and of files where `los` runs.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { Spool } from '../../deploy/mail/spool.js';
import { StatusMailer } from '../../deploy/mail/status-mailer.js';
import { silentProgress } from '../../deploy/progress/terminal.js';
import { notify } from '../../deploy/watching/notify.js';
import type { EventMessage } from '../../procedures/notifying/outbox.js';
import { mailServer } from '../deploy/mail/mail-server.js';
import { openRoleSessions, type RoleSessions } from './role-sessions.js';

const ID = '5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44';
const settings = {
  smtpUrl: null,
  from: 'los@x.org',
  to: ['a@x.org'],
  verified: [],
  digestHour: null,
  spool: '',
};

describe('events of one who runs the pipeline', () => {
  let sessions: RoleSessions;
  let folder: string;
  let warnings: string[];
  const progress = { ...silentProgress, warn: (text: string) => void warnings.push(text) };

  before(async () => {
    sessions = await openRoleSessions();
  });
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'los-events-'));
    warnings = [];
    await sessions.as.LOS_DEPLOY.execute('DELETE FROM LOS_EVENTS');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  after(() => sessions?.close());

  const as = (role: 'LOS_RUN' | 'LOS_OPERATE' | 'LOS_DEPLOY') => ({
    ...sessions.admin,
    snowflake: sessions.as[role],
  });
  const rows = (columns: string) =>
    sessions.as.LOS_DEPLOY.query(`SELECT ${columns} FROM LOS_EVENTS ORDER BY HAPPENED_AT, EVENT_ID`);
  const put = (id: string, more: { kind?: string; severity?: string; mail?: object } = {}) =>
    sessions.as.LOS_DEPLOY.execute(
      `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, KIND, SEVERITY, SUBJECT, MESSAGE, DAY, HAPPENED_AT, ATTEMPTS, MAIL)
SELECT ?, 'health', ?, ?, 'AGE', 'AGE is higher than in training.', CURRENT_DATE(), CURRENT_TIMESTAMP(), 0, PARSE_JSON(?)`,
      [
        id,
        more.kind ?? 'alarm',
        more.severity ?? 'critical',
        more.mail === undefined ? null : JSON.stringify(more.mail),
      ],
    );
  /** The mailer of a session, as a command has it. */
  const mailer = (role: Parameters<typeof as>[0], choice: ConstructorParameters<typeof StatusMailer>[0]) => {
    const sender = {
      deployment: 'los on test',
      schema: 'D.S',
      timeZone: 'UTC',
      spool: join(folder, 'spool'),
    };
    const mail = new StatusMailer(choice, settings, sender, progress);
    mail.connect(as(role));
    return mail;
  };
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error: Error) => error.message,
    );

  it('finding 2: an id that is a path is refused by the procedure, and names no file', async () => {
    const victim = join(folder, 'package.json');
    writeFileSync(victim, 'mine');
    const id = 'x/../../package';
    const report = {
      ...{ id, thread: id, kind: 'failure', severity: 'warning', subject: 's', message: 'm', next: null },
      ...{ mail: { summary: '', step: 's', error: 'e', short: 'e' }, scored: 0, once: false },
    };
    for (const role of ['LOS_RUN', 'LOS_OPERATE', 'LOS_DEPLOY'] as const)
      expect(
        await refused(callProcedure(as(role), 'LOS_REPORT_EVENT', ['m', 'last', { object: report }])),
        role,
      ).to.match(
        role === 'LOS_DEPLOY' ? /This is no report of los/ : /not deployed here, or this role may not/,
      );
    // However it comes into the table: the server refuses its mail for good.
    await put(id, { kind: 'failure', severity: 'warning', mail: report.mail });
    await put(ID, { kind: 'failure', severity: 'warning', mail: report.mail });
    const server = await mailServer();
    server.control.refuse = { at: 'data', code: 550 };
    const mail = mailer('LOS_OPERATE', server.choice);
    await mail.deliver();
    await mail.close();
    await server.close();
    expect(readFileSync(victim, 'utf8')).to.equal('mine');
    expect(readdirSync(folder).sort()).to.deep.equal(['package.json', 'spool']);
    const files = readdirSync(join(folder, 'spool', 'refused'));
    expect(files).to.have.length(2);
    for (const file of files) expect(file).to.match(/^[\dTZ-]{1,24}_[\da-f]{32}\.json$/);
    expect(warnings.join()).to.contain(`Of the event ${id} (failure) no mail can be made`);
  });

  it('finding 2: a file of the spool is read only with an id that is one', async () => {
    const spool = new Spool(join(folder, 'spool'), progress);
    const file = spool.put({ id: '../x', at: '../../2026', mail: {} } as unknown as EventMessage);
    expect(file.slice(0, file.lastIndexOf('/'))).to.equal(join(folder, 'spool'));
    expect(await spool.take('command')).to.deep.equal([]);
    expect(readdirSync(join(folder, 'spool', 'refused'))).to.have.length(1);
  });

  it('finding 4: LOS_RUN forges no mail: a sentence of ours and a count are all that it writes', async () => {
    for (const args of [
      ['promotion', 1],
      ['failure', 1],
      ['alarm', 1],
      ['__proto__', 1],
      ['constructor', 1],
      ['scoring', -1],
      ['scoring', 0.5],
      ['scoring', 1e12],
    ] as const)
      expect(
        await refused(callProcedure(as('LOS_RUN'), 'LOS_REPORT_ROUTINE', [...args])),
        args.join(' '),
      ).to.equal('This is no routine work of los.');
    await callProcedure(as('LOS_RUN'), 'LOS_REPORT_ROUTINE', ['scoring', 7]);
    expect(
      await rows('KIND, SEVERITY, SUBJECT, NEXT_STEP, MAIL, DETAILS:by::VARCHAR AS REPORTER'),
    ).to.deep.equal([
      {
        ...{
          KIND: 'scoring',
          SEVERITY: 'routine',
          SUBJECT: '7 admissions scored',
          NEXT_STEP: null,
          MAIL: null,
        },
        REPORTER: 'ONLY_LOS_RUN',
      },
    ]);
  });

  it('finding 4: LOS_RUN silences no alarm; who sends is written down, and settles what it took alone', async () => {
    await put(ID);
    for (const args of [
      ['LOS_LEASE_EVENTS', ['m', 'last']],
      ['LOS_MARK_EVENTS_SENT', ['m', { array: [ID] }, { array: [] }]],
    ] as const)
      expect(await refused(callProcedure(as('LOS_RUN'), args[0], [...args[1]])), args[0]).to.contain(
        'this role may not call it',
      );
    await callProcedure(as('LOS_OPERATE'), 'LOS_LEASE_EVENTS', ['word', 'notify']);
    const [{ LEASE } = {}] = await rows('LEASE');
    const settle = (role: 'LOS_OPERATE' | 'LOS_DEPLOY', word: string) =>
      callProcedure(as(role), 'LOS_MARK_EVENTS_SENT', [word, { array: [ID] }, { array: [] }]);
    // Another user with its word, and one who has read the table.
    expect(await settle('LOS_DEPLOY', 'word')).to.equal(0);
    expect(await settle('LOS_OPERATE', String(LEASE))).to.equal(0);
    expect(await settle('LOS_OPERATE', 'word')).to.equal(1);
    expect(await rows('SENT_BY')).to.deep.equal([{ SENT_BY: 'ONLY_LOS_OPERATE' }]);
  });

  it('finding 4: an event of which no mail can be made is named, set aside, and blocks no other', async () => {
    const scoring = { summary: 'Done.', version: 'v1', rows: 3 };
    await put(ID, { kind: 'scoring', severity: 'info', mail: { ...scoring, commands: 5 } });
    await put(ID.replace('5f', '6f'), { kind: 'scoring', severity: 'info', mail: scoring });
    await put(ID.replace('5f', '7f'));
    const server = await mailServer();
    const mail = mailer('LOS_OPERATE', server.choice);
    await notify({ ...as('LOS_OPERATE'), mail }).catch((error: Error) => warnings.push(error.message));
    await mail.close();
    await server.close();
    expect((await server.mails()).map(({ subject }) => subject)).to.have.members([
      '[predict-los] 3 admissions scored by v1',
      '[predict-los] ALARM: AGE is higher than in training',
    ]);
    expect(warnings.join()).to.contain(`Of the event ${ID} (scoring) no mail can be made`);
    expect(readdirSync(join(folder, 'spool', 'refused'))).to.have.length(1);
    expect((await rows('SENT_AT')).filter(({ SENT_AT }) => SENT_AT === null)).to.have.length(0);
  });

  it('finding 4: what LOS_RUN does is mailed all the same: routine by the mail of the day, failures at once', async () => {
    const server = await mailServer();
    const mail = mailer('LOS_RUN', server.choice);
    const failure = { step: 'los score', error: 'It broke.', short: 'It broke', summary: '' };
    expect(await mail.send('failure', failure)).to.equal(true);
    await mail.close();
    await server.close();
    expect((await server.mails()).map(({ subject }) => subject)).to.deep.equal([
      '[predict-los] FAILED: los score: It broke',
    ]);
    expect(await rows('KIND')).to.deep.equal([]);
  });
});
