// VPC endpoints: gateways (S3), and interfaces of AWS's services.
import { AwsError } from '../errors.js';
import { parsePolicy } from '../identity/policy.js';
import {
  type Ec2Call,
  type Ec2Operation,
  ENDPOINT,
  find,
  GROUP,
  listItems,
  SUBNET,
  TABLE,
  VPC,
} from './lookup.js';
import { FULL_ACCESS, type VpcEndpoint } from './networks.js';

/** DynamoDB has one too, which nothing here speaks to. */
const GATEWAYS = ['s3'];
const INTERFACES = [
  's3',
  'execute-api',
  'logs',
  'monitoring',
  'ecr.api',
  'ecr.dkr',
  'sts',
  'kms',
  'sagemaker.api',
  'sagemaker.runtime',
];

const endpointOf = (endpoint: VpcEndpoint) => ({
  vpcEndpointId: endpoint.id,
  vpcEndpointType: endpoint.type,
  vpcId: endpoint.vpcId,
  serviceName: endpoint.service,
  state: endpoint.state,
  policyDocument: endpoint.policy,
  routeTableIdSet: { item: endpoint.routeTables },
  subnetIdSet: { item: endpoint.subnets },
  groupSet: { item: endpoint.groups.map((groupId) => ({ groupId })) },
  privateDnsEnabled: endpoint.privateDns,
  creationTimestamp: new Date(endpoint.created).toISOString(),
  ownerId: endpoint.accountId,
});

export const endpointOperations: Record<string, Ec2Operation> = {
  CreateVpcEndpoint(call) {
    const { networks, parameters, accountId, authorize, now } = call;
    authorize('vpc-endpoint/*');
    const vpcId = parameters.need('VpcId');
    authorize(`vpc/${vpcId}`);
    find(call, networks.vpcs, vpcId, VPC);
    const service = parameters.need('ServiceName');
    const type = parameters.get('VpcEndpointType') ?? 'Gateway';
    const policy = requirePolicy(parameters.get('PolicyDocument') ?? FULL_ACCESS);
    const places = placesIn(call, vpcId, {
      routeTables: parameters.list('RouteTableId'),
      subnets: parameters.list('SubnetId'),
      groups: parameters.list('SecurityGroupId'),
    });
    // Amazon EC2 API Reference, CreateVpcEndpoint: true by default.
    const privateDns = (parameters.get('PrivateDnsEnabled') ?? 'true') === 'true';
    parameters.only();
    const short = service.replace(`com.amazonaws.${networks.region}.`, '');
    if (type !== 'Gateway' && type !== 'Interface')
      throw new AwsError('UnsupportedOperation', `The local EC2 has no VPC endpoints of the type ${type}.`);
    if (!(type === 'Gateway' ? GATEWAYS : INTERFACES).includes(short))
      throw new AwsError('InvalidServiceName', `The Vpc Endpoint Service '${service}' does not exist`);
    if (type === 'Interface' && places.subnets.length === 0)
      throw new AwsError('MissingParameter', 'The local EC2 wants the subnets of an interface endpoint.');
    const id = networks.newId('vpce');
    const rest = { policy, ...places, privateDns: type === 'Interface' && privateDns, created: now };
    const endpoint: VpcEndpoint = { id, accountId, vpcId, service, type, state: 'available', ...rest };
    networks.endpoints[id] = endpoint;
    networks.save();
    return { vpcEndpoint: endpointOf(endpoint) };
  },
  DescribeVpcEndpoints: (call) => ({
    vpcEndpointSet: {
      item: listItems(call, call.networks.endpoints, 'VpcEndpointId', ENDPOINT, {
        'vpc-endpoint-id': ({ id }) => id,
        'vpc-id': ({ vpcId }) => vpcId,
        'service-name': ({ service }) => service,
        'vpc-endpoint-type': ({ type }) => type,
        'vpc-endpoint-state': ({ state }) => state,
      }).map(endpointOf),
    },
  }),
  ModifyVpcEndpoint(call) {
    const { networks, parameters, authorize } = call;
    const id = parameters.need('VpcEndpointId');
    authorize(`vpc-endpoint/${id}`);
    const endpoint = find(call, networks.endpoints, id, ENDPOINT);
    const reset = parameters.get('ResetPolicy') === 'true';
    const policy = requirePolicy(reset ? FULL_ACCESS : (parameters.get('PolicyDocument') ?? endpoint.policy));
    const more = placesIn(call, endpoint.vpcId, {
      routeTables: parameters.list('AddRouteTableId'),
      subnets: parameters.list('AddSubnetId'),
      groups: parameters.list('AddSecurityGroupId'),
    });
    const fewer = {
      routeTables: parameters.list('RemoveRouteTableId'),
      subnets: parameters.list('RemoveSubnetId'),
      groups: parameters.list('RemoveSecurityGroupId'),
    };
    parameters.only();
    endpoint.policy = policy;
    for (const places of ['routeTables', 'subnets', 'groups'] as const)
      endpoint[places] = [...new Set([...endpoint[places], ...more[places]])].filter(
        (each) => !fewer[places].includes(each),
      );
    networks.save();
    return { return: true };
  },
  DeleteVpcEndpoints(call) {
    const { networks, parameters, authorize } = call;
    const ids = parameters.list('VpcEndpointId');
    for (const id of ids) authorize(`vpc-endpoint/${id}`);
    parameters.only();
    const missing = ids.filter((id) => networks.endpoints[id]?.accountId !== call.accountId);
    for (const id of ids) if (!missing.includes(id)) delete networks.endpoints[id];
    networks.save();
    // What cannot be deleted is no error of the request.
    return {
      unsuccessful: {
        item: missing.map((id) => ({
          resourceId: id,
          error: { code: ENDPOINT[0], message: `The ${ENDPOINT[1]} '${id}' does not exist` },
        })),
      },
    };
  },
};

type Places = Pick<VpcEndpoint, 'routeTables' | 'subnets' | 'groups'>;

/** The places, once all are the VPC's own. */
function placesIn(call: Ec2Call, vpcId: string, places: Places): Places {
  const { networks } = call;
  const found = [
    ...places.routeTables.map((id) => find(call, networks.routeTables, id, TABLE)),
    ...places.subnets.map((id) => find(call, networks.subnets, id, SUBNET)),
    ...places.groups.map((id) => find(call, networks.groups, id, GROUP)),
  ];
  const stray = found.find((each) => each.vpcId !== vpcId);
  if (stray)
    throw new AwsError(
      'InvalidParameter',
      `The ${stray.id} and the vpc ${vpcId} belong to different networks.`,
    );
  return places;
}

function requirePolicy(policy: string): string {
  try {
    parsePolicy(policy, 'resource');
  } catch (error) {
    throw new AwsError('InvalidPolicyDocument', (error as Error).message);
  }
  return policy;
}
