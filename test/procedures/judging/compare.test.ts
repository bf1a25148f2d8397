import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Plan } from '../../../procedures/ground/plan.js';
import { compare } from '../../../procedures/judging/compare.js';
import type { RegistryEntry } from '../../../procedures/versions/registry.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';

describe('two versions on the same rows', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let plan: Plan;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'applied');
    ctx = await local.open();
    plan = await planOfDeployment(ctx, forDataset(ctx).contract);
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  /**
   * 300 holdout rows on which one is a day off and the other two, with CRPS of half of that, but where there is no curve.
   * @param without SQL condition on the number I of a row: it has no curve of the second
   */
  async function compared(without: string) {
    await ctx.snowflake.execute('DELETE FROM LOS_EVALUATION');
    await ctx.snowflake.execute(
      `INSERT INTO LOS_EVALUATION (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, WEIGHT, CRPS, BEFORE_VERSION, BEFORE_LOS, BEFORE_CRPS)
SELECT 'v2', 'holdout', TO_VARCHAR(I), 5, 6, 1 + MOD(I, 2), 0.5, 'v1', 7, IFF(${without}, NULL, 1)
FROM (SELECT SEQ4() AS I FROM TABLE(GENERATOR(ROWCOUNT => 300)))`,
    );
    const entry = (version: string) => ({ version }) as RegistryEntry;
    return drive(ctx, compare(plan, entry('v2'), entry('v1')));
  }

  it('are compared by their curves too', async () => {
    const { rows, a, b, crpsGain } = await compared('FALSE');
    expect([rows, a.crps, b.crps, crpsGain.days]).to.deep.equal([300, 0.5, 1, 0.5]);
  });

  it('are so on rows that have a curve of both', async () => {
    const { rows, a, b, crpsGain, maeGain } = await compared('MOD(I, 30) = 1');
    expect([rows, a.crps, b.crps, crpsGain.days]).to.deep.equal([290, 0.5, 1, 0.5]);
    expect(crpsGain.confidence).to.deep.equal([0.5, 0.5]);
    expect(maeGain.days).to.equal(1);
  });

  it('are not where too few have', async () => {
    const refused = await compared('I >= 99').catch((error: Error) => error.message);
    expect(refused).to.contain('only 99 holdout rows in common');
  });
});
