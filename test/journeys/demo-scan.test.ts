import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { command as datasetCheckCommand } from '../../contracts/commands/check.js';
import { command as demoCommand } from '../../demo/commands/demo.js';
import { command as simulateCommand } from '../../demo/commands/simulate.js';
import { type Admission, columns } from '../../demo/health/admission.js';
import { generateHealth } from '../../demo/health/generate.js';
import type { SimulateResult } from '../../demo/simulate/mail.js';
import { callProcedure } from '../../deploy/clients/call.js';
import { command as applyCommand } from '../../deploy/commands/apply.js';
import { type Command, carryOut, type GlobalArgs } from '../../deploy/commands/command.js';
import { command as edaCommand } from '../../deploy/commands/eda.js';
import { command as modelListCommand } from '../../deploy/commands/model/list.js';
import { command as promoteCommand } from '../../deploy/commands/model/promote.js';
import { command as modelShowCommand } from '../../deploy/commands/model/show.js';
import { command as reportCommand } from '../../deploy/commands/report.js';
import { command as scoreCommand } from '../../deploy/commands/score.js';
import { command as statusCommand } from '../../deploy/commands/status.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { mailingFailure } from '../../deploy/mail/failure.js';
import type { OpenContext } from '../../deploy/open.js';
import { notify } from '../../deploy/watching/notify.js';
import { SMALL_GROUPS } from '../../procedures/ground/small-groups.js';
import { mailBeds } from '../../report/beds/mail.js';
import type { Exploration } from '../../report/results/exploration.js';
import { command as modelCardCommand } from '../../safety/commands/card.js';
import { NO_CHROMIUM } from '../deploy/chromium.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { hasPhone, startPhone } from '../report/mail/phone.js';
import { textOf } from '../report/pages/tables.js';

const TRAINING = 5000;
/** Far from any count: what looks so is an identifier. */
const CASES = 7_300_000_000;
const PATIENTS = 8_400_000_000;
/** Days of a stay that only one patient has. */
const LONGEST = 1234;

/** The demo's rows with identifiers that cannot be taken for figures, and with groups that are too small. */
function lines(): { history: string[]; arrivals: string[] } {
  const all = [...generateHealth({ seed: 11, trainingRows: TRAINING, simulationRows: 900 })].map(
    (row): Admission => ({
      ...row,
      CASE_ID: row.CASE_ID + CASES,
      PATIENTID: row.PATIENTID + PATIENTS,
    }),
  );
  const late = (row: Admission, days: number): Admission => ({
    ...row,
    DISCHARGE_DATE: new Date(Date.parse(row.ADMISSION_DATE) + days * 86_400_000).toISOString().slice(0, 10),
  });
  const own = (i: number, patient: number, more: Partial<Admission>): Admission => ({
    ...all[i]!,
    CASE_ID: CASES + 900_000 + i,
    PATIENTID: PATIENTS + 900_000 + patient,
    ...more,
  });
  const history = [
    ...all.slice(0, TRAINING),
    late(own(0, 0, {}), LONGEST),
    // A ward of its own for three patients; forty admissions, but of four patients; a rare age in a rare region.
    ...[1, 2, 3].map((i) => late(own(i, i, { WARD_TYPE: 'RAREWARD' as Admission['WARD_TYPE'] }), 77)),
    ...Array.from({ length: 40 }, (_, i) =>
      own(100 + i, 10 + (i % 4), { DEPARTMENT: 'FEWPATIENTS' as Admission['DEPARTMENT'] }),
    ),
    own(200, 20, { AGE: '121-130' as Admission['AGE'] }),
  ];
  const line = (row: Admission) => columns.map((name) => row[name] ?? '').join(',');
  return { history: history.map(line), arrivals: all.slice(TRAINING).map(line) };
}

