// What EC2's operations have in common: finding things of the caller's account, and listing them.
import { AwsError } from '../errors.js';
import type { XmlNode } from '../xml.js';
import type { Networks } from './networks.js';
import type { Ec2Parameters } from './wire.js';

/** One call: who asks what of which networks. */
export interface Ec2Call {
  networks: Networks;
  parameters: Ec2Parameters;
  accountId: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Throws AccessDenied unless the caller may do this with it. @param resource `subnet/ID` and the like; left out: everything */
  authorize(resource?: string): void;
}

export type Ec2Operation = (call: Ec2Call) => Record<string, XmlNode>;

/** Something of the caller's account by its id. @throws AwsError e.g. InvalidSubnetID.NotFound */
export function find<T extends { accountId: string }>(
  { accountId }: Pick<Ec2Call, 'accountId'>,
  all: Record<string, T>,
  id: string,
  [code, what]: readonly [code: string, what: string],
): T {
  const found = Object.hasOwn(all, id) ? all[id] : undefined;
  if (found?.accountId !== accountId) throw new AwsError(code, `The ${what} '${id}' does not exist`);
  return found;
}

/** What a Describe… operation lists: by ids that must exist, of the caller's account, that pass its filters. */
export function listItems<T extends { id: string; accountId: string }>(
  call: Ec2Call,
  all: Record<string, T>,
  ids: string,
  missing: readonly [string, string],
  filters: Record<string, (item: T) => string | readonly string[]>,
): T[] {
  call.authorize();
  const named = call.parameters.list(ids).map((id) => find(call, all, id, missing));
  const wanted = Object.entries(call.parameters.filters(Object.keys(filters)));
  call.parameters.only();
  return (
    named.length > 0 ? named : Object.values(all).filter(({ accountId }) => accountId === call.accountId)
  ).filter((item) =>
    wanted.every(([name, values]) => [filters[name]!(item)].flat().some((value) => values.includes(value))),
  );
}

export const VPC = ['InvalidVpcID.NotFound', 'vpc ID'] as const;
export const SUBNET = ['InvalidSubnetID.NotFound', 'subnet ID'] as const;
export const GROUP = ['InvalidGroup.NotFound', 'security group'] as const;
export const TABLE = ['InvalidRouteTableID.NotFound', 'routeTable ID'] as const;
export const ENDPOINT = ['InvalidVpcEndpointId.NotFound', 'Vpc Endpoint Id'] as const;

export const dependencyError = (what: string, id: string) =>
  new AwsError('DependencyViolation', `The ${what} '${id}' has dependencies and cannot be deleted.`);
