import { expect } from 'chai';
import { readDeclarations } from '../../deploy/headers/files.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

/** Tables whose rows follow from others, by what their files say: each accident to one of them leaves no trace. */
describe('derived tables', () => {
  const cloud = hostedCloud('', 'trained');
  let ctx: OpenContext;
  let journey: Journey;
  const tables = readDeclarations()
    .filter(({ kind, header }) => kind === 'table' && header.holds === 'derived')
    .map(({ header }) => header.name.replace('<DATASET>', 'HEALTH'));
  const run = (sql: string) => ctx.snowflake.execute(sql);
  const query = (sql: string) => ctx.snowflake.query(sql);

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await journey.admit(40, 10_000_000);
    await runGraph(ctx, journey.contract);
    // Some wait for the next run.
    await journey.admit(3, 20_000_000);
    await query('CALL BUILD_FEATURES()');
    await query('CALL RECONCILE(FALSE)');
    await query('CALL FORECAST_BEDS()');
    await query('CALL CHECK_TABLES()');
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  /** What of a table has to be the same again: not when it was written. */
  const state = async (accident: string) => {
    const columns: Record<string, string> = {
      HEALTH_FEATURES: '* EXCLUDE (BUILT_AT, FIRST_BUILT_AT, INPUTS_BUILT_AT, LOS_BUILT_AT, SEEN_OPEN)',
      HEALTH_SCORING_QUEUE: 'ID, RESCORE, RUN_ID',
      LOS_QUARANTINE: 'CASE_ID, MODEL_VERSION',
      // What accidents to other tables have written since is counted too.
      LOS_TABLE_COUNTS: `DISTINCT IFF(TABLE_NAME IN ('LOS_PREDICTION_LOG', 'LOS_MODEL_REGISTRY'), TABLE_NAME, NULL)`,
    };
    const found: Record<string, unknown> = {};
    // What others hold is counted again with each accident to them.
    for (const table of tables.filter((name) => name === accident || name !== 'LOS_TABLE_COUNTS'))
      found[table] = (
        await query(
          `SELECT COUNT(*) AS N, HASH_AGG(*) AS H FROM (SELECT ${columns[table] ?? '*'} FROM ${table})`,
        )
      )[0];
    [found.log] = await query(
      'SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES, HASH_AGG(*) AS H FROM LOS_PREDICTION_LOG',
    );
    found.taken = ((await query('CALL FORECAST_BEDS()'))[0]!.FORECAST_BEDS as { occupied: number }).occupied;
    return found;
  };

  it('are those that follow from the source and from records', () => {
    expect(tables).to.have.members([
      'HEALTH_FEATURES',
      'HEALTH_CHANGED_ADMISSIONS',
      'HEALTH_SCORING_QUEUE',
      'LOS_QUARANTINE',
      'LOS_BED_NIGHTS',
      'LOS_TABLE_COUNTS',
      'LOS_PUBLISHED_ROWS',
    ]);
  });

  for (const table of tables) {
    const again = async () => {
      await query('CALL RECONCILE(FALSE)');
      await query('CALL FORECAST_BEDS()');
      await query('CALL CHECK_TABLES()');
      if (table === 'LOS_PUBLISHED_ROWS')
        await query("CALL LOS_PUBLISH_FIGURES(TO_VARCHAR(CURRENT_DATE(), 'YYYY-MM-DD'), NULL, NULL, NULL)");
    };
    for (const [what, accident, mend] of [
      ['dropped', `DROP TABLE ${table}`, () => apply(ctx)],
      ['emptied', `TRUNCATE TABLE ${table}`, again],
      ['halved', `DELETE FROM ${table} WHERE MOD(HASH(*), 2) = 0`, again],
      ['doubled', `INSERT INTO ${table} SELECT * FROM ${table}`, again],
    ] as const)
      it(`${table} is as it was after it was ${what}`, async () => {
        const before = await state(table);
        if (table === 'LOS_PUBLISHED_ROWS') expect(Number((before[table] as { N: number }).N)).to.be.above(0);
        await run(accident);
        await mend();
        expect(await state(table)).to.deep.equal(before);
      });
  }
});
