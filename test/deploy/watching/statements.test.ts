import { expect } from 'chai';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { embeddedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { tasksAtRest } from '../tasks-at-rest.js';

const GRAPH = ['LOS_BUILD_FEATURES', 'LOS_SCORE', 'LOS_REPORT_GRAPH_RUN'];

/** Each statement lasts as long as a cloud takes to begin it, and is billed: what runs by itself sends no more than this. */
describe('what runs by itself', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  let admitted = 0;
  const query = (sql: string) => ctx.snowflake.query(sql);

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await cloud.open();
    await apply(ctx);
    journey = new Journey(ctx);
    for (const { name } of await query('SHOW TASKS'))
      if (!GRAPH.includes(String(name))) await ctx.snowflake.execute(`ALTER TASK ${name} SUSPEND`);
    await graph();
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  /** Three admissions come and are predicted; what the graph begins and ends with included. */
  async function graph(): Promise<void> {
    await journey.admit(3, 1_000_000 * ++admitted);
    await runGraph(ctx, journey.contract);
    await tasksAtRest(cloud.cloud);
  }

  async function taskRun(task: string): Promise<void> {
    await ctx.snowflake.execute(`EXECUTE TASK ${task}`);
    await tasksAtRest(cloud.cloud);
  }

  /** Statements of other sessions than this one, in which tasks and procedures are. */
  async function sentBy(work: () => Promise<unknown>): Promise<string[]> {
    const [row] = await query('SELECT CURRENT_TIMESTAMP()::VARCHAR AS AT');
    await work();
    const sent = await query(
      `SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))
WHERE START_TIME >= '${row!.AT}'::TIMESTAMP_LTZ AND SESSION_ID <> CURRENT_SESSION() ORDER BY START_TIME`,
    );
    return sent.map(({ QUERY_TEXT }) => String(QUERY_TEXT));
  }

  it('runs the scoring graph in at most 28 statements, of which one asks what comes late', async () => {
    const sent = await sentBy(graph);
    expect(sent.filter((sql) => sql.startsWith('CALL'))).to.have.length(GRAPH.length);
    expect(sent, sent.join('\n\n')).to.have.length.within(20, 28);
  });

  for (const [task, least, most] of [
    // Once a day one more for each integration.
    ['LOS_MONITOR_HOURLY', 6, 14],
    // One asks whether the champion's groups are published.
    ['LOS_WATCH', 28, 42],
    ['LOS_FORECAST_BEDS', 20, 34],
  ] as const)
    it(`runs ${task} in at most ${most} statements`, async () => {
      await taskRun(task);
      const sent = await sentBy(() => taskRun(task));
      expect(sent, sent.join('\n\n')).to.have.length.within(least, most);
    });

  it('removes in the daily watch what has had its time, table by table', async () => {
    const old = "'2001-01-01'::DATE";
    await ctx.snowflake.execute(
      `INSERT INTO LOS_WATCH_PIPELINE (DATASET, WATCHED_ON, MEASURE) SELECT 'health', ${old}, 'admissions'`,
    );
    await ctx.snowflake.execute(
      `INSERT INTO LOS_BED_NIGHTS (DATASET, LEVEL, UNIT, NIGHT) SELECT 'health', 'all', '(all)', ${old}`,
    );
    const sent = await sentBy(() => query('CALL WATCH_PREDICTIONS()'));
    expect(sent.filter((sql) => /^DELETE FROM \S+ WHERE DATASET = 'health'/.test(sql))).to.have.length(2);
    for (const [table, day] of [
      ['LOS_WATCH_PIPELINE', 'WATCHED_ON'],
      ['LOS_BED_NIGHTS', 'NIGHT'],
    ]) {
      const [row] = await query(`SELECT COUNT(*) AS N FROM ${table} WHERE ${day} = ${old}`);
      expect(Number(row!.N), table).to.equal(0);
    }
  });

  it('removes what it can where one table is gone', async () => {
    await ctx.snowflake.execute(
      "INSERT INTO LOS_ALARMS (ALARM_ID, DATASET, KIND, SUBJECT, SEVERITY, BEGAN_ON, LAST_ON, RAISED_AT, ENDED_ON, MESSAGE, LOOK_AT) SELECT 'x', 'health', 'volume', 's', 'info', '2001-01-01', '2001-01-01', '2001-01-01', '2001-01-01', 'm', 'l'",
    );
    await ctx.snowflake.execute('DROP TABLE LOS_WATCH_PIPELINE');
    const answer = Object.values((await query('CALL WATCH_PREDICTIONS()'))[0]!)[0] as { notes: string[] };
    expect(answer.notes.join(' ')).to.contain('Not looked at: what has had its time');
    expect(await query("SELECT 1 FROM LOS_ALARMS WHERE ALARM_ID = 'x'")).to.deep.equal([]);
  });
});
