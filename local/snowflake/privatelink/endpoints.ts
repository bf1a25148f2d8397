import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import type { Account } from '../account.js';
import { SnowflakeError } from '../errors.js';

/** As SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO has it; docs: sql-reference/functions/system_get_privatelink_endpoints_info. */
export interface EndpointInfo {
  provider_service_name: string;
  snowflake_endpoint_name: string;
  endpoint_state: 'PENDING_CREATION' | 'CREATED' | 'FAILED' | 'PENDING_DELETION' | 'DELETING';
  host: string;
  status: 'Pending' | 'Available';
}

interface Kept extends Omit<EndpointInfo, 'status'> {
  /** When AWS is done with it, or, where it is to be deleted, has deleted it. */
  at: number;
}

/** "There is a delay before you can use the endpoint"; minutes in an account. */
const CREATION_MS = 100;
/** docs: user-guide/private-manage-endpoints-aws: it "is put on a queue to be deleted after 7 days". */
const DELETION_MS = 7 * 86_400_000;
/** docs: user-guide/private-connectivity-outbound, "Scaling considerations": those that wait to be deleted count too. */
const MOST = 5;

/** Names of hosts that a service of AWS has; docs: user-guide/private-manage-endpoints-aws takes them from PrivateDnsName. */
const HOSTS: Readonly<Record<string, (region: string) => RegExp>> = {
  'execute-api': (region) => new RegExp(`^(\\*|[a-z0-9]+)\\.execute-api\\.${region}\\.amazonaws\\.com$`),
  s3: (region) => new RegExp(`^\\*\\.s3\\.${region}\\.amazonaws\\.com$`),
};

const newId = (kind: 'vpce' | 'vpc') => `${kind}-0${randomBytes(8).toString('hex')}`;

/** The private endpoints that an account has had made in Snowflake's own AWS account, kept in its folder. */
export class PrivateEndpoints {
  private readonly file: string;

  constructor(private readonly account: Account) {
    this.file = join(account.folder, 'private-endpoints.json');
  }

  /** Of each service of AWS there is one at most. */
  list(): EndpointInfo[] {
    const now = this.account.clock.now();
    return this.read().map(({ at, ...kept }) => {
      const pending = kept.endpoint_state === 'PENDING_CREATION';
      if (pending && at <= now) return { ...kept, endpoint_state: 'CREATED', status: 'Available' };
      const id = pending ? `pending-${kept.snowflake_endpoint_name.slice(-8)}` : kept.snowflake_endpoint_name;
      return { ...kept, snowflake_endpoint_name: id, status: pending ? 'Pending' : 'Available' };
    });
  }

  /** Words of refusals: Snowflake-Labs' guides to private connectivity, which cite them. @returns its id */
  provision(service: string, host: string): string {
    const [, region, name = ''] = /^com\.amazonaws\.([a-z0-9-]+)\.([a-z0-9-]+)$/.exec(service) ?? [];
    const here = this.account.network.aws.region;
    if (region !== here || !HOSTS[name]?.(here).test(host))
      throw refusal(`Invalid service name "${service}" and hostname "${host}".`);
    const all = this.read();
    if (all.some((each) => each.provider_service_name === service))
      throw refusal(`Private endpoint for resource ${service} already exists`);
    if (all.length >= MOST)
      throw refusal(
        `The account cannot create more than ${MOST} private endpoints. Please contact Snowflake support for help.`,
      );
    const id = newId('vpce');
    this.write([
      ...all,
      {
        provider_service_name: service,
        snowflake_endpoint_name: id,
        endpoint_state: 'PENDING_CREATION',
        host,
        at: this.account.clock.now() + CREATION_MS,
      },
    ]);
    return id;
  }

  /** @returns its id */
  deprovision(service: string): string {
    return this.change(service, 'PENDING_DELETION', this.account.clock.now() + DELETION_MS);
  }

  /** @returns its id */
  restore(service: string): string {
    const state = this.list().find((each) => each.provider_service_name === service)?.endpoint_state;
    if (state !== 'PENDING_DELETION') throw missing(service);
    return this.change(service, 'CREATED', 0);
  }

  /** As AWS may leave it. @returns its id */
  change(service: string, endpoint_state: EndpointInfo['endpoint_state'], at: number): string {
    const all = this.read();
    const found = all.find((each) => each.provider_service_name === service);
    if (!found) throw missing(service);
    this.write(all.map((each) => (each === found ? { ...each, endpoint_state, at } : each)));
    return found.snowflake_endpoint_name;
  }

  private read(): Kept[] {
    const now = this.account.clock.now();
    return (readState<Kept[]>(this.file) ?? []).filter(
      ({ endpoint_state, at }) => endpoint_state !== 'PENDING_DELETION' || at > now,
    );
  }

  private write(endpoints: readonly Kept[]): void {
    writeState(this.file, endpoints);
  }
}

/** No page gives the number of these errors. */
const refusal = (message: string) => new SnowflakeError('390550', '22023', message);

/** docs: sql-reference/functions/system_restore_privatelink_endpoint: within seven days. */
const missing = (service: string) =>
  refusal(`Private endpoint corresponding to service name ${service} does not exist.`);

const known = new WeakMap<Account, PrivateEndpoints>();

export function privateEndpointsOf(account: Account): PrivateEndpoints {
  const endpoints = known.get(account) ?? new PrivateEndpoints(account);
  known.set(account, endpoints);
  return endpoints;
}

/** Ids that Snowflake's own AWS account would have: the same in each account of a region. */
const ownId = (kind: 'vpce' | 'vpc', of: string) =>
  `${kind}-0${createHash('sha256').update(of).digest('hex').slice(0, 16)}`;

/** The VPC of Snowflake's region, from which all its accounts come that have no endpoint of their own. */
export const snowflakeVpc = ({ region }: Account): string => ownId('vpc', region);

/**
 * How a call through a private API integration reaches API Gateway: by the endpoint that the account has had made, or else by
 * the one that Snowflake has for its whole region. The former has a VPC of its own: policies that let the region's VPC in
 * refuse it (Snowflake-Labs' guide to private catalogs: a provisioned endpoint "overrides the default").
 * @throws SnowflakeError where the own one is not ready
 */
export function wayToGateway(account: Account): { endpoint: string; vpc: string } {
  const service = `com.amazonaws.${account.network.aws.region}.execute-api`;
  const own = privateEndpointsOf(account)
    .list()
    .find((each) => each.provider_service_name === service && each.endpoint_state !== 'PENDING_DELETION');
  if (!own) return { endpoint: ownId('vpce', `${account.region} ${service}`), vpc: snowflakeVpc(account) };
  if (own.endpoint_state !== 'CREATED')
    throw refusal(
      `Private endpoint corresponding to service name ${service} is not available: it is ${own.endpoint_state}.`,
    );
  return { endpoint: own.snowflake_endpoint_name, vpc: ownId('vpc', own.snowflake_endpoint_name) };
}
