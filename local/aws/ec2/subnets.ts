// VPCs, subnets and their route tables.

import { dependencyError, type Ec2Operation, find, listItems, SUBNET, TABLE, VPC } from './lookup.js';
import type { RouteTable, Subnet, Vpc } from './networks.js';

const vpcOf = ({ id, cidr, accountId }: Vpc) => ({
  vpcId: id,
  state: 'available',
  cidrBlock: cidr,
  ownerId: accountId,
  isDefault: false,
  instanceTenancy: 'default',
});

const subnetOf = ({ id, vpcId, cidr, zone, accountId }: Subnet) => ({
  subnetId: id,
  state: 'available',
  vpcId,
  cidrBlock: cidr,
  availabilityZone: zone,
  availableIpAddressCount: 2 ** (32 - Number(cidr.split('/')[1])) - 5,
  ownerId: accountId,
});

const tableOf = ({ id, vpcId, main, subnets, accountId }: RouteTable) => ({
  routeTableId: id,
  vpcId,
  ownerId: accountId,
  associationSet: {
    item: [
      ...(main ? [{ routeTableAssociationId: `rtbassoc-${id}`, routeTableId: id, main: true }] : []),
      ...subnets.map((subnetId) => ({
        routeTableAssociationId: `rtbassoc-${subnetId}`,
        routeTableId: id,
        subnetId,
        main: false,
      })),
    ],
  },
});

export const subnetOperations: Record<string, Ec2Operation> = {
  /** With it comes its main route table; its default security group is left out. */
  CreateVpc({ networks, parameters, accountId, authorize }) {
    authorize('vpc/*');
    const cidr = parameters.need('CidrBlock');
    parameters.only();
    const vpc: Vpc = { id: networks.newId('vpc'), accountId, cidr };
    networks.vpcs[vpc.id] = vpc;
    const id = networks.newId('rtb');
    networks.routeTables[id] = { id, accountId, vpcId: vpc.id, main: true, subnets: [] };
    networks.save();
    return { vpc: vpcOf(vpc) };
  },
  DescribeVpcs: (call) => ({
    vpcSet: {
      item: listItems(call, call.networks.vpcs, 'VpcId', VPC, { 'vpc-id': ({ id }) => id }).map(vpcOf),
    },
  }),
  DeleteVpc(call) {
    const { networks, parameters, authorize } = call;
    const id = parameters.need('VpcId');
    authorize(`vpc/${id}`);
    find(call, networks.vpcs, id, VPC);
    parameters.only();
    const inside = [networks.subnets, networks.groups, networks.endpoints].flatMap((all) =>
      Object.values(all),
    );
    if (inside.some(({ vpcId }) => vpcId === id)) throw dependencyError('vpc', id);
    delete networks.vpcs[id];
    for (const table of Object.values(networks.routeTables))
      if (table.vpcId === id) delete networks.routeTables[table.id];
    networks.save();
    return { return: true };
  },
  CreateSubnet(call) {
    const { networks, parameters, accountId, authorize } = call;
    authorize('subnet/*');
    const vpcId = parameters.need('VpcId');
    authorize(`vpc/${vpcId}`);
    find(call, networks.vpcs, vpcId, VPC);
    const cidr = parameters.need('CidrBlock');
    const zone = parameters.get('AvailabilityZone') ?? `${networks.region}a`;
    parameters.only();
    const subnet: Subnet = { id: networks.newId('subnet'), accountId, vpcId, cidr, zone };
    networks.subnets[subnet.id] = subnet;
    networks.save();
    return { subnet: subnetOf(subnet) };
  },
  DescribeSubnets: (call) => ({
    subnetSet: {
      item: listItems(call, call.networks.subnets, 'SubnetId', SUBNET, {
        'subnet-id': ({ id }) => id,
        'vpc-id': ({ vpcId }) => vpcId,
      }).map(subnetOf),
    },
  }),
  DeleteSubnet(call) {
    const { networks, parameters, authorize } = call;
    const id = parameters.need('SubnetId');
    authorize(`subnet/${id}`);
    find(call, networks.subnets, id, SUBNET);
    parameters.only();
    if (Object.values(networks.endpoints).some(({ subnets }) => subnets.includes(id)))
      throw dependencyError('subnet', id);
    delete networks.subnets[id];
    for (const table of Object.values(networks.routeTables))
      table.subnets = table.subnets.filter((subnet) => subnet !== id);
    networks.save();
    return { return: true };
  },
  CreateRouteTable(call) {
    const { networks, parameters, accountId, authorize } = call;
    authorize('route-table/*');
    const vpcId = parameters.need('VpcId');
    find(call, networks.vpcs, vpcId, VPC);
    // A request that is sent again makes no second one.
    const token = parameters.get('ClientToken');
    parameters.only();
    const before = Object.values(networks.routeTables).find((other) => token && other.token === token);
    if (before) return { routeTable: tableOf(before) };
    const id = networks.newId('rtb');
    const table: RouteTable = { id, accountId, vpcId, main: false, subnets: [], ...(token && { token }) };
    networks.routeTables[table.id] = table;
    networks.save();
    return { routeTable: tableOf(table) };
  },
  AssociateRouteTable(call) {
    const { networks, parameters, authorize } = call;
    const id = parameters.need('RouteTableId');
    authorize(`route-table/${id}`);
    const table = find(call, networks.routeTables, id, TABLE);
    const subnet = find(call, networks.subnets, parameters.need('SubnetId'), SUBNET);
    parameters.only();
    for (const other of Object.values(networks.routeTables))
      other.subnets = other.subnets.filter((each) => each !== subnet.id);
    table.subnets.push(subnet.id);
    networks.save();
    return { associationId: `rtbassoc-${subnet.id}` };
  },
  DescribeRouteTables: (call) => ({
    routeTableSet: {
      item: listItems(call, call.networks.routeTables, 'RouteTableId', TABLE, {
        'vpc-id': ({ vpcId }) => vpcId,
        'association.subnet-id': ({ subnets }) => subnets,
        'association.main': ({ main }) => String(main),
      }).map(tableOf),
    },
  }),
};
