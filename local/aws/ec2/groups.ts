// Security groups: whether calls may leave.
import { AwsError } from '../errors.js';
import { type Ec2Operation, find, GROUP, listItems, VPC } from './lookup.js';
import type { SecurityGroup } from './networks.js';

/** The rule of a new group: everything may leave, to everywhere. */
const EVERYTHING = { ipProtocol: '-1', ipRanges: { item: [{ cidrIp: '0.0.0.0/0' }] } };

const groupOf = ({ id, vpcId, name, description, accountId, egress }: SecurityGroup) => ({
  groupId: id,
  groupName: name,
  groupDescription: description,
  vpcId,
  ownerId: accountId,
  ipPermissions: '',
  ipPermissionsEgress: egress ? { item: [EVERYTHING] } : '',
});

export const groupOperations: Record<string, Ec2Operation> = {
  CreateSecurityGroup(call) {
    const { networks, parameters, accountId, authorize } = call;
    authorize('security-group/*');
    const vpcId = parameters.need('VpcId');
    find(call, networks.vpcs, vpcId, VPC);
    const name = parameters.need('GroupName');
    const description = parameters.need('GroupDescription');
    parameters.only();
    if (Object.values(networks.groups).some((other) => other.vpcId === vpcId && other.name === name))
      throw new AwsError(
        'InvalidGroup.Duplicate',
        `The security group '${name}' already exists for VPC '${vpcId}'`,
      );
    const group: SecurityGroup = {
      id: networks.newId('sg'),
      accountId,
      vpcId,
      name,
      description,
      egress: true,
    };
    networks.groups[group.id] = group;
    networks.save();
    return { return: true, groupId: group.id };
  },
  DescribeSecurityGroups: (call) => ({
    securityGroupInfo: {
      item: listItems(call, call.networks.groups, 'GroupId', GROUP, {
        'group-id': ({ id }) => id,
        'vpc-id': ({ vpcId }) => vpcId,
      }).map(groupOf),
    },
  }),
  /** The one rule that there is here: take it away, and nothing leaves. */
  RevokeSecurityGroupEgress: (call) => setEgress(call, false),
  AuthorizeSecurityGroupEgress: (call) => setEgress(call, true),
  DeleteSecurityGroup(call) {
    const { networks, parameters, authorize } = call;
    const id = parameters.need('GroupId');
    authorize(`security-group/${id}`);
    find(call, networks.groups, id, GROUP);
    parameters.only();
    if (Object.values(networks.endpoints).some(({ groups }) => groups.includes(id)))
      throw new AwsError('DependencyViolation', `resource ${id} has a dependent object`);
    delete networks.groups[id];
    networks.save();
    return { return: true };
  },
};

function setEgress(call: Parameters<Ec2Operation>[0], egress: boolean): ReturnType<Ec2Operation> {
  const { networks, parameters, authorize } = call;
  const id = parameters.need('GroupId');
  authorize(`security-group/${id}`);
  const group = find(call, networks.groups, id, GROUP);
  const protocol = parameters.get('IpPermissions.1.IpProtocol');
  const range = parameters.get('IpPermissions.1.IpRanges.1.CidrIp');
  parameters.only();
  if (protocol !== '-1' || range !== '0.0.0.0/0')
    throw new AwsError(
      'UnsupportedOperation',
      'The local EC2 knows one rule of egress, everything (-1) to 0.0.0.0/0.',
    );
  if (!egress && !group.egress)
    throw new AwsError(
      'InvalidPermission.NotFound',
      'The specified rule does not exist in this security group.',
    );
  group.egress = egress;
  networks.save();
  return { return: true };
}
