import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type FakeAws, fakeAws, URL_PREFIX } from '../external/fake-aws.js';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const SERVICE = 'com.amazonaws.us-east-1.execute-api';
const HOST = '*.execute-api.us-east-1.amazonaws.com';
const CREATE = (name: string, provider: string) =>
  `CREATE API INTEGRATION ${name} API_PROVIDER = ${provider} API_AWS_ROLE_ARN = 'arn:aws:iam::123456789012:role/r' API_ALLOWED_PREFIXES = ('${URL_PREFIX}') ENABLED = TRUE`;

describe('private connectivity', () => {
  const clock = new MovableClock();
  let aws: FakeAws;
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    aws = await fakeAws();
    snowflake = await withSnowflake({ clock, network: aws.network });
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  after(async () => {
    await snowflake.close();
    await aws.close();
  });

  const call = (name: string, ...args: string[]) =>
    client.value(`SELECT SYSTEM$${name}(${args.map((each) => `'${each}'`).join(', ')})`);
  const info = async () =>
    JSON.parse(String(await call('GET_PRIVATELINK_ENDPOINTS_INFO'))) as Record<string, string>[];
  /** The endpoint through which the last call of an external function came. */
  const lastWay = async (of: string) => {
    await client.rows(`SELECT ${of}('x')`);
    const header = aws.received.at(-1)?.headers['x-local-vpc-endpoint'];
    return header && String(header).split(' ');
  };

  it('calls a private API through the endpoint of Snowflake’s region, and others over the public address', async () => {
    for (const [name, provider] of [
      ['public_api', 'aws_api_gateway'],
      ['private_api', 'AWS_PRIVATE_API_GATEWAY'],
    ]) {
      await client.rows(CREATE(name!, provider!));
      await client.rows(
        `CREATE EXTERNAL FUNCTION d.public.of_${name}(a VARCHAR) RETURNS VARIANT API_INTEGRATION = ${name} AS '${URL_PREFIX}x'`,
      );
    }
    expect(await lastWay('of_public_api')).to.equal(undefined);
    const [endpoint, vpc] = (await lastWay('of_private_api'))!;
    expect(endpoint).to.match(/^vpce-0[0-9a-f]{16}$/);
    const platform = JSON.parse(String(await call('GET_SNOWFLAKE_PLATFORM_INFO')));
    expect(platform['snowflake-vpc-id']).to.deep.equal([vpc]);
    expect(platform['snowflake-egress-vpc-ids'][0]).to.include({ id: vpc, purpose: 'generic' });
  });

  it('moves a function to another integration, whose provider never changes', async () => {
    await client.rows('ALTER FUNCTION of_public_api(VARCHAR) SET API_INTEGRATION = private_api');
    expect(await lastWay('of_public_api')).to.have.length(2);
    const error = await client.error('ALTER API INTEGRATION private_api SET API_PROVIDER = aws_api_gateway');
    expect(error.message).to.include("invalid property 'API_PROVIDER'");
  });

  it('provisions an endpoint of the account’s own, which takes a while and then is the way', async () => {
    const [before, region] = (await lastWay('of_private_api'))!;
    expect(await call('PROVISION_PRIVATELINK_ENDPOINT', SERVICE, HOST)).to.match(
      /^Private endpoint with ID "vpce-0[0-9a-f]{16}" to resource ".*" has been provisioned successfully\.$/,
    );
    const [pending] = await info();
    expect(pending).to.include({ endpoint_state: 'PENDING_CREATION', status: 'Pending', host: HOST });
    expect(pending!.snowflake_endpoint_name).not.to.match(/^vpce-/);
    const early = await client.error("SELECT of_private_api('x')");
    expect(early.message).to.include('is not available: it is PENDING_CREATION');
    clock.advance(1_000);
    const [made] = await info();
    expect(made).to.include({
      provider_service_name: SERVICE,
      endpoint_state: 'CREATED',
      status: 'Available',
    });
    const [endpoint, vpc] = (await lastWay('of_private_api'))!;
    expect(endpoint).to.equal(made!.snowflake_endpoint_name).and.not.to.equal(before);
    expect(vpc).not.to.equal(region);
    await snowflake.restart();
    client = await snowflake.connect();
    await client.rows('USE SCHEMA d.public');
    expect(await info()).to.deep.equal([made]);
  });

  it('provisions one a service, in the account’s region, five in all', async () => {
    const provision = async (service: string, host: string) =>
      (await client.error(`SELECT SYSTEM$PROVISION_PRIVATELINK_ENDPOINT('${service}', '${host}')`)).message;
    expect(await provision(SERVICE, HOST)).to.include(
      `Private endpoint for resource ${SERVICE} already exists`,
    );
    for (const [service, host] of [
      ['com.amazonaws.eu-west-1.execute-api', '*.execute-api.eu-west-1.amazonaws.com'],
      ['com.amazonaws.us-east-1.s3', '*.execute-api.us-east-1.amazonaws.com'],
    ])
      expect(await provision(service!, host!)).to.include(
        `Invalid service name "${service}" and hostname "${host}".`,
      );
  });

  it('keeps what is deprovisioned for seven days, in which it is no way, and restores it', async () => {
    const own = (await info())[0]!.snowflake_endpoint_name;
    expect(await call('DEPROVISION_PRIVATELINK_ENDPOINT', SERVICE)).to.equal(
      `Private endpoint with id "${own}" successfully marked for deletion. Before it is fully deleted in 7-8 days, it can be restored.`,
    );
    expect((await info())[0]!.endpoint_state).to.equal('PENDING_DELETION');
    expect((await lastWay('of_private_api'))![0]).not.to.equal(own);
    await call('RESTORE_PRIVATELINK_ENDPOINT', SERVICE);
    expect((await lastWay('of_private_api'))![0]).to.equal(own);
    await call('DEPROVISION_PRIVATELINK_ENDPOINT', SERVICE);
    clock.advance(8 * 86_400_000);
    client = await snowflake.connect();
    expect(await info()).to.deep.equal([]);
    const gone = await client.error(`SELECT SYSTEM$RESTORE_PRIVATELINK_ENDPOINT('${SERVICE}')`);
    expect(gone.message).to.include('does not exist');
  });

  it('is for account administrators', async () => {
    await client.rows('CREATE ROLE analyst');
    await client.rows('GRANT ROLE analyst TO USER admin');
    await client.rows('USE ROLE analyst');
    for (const sql of [
      `SYSTEM$PROVISION_PRIVATELINK_ENDPOINT('${SERVICE}', '${HOST}')`,
      'SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO()',
      'SYSTEM$GET_SNOWFLAKE_PLATFORM_INFO()',
    ])
      expect((await client.error(`SELECT ${sql}`)).message).to.include('only account administrators');
  });

  it('is a feature of Business Critical', async () => {
    const enterprise = await withSnowflake({ kind: { edition: 'ENTERPRISE', region: 'AWS_EU_WEST_1' } });
    const admin = await enterprise.connect();
    const refused = [
      CREATE('api', 'aws_private_api_gateway'),
      'SELECT SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO()',
    ];
    for (const sql of refused)
      expect((await admin.error(sql)).message).to.match(/^Unsupported feature|Unsupported feature '/);
    await admin.rows(CREATE('api', 'aws_api_gateway'));
    expect(await admin.value('SELECT CURRENT_REGION()')).to.equal('AWS_EU_WEST_1');
    await enterprise.close();
  });
});
