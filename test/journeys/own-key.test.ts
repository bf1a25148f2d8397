import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { estimateCosts } from '../../deploy/costs/estimate.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { bucketName } from '../../deploy/stack/names.js';
import { examine } from '../../doctor/examine.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { ACCOUNT, type Caller, newUser, policiesOf, takeStatement } from '../security/aws-rights.js';

interface Statement {
  readonly Sid: string;
}

const SETTINGS = 'tasks: { resumed: false }\nmail: { to: [] }';

/** What the key's administrator has in its policy beside what los needs: the key's life, and no use of it. */
const ADMINISTRATION = {
  Sid: 'Administration',
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${ACCOUNT}:user/admin` },
  Action: [
    'kms:PutKeyPolicy',
    'kms:EnableKey',
    'kms:DisableKey',
    'kms:ScheduleKeyDeletion',
    'kms:CancelKeyDeletion',
  ],
  Resource: '*',
};

describe('a key of one’s own', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let deployer: Caller;
  /** What runs los: the deployer in AWS, with the printed policy. */
  let ctx: OpenContext;
  let KeyId: string;
  let statements: readonly Statement[];

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const diagnosis = async () => (await examine(ctx, new Journey(ctx).contract)).first;
  const setPolicy = (of: readonly object[]) =>
    admin.aws.kms.putKeyPolicy({
      KeyId,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [ADMINISTRATION, ...of] }),
    });
  /** The settings as another run of the command line finds them. */
  const settle = async (more: string) => {
    writeFileSync(cloud.config, readFileSync(cloud.config, 'utf8').replace(/^aws:.*\n/m, '') + more);
    const opened = await cloud.open();
    // The roles are an administrator's to change.
    const printed = await bootstrap(opened, { run: false, roles: true });
    statements = (printed.keyPolicy ?? []) as Statement[];
    deployer ??= await newUser(cloud, admin, 'ci-los', printed.iamPolicy);
    await ctx?.snowflake.close();
    ctx = { ...opened, aws: deployer.aws };
  };
  /** Keys that the bucket's files are written with, each with how many files. */
  const keysOfFiles = async () => {
    const Bucket = bucketName(admin);
    const { Contents = [] } = await admin.aws.s3.listObjectsV2({ Bucket });
    const found = await Promise.all(
      Contents.map(
        async ({ Key }) => (await admin.aws.s3.headObject({ Bucket, Key })).SSEKMSKeyId ?? 'AES256',
      ),
    );
    expect(found).not.to.deep.equal([]);
    return [...new Set(found)];
  };
  const trainOther = () => new Journey(ctx).trainOther();
  before(async () => {
    cloud = await embeddedCloud(SETTINGS, {}, 'trained');
    admin = await cloud.open();
    const { KeyMetadata } = await admin.aws.kms.createKey({
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: [ADMINISTRATION] }),
      Description: 'of the hospital',
    });
    KeyId = KeyMetadata!.Arn!;
    await settle(`aws: { kmsKey: '${KeyId}' }\n`);
  });
  after(async () => {
    deployer?.aws.close();
    await ctx?.close();
    await admin?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  it('is refused where its policy does not let los in', async () => {
    expect(await keysOfFiles()).to.deep.equal(['AES256']);
    await expectRefusal(apply(ctx), /kms:/);
  });

  it('encrypts what a deployment has in its bucket, and is priced', async () => {
    await setPolicy(statements);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await keysOfFiles()).to.deep.equal([KeyId]);
    expect(await diagnosis()).to.equal(undefined);
    const cost = estimateCosts(ctx.settings).monthly.find(({ what }) => what.includes('aws.kmsKey'));
    expect(cost?.typicalUsd).to.be.within(0.9, 1.1);
  });

  it('encrypts jobs, their output, their volumes and endpoints', async () => {
    await trainOther();
    const { sageMaker } = admin.aws;
    const job = await lastTraining();
    const { ResourceConfig, OutputDataConfig } = await sageMaker.describeTrainingJob({
      TrainingJobName: job.TrainingJobName,
    });
    expect([ResourceConfig!.VolumeKmsKeyId, OutputDataConfig!.KmsKeyId]).to.deep.equal([KeyId, KeyId]);
    const { EndpointConfigs: [config] = [] } = await sageMaker.listEndpointConfigs({
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
    });
    const { EndpointConfigName } = config!;
    expect((await sageMaker.describeEndpointConfig({ EndpointConfigName })).KmsKeyId).to.equal(KeyId);
    const { TransformJobSummaries: [transform] = [] } = await sageMaker.listTransformJobs({});
    const { TransformResources, TransformOutput } = await sageMaker.describeTransformJob({
      TransformJobName: transform!.TransformJobName,
    });
    expect([TransformResources!.VolumeKmsKeyId, TransformOutput!.KmsKeyId]).to.deep.equal([KeyId, KeyId]);
    expect(await keysOfFiles()).to.deep.equal([KeyId]);
  });

  it('is named by the doctor, with the statement or the action that is missing', async () => {
    expect(statements.map(({ Sid }) => Sid)).to.deep.equal(['LosFiles', 'LosVolumes', 'LosLooks', 'LosLogs']);
    for (const { Sid } of statements) {
      await setPolicy(statements.filter((statement) => statement.Sid !== Sid));
      const first = await diagnosis();
      expect(first?.check, Sid).to.equal('key');
      if (Sid !== 'LosLooks') expect(`${first?.what} ${first?.fix}`).to.include(Sid);
      else expect(first?.what).to.include('kms:');
    }
    const { accountId } = admin.aws;
    const named = ['snowflake-s3', 'sagemaker'].map((name) => `arn:aws:iam::${accountId}:role/los-${name}`);
    const byName = ({ Sid }: Statement) => (Sid === 'LosFiles' ? { Principal: { AWS: named } } : {});
    await setPolicy(statements.map((statement) => ({ ...statement, ...byName(statement) })));
    expect(await diagnosis()).to.equal(undefined);
    await setPolicy(statements);
    for (const [role, Sid, check] of [
      ['snowflake-s3', 'UseKeyForFiles', 'storage-permission'],
      ['sagemaker', 'UseKeyForFiles', 'training-permission'],
      ['sagemaker', 'UseKeyForVolumes', 'training-permission'],
      ['control', 'UseKeyForVolumes', 'control-permission'],
    ] as const) {
      const putBack = await takeStatement(admin, `los-${role}`, Sid);
      const first = await diagnosis();
      expect([first?.check, /kms:\w+/.test(first?.what ?? '')], `${role} ${Sid}`).to.deep.equal([
        check,
        true,
      ]);
      await putBack();
    }
    expect(await diagnosis()).to.equal(undefined);
  });

  it('stops jobs and files when it is taken away, and the doctor says how to get it back', async () => {
    await admin.aws.kms.disableKey({ KeyId });
    expect(await diagnosis()).to.deep.include({
      check: 'key',
      what: `The key ${KeyId} is disabled.`,
      fix: `aws kms enable-key --key-id ${KeyId}`,
    });
    await expectRefusal(query('COPY INTO @LOS_EXCHANGE/training-files/x FROM (SELECT 1)'), /is disabled/);
    const { sageMaker } = admin.aws;
    const { TrainingJobName } = await lastTraining();
    const job = await sageMaker.describeTrainingJob({ TrainingJobName });
    const again = {
      TrainingJobName: 'los-again',
      AlgorithmSpecification: job.AlgorithmSpecification,
      InputDataConfig: job.InputDataConfig,
      OutputDataConfig: job.OutputDataConfig,
      ResourceConfig: job.ResourceConfig,
      RoleArn: job.RoleArn,
      StoppingCondition: job.StoppingCondition,
    };
    await expectRefusal(sageMaker.createTrainingJob(again), /is disabled/);
    await admin.aws.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    const deleted = await diagnosis();
    expect(deleted?.what).to.include('is to be deleted');
    expect(deleted?.fix).to.include('cancel-key-deletion');
    await admin.aws.kms.cancelKeyDeletion({ KeyId });
    await admin.aws.kms.enableKey({ KeyId });
    expect(await diagnosis()).to.equal(undefined);
  });

  it('leaves nothing behind when it is given up', async () => {
    await settle('');
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    expect(await keysOfFiles()).to.deep.equal(['AES256']);
    for (const role of ['los-snowflake-s3', 'los-sagemaker', 'los-control'])
      expect(JSON.stringify(await policiesOf(admin, role)), role).not.to.include('kms:');
    await admin.aws.kms.disableKey({ KeyId });
    await trainOther();
    expect(await keysOfFiles()).to.deep.equal(['AES256']);
  });

  it('goes with all that was encrypted with it, but for the key itself', async () => {
    await admin.aws.kms.enableKey({ KeyId });
    await settle(`aws: { kmsKey: '${KeyId}' }\n`);
    await apply(ctx);
    expect(await keysOfFiles()).to.deep.equal([KeyId]);
    // The command ends the cloud too, in whose process this test is.
    const { target } = ctx;
    const { kept } = await destroy(
      { ...ctx, target: { ...target, discard: async () => {} } },
      { yes: true, purgeData: true },
    );
    expect(kept.filter((id) => !/role|user|policy/i.test(id))).to.deep.equal([]);
    const { Buckets = [] } = await admin.aws.s3.listBuckets({});
    expect(Buckets).to.deep.equal([]);
    const { Endpoints = [] } = await admin.aws.sageMaker.listEndpoints({});
    expect(Endpoints).to.deep.equal([]);
    expect((await admin.aws.kms.describeKey({ KeyId })).KeyMetadata?.KeyState).to.equal('Enabled');
  });

  async function lastTraining() {
    const { TrainingJobSummaries } = await admin.aws.sageMaker.listTrainingJobs({
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
    });
    return TrainingJobSummaries![0]!;
  }
});

async function expectRefusal(work: Promise<unknown>, words: RegExp): Promise<void> {
  const message = await work.then(
    () => 'nothing was refused',
    (error: Error) => error.message,
  );
  expect(message).to.match(words);
}
