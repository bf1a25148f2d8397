import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { deployedPlan } from '../../../deploy/model/plan.js';
import type { OpenContext } from '../../../deploy/open.js';
import { describeValidation, predictValidation } from '../../../procedures/judging/predict-side.js';
import { recordOf } from '../../../procedures/versions/registry.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { createServing } from '../../../procedures/versions/version-functions.js';
import type { Model } from '../../../udfs/model.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';

const FIGURES =
  'LOW_LOS, HIGH_LOS, LOW95_LOS, HIGH95_LOS, LONG_STAY, LONG_STAY_LEVEL, MEDIAN_LOS, CRPS, GONE_BEFORE, GONE_BY';

describe('the validation rows of a calibrated version', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await local.open();
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  it('are described as the version itself would describe them, without asking it again', async () => {
    const { contract } = forDataset(ctx);
    const plan = await deployedPlan(ctx, contract);
    const version = versionOf(contract, ctx.settings, 1);
    const { model: trained } = await drive(ctx, recordOf(ctx.settings, version.name));
    const { hazards, ...plain } = trained as Model;
    expect(hazards).to.equal(undefined);
    expect(plain.spread?.around).not.to.equal(undefined);
    const model: Model = {
      ...plain,
      longStay: { days: 21 },
      widenings: [
        { features: ['DEPARTMENT'], groups: { gynecology: [1.25, 0], surgery: [0, 3.5] } },
        { features: ['TYPE_OF_ADMISSION', 'AGE'], groups: { 'Trauma|41-50': [2, 2.0001] } },
      ],
    };
    await drive(ctx, createServing(plan, version, model));
    const read = () =>
      ctx.snowflake.query(
        `SELECT CASE_ID, PREDICTED_LOS, ${FIGURES} FROM LOS_EVALUATION
WHERE VERSION = '${version.name}' AND SIDE = 'validation' ORDER BY CASE_ID`,
      );
    const rows = await drive(ctx, predictValidation(plan, version, model, 1000));
    const asked = await read();
    expect(asked.length).to.equal(rows);
    expect(rows).to.be.above(100);
    expect(asked.filter(({ CRPS, LOW_LOS }) => CRPS === null || LOW_LOS === null)).to.deep.equal([]);
    await ctx.snowflake.execute(
      `UPDATE LOS_EVALUATION SET ${FIGURES.split(', ')
        .map((name) => `${name} = NULL`)
        .join(', ')} WHERE SIDE = 'validation'`,
    );
    await drive(ctx, describeValidation(plan, version, model));
    expect(await read()).to.deep.equal(asked);
  });
});
