/** VPCs that a request names: for the network interfaces of jobs and of models on instances. */
import { AwsError } from '../../errors.js';
import type { Identity } from '../../service.js';
import type { Call } from './call.js';
import type { VpcConfig } from './records.js';
import { type Input, list, optionalObject, string, validationError } from './validation.js';

/** `{ VpcConfig: … }` where a request has one. API Reference, VpcConfig: 16 subnets and 5 security groups at most. */
export function vpcMember(input: Input): { VpcConfig?: VpcConfig } {
  const config = optionalObject(input, 'VpcConfig');
  if (!config || Object.keys(config).length === 0) return {};
  return {
    VpcConfig: { SecurityGroupIds: ids(config, 'SecurityGroupIds', 5), Subnets: ids(config, 'Subnets', 16) },
  };
}

function ids(config: Input, member: string, most: number): string[] {
  const values = list<string>(config, member, 'vpcConfig');
  const at = `vpcConfig.${member[0]!.toLowerCase()}${member.slice(1)}`;
  if (values.length < 1 || values.length > most)
    throw validationError(
      `1 validation error detected: Value '[${values.join(', ')}]' at '${at}' failed to satisfy constraint: Member must have length ${values.length < 1 ? 'greater than or equal to 1' : `less than or equal to ${most}`}`,
    );
  return values.map((value, i) =>
    string({ [i]: value }, String(i), { max: 32, pattern: /^[-0-9a-zA-Z]+$/ }, at),
  );
}

/** What SageMaker does in a VPC, as the role of a job or model (Developer Guide, "How to use SageMaker AI execution roles"). */
const LOOKS = [
  'DescribeNetworkInterfaces',
  'DescribeVpcs',
  'DescribeDhcpOptions',
  'DescribeSubnets',
  'DescribeSecurityGroups',
];
const CHANGES = [
  'CreateNetworkInterfacePermission',
  'DeleteNetworkInterface',
  'DeleteNetworkInterfacePermission',
];

/**
 * That SageMaker may put network interfaces of a role's where a request says. Its words for a refusal are not documented; EC2's stand for
 * them (EC2 API Reference, "Error codes"; "belong to different networks" as RunInstances answers).
 */
export function requireNetwork(
  { context, identity, region }: Call,
  role: Identity,
  config: VpcConfig | undefined,
): void {
  if (!config) return;
  const { networks, authorize } = context;
  const { accountId } = identity;
  const arn = (resource: string) => `arn:aws:ec2:${region}:${accountId}:${resource}`;
  const places = [
    ...config.Subnets.map((id) => `subnet/${id}`),
    ...config.SecurityGroupIds.map((id) => `security-group/${id}`),
  ];
  try {
    for (const action of LOOKS) authorize(role, `ec2:${action}`, '*');
    const found = [
      ...config.Subnets.map((id) => ({ id, at: networks.subnets[id], what: 'subnet ID' })),
      ...config.SecurityGroupIds.map((id) => ({ id, at: networks.groups[id], what: 'security group' })),
    ].map(({ id, at, what }) => {
      if (at?.accountId !== accountId) throw validationError(`The ${what} '${id}' does not exist`);
      return at;
    });
    const stray = found.find(({ vpcId }) => vpcId !== found[0]!.vpcId);
    if (stray) throw validationError(`Subnet ${found[0]!.id} and ${stray.id} belong to different networks.`);
    for (const place of ['network-interface/*', ...places])
      authorize(role, 'ec2:CreateNetworkInterface', arn(place));
    for (const action of CHANGES) authorize(role, `ec2:${action}`, arn('network-interface/*'));
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw validationError(error.message);
  }
}

/**
 * The role as it acts in a job: from the VPC, where one is named, also with network isolation (Developer Guide, "Run training and
 * inference containers in internet-free mode": download and upload go by the VPC). SageMaker pulls images by a way of its own ("train-vpc").
 */
export function placeRole(role: Identity, config: VpcConfig | undefined): Identity {
  return { ...role, place: config ? { subnets: config.Subnets, groups: config.SecurityGroupIds } : 'public' };
}
