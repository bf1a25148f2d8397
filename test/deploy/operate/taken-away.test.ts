import {
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
} from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { promote } from '../../../deploy/model/promote.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { status } from '../../../deploy/operate/status.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { versionNames } from '../version-names.js';

describe('what was removed by hand, or belongs to another deployment', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'trained');
  let ctx: OpenContext;
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => expect.fail('it went well'),
      (error: Error & { next?: string }) => `${error.message} ${error.next}`,
    );
  /** The same account with other settings. */
  const other = (prefix: string, database: string, schema: string) => ({
    ...ctx,
    settings: { ...ctx.settings, prefix, snowflake: { ...ctx.settings.snowflake, database, schema } },
  });

  before(async () => {
    ctx = await cloud.open();
    // The copy lies in another folder, and so has other settings.
    await apply(ctx);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('ends los status with a problem where a model answers and its schema is not there', async () => {
    const { problems } = (await status(other('los', 'PREDICT_LOS', 'AWAY'))).health;
    expect(problems).to.deep.equal([
      `PREDICT_LOS.AWAY is not there, or this role may not see it, while the endpoint ${(await versionNames(ctx)).endpoint} is.`,
    ]);
    expect((await status(ctx)).health.problems).to.deep.equal([]);
  });

  for (const [database, schema] of [
    ['PREDICT_LOS', 'SECOND'],
    ['SECOND', 'LOS'],
  ] as const)
    it(`refuses a second deployment of the same prefix in ${database}.${schema}: its versions would answer from the first one's endpoints`, async () => {
      const second = other('los', database, schema);
      for (const refused of [await failure(plan(second)), await failure(apply(second))])
        expect(refused).to.match(
          /The deployment los is in PREDICT_LOS\.LOS already\..*a prefix of its own.*--env/,
        );
      const there = await ctx.snowflake.query(`SHOW SCHEMAS LIKE '${schema}' IN ACCOUNT`);
      expect(there.filter((row) => row.database_name === database)).to.deep.equal([]);
    });

  it('does not advise to take what is another deployment’s', async () => {
    expect(await failure(plan(other('los-b', 'PREDICT_LOS', 'LOS')))).to.match(
      / belongs to another deployment.*snowflake\.database.*--env/,
    );
  });

  it('recreates a deleted endpoint when its version is promoted, with configuration and model', async () => {
    const { contract } = new Journey(ctx);
    const { endpoint: name } = await versionNames(ctx);
    const { sageMaker } = ctx.aws;
    await sageMaker.send(new DeleteEndpointCommand({ EndpointName: name }));
    await sageMaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: name }));
    await sageMaker.send(new DeleteModelCommand({ ModelName: name }));
    const said = new Set<string>();
    for (;;)
      try {
        expect((await promote(ctx, contract, 'health-v1')).version).to.equal('health-v1');
        break;
      } catch (error) {
        said.add((error as Error).message);
      }
    expect([...said]).to.include(`The endpoint ${name} of health-v1 was gone. It is being recreated.`);
    const [row] = await ctx.snowflake.query("SELECT PREDICT_LOS({'VISITORS_WITH_PATIENT': 3}) AS DAYS");
    expect(Number(row!.DAYS)).to.be.greaterThan(0);
  });
});
