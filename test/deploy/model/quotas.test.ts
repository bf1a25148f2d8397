import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { ListTrainingJobsCommand } from '@aws-sdk/client-sagemaker';
import { SERVERLESS_CONCURRENCY } from '@local-cloud/aws/servicequotas/quotas.js';
import { expect } from 'chai';
import { connectAws } from '../../../deploy/clients/aws-sdk.js';
import { command as bootstrapCommand } from '../../../deploy/commands/bootstrap.js';
import { loadContract } from '../../../deploy/dataset/load.js';
import { UserError } from '../../../deploy/errors.js';
import { quotasNeeded, readQuotas, requireRoom } from '../../../deploy/model/quotas.js';
import { trainVersion } from '../../../deploy/model/train.js';
import type { OpenContext } from '../../../deploy/open.js';
import { bootstrap } from '../../../deploy/operate/bootstrap.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';
import { accountChecks } from '../../../first-day/account.js';
import type { FirstDay } from '../../../first-day/scene.js';
import { answerAll } from '../../../first-day/settle.js';
import { SageMakerCloud } from '../../local/aws/sagemaker/cloud.js';
import { embeddedCloud } from '../embedded-cloud.js';
import { endpointInService } from '../endpoint.js';
import { fakeContext } from '../fake-context.js';

const failure = async (work: Promise<unknown>): Promise<UserError> => {
  const error = await work.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).to.be.instanceOf(UserError);
  return error as UserError;
};

