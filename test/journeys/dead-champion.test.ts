import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DeleteEndpointCommand, DescribeEndpointCommand } from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { promote } from '../../deploy/model/promote.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { status } from '../../deploy/operate/status.js';
import { examine } from '../../doctor/examine.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { versionNames } from '../deploy/version-names.js';

/** What the doctor advises about a champion that does not answer is done to the letter, and predictions come again. */
describe('a champion that does not answer', () => {
  const settings =
    'mail: { to: [] }\ntraining: { candidates: [squared-error], featureSelection: { enabled: false } }';
  const opened: (() => Promise<void>)[] = [];
  /** A trained deployment of its own. */
  const open = async () => {
    const cloud = hostedCloud(settings, 'trained');
    const ctx = await cloud.open();
    opened.push(async () => {
      await ctx.close();
      cloud.remove();
    });
    await apply(ctx);
    return { ctx, contract: new Journey(ctx).contract };
  };
  const champion = async (ctx: OpenContext) => {
    const [row] = await ctx.snowflake.query(
      'SELECT PREDICT_LOS(F) AS DAYS, PREDICT_LOS_DETAIL(F):version::VARCHAR AS VERSION FROM (SELECT OBJECT_CONSTRUCT(*) AS F FROM LOS_FEATURES LIMIT 1)',
    );
    expect(Number(row!.DAYS)).to.be.greaterThan(0);
    return row!.VERSION;
  };
  const fix = async ({ ctx, contract }: Awaited<ReturnType<typeof open>>) =>
    (await examine(ctx, contract)).first?.fix;
  /** Notes and warnings of what is done. */
  const listen = (ctx: OpenContext) => {
    const said: string[] = [];
    const { progress } = ctx;
    const heard = Object.assign(Object.create(progress) as typeof progress, {
      note: (text: string) => said.push(text),
      warn: (text: string) => said.push(text),
    });
    return { said, ctx: { ...ctx, progress: heard } };
  };
  after(async () => {
    for (const close of opened) await close();
  });

  it('and has neither endpoint nor artifact is replaced by a training, which says that it was judged alone', async () => {
    const place = await open();
    const { ctx, contract } = place;
    const { endpoint } = await versionNames(ctx);
    await ctx.aws.sageMaker.send(new DeleteEndpointCommand({ EndpointName: endpoint }));
    const [row] = await ctx.snowflake.query(
      "SELECT ARTIFACT FROM LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'",
    );
    const { hostname: Bucket } = new URL(String(row!.ARTIFACT));
    for (const { Key } of (await ctx.aws.s3.send(new ListObjectsV2Command({ Bucket }))).Contents ?? [])
      await ctx.aws.s3.send(new DeleteObjectCommand({ Bucket, Key }));

    expect((await status(ctx)).health.problems.join('\n')).to.contain(
      `predict_los asks health-v1, whose endpoint ${endpoint} is`,
    );
    // The doctor names the cheaper way first, and what that says leads on.
    expect(await fix(place)).to.match(/^los model promote health-v1/);
    let advice = '';
    for (let left = 100; left > 0 && !/los train --promote/.test(advice); left--)
      advice = await promote(ctx, contract, 'health-v1').then(
        () => expect.fail('it answers'),
        (error: Error & { next?: string }) => `${error.message} ${error.next}`,
      );
    expect(advice).to.contain('los train --promote');

    const { said, ctx: heard } = listen(ctx);
    const trained = await trainVersion(heard, contract, { promote: true });
    expect(trained).to.include({ version: 'health-v2', promoted: true });
    expect(said.join('\n')).to.match(/health-v1 does not answer \(.*\), so health-v2 was judged on its own/);
    expect(await champion(ctx)).to.equal('health-v2');
    expect((await examine(ctx, contract)).first).to.equal(undefined);
  });

  it('because its functions do not run is mended by los apply, as by its promotion', async () => {
    const place = await open();
    const { ctx, contract } = place;
    const { requestTranslator, reasonsTranslator } = await versionNames(ctx);
    for (const [name, body, mend] of [
      [requestTranslator, "throw new Error('stricter')", () => apply(ctx)],
      [requestTranslator, "return { body: '1', urlSuffix: '/other/invocations' }", () => apply(ctx)],
      [reasonsTranslator, "throw new Error('stricter')", () => apply(ctx)],
      [requestTranslator, "throw new Error('stricter')", () => promote(ctx, contract, 'health-v1')],
    ] as const) {
      await ctx.snowflake.execute(
        `CREATE OR REPLACE FUNCTION ${name}(EVENT OBJECT) RETURNS OBJECT LANGUAGE JAVASCRIPT AS $$ ${body}; $$`,
      );
      if (name === requestTranslator) expect(await fix(place)).to.equal('los apply');
      await mend();
      expect(await champion(ctx)).to.equal('health-v1');
      expect((await examine(ctx, contract)).first).to.equal(undefined);
    }
    await ctx.snowflake.execute(`DROP FUNCTION ${requestTranslator}(OBJECT)`);
    const { said, ctx: heard } = listen(ctx);
    await apply(heard);
    expect(said).to.include('health-v1 answers. Its functions did not run and were remade.');
    expect(await champion(ctx)).to.equal('health-v1');
  });

  it('and of which nothing is known any more takes nothing over: number, endpoint and functions are others', async () => {
    const { ctx, contract } = await open();
    const before = await versionNames(ctx);
    await ctx.snowflake.execute(
      `INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT)
SELECT 'health', 'one', 'health-v1', 'run', CURRENT_TIMESTAMP()`,
    );
    expect((await status(ctx)).health.problems).to.deep.equal([]);
    await ctx.snowflake.execute('DELETE FROM LOS_MODEL_REGISTRY');
    expect((await status(ctx)).health.problems.join('\n')).to.contain(
      `The endpoint ${before.endpoint} is there, and LOS_MODEL_REGISTRY has no version of it.`,
    );
    const { first } = await examine(ctx, contract);
    expect(first).to.include({ check: 'model' });
    expect(first!.what).to.contain('health-v1 has predicted, and LOS_MODEL_REGISTRY has no row of it');
    expect(first!.fix).to.match(/^docs\/runbook\/tables\.md.* los train --promote$/);
    const trained = await trainVersion(ctx, contract, { promote: true });
    expect(trained).to.include({ version: 'health-v2', promoted: true });
    const after = await versionNames(ctx, 'health-v2');
    for (const key of Object.keys(before) as (keyof typeof before)[])
      expect(after[key]).not.to.equal(before[key]);
    expect(await champion(ctx)).to.equal('health-v2');
    // The old one is there still, for those who bring its row back by Time Travel.
    const { EndpointStatus } = await ctx.aws.sageMaker.send(
      new DescribeEndpointCommand({ EndpointName: before.endpoint }),
    );
    expect(EndpointStatus).to.equal('InService');
  });
});
