import { setTimeout as sleep } from 'node:timers/promises';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import type { Row } from '../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { tasksAtRest } from '../deploy/tasks-at-rest.js';

/** LOS_ROWS=20000 for what the project promises, with all candidates; by default 6,000 admissions and one candidate. */
const ROWS = process.env.LOS_ROWS === undefined ? undefined : Number(process.env.LOS_ROWS);
/** The task keeps this distance between two runs. */
const INTERVAL = 30_000;

/** No one runs los here: a person says CALL in a worksheet, and a task does the rest. */
describe('a training that is asked for in SQL', () => {
  const clock = new MovableClock();
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', { clock }, ROWS === undefined ? 'loaded' : undefined);
    ctx = await cloud.open();
    if (ROWS === undefined) return;
    await apply(ctx);
    // Of what is generated, 230 rows in 301 are there to be trained on.
    await new Journey(ctx).load(Math.ceil((ROWS * 301) / 230));
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const query = (sql: string): Promise<Row[]> => ctx.snowflake.query(sql);
  const runs = () =>
    query(`SELECT SCHEDULED_FROM, STATE, ERROR_MESSAGE, QUERY_START_TIME FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'LOS_TRAIN'))
WHERE STATE <> 'SCHEDULED' ORDER BY QUERY_START_TIME`);
  const hasData = async () =>
    Object.values((await query("SELECT SYSTEM$STREAM_HAS_DATA('LOS_OPEN_TRAININGS')"))[0]!)[0];
  const last = async () =>
    (await query('SELECT * FROM LOS_TRAINING_RUNS ORDER BY OPENED_AT DESC LIMIT 1'))[0];
  /** Lets an hour pass in which the task might run. */
  const wait = async () => {
    for (let i = 0; i < 10; i++) {
      clock.advance(6 * 60_000);
      await tasksAtRest(cloud.cloud);
    }
  };

  it('does not begin by itself: without an open run the task costs nothing', async () => {
    expect(await hasData()).to.equal(false);
    await wait();
    expect(await runs()).to.deep.equal([]);
    expect(await last()).to.equal(undefined);
  });

  it('ends in a new champion by the task alone', async () => {
    const began = Date.now();
    const [asked] = await query("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
    expect(Object.values(asked!)[0]).to.deep.include({ opened: true });
    let told = '';
    for (let run = await last(); run!.STATUS === 'OPEN'; run = await last()) {
      const words = `${run!.STATE}: ${run!.MESSAGE}`;
      if (ROWS !== undefined && words !== told)
        console.log(`${((Date.now() - began) / 1000).toFixed(1)} s  ${words}`);
      told = words;
      await sleep(100);
      // While a task works, time is as it is.
      await tasksAtRest(cloud.cloud);
      clock.advance(INTERVAL);
    }
    if (ROWS !== undefined) console.log(`${ROWS} rows: ${(Date.now() - began) / 1000} s`);
    const run = (await last())!;
    expect(run, String(run.MESSAGE)).to.include({
      STATUS: 'DONE',
      STATE: 'END',
      VERSION: 'health-v1',
      DRIVER: 'snowflake',
    });
    expect(await query('SELECT VERSION, STATUS FROM LOS_MODEL_REGISTRY')).to.deep.equal([
      { VERSION: 'health-v1', STATUS: 'CHAMPION' },
    ]);
    const [answer] = await query(
      'SELECT PREDICT_LOS(OBJECT_CONSTRUCT(*)) AS DAYS, PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT(*)):version::VARCHAR AS VERSION FROM (SELECT * FROM HEALTH_ADMISSIONS LIMIT 1)',
    );
    expect(answer!.VERSION).to.equal('health-v1');
    expect(Number(answer!.DAYS)).to.be.greaterThan(0);
    // The step that ended the run ends, and with it the stream's last row.
    while (await hasData()) await sleep(100);
    const taken = await runs();
    expect(taken.map(({ STATE, ERROR_MESSAGE }) => ERROR_MESSAGE ?? STATE)).to.deep.equal(
      taken.map(() => 'SUCCEEDED'),
    );
    expect(new Set(taken.map(({ SCHEDULED_FROM }) => SCHEDULED_FROM))).to.deep.equal(new Set(['TRIGGER']));
    const starts = taken.map(({ QUERY_START_TIME }) => Number(QUERY_START_TIME));
    expect(starts.length).to.be.greaterThan(0);
    for (const [i, start] of starts.slice(1).entries()) expect(start - starts[i]!).to.be.at.least(INTERVAL);
  });

  it('tells within the hour how it ended, once, unlike a training that los train reports', async () => {
    const told = async () => {
      await query('CALL WATCH_SCORING()');
      return query(
        "SELECT KIND, SEVERITY, SUBJECT, MESSAGE FROM LOS_EVENTS WHERE KIND LIKE 'training%' AND SENT_BY IS NULL ORDER BY HAPPENED_AT",
      );
    };
    const [ended, ...more] = await told();
    expect(more).to.deep.equal([]);
    expect(ended).to.include({ KIND: 'training ended', SEVERITY: 'info', SUBJECT: 'health-v1' });
    expect(ended!.MESSAGE).to.match(/^predict_los answers from health-v1\. On stays it never saw/);
    expect(await told()).to.deep.equal([ended]);
    await new Journey(ctx).train();
    expect(await told()).to.deep.equal([ended]);

    // One that fails is told too, and so is its end after it was resumed.
    const [asked] = await query(
      "CALL TRAIN_MODEL(OBJECT_CONSTRUCT('candidates', ARRAY_CONSTRUCT('squared-error')))",
    );
    const { run } = Object.values(asked!)[0] as { run: string };
    // As if a release that knows other candidates had opened it.
    await query(
      `UPDATE LOS_TRAINING_RUNS SET OPTIONS = OBJECT_CONSTRUCT('candidates', ARRAY_CONSTRUCT('none such')) WHERE RUN_ID = '${run}'`,
    );
    while ((await last())!.STATUS === 'OPEN') await query('CALL STEP_TRAINING()');
    const [, failed] = await told();
    expect(failed).to.include({ KIND: 'training failed', SEVERITY: 'warning' });
    expect(failed!.MESSAGE).to.match(/^The training failed in \w+: .*none such/);
    await query(`CALL TRAIN_MODEL(OBJECT_CONSTRUCT('resume', '${run}'))`);
    while ((await last())!.STATUS === 'OPEN') await query('CALL STEP_TRAINING()');
    expect(await told()).to.have.length(3);
  });

  it('says of each of its states what it took and came to', async () => {
    const steps = await query(
      "SELECT s.* FROM LOS_TRAINING_STEPS AS s JOIN LOS_TRAINING_RUNS AS r ON r.RUN_ID = s.RUN_ID WHERE r.VERSION = 'health-v1' ORDER BY s.FINISHED_AT",
    );
    expect(steps.map(({ STATE, OUTCOME }) => `${STATE} ${OUTCOME}`)).to.deep.equal(
      [
        ...[
          'MAKE_ROOM',
          'DIVIDE',
          'ENCODE',
          'SCREEN',
          'PERMUTE',
          'SELECT_FEATURES',
          'UNLOAD',
          'TRAIN_CANDIDATES',
        ],
        ...['CHOOSE', 'SERVE', 'CALIBRATE', 'JUDGE', 'REFIT', 'CHECK_REFIT', 'ENTER', 'PROMOTE'],
      ].map((state) => `${state} DONE`),
    );
    expect(
      steps.filter(({ BILLED_SECONDS }) => Number(BILLED_SECONDS) > 0).map(({ STATE }) => STATE),
    ).to.deep.equal(['PERMUTE', 'TRAIN_CANDIDATES', 'REFIT']);
    if (ROWS !== undefined)
      for (const { STATE, SECONDS, BILLED_SECONDS, MESSAGE } of steps)
        console.log(`${STATE} ${SECONDS} s, billed ${BILLED_SECONDS} s: ${MESSAGE}`);
  });

  it('sleeps again afterwards', async () => {
    await wait();
    const before = (await runs()).length;
    expect(await hasData()).to.equal(false);
    await wait();
    expect((await runs()).length).to.equal(before);
  });
});
