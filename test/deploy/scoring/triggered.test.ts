import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';

const { long } = longTests(import.meta.url);

/** No one and no schedule runs the graph here: what happens, the streams have started. */
describe('a triggered task graph', () => {
  const cloud = hostedCloud('', 'trained');
  let root: OpenContext;
  let journey: Journey;
  const scheduled = (schedule: string) => ({
    ...root,
    settings: { ...root.settings, tasks: { ...root.settings.tasks, schedule } },
  });
  /** Those of the scoring graph. */
  const tasks = async () =>
    (await root.snowflake.query(`SHOW TASKS LIKE 'LOS_%'`)).filter(({ name }) =>
      ['LOS_BUILD_FEATURES', 'LOS_SCORE'].includes(String(name)),
    );

  before(async () => {
    root = await cloud.open();
    journey = new Journey(root);
    // What is left in the streams would start it when it is resumed, and the next run would keep its distance.
    await runGraph(root, journey.contract);
  });
  after(async () => {
    await root.close();
    cloud.remove();
  });

  it('is what apply makes of a scheduled one, as declared afterwards', async () => {
    expect((await tasks()).map(({ schedule }) => schedule)).to.have.members(['15 MINUTE', null]);
    const { changes } = await plan(scheduled('triggered'));
    // CREATE OR REPLACE TASK drops the grants on it.
    expect(changes.map(({ id }) => id)).to.have.members([
      'snowflake.task-graph:LOS_BUILD_FEATURES',
      'snowflake.grants:LOS_RUN',
      'snowflake.grants:LOS_OPERATE',
    ]);
    await apply(scheduled('triggered'));
    expect((await tasks()).map(({ schedule, state }) => [schedule, state])).to.deep.equal([
      [null, 'started'],
      [null, 'started'],
    ]);
    expect((await plan(scheduled('triggered'))).changes).to.deep.equal([]);
  });

  it('predicts an admission soon after it is in the table', async () => {
    await journey.admit(3, 9_000_000);
    while ((await journey.logged()).rows < 3) await sleep(100);
    expect(await journey.logged()).to.deep.equal({ rows: 3, twice: 0 });
    const runs = await root.snowflake.query(
      `SELECT DISTINCT SCHEDULED_FROM FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY(TASK_NAME => 'LOS_BUILD_FEATURES'))
       WHERE STATE = 'SUCCEEDED' AND COMPLETED_TIME > (SELECT MIN(PREDICTED_AT) FROM LOS_PREDICTION_LOG) - INTERVAL '1 minute'`,
    );
    expect(runs.map((run) => run.SCHEDULED_FROM)).to.include('TRIGGER');
  });

  long('goes back to a schedule', async () => {
    await apply(scheduled('15 MINUTE'));
    expect((await tasks()).map(({ schedule }) => schedule)).to.have.members(['15 MINUTE', null]);
    expect((await plan(scheduled('15 MINUTE'))).changes).to.deep.equal([]);
  });
});

describe('the first load', () => {
  const cloud = hostedCloud('', 'applied');
  after(() => cloud.remove());

  it('is read by the stream, and not as rows that were lost, where a run has found none before it', async () => {
    const ctx = await cloud.open();
    try {
      const build = () => callProcedure<{ inserted: number }>(ctx, 'BUILD_FEATURES', []);
      const log = async () =>
        (
          await ctx.snowflake.query(
            `SELECT (SELECT COUNT(*) FROM HEALTH_FEATURES) AS N, MAX(IFF(KIND = 'features', ROW_COUNT, 0)) AS BUILT,
              COALESCE(MAX(DETAILS:rebuilt::NUMBER), 0) AS REBUILT FROM LOS_RUN_LOG`,
          )
        )[0]!;
      expect((await build()).inserted).to.equal(0);
      await new Journey(ctx).load(500);
      const { N } = await log();
      expect(await log()).to.deep.equal({ N, BUILT: N, REBUILT: 0 });
      await ctx.snowflake.execute('DELETE FROM HEALTH_FEATURES');
      await build();
      expect(await log(), 'lost').to.deep.equal({ N, BUILT: N, REBUILT: N });
    } finally {
      await ctx.close();
    }
  });
});
