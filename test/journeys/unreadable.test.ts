import { APIGateway } from '@aws-sdk/client-api-gateway';
import { CreateAccessKeyCommand, CreateUserCommand, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { connectAws } from '../../deploy/clients/aws-sdk.js';
import { SnowflakeError } from '../../deploy/clients/snowflake.js';
import type { Context } from '../../deploy/context.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Breakages } from '../doctor/hops/breakages.js';

/** What the doctor says where it may not see everything, or gets no answer. */
describe('los doctor, where a listing fails', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let by: Breakages;

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    by = new Breakages(await cloud.open());
  });
  after(async () => {
    await by.ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  /** What is known of each hop, seen by a user who may do everything but this. */
  async function without(Action: string) {
    const UserName = Action.replaceAll(/\W/g, '-');
    const Statement = [
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action, Resource: '*' },
    ];
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement });
    await by.ctx.aws.iam.send(new CreateUserCommand({ UserName }));
    await by.ctx.aws.iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument }));
    const { AccessKey } = await by.ctx.aws.iam.send(new CreateAccessKeyCommand({ UserName }));
    const { endpoint, region } = cloud.cloud.connection.aws;
    const credentials = {
      accessKeyId: AccessKey!.AccessKeyId!,
      secretAccessKey: AccessKey!.SecretAccessKey!,
    };
    const aws = await connectAws({ endpoint, region, credentials });
    try {
      return await look({ ...by.ctx, aws });
    } finally {
      aws.close();
    }
  }

  async function look(ctx: Context) {
    const { findings, first } = await by.look(ctx);
    const of = (name: string) => findings.find(({ check }) => check === name)!;
    const broken = findings.filter(({ state }) => state === 'broken').map(({ check }) => check);
    return { findings, first: first!, of, broken };
  }

  it('names the hop whose objects may not be read, with the rights that are lacking, and looks at all others', async () => {
    const { first, of, broken } = await without('apigateway:GET');
    expect(first.check).to.equal('rest-api');
    expect(first.what).to.contain('apigateway:GET');
    expect(first.fix).to.contain('los bootstrap');
    expect(broken).to.deep.equal(['rest-api']);
    for (const hop of ['method', 'function-wiring', 'prediction', 'as-declared'])
      expect(of(hop), hop).to.include({ state: 'unknown', because: 'rest-api' });
    for (const hop of ['external-functions', 'api-integration', 'endpoint-answer', 'bucket', 'tasks'])
      expect(of(hop).state, hop).to.equal('sound');
  });

  it('still finds what is broken beside it', async () => {
    await by.sql('ALTER API INTEGRATION LOS_API SET ENABLED = FALSE');
    await by.sql('DROP VIEW LOS_FEATURES');
    const { broken, of } = await without('iam:GetRole');
    // The role that may read the view may not read the one that is not there.
    expect(broken).to.deep.equal(['tables', 'api-integration', 'api-role', 'grants']);
    expect(of('api-role').fix).to.contain('los bootstrap');
    expect(of('storage-role')).to.include({ state: 'unknown', because: 'api-role' });
    expect(of('tables').what).to.contain('LOS_FEATURES does not exist');
    await by.apply();
  });

  it('names the bucket that may not be read', async () => {
    const { first } = await without('s3:GetBucketTagging');
    expect(first).to.include({ check: 'bucket' });
    expect(first.what).to.match(/^The bucket los-\d+-us-east-1 is another account's/);
    expect(first.fix).to.contain('aws.bucket');
  });

  it('says of a service that does not answer that it does not, and not that los plan helps', async () => {
    const apiGateway = new APIGateway({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    });
    const { first, broken } = await look({ ...by.ctx, aws: { ...by.ctx.aws, apiGateway } });
    expect(first.check).to.equal('rest-api');
    expect(first.what).to.equal('There is no answer from 127.0.0.1: the connection is refused.');
    expect(first.fix).to.match(/^Check the network of this machine .*, then los doctor$/);
    expect(broken).to.deep.equal(['rest-api', 'throttling'].slice(0, 1));
  });

  it('names the hop in Snowflake whose objects its role may not list', async () => {
    const { snowflake } = by.ctx;
    const refuses: Context['snowflake'] = {
      query: (async (sql: string, binds?: never) => {
        if (sql.startsWith('SHOW STREAMS'))
          throw new SnowflakeError("Insufficient privileges to operate on schema 'LOS'.", { code: '003001' });
        return snowflake.query(sql, binds);
      }) as Context['snowflake']['query'],
      execute: (sql, binds) => snowflake.execute(sql, binds),
      put: (file, stage) => snowflake.put(file, stage),
      close: () => snowflake.close(),
    };
    const { first, broken, of } = await look({ ...by.ctx, snowflake: refuses });
    expect(first.check).to.equal('streams');
    expect(first.fix).to.contain('los bootstrap');
    expect(broken).to.deep.equal(['streams']);
    expect(of('prediction').state).to.equal('sound');
  });
});
