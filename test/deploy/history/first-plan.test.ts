import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { savedPlan, writePlan } from '../../../deploy/resources/saved-plan.js';
import { embeddedCloud } from '../embedded-cloud.js';
import { session } from '../interrupted.js';

describe('a saved plan of the first deployment', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-first-'));
  const file = join(folder, 'plan.json');
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }');
    await session(cloud, async (ctx) => writePlan(file, savedPlan(ctx, await plan(ctx))));
  });
  after(async () => {
    await cloud.cloud.close();
    cloud.remove();
    rmSync(folder, { recursive: true });
  });

  it('is carried out exactly, although the history is made before it is looked at again', async () => {
    const { created, unchanged } = await session(cloud, (ctx) => apply(ctx, file));
    expect(created).to.include.members([
      'snowflake.warehouse:LOS_WH',
      'snowflake.database:PREDICT_LOS',
      'snowflake.schema:LOS',
      'snowflake.table:LOS_HISTORY',
      'snowflake.table:LOS_PREDICTION_LOG',
    ]);
    expect(new Set(created).size).to.equal(created.length);
    expect(unchanged).to.equal(0);
    expect((await session(cloud, plan)).changes).to.deep.equal([]);
  });

  it('is refused afterwards, and that is in the history', async () => {
    const error = await session(cloud, (ctx) => apply(ctx, file)).catch((e: unknown) => e);
    expect((error as Error).message)
      .to.contain('no longer holds')
      .and.to.contain('Nothing was done');
  });
});
