/** REST APIs that only VPC endpoints reach. */
import * as ApiGateway from '@aws-sdk/client-api-gateway';
import { expect } from 'chai';
import { policy, refused, TestCloud } from '../support.js';
import { FilesApi } from './api.js';

const ENDPOINT = 'vpce-0123456789abcdef0';
const VPC = 'vpc-0123456789abcdef0';

describe('private REST APIs', () => {
  const cloud = new TestCloud();
  const api = new FilesApi(cloud);
  before(async () => {
    await cloud.start();
    await api.create();
    await api.deploy();
  });
  after(() => cloud.remove());

  const through = (endpoint: string, vpc = VPC) => ({ 'x-local-vpc-endpoint': `${endpoint} ${vpc}` });
  const call = async (headers: Record<string, string> = {}) => {
    const { status, message } = await api.call('GET', '/prod/files/a%20b', { headers });
    return [status, message];
  };
  const update = (...patches: [path: string, value: string][]) =>
    api.client.send(
      new ApiGateway.UpdateRestApiCommand({
        restApiId: api.restApiId,
        patchOperations: patches.map(([path, value]) => ({ op: 'replace' as const, path, value })),
      }),
    );
  const allow = {
    Effect: 'Allow',
    Principal: { AWS: api.callerArn },
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*',
  };
  const deny = (key: string, id: string) => ({
    ...{ Effect: 'Deny', Principal: '*', Action: 'execute-api:Invoke', Resource: 'execute-api:/*' },
    Condition: { StringNotEquals: { [key]: id } },
  });

  it('are made of regional ones in place, and count with the next deployment', async () => {
    const type = '/endpointConfiguration/types/REGIONAL';
    const { endpointConfiguration } = await update(
      ['/policy', policy(allow, deny('aws:SourceVpce', ENDPOINT))],
      [type, 'PRIVATE'],
    );
    expect(endpointConfiguration).to.deep.equal({ types: ['PRIVATE'], ipAddressType: 'dualstack' });
    expect(await call()).to.deep.equal([200, undefined]);
    await api.deploy();
    expect(await call()).to.deep.equal([403, 'Forbidden']);
    expect(await call(through(ENDPOINT))).to.deep.equal([200, undefined]);
  });

  it('refuse the endpoints that their policy does not let in', async () => {
    const [status, message] = await call(through('vpce-0fedcba9876543210'));
    expect(status).to.equal(403);
    expect(message).to.match(
      /^User: arn:aws:sts::\d+:assumed-role\/caller\/session is not authorized to perform: execute-api:Invoke on resource: .* with an explicit deny in a resource-based policy$/,
    );
    await update(['/policy', policy(allow, deny('aws:SourceVpc', VPC))]);
    await api.deploy();
    expect(await call(through('vpce-0fedcba9876543210'))).to.deep.equal([200, undefined]);
    expect((await call(through(ENDPOINT, 'vpc-0fedcba9876543210')))[0]).to.equal(403);
  });

  it('count requests by the way they came', () => {
    const counted = cloud.aws.ways().filter(({ service }) => service === 'execute-api');
    expect(counted.map(({ principal, way, calls }) => [principal, way, calls])).to.deep.equal([
      [api.callerArn, 'public', 2],
      [api.callerArn, ENDPOINT, 2],
      [api.callerArn, 'vpce-0fedcba9876543210', 2],
    ]);
  });

  it('become regional again, which no VPC endpoint reaches, and never edge-optimized', async () => {
    const type = '/endpointConfiguration/types/PRIVATE';
    await refused(update([type, 'EDGE']), 'BadRequestException', /from PRIVATE to EDGE/);
    const { endpointConfiguration } = await update(['/policy', policy(allow)], [type, 'REGIONAL']);
    expect(endpointConfiguration).to.deep.equal({ types: ['REGIONAL'], ipAddressType: 'dualstack' });
    await api.deploy();
    expect(await call()).to.deep.equal([200, undefined]);
    expect(await call(through(ENDPOINT))).to.deep.equal([403, 'Forbidden']);
  });

  it('are not deployed without a policy', async () => {
    await update(['/endpointConfiguration/types/REGIONAL', 'PRIVATE'], ['/policy', '']);
    await refused(api.deploy(), 'BadRequestException', /doesn't have a resource policy attached to it/);
  });

  it('are made at once, without names for endpoints', async () => {
    const create = (more: object) =>
      api.client.send(
        new ApiGateway.CreateRestApiCommand({
          name: 'made',
          endpointConfiguration: { types: ['PRIVATE'], ...more },
        }),
      );
    expect((await create({})).endpointConfiguration?.types).to.deep.equal(['PRIVATE']);
    await refused(create({ vpcEndpointIds: [ENDPOINT] }), 'NotImplemented', /vpcEndpointIds/);
  });
});
