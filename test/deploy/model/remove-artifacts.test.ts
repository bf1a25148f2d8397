import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { removeArtifacts } from '../../../deploy/model/remove-artifacts.js';
import type { OpenContext } from '../../../deploy/open.js';
import { bucketName } from '../../../deploy/stack/names.js';
import { hostedCloud } from '../embedded-cloud.js';

const OTHERS = ['los-health-v1-2-forest-20200101000000000', 'by-hand'];

describe('the models in the bucket', () => {
  const cloud = hostedCloud('mail: { to: [] }', 'trained');
  let ctx: OpenContext;
  let chosen: string;
  let stamp: string;

  before(async () => {
    ctx = await cloud.open();
    const [run] = await ctx.snowflake.query(
      'SELECT DATA:stamp::VARCHAR AS STAMP, DATA:training:job::VARCHAR AS JOB FROM LOS_TRAINING_RUNS',
    );
    chosen = String(run!.JOB);
    stamp = String(run!.STAMP);
    // A candidate that lost, a job of a search, and what no training is known to have made.
    for (const job of [`los-health-v1-2-forest-${stamp}`, `los-health-v1-t-${stamp}-004-0f1e2d3c`, ...OTHERS])
      await put(job);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const put = (job: string) =>
    ctx.aws.s3.send(
      new PutObjectCommand({ Bucket: bucketName(ctx), Key: `models/${job}/output/model.tar.gz`, Body: 'x' }),
    );
  const jobs = async () => {
    const { Contents = [] } = await ctx.aws.s3.send(
      new ListObjectsV2Command({ Bucket: bucketName(ctx), Prefix: 'models/' }),
    );
    return [...new Set(Contents.map(({ Key = '' }) => Key.split('/')[1]!))].sort();
  };
  const ended = (days: number) =>
    ctx.snowflake.execute(
      `UPDATE LOS_TRAINING_RUNS SET ENDED_AT = DATEADD(day, -${days}, CURRENT_TIMESTAMP())`,
    );
  const remove = () => removeArtifacts(ctx);

  it('stay while their training is young', async () => {
    const before = await jobs();
    expect(before).to.include.members([chosen, ...OTHERS]);
    await ended(89);
    expect(await remove()).to.equal(undefined);
    expect(await jobs()).to.deep.equal(before);
  });

  it('go later where they lost, but for the one that was chosen, and for what is of no training', async () => {
    await ended(90);
    expect(await remove()).to.match(/^\d+ models that no version uses any more were removed/);
    expect(await jobs()).to.deep.equal([chosen, ...OTHERS].sort());
    expect(await remove()).to.equal(undefined);
  });

  it('stay where the registry has lost their version, or has it under whatever name but REMOVED', async () => {
    const rows = 'SELECT COUNT(*) AS N FROM LOS_MODEL_REGISTRY';
    expect(Number((await ctx.snowflake.query(rows))[0]!.N)).to.equal(1);
    await ctx.snowflake.execute('CREATE TABLE KEPT AS SELECT * FROM LOS_MODEL_REGISTRY');
    await ctx.snowflake.execute('DELETE FROM LOS_MODEL_REGISTRY');
    expect(await remove()).to.equal(undefined);
    await ctx.snowflake.execute('INSERT INTO LOS_MODEL_REGISTRY SELECT * FROM KEPT');
    for (const status of ['RETIRED', 'TRAINED', 'FAILED']) {
      await ctx.snowflake.execute(`UPDATE LOS_MODEL_REGISTRY SET STATUS = '${status}'`);
      expect(await remove()).to.equal(undefined);
    }
    expect(await jobs()).to.include(chosen);
    await ctx.snowflake.execute("UPDATE LOS_MODEL_REGISTRY SET STATUS = 'REMOVED'");
    expect(await remove()).to.match(/^1 models/);
    expect(await jobs()).to.deep.equal([...OTHERS].sort());
  });
});
