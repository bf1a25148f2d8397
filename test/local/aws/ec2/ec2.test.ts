import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { ACCOUNT, refused, TestCloud } from '../support.js';

const cloud = new TestCloud();
let ec2: EC2;

/** A VPC with a subnet, a security group and its main route table. */
async function network() {
  const VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
  const SubnetId = (await ec2.createSubnet({ VpcId, CidrBlock: '10.0.0.0/24' })).Subnet!.SubnetId!;
  const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: 'jobs', Description: 'jobs' });
  const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
  return { VpcId, SubnetId, GroupId: GroupId!, RouteTableId: RouteTables![0]!.RouteTableId! };
}

describe('local EC2', () => {
  before(async () => {
    await cloud.start();
    ec2 = new EC2(cloud.config());
  });
  after(async () => {
    ec2.destroy();
    await cloud.remove();
  });

  it('makes, describes and deletes VPCs, subnets and security groups', async () => {
    const { VpcId, SubnetId, GroupId } = await network();
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: [SubnetId] });
    expect(Subnets).to.have.length(1);
    expect(Subnets![0]).to.deep.include({
      SubnetId,
      VpcId,
      State: 'available',
      AvailabilityZone: 'us-east-1a',
      AvailableIpAddressCount: 251,
      OwnerId: ACCOUNT,
    });
    const groups = await ec2.describeSecurityGroups({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
    expect(groups.SecurityGroups?.map((group) => [group.GroupId, group.VpcId])).to.deep.equal([
      [GroupId, VpcId],
    ]);
    expect(groups.SecurityGroups![0]!.IpPermissionsEgress![0]!.IpProtocol).to.equal('-1');
    await refused(ec2.deleteVpc({ VpcId }), 'DependencyViolation');
    await ec2.deleteSubnet({ SubnetId });
    await ec2.deleteSecurityGroup({ GroupId });
    await ec2.deleteVpc({ VpcId });
    await refused(ec2.describeVpcs({ VpcIds: [VpcId] }), 'InvalidVpcID.NotFound');
  });

  it('makes, changes and deletes VPC endpoints', async () => {
    const { VpcId, SubnetId, GroupId, RouteTableId } = await network();
    const ServiceName = 'com.amazonaws.us-east-1.s3';
    const { VpcEndpoint: gateway } = await ec2.createVpcEndpoint({ VpcId, ServiceName });
    const { VpcEndpoint: door } = await ec2.createVpcEndpoint({
      VpcId,
      ServiceName: 'com.amazonaws.us-east-1.execute-api',
      VpcEndpointType: 'Interface',
      SubnetIds: [SubnetId],
      SecurityGroupIds: [GroupId],
    });
    expect(door).to.deep.include({ State: 'available', PrivateDnsEnabled: true, SubnetIds: [SubnetId] });
    const VpcEndpointId = gateway!.VpcEndpointId!;
    const PolicyDocument = '{"Version":"2012-10-17","Statement":[]}'.replace(
      '[]',
      '[{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}]',
    );
    await ec2.modifyVpcEndpoint({ VpcEndpointId, AddRouteTableIds: [RouteTableId], PolicyDocument });
    const of = async (Name: string, value: string) =>
      (await ec2.describeVpcEndpoints({ Filters: [{ Name, Values: [value] }] })).VpcEndpoints!;
    expect((await of('service-name', ServiceName))[0]).to.deep.include({
      RouteTableIds: [RouteTableId],
      PolicyDocument,
      VpcEndpointType: 'Gateway',
    });
    await refused(ec2.modifyVpcEndpoint({ VpcEndpointId, PolicyDocument: '{}' }), 'InvalidPolicyDocument');
    await refused(ec2.deleteSecurityGroup({ GroupId }), 'DependencyViolation');
    await refused(ec2.deleteSubnet({ SubnetId }), 'DependencyViolation');
    const { Unsuccessful } = await ec2.deleteVpcEndpoints({
      VpcEndpointIds: [VpcEndpointId, door!.VpcEndpointId!, 'vpce-0none'],
    });
    expect(Unsuccessful!.map(({ ResourceId, Error: error }) => [ResourceId, error?.Code])).to.deep.equal([
      ['vpce-0none', 'InvalidVpcEndpointId.NotFound'],
    ]);
    expect(await of('vpc-id', VpcId)).to.deep.equal([]);
  });

  it('routes a subnet by its own table, or the main one', async () => {
    const { VpcId, SubnetId, RouteTableId } = await network();
    const { RouteTable } = await ec2.createRouteTable({ VpcId, ClientToken: 'once' });
    const again = await ec2.createRouteTable({ VpcId, ClientToken: 'once' });
    expect(again.RouteTable!.RouteTableId).to.equal(RouteTable!.RouteTableId);
    await ec2.associateRouteTable({ RouteTableId: RouteTable!.RouteTableId!, SubnetId });
    const { RouteTables } = await ec2.describeRouteTables({
      Filters: [{ Name: 'association.subnet-id', Values: [SubnetId] }],
    });
    expect(RouteTables!.map((table) => table.RouteTableId)).to.deep.equal([RouteTable!.RouteTableId]);
    const main = await ec2.describeRouteTables({
      Filters: [
        { Name: 'association.main', Values: ['true'] },
        { Name: 'vpc-id', Values: [VpcId] },
      ],
    });
    expect(main.RouteTables!.map((table) => table.RouteTableId)).to.deep.equal([RouteTableId]);
  });

  it('refuses what does not exist, what it does not model, and what no policy allows, in EC2’s words', async () => {
    const { VpcId, GroupId } = await network();
    const other = await network();
    await refused(
      ec2.describeSubnets({ SubnetIds: ['subnet-0none'] }),
      'InvalidSubnetID.NotFound',
      /^The subnet ID 'subnet-0none' does not exist$/,
    );
    await refused(
      ec2.describeSecurityGroups({ GroupIds: ['sg-0none'] }),
      'InvalidGroup.NotFound',
      /^The security group 'sg-0none' does not exist$/,
    );
    await refused(
      ec2.createVpcEndpoint({ VpcId, ServiceName: 'com.amazonaws.us-east-1.nothing' }),
      'InvalidServiceName',
    );
    await refused(
      ec2.createVpcEndpoint({
        VpcId,
        ServiceName: 'com.amazonaws.us-east-1.s3',
        RouteTableIds: [other.RouteTableId],
      }),
      'InvalidParameter',
      /belong to different networks/,
    );
    await refused(
      ec2.createSecurityGroup({ VpcId, GroupName: 'jobs', Description: 'x' }),
      'InvalidGroup.Duplicate',
    );
    await refused(
      ec2.createVpc({ CidrBlock: '10.0.0.0/16', InstanceTenancy: 'dedicated' }),
      'UnsupportedOperation',
    );
    await refused(ec2.describeInstances({}), 'InvalidAction', /does not support DescribeInstances/);
    await refused(
      ec2.describeSubnets({ Filters: [{ Name: 'no-such', Values: ['1'] }] }),
      'InvalidParameterValue',
    );
    const rule = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
    await ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [rule] });
    await refused(
      ec2.revokeSecurityGroupEgress({ GroupId, IpPermissions: [rule] }),
      'InvalidPermission.NotFound',
    );
    const keys = await cloud.user('viewer', {
      Effect: 'Allow',
      Action: 'ec2:DescribeSubnets',
      Resource: '*',
    });
    const viewer = new EC2(cloud.config(keys));
    expect((await viewer.describeSubnets({})).Subnets).to.have.length.above(0);
    await refused(
      viewer.deleteSubnet({ SubnetId: other.SubnetId }),
      'UnauthorizedOperation',
      /^You are not authorized to perform this operation\. User: .*viewer is not authorized to perform: ec2:DeleteSubnet on resource: arn:aws:ec2:us-east-1:\d+:subnet\/subnet-\w+ because no identity-based policy/,
    );
    viewer.destroy();
  });

  it('keeps them when it is started again', async () => {
    const { SubnetId } = await network();
    await cloud.stop();
    await cloud.start();
    ec2 = new EC2(cloud.config());
    expect((await ec2.describeSubnets({ SubnetIds: [SubnetId] })).Subnets).to.have.length(1);
  });
});
