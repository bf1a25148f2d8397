import { expect } from 'chai';
import type { Grant, GrantsDefinition } from '../../../deploy/resources/snowflake/grants.js';
import { buildStack } from '../../../deploy/stack/index.js';
import { fakeContext } from '../fake-context.js';

describe('who may do what', () => {
  const grantsOf = async () => {
    const ctx = fakeContext({ aws: { region: 'us-east-1', accountId: '123456789012' } as never });
    const { resources } = await buildStack(ctx);
    const grants = (role: string) =>
      resources
        .filter(({ kind, name }) => kind === 'snowflake.grants' && name === role)
        .flatMap(({ definition }) => (definition as GrantsDefinition).grants);
    const { read, run, operate, wards } = ctx.settings.snowflake.roles;
    return { read: grants(read), run: grants(run), operate: grants(operate), wards: grants(wards) };
  };
  const has = (grants: readonly Grant[], privilege: string, ending: string) =>
    grants.some((grant) => grant.privilege === privilege && grant.name.endsWith(ending));

  it('follows from what objects say of themselves', async () => {
    const { read, run, operate, wards } = await grantsOf();
    expect(has(read, 'SELECT', '.LOS_ALARMS')).to.equal(true);
    expect(has(read, 'SELECT', '.LOS_EXPECTED_DISCHARGES')).to.equal(false);
    expect(has(wards, 'SELECT', '.LOS_EXPECTED_DISCHARGES')).to.equal(true);
    expect(has(read, 'USAGE', '.PREDICT_LOS(OBJECT)')).to.equal(true);
    expect(has(read, 'USAGE', '.EXPLORE_ADMISSIONS()')).to.equal(true);
    expect(has(run, 'INSERT', '.LOS_PREDICTION_LOG')).to.equal(true);
    expect(has(run, 'INSERT', '.LOS_MODEL_REGISTRY')).to.equal(false);
    expect(has(run, 'USAGE', '.SCORE_ADMISSIONS()')).to.equal(true);
    expect(has(run, 'USAGE', '.TRAIN_MODEL(OBJECT)')).to.equal(false);
    expect(has(operate, 'USAGE', '.TRAIN_MODEL(OBJECT)')).to.equal(true);
  });

  it('gives no role what the owner alone may use', async () => {
    const all = Object.values(await grantsOf()).flat();
    for (const own of [
      '.LOS_SAGEMAKER(VARCHAR, OBJECT)',
      '.EVALUATE_MODEL(VARCHAR, OBJECT)',
      '.LOS_REGISTER_VERSION(VARCHAR, VARCHAR)',
    ])
      expect(has(all, 'USAGE', own), own).to.equal(false);
  });
});
