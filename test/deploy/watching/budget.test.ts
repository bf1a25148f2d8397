import { expect } from 'chai';
import { callProcedure } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import type { WatchResult } from '../../../procedures/watching/watch.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';

const { long } = longTests(import.meta.url);

describe('a budget of credits', () => {
  const cloud = hostedCloud('mail: { to: [] }\ntasks: { resumed: false }\nwatch: { budget: 2 }', 'trained');
  let ctx: OpenContext;
  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const watch = () => callProcedure<WatchResult>(ctx, 'WATCH_PREDICTIONS', []);
  const ofBudget = ({ alarms }: WatchResult) => alarms.filter(({ kind }) => kind === 'budget');

  before(async () => {
    ctx = await cloud.open();
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('finds nothing while the last 30 days used fewer', async () => {
    const result = await watch();
    expect(ofBudget(result)).to.deep.equal([]);
    expect(result.unanswered).to.deep.equal([]);
  });

  it('raises one alarm above it, which names both figures, and begins no training for age', async () => {
    const { name } = ctx.settings.snowflake.warehouse;
    // A minute of this size is two credits.
    for (const sql of ['SUSPEND', "SET WAREHOUSE_SIZE = 'X4LARGE'"])
      await query(`ALTER WAREHOUSE ${name} ${sql}`);
    await query('SELECT * FROM LOS_MODEL_REGISTRY');
    for (const sql of ['SUSPEND', "SET WAREHOUSE_SIZE = 'XSMALL'"])
      await query(`ALTER WAREHOUSE ${name} ${sql}`);
    await query(`UPDATE LOS_MODEL_REGISTRY SET LINEAGE = OBJECT_INSERT(LINEAGE, 'participants',
PARSE_JSON('{"sides": [{"side": "train", "to": "2001-01-01"}]}'), TRUE) WHERE STATUS = 'CHAMPION'`);
    const first = await watch();
    const [alarm] = ofBudget(first);
    expect(alarm!.message).to.match(
      /^The last 30 days used [2-9]\.\d credits of Snowflake; watch\.budget is 2\./,
    );
    expect(first.decision.what).to.equal('nothing');
    expect(first.decision.why).to.include('is retrained after 90').and.to.include(alarm!.message);
    expect(ofBudget(await watch())).to.have.length(1);
    const events = await query("SELECT 1 FROM LOS_EVENTS WHERE KIND = 'alarm' AND SUBJECT = 'credits'");
    expect(events).to.have.length(1);
  });

  long('ends with the budget, and the training begins', async () => {
    await apply({ ...ctx, settings: { ...ctx.settings, watch: { ...ctx.settings.watch, budget: 100 } } });
    const { decision, ...result } = await watch();
    expect(ofBudget(result as WatchResult)).to.deep.equal([]);
    expect(decision.what).to.equal('retrain');
    const ended = await query("SELECT 1 FROM LOS_EVENTS WHERE KIND = 'alarm ended' AND SUBJECT = 'credits'");
    expect(ended).to.have.length(1);
  });

  it('says that it may not look where the role has no MONITOR USAGE, and looks at all else', async () => {
    const [row] = await query('SELECT CURRENT_ROLE() AS ROLE');
    await query(`REVOKE MONITOR USAGE ON ACCOUNT FROM ROLE ${row!.ROLE}`);
    const { unanswered, alarms } = await watch();
    expect(unanswered).to.deep.equal(['credits']);
    expect(alarms.map(({ message }) => message).join()).to.match(
      /Monitoring cannot look at credits: .*MONITOR USAGE/,
    );
    await query(`GRANT MONITOR USAGE ON ACCOUNT TO ROLE ${row!.ROLE}`);
    expect((await watch()).unanswered).to.deep.equal([]);
  });
});
