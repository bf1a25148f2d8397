import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import type { Snowflake } from '../../../deploy/clients/snowflake.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Work } from '../../../procedures/ground/work.js';
import {
  beginRollback,
  concludeRollback,
  concludeTrainings,
  reportTrainings,
} from '../../../procedures/watching/conclusions.js';
import type { WatchEvent } from '../../../procedures/watching/events.js';
import { lookAtGraph } from '../../../procedures/watching/pipe/graph-run.js';
import type { WatchPlan } from '../../../procedures/watching/plan.js';
import { hostedCloud } from '../embedded-cloud.js';

const DAY = '2026-11-20';

/** The daily and the hourly monitor, the end of a graph run and a person's CALL may look at the same moment. */
describe('two runs of monitoring that notice the same', () => {
  const { open, remove } = hostedCloud(
    'mail: { to: [] }\ntasks: { schedule: USING CRON 0 4 1 1 * UTC, look: USING CRON 0 4 1 1 * UTC, watch: USING CRON 0 4 1 1 * UTC }',
    'trained',
  );
  let ctx: OpenContext;
  let plan: WatchPlan;
  const run = (sql: string) => ctx.snowflake.execute(sql);
  const told = async () =>
    (await ctx.snowflake.query('SELECT KIND FROM LOS_EVENTS ORDER BY HAPPENED_AT')).map(({ KIND }) => KIND);

  before(async () => {
    ctx = await open();
    plan = {
      contract: { name: 'health' },
      place: ctx.settings,
      zone: 'UTC',
      tasks: [],
    } as unknown as WatchPlan;
    await run("DELETE FROM LOS_DEPLOYMENT_LOG WHERE ACTION = 'train'");
    await run('UPDATE LOS_TRAINING_RUNS SET ENDED_AT = CURRENT_TIMESTAMP()');
  });
  after(async () => {
    await ctx.close();
    remove();
  });
  beforeEach(() => run('DELETE FROM LOS_EVENTS'));

  /** Runs a work twice, the second when the first has looked and is about to write. @returns what each came to, the second first */
  async function twice<T>(work: () => Work<T>): Promise<[T, T]> {
    let second: Promise<T> | undefined;
    const meanwhile = {
      query: ctx.snowflake.query.bind(ctx.snowflake),
      async execute(sql: string, binds: readonly unknown[] = []) {
        second ??= drive(ctx, work());
        await second;
        return await ctx.snowflake.execute(sql, binds as never);
      },
    } as Partial<Snowflake> as Snowflake;
    const first = await drive({ snowflake: meanwhile }, work());
    if (second === undefined) throw new Error('Nothing was to be written.');
    return [await second, first];
  }

  it('tell once how a training ended that was asked for in SQL, and once more when it was resumed', async () => {
    const [second, first] = await twice(() => reportTrainings(plan, DAY));
    expect(second.map(({ kind }) => kind)).to.deep.equal(['training ended']);
    expect(first).to.deep.equal([]);
    expect(await told()).to.deep.equal(['training ended']);
    await run('UPDATE LOS_TRAINING_RUNS SET ENDED_AT = CURRENT_TIMESTAMP()');
    await twice(() => reportTrainings(plan, DAY));
    expect(await told()).to.deep.equal(['training ended', 'training ended']);
  });

  it('tell once how one ended that monitoring began', async () => {
    await run(
      `INSERT INTO LOS_EVENTS (EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE, DETAILS, ATTEMPTS)
SELECT 'r', DATASET, OPENED_AT, '${DAY}', 'retraining', 'info', DATASET, 'A training has begun.', OBJECT_CONSTRUCT('run', RUN_ID), 0 FROM LOS_TRAINING_RUNS`,
    );
    const [second, first] = await twice(() => concludeTrainings(plan, DAY));
    expect([second.length, first.length]).to.deep.equal([1, 0]);
    expect((await told()).length).to.equal(2);
  });

  it('take a version back once, and try again an hour after an attempt that came to nothing', async () => {
    const begin = () => beginRollback(plan, DAY, 'health-v2', 'It is worse.');
    expect(await twice(begin)).to.deep.equal([true, false]);
    await run('UPDATE LOS_EVENTS SET HAPPENED_AT = DATEADD(minute, -61, HAPPENED_AT)');
    expect(await drive(ctx, begin())).to.equal(true);
  });

  it('tell once of a version that was taken back by a run that was killed', async () => {
    await drive(ctx, beginRollback(plan, DAY, 'health-v0', 'It is worse.'));
    await run(
      `INSERT INTO LOS_MODEL_REGISTRY (VERSION, DATASET, STATUS, NUMBER, CREATED_AT, PROMOTED_AT)
VALUES ('health-v0', 'health', 'RETIRED', 0, CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP())`,
    );
    const [second, first] = await twice(() => concludeRollback(plan, DAY));
    await run("DELETE FROM LOS_MODEL_REGISTRY WHERE VERSION = 'health-v0'");
    expect([second.length, first.length]).to.deep.equal([1, 0]);
    expect(await told()).to.deep.equal(['rolling back', 'rolled back']);
  });

  it('tell once that the task graph fails, once that it runs again, and end its alarm', async () => {
    const scoring = (STATUS: string) =>
      run(
        `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, MESSAGE)
SELECT UUID_STRING(), KIND, 'health', '${STATUS}', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP(), 'It does not answer.' FROM (SELECT 'features' AS KIND UNION ALL SELECT 'scoring')`,
      );
    const look = () => twice(() => lookAtGraph(plan));
    const kinds = (looks: readonly { readonly event: WatchEvent | null; readonly sign: unknown }[]) =>
      looks.map(({ event, sign }) => (sign === null ? (event?.kind ?? null) : 'a sign'));
    await scoring('FAILED');
    expect(kinds(await look())).to.deep.equal(['graph failed', null]);
    await scoring('SUCCEEDED');
    expect(kinds(await look())).to.deep.equal(['graph recovered', null]);
    await scoring('FAILED');
    expect(kinds(await look())).to.deep.equal(['graph failed', null]);
    expect(await told()).to.deep.equal(['graph failed', 'graph recovered', 'graph failed']);
  });
});