/** Everything that a demo shows to people, and what stands in Snowflake behind it. */
describe('what a demo mails, prints and writes', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  /** Name → text of everything that left Snowflake. */
  const shown = new Map<string, string>();
  let exploration: Exploration;

  before(async () => {
    local = await embeddedCloud('');
    const said: string[] = [];
    const note = (text: string) => void said.push(text);
    const opened = await local.open();
    ctx = {
      ...opened,
      close: () => opened.close(),
      progress: {
        step: (title, work) => {
          note(title);
          return work({ update: note });
        },
        note,
        warn: note,
        close: () => undefined,
      },
    };
    const write = (name: string, rows: readonly string[]) => {
      const file = join(local.folder, name);
      writeFileSync(file, `${columns.join(',')}\n${rows.join('\n')}\n`);
      return file;
    };
    const { history, arrivals } = lines();
    const files = { train: write('history.csv', history), simulate: write('arrivals.csv', arrivals) };
    const globals = { target: 'local', json: false, verbose: false };
    /** Runs a command and keeps what a person and a program get of it. */
    const run = async <Args extends object, Result>(
      name: string,
      command: Command<Args, Result>,
      args: Partial<Args>,
    ) => {
      const result = await carryOut(command, name, ctx, { ...globals, ...args } as Args & GlobalArgs);
      // Beds occupied in a ward, however small, are a count of the operation and no figure about its patients.
      const told =
        typeof result === 'object' && result && 'beds' in result ? { ...result, beds: null } : result;
      shown.set(`los ${name}`, (command.print?.(told) ?? []).join('\n'));
      shown.set(`los ${name} --json`, JSON.stringify(told));
      return result;
    };
    await run('demo', demoCommand, { ...files, days: 3 });
    exploration = await run('eda', edaCommand, {});
    await run('status', statusCommand, {});
    await run('dataset check', datasetCheckCommand, {});
    await run('model list', modelListCommand, {});
    await run('model show', modelShowCommand, {});
    await run('model card', modelCardCommand, { format: 'markdown' });
    await run('model card --format html', modelCardCommand, { format: 'html' });
    await run('model card --format chai-xml', modelCardCommand, { format: 'chai-xml' });
    await run('model promote', promoteCommand, { model: 'health-v1' });
    const simulated = (await run('simulate', simulateCommand, { days: 1 })) as SimulateResult;
    const { file } = await run('report', reportCommand, { out: join(local.folder, 'report.html') });
    // Its first page counts beds, of the smallest ward too.
    shown.set('the report', textOf(readFileSync(file, 'utf8').replace(/ id="today".*? id="data"/s, '')));
    await run('score', scoreCommand, {});
    await run('apply', applyCommand, {});
    await ctx.mail.close();
    await mailOfADayAgo();
    expect(await mailBeds(ctx, forDataset(ctx).contract, simulated.beds!)).to.equal(true);
    await alarms();
    // An error quotes the value that it is about.
    await mailingFailure(ctx, 'los score', () =>
      ctx.snowflake.query(`SELECT TO_NUMBER(PATIENTID || 'x') FROM HEALTH_ADMISSIONS LIMIT 1`),
    ).then(
      () => expect.fail('it did not fail'),
      () => undefined,
    );
    shown.set('progress', said.join('\n'));
    await readMails();
  });

  /** Has a day end, for the command after it. */
  async function mailOfADayAgo() {
    const changed = await ctx.snowflake.execute(
      "UPDATE LOS_EVENTS SET HAPPENED_AT = DATEADD(day, -1, HAPPENED_AT) WHERE SEVERITY = 'routine'",
    );
    expect(changed).to.be.at.least(2);
    expect((await notify(ctx)).events).to.equal(changed);
  }

  /** An admission that has been waiting for hours is critical and told at once; that a run has failed, once a day. */
  async function alarms() {
    await ctx.snowflake.execute(
      'INSERT INTO HEALTH_SCORING_QUEUE (ID, SINCE, RESCORE) SELECT MIN(CASE_ID), DATEADD(hour, -30, CURRENT_TIMESTAMP()), FALSE FROM HEALTH_ADMISSIONS',
    );
    await ctx.snowflake.execute(
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, MESSAGE) SELECT 'r', 'beds', 'health', 'FAILED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), 'A test.'",
    );
    await callProcedure(ctx, 'WATCH_SCORING', []);
    expect(await notify(ctx), 'what cannot wait').to.deep.equal({ mails: 1, events: 1 });
    await ctx.snowflake.execute(
      'UPDATE LOS_EVENTS SET HAPPENED_AT = DATEADD(day, -1, HAPPENED_AT) WHERE SENT_AT IS NULL',
    );
    expect((await notify(ctx)).mails, 'what can').to.equal(1);
  }

  async function readMails() {
    const folder = ctx.target.mailFolder!;
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.eml'))) {
      const mail = await simpleParser(readFileSync(join(folder, file)));
      const name = `mail ${mail.headers.get('x-predict-los-event')}: ${mail.subject}`;
      shown.set(`${name}, text`, `${mail.subject}\n${mail.text}`);
      shown.set(`${name}, HTML`, String(mail.html));
    }
  }

  after(async () => {
    await ctx.close();
    await local.cloud.close();
    local.remove();
  });

  it('is a lot: mails of every step, tables, cards', () => {
    const kinds = new Set([...shown.keys()].flatMap((name) => /^mail (\w+):/.exec(name)?.[1] ?? []));
    expect([...kinds].sort()).to.deep.equal([
      'beds',
      'data',
      'deploy',
      'eda',
      'events',
      'failure',
      'features',
      'promotion',
      'simulation',
      'training',
    ]);
    for (const [name, text] of shown) expect(text.trim().length, name).to.be.above(10);
    expect(exploration.questions).to.have.length(24);
  });

  it('is whole on a phone of 360 px', async function () {
    if (!hasPhone) {
      console.log(NO_CHROMIUM);
      return this.skip();
    }
    const phone = await startPhone();
    try {
      // To be looked at by a person.
      const folder = process.env.LOS_MAIL_PICTURES;
      if (folder) mkdirSync(folder, { recursive: true });
      for (const [name, html] of shown) {
        if (!/^mail .*HTML$/.test(name)) continue;
        if (folder) await phone.picture(html, join(folder, `${name.replace(/\W+/g, '-')}.png`));
        expect(await phone.cutOff(html), name).to.deep.equal([]);
      }
    } finally {
      await phone.close();
    }
  });

  it('holds no identifier', () => {
    for (const [name, text] of shown)
      expect(text, name).not.to.match(/(?<![\d.])(7[,.]?30|8[,.]?40)\d[,.]?\d{3}[,.]?\d{3}(?!\d)/);
  });

  /** Beds occupied are counts of the operation, of the smallest ward too; what is said of them is left out here. */
  const butBeds = (name: string, text: string) => {
    if (/^mail beds/.test(name)) return '';
    if (!/^los (demo|simulate)/.test(name)) return text;
    if (name.endsWith('--json')) return JSON.stringify({ ...JSON.parse(text), beds: null });
    return text
      .replace(/^Beds occupied by (ward|department)[\s\S]*?\n(?=\n)/gm, '')
      .replace(/^Less than six weeks old.*$/gm, '');
  };

  it('names no group of fewer than ten patients but where beds are counted, and no single stay', () => {
    for (const [name, whole] of shown) {
      // The letters of a picture's bytes are no figures.
      const text = butBeds(name, whole).replace(/;base64,[\w+/=]*/g, '');
      expect(text, name).not.to.match(/RAREWARD|FEWPATIENTS|121-130/);
      expect(text, name).not.to.match(/(?<![\d.,-])1,?234(\.0+)?(?![\d.,]*\d)/);
    }
  });

  it('has tables in which every line is of at least ten patients, and all of them are of the same stays', async () => {
    const stays =
      '(SELECT *, DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE) AS LOS FROM PREDICT_LOS.LOS.HEALTH_ADMISSIONS)';
    const { contract } = forDataset(ctx);
    // The table has grown since the demo explored it; this exploration is of what it holds now.
    const again = await carryOut(edaCommand, 'eda', ctx, {
      target: 'local',
      json: false,
      verbose: false,
      current: true,
    });
    let small = 0;
    for (const { id, by, bins, kind, target } of contract.explore!.questions!) {
      if (by === undefined || bins !== undefined || kind === 'share' || target !== undefined) continue;
      const { tables } = again.questions.find((each) => each.id === id)!;
      for (const [i, names] of by.entries()) {
        const { title, rows } = tables[i]!;
        const level = names.map((name) => `COALESCE(TO_VARCHAR(${name}), '(missing)')`).join(" || ' × ' || ");
        const counted = await ctx.snowflake.query<Record<string, number | string>>(
          `SELECT ${level} AS LEVEL, COUNT(*) AS STAYS, COUNT(DISTINCT PATIENTID) AS PATIENTS FROM ${stays} WHERE LOS >= 0 GROUP BY 1`,
        );
        for (const row of rows) {
          const labels = row.slice(0, names.length);
          const n = Number(row[names.length]);
          if (labels[0] === SMALL_GROUPS) small++;
          const group = counted.find(({ LEVEL }) => LEVEL === labels.join(' × '));
          if (!group) {
            expect(n, `${title}: ${labels}`).to.be.at.least(10);
            continue;
          }
          expect(Number(group.PATIENTS), `${title}: ${labels}`).to.be.at.least(10);
          // Some of its stays may count among the small groups, never the other way round.
          expect(n, `${title}: ${labels}`).to.be.at.most(Number(group.STAYS));
        }
        const total = rows.reduce((sum, row) => sum + Number(row[names.length]), 0);
        expect(total, title).to.equal(again.overview.stays);
      }
    }
    expect(small).to.be.at.least(3);
  });

  it('has measures of no group of fewer than ten patients', async () => {
    const { contract } = forDataset(ctx);
    const measures = await ctx.snowflake.query<Record<string, string | number>>(
      `SELECT DISTINCT GROUPED_BY, LEVEL, ROW_COUNT FROM PREDICT_LOS.LOS.LOS_EVALUATION_METRICS WHERE PREDICTOR = 'model' AND GROUPED_BY <> 'all'`,
    );
    expect(measures.length).to.be.above(20);
    for (const group of contract.groups) {
      const level = group.map((name) => `COALESCE(TO_VARCHAR(${name}), '(missing)')`).join(" || ' × ' || ");
      const counted = await ctx.snowflake.query<Record<string, number | string>>(
        `SELECT ${level} AS LEVEL, COUNT(DISTINCT PATIENTID) AS PATIENTS FROM PREDICT_LOS.LOS.HEALTH_TRAINING_SET
WHERE ROW_SIDE = 'holdout' GROUP BY 1`,
      );
      for (const { LEVEL } of measures.filter(({ GROUPED_BY }) => GROUPED_BY === group.join(' × '))) {
        if (LEVEL === SMALL_GROUPS) continue;
        const patients = counted.find((each) => each.LEVEL === LEVEL)?.PATIENTS;
        expect(Number(patients), `${group.join(' × ')}: ${LEVEL}`).to.be.at.least(10);
      }
    }
  });
});
