// VPCs with what SageMaker, S3 and API Gateway ask of them: no packet goes anywhere here. What counts is which way a call would take.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';

interface Owned {
  /** E.g. `subnet-0123456789abcdef0`. */
  id: string;
  accountId: string;
}

export interface Vpc extends Owned {
  cidr: string;
}

export interface Subnet extends Owned {
  vpcId: string;
  cidr: string;
  /** Its Availability Zone, e.g. us-east-1a. */
  zone: string;
}

export interface SecurityGroup extends Owned {
  vpcId: string;
  name: string;
  description: string;
  /** Whether calls may leave: to everywhere, as of a new group, or nowhere. */
  egress: boolean;
}

export interface RouteTable extends Owned {
  vpcId: string;
  /** That of subnets without another. */
  main: boolean;
  /** Subnets that it is associated with by name. */
  subnets: string[];
  /** Of the request that made it. */
  token?: string;
}

export interface VpcEndpoint extends Owned {
  vpcId: string;
  /** E.g. com.amazonaws.us-east-1.s3. */
  service: string;
  type: 'Gateway' | 'Interface';
  state: 'available' | 'pendingAcceptance' | 'deleting';
  /** Who may do what through it, as JSON. */
  policy: string;
  /** Of a gateway: the tables that have a route to it. */
  routeTables: string[];
  /** Of an interface. */
  subnets: string[];
  groups: string[];
  /** Whether the service's own name leads to an interface inside the VPC. */
  privateDns: boolean;
  /** Milliseconds since 1970. */
  created: number;
}

interface State {
  vpcs: Record<string, Vpc>;
  subnets: Record<string, Subnet>;
  groups: Record<string, SecurityGroup>;
  routeTables: Record<string, RouteTable>;
  endpoints: Record<string, VpcEndpoint>;
}

/** Whatever a VPC endpoint lets through that was made without a policy. */
export const FULL_ACCESS = JSON.stringify({
  Version: '2008-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' }],
});

/** Where in a VPC something runs. */
export interface Placement {
  subnets: readonly string[];
  groups: readonly string[];
}

/** The networks of all accounts, kept in `ec2.json` of the state folder. */
export class Networks {
  readonly vpcs: Record<string, Vpc>;
  readonly subnets: Record<string, Subnet>;
  readonly groups: Record<string, SecurityGroup>;
  readonly routeTables: Record<string, RouteTable>;
  readonly endpoints: Record<string, VpcEndpoint>;
  private readonly file: string;

  constructor(
    stateDir: string,
    readonly region: string,
  ) {
    this.file = join(stateDir, 'ec2.json');
    const state = readState<State>(this.file);
    this.vpcs = state?.vpcs ?? {};
    this.subnets = state?.subnets ?? {};
    this.groups = state?.groups ?? {};
    this.routeTables = state?.routeTables ?? {};
    this.endpoints = state?.endpoints ?? {};
  }

  /** Writes the file, after something was added, changed or deleted. */
  save(): void {
    const { vpcs, subnets, groups, routeTables, endpoints } = this;
    writeState(this.file, { vpcs, subnets, groups, routeTables, endpoints } satisfies State);
  }

  /** A new id, e.g. `vpce-` and 17 characters, as EC2 has them. */
  newId(kind: 'vpc' | 'subnet' | 'sg' | 'rtb' | 'vpce'): string {
    return `${kind}-0${randomBytes(8).toString('hex')}`;
  }

  /** The table that routes a subnet's calls: its own, or the VPC's main one. */
  routeTableOf({ id, vpcId }: Subnet): RouteTable | undefined {
    const tables = Object.values(this.routeTables).filter((table) => table.vpcId === vpcId);
    return tables.find(({ subnets }) => subnets.includes(id)) ?? tables.find(({ main }) => main);
  }

  /**
   * The available endpoints of a service in a VPC.
   * @param service its short name: s3, execute-api, logs
   */
  endpointsOf(vpcId: string, service: string): VpcEndpoint[] {
    return Object.values(this.endpoints).filter(
      (endpoint) =>
        endpoint.vpcId === vpcId &&
        endpoint.state === 'available' &&
        endpoint.service === `com.amazonaws.${this.region}.${service}`,
    );
  }

  /**
   * The endpoint by which calls to a service leave a place in a VPC; undefined where none leads there. SageMaker puts its interfaces in
   * any of the subnets, so that each needs a way. Of a gateway the subnet's route table must know, an interface needs private DNS.
   */
  wayTo(service: string, { subnets, groups }: Placement): VpcEndpoint | undefined {
    if (!groups.some((id) => this.groups[id]?.egress)) return undefined;
    const ways = subnets.map((id) => {
      const subnet = this.subnets[id];
      const table = subnet && this.routeTableOf(subnet);
      return (
        subnet &&
        this.endpointsOf(subnet.vpcId, service).find(({ type, routeTables, privateDns }) =>
          type === 'Gateway' ? table && routeTables.includes(table.id) : privateDns,
        )
      );
    });
    return ways.every((way) => way !== undefined) ? ways[0] : undefined;
  }
}