describe("the AWS account's quotas", () => {
  it('are enough in a new account for all versions that the defaults keep', () => {
    expect(quotasNeeded(fakeContext().settings)).to.deep.equal([
      'total concurrency of serverless endpoints: 10 (5 endpoints with 2 each)',
      'ml.m5.xlarge for training job usage: 2',
      'ml.m5.xlarge for transform job usage: 2',
    ]);
  });

  describe('before anything is paid', () => {
    let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
    let ctx: OpenContext;
    before(async () => {
      cloud = await embeddedCloud('mail: { to: [] }', { quotas: { [SERVERLESS_CONCURRENCY]: 1 } }, 'applied');
      ctx = await cloud.open();
    });
    after(async () => {
      await ctx.close();
      await cloud.cloud.close();
      cloud.remove();
    });

    it('stop a training that could not get its endpoint, and say what to ask AWS for', async () => {
      const error = await failure(trainVersion(ctx, loadContract(ctx.settings.dataset)));
      expect(error.message)
        .to.contain(`1 of the quota “${SERVERLESS_CONCURRENCY}” in us-east-1`)
        .and.contain('nothing was paid');
      expect(error.next)
        .to.contain('Ask AWS for at least 2')
        .and.contain('Service Quotas')
        .and.contain('endpoint.maxConcurrency');
      const { TrainingJobSummaries } = await ctx.aws.sageMaker.send(new ListTrainingJobsCommand({}));
      expect(TrainingJobSummaries).to.deep.equal([]);
    });

    it('stop it for too few training instances as well', async () => {
      const training = { ...ctx.settings.training, parallelJobs: 5 };
      const error = await failure(
        requireRoom({ ...ctx, settings: { ...ctx.settings, training } }, 'next version'),
      );
      expect(error.message).to.contain('4 of the quota “ml.m5.xlarge for training job usage”');
      expect(error.next).to.contain('training.parallelJobs');
    });

    it('are named to the administrator of the account', async () => {
      const lines = bootstrapCommand.print!(await bootstrap(ctx, { run: false })).join('\n');
      expect(lines).to.contain(
        'CREATE RESOURCE MONITOR IF NOT EXISTS LOS_WH_MONITOR WITH CREDIT_QUOTA = 50 FREQUENCY = MONTHLY',
      );
      expect(lines).to.contain('ALTER WAREHOUSE LOS_WH SET RESOURCE_MONITOR = LOS_WH_MONITOR;');
      expect(lines).to.contain('total concurrency of serverless endpoints: 10');
    });

    it('that may not be read stop nothing, and that is said', async () => {
      const notes: string[] = [];
      const UserName = 'sees-endpoints-only';
      const Statement = [{ Effect: 'Allow', Action: 'sagemaker:*', Resource: '*' }];
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
      await ctx.aws.iam.send(new CreateUserCommand({ UserName }));
      await ctx.aws.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }));
      const { AccessKey } = await ctx.aws.iam.send(new CreateAccessKeyCommand({ UserName }));
      const { endpoint, region } = cloud.cloud.connection.aws;
      const credentials = {
        accessKeyId: AccessKey!.AccessKeyId!,
        secretAccessKey: AccessKey!.SecretAccessKey!,
      };
      const blind = {
        ...ctx,
        aws: await connectAws({ endpoint, region, credentials }),
        progress: { ...silentProgress, note: (text: string) => void notes.push(text) },
      };
      expect(await readQuotas(blind)).to.deep.equal([]);
      expect(await requireRoom(blind, 'next version')).to.deep.equal([]);
      blind.aws.close();
      expect(notes.join()).to.contain('AccessDeniedException');
    });
  });

  it('that AWS does not list are said, with its defaults, and stop nothing', async () => {
    const cloud = await embeddedCloud('mail: { to: [] }\ntraining: { parallelJobs: 3 }', {
      unlistedQuotas: [SERVERLESS_CONCURRENCY, 'ml.m5.xlarge for transform job usage'],
    });
    const opened = await cloud.open();
    const notes: string[] = [];
    const progress = { ...silentProgress, note: (text: string) => void notes.push(text) };
    const ctx = { ...opened, progress };
    try {
      expect(await requireRoom(ctx, 'all versions')).to.deep.equal([]);
      expect(notes).to.deep.equal([
        'AWS lists no value of the quota “ml.m5.xlarge for transform job usage” for this account; by default it is 4',
        `AWS lists no value of the quota “${SERVERLESS_CONCURRENCY}” for this account; by default it is 10`,
      ]);
      const endpoint = { ...ctx.settings.endpoint, maxConcurrency: 8 };
      const [doubt, ...others] = await requireRoom(
        { ...ctx, settings: { ...ctx.settings, endpoint } },
        'all versions',
      );
      expect(others).to.deep.equal([]);
      expect(doubt).to.contain('by default it is 10, and 40 are needed').and.contain('Service Quotas');
      const day = { ctx } as unknown as FirstDay;
      const quotas = accountChecks.slice(0, 1);
      const [held] = await answerAll(quotas, day);
      expect(held!.verdict).to.equal('holds');
      expect(held!.saw)
        .to.contain('ml.m5.xlarge for training job usage: 4;')
        .and.contain('ml.m5.xlarge for transform job usage: 4 by default, not listed for this account;')
        .and.contain(`${SERVERLESS_CONCURRENCY}: 10 by default, not listed for this account`);
      const [doubted] = await answerAll(quotas, {
        ctx: { ...ctx, settings: { ...ctx.settings, endpoint } },
      } as unknown as FirstDay);
      expect(doubted!.verdict).to.equal('open');
      expect(doubted!.means).to.contain('40 are needed');
    } finally {
      await opened.close();
      await cloud.cloud.close();
      cloud.remove();
    }
  });

  describe('with other endpoints in the account', () => {
    const cloud = new SageMakerCloud(0, 0, { [SERVERLESS_CONCURRENCY]: 21 });
    let ctx: ReturnType<typeof fakeContext>;
    let artifact: string;
    before(async () => {
      await cloud.start();
      artifact = (await cloud.train('model')).ModelArtifacts!.S3ModelArtifacts!;
      await cloud.deploy('other-owner', artifact);
      const { endpoint, region, accessKeyId, secretAccessKey } = cloud.aws;
      const aws = await connectAws({ region, endpoint, credentials: { accessKeyId, secretAccessKey } });
      const { settings } = fakeContext();
      const roles = { ...settings.aws.roles, sageMaker: cloud.roleArn.split('/').at(-1)! };
      ctx = fakeContext({ aws, settings: { ...settings, aws: { ...settings.aws, roles } } });
    });
    after(async () => {
      ctx.aws.close();
      await cloud.close();
    });

    it('count all of them', async () => {
      for (const room of ['next version', 'all versions'] as const)
        expect((await failure(requireRoom(ctx, room))).message).to.contain('20 are in use');
    });

    it('are named with the next step where AWS refuses after all', async () => {
      const error = await failure(
        endpointInService(ctx, { name: 'los-health-v1', version: 'health-v1', artifact }),
      );
      expect(error.message).to.contain('account-level service limit').and.contain('utilization of 20');
      expect(error.next).to.contain('Ask AWS for at least 22');
    });
  });
});
