/** The product on a bad day: AWS throttles, fails, hangs up and talks nonsense. */
import { GetRestApisCommand } from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { score } from '../../deploy/scoring/score.js';
import { Journey } from '../deploy/journey.js';
import { localCloud } from '../deploy/local-context.js';

describe('the product among faults', () => {
  const cloud = localCloud('mail: { digestHour: null }');
  let ctx: OpenContext;
  let journey: Journey;

  const control = async (method: string, body?: object) => {
    const { url, token } = ctx.target.control!;
    const answer = await fetch(`${url}/faults`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      body: body && JSON.stringify(body),
    });
    return answer.status === 204 ? [] : ((await answer.json()) as { fault: string; hits: number }[]);
  };
  const set = (...faults: string[]) => control('POST', { faults });
  const hits = async () => (await control('GET')).map((fault) => fault.hits);
  /** Lets this many admissions arrive, and scores them. */
  let arrived = 0;
  const arrive = async (count: number) => {
    await journey.admit(count, 10_000_000 * (arrived / 100 + 1));
    arrived += count;
  };

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
  });
  afterEach(() => control('DELETE'));
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('deploys in spite of throttling and outages, and leaves nothing half done', async () => {
    await set(
      's3:*=throttle,next=3,share=0.5,seed=2',
      'iam:*=fail,next=3,share=0.3,seed=3',
      'iam:*=throttle,next=2,share=0.3,seed=4',
      'apigateway:*=unavailable,next=4,share=0.3,seed=5',
      'sts:AssumeRole=cut',
    );
    await apply(ctx);
    expect((await hits()).reduce((sum, count) => sum + count)).to.be.at.least(8);
    await control('DELETE');
    expect((await plan(ctx)).changes).to.deep.equal([]);
  });

  it('takes what an attempt made whose answer was lost, and makes nothing twice', async () => {
    await destroy(ctx, { yes: true, purgeData: true });
    // That took the local cloud down with its state.
    await ctx.close();
    ctx = await cloud.open();
    journey = new Journey(ctx);
    const calls = [
      's3:CreateBucket',
      'iam:CreateRole',
      'iam:PutRolePolicy',
      'apigateway:CreateRestApi',
      'apigateway:CreateResource',
      'apigateway:PutMethod',
      'apigateway:PutMethodResponse',
      'apigateway:CreateDeployment',
    ];
    await set(...calls.map((operation) => `${operation}=lose`));
    await apply(ctx);
    expect(await hits()).to.deep.equal(calls.map(() => 1));
    // Names of REST APIs are not unique, so of these there are two until the next apply.
    expect((await plan(ctx)).changes.map(({ action }) => action)).to.deep.equal(['remove']);
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const { items } = await ctx.aws.apiGateway.send(new GetRestApisCommand({}));
    expect(items).to.have.length(1);
  });

  it('trains and promotes in spite of them', async () => {
    await journey.load();
    await set(
      's3:PutObject=throttle,next=2',
      'sagemaker:CreateTrainingJob=unavailable,next=2',
      'sagemaker:DescribeTrainingJob=throttle,next=2',
      'sagemaker:CreateModel=cut',
      'sagemaker:CreateEndpoint=fail',
      'sagemaker:CreateTrainingJob=lose',
      'sagemaker:CreateModel=lose',
      'sagemaker:CreateEndpointConfig=lose',
      'sagemaker:CreateEndpoint=lose',
      'sagemaker:DescribeEndpoint=throttle,next=2',
      'execute-api:Invoke=throttle,next=2',
      'sagemaker:InvokeEndpoint=unavailable,next=2',
    );
    expect(await journey.train()).to.equal('health-v1');
    expect(await hits()).to.deep.equal([2, 2, 2, 1, 1, 1, 1, 1, 1, 2, 2, 2]);
  });

  it('scores every admission once when requests are throttled, refused, cut and lost', async () => {
    await arrive(100);
    await set(
      'execute-api:Invoke=throttle,next=2',
      'execute-api:Invoke=cut',
      'sagemaker:InvokeEndpoint=unavailable,next=2',
      'sagemaker:InvokeEndpoint=cut',
      'execute-api:Invoke=lose',
    );
    expect(await score(ctx, journey.contract)).to.include({ built: 100, scored: 100 });
    expect(await journey.logged()).to.deep.equal({ rows: arrived, twice: 0 });
    expect(await hits()).to.deep.equal([2, 1, 2, 1, 1]);
  });

  for (const [kind, says] of [
    ['garbage', /LOS_SCORE failed/],
    ['fail,share=1', /LOS_SCORE failed.*500/s],
  ] as const)
    it(`logs nothing when the service answers only with ${kind}, and everything once afterwards`, async () => {
      await arrive(100);
      await set(`execute-api:Invoke=${kind}`);
      const error = await score(ctx, journey.contract).catch((e: unknown) => e);
      expect(error).to.be.instanceOf(Error);
      expect((error as Error).message).to.match(says);
      expect(await journey.logged()).to.deep.equal({ rows: arrived - 100, twice: 0 });
      await control('DELETE');
      expect(await score(ctx, journey.contract)).to.include({ scored: 100 });
      expect(await journey.logged()).to.deep.equal({ rows: arrived, twice: 0 });
    });

  it('does its work when the mail server does not', async () => {
    await arrive(100);
    const before = ctx.mail.sent;
    await set('smtp=fail');
    expect(await score(ctx, journey.contract)).to.include({ scored: 100 });
    expect(ctx.mail.sent).to.equal(before);
    // This command leaves the server alone for a while; the next one begins with what waited.
    await ctx.close();
    ctx = await cloud.open();
    await score(ctx, journey.contract);
    expect(ctx.mail.sent, 'the one that had waited too').to.equal(2);
  });
});
