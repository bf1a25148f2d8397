import type { Account, Edition } from '../account.js';
import { SnowflakeError } from '../errors.js';
import type { SystemFunction } from '../feature.js';
import type { Binder } from '../query/bind/binder.js';
import { TEXT } from '../types/data-type.js';
import { privateEndpointsOf, snowflakeVpc } from './endpoints.js';

const EDITIONS: readonly Edition[] = ['STANDARD', 'ENTERPRISE', 'BUSINESS_CRITICAL'];

/**
 * Private connectivity is a feature of Business Critical (docs: user-guide/intro-editions).
 * @throws SnowflakeError 000002 below it
 */
export function requirePrivateLink(account: Account, what: string): void {
  if (EDITIONS.indexOf(account.edition) < EDITIONS.indexOf('BUSINESS_CRITICAL'))
    throw new SnowflakeError('000002', '0A000', `Unsupported feature '${what}'.`);
}

/** "Only account administrators (users with the ACCOUNTADMIN role) can call this function." */
function requireAdministrator({ account, session }: Binder, name: string): void {
  if (!account.access.activeRoles(session).has('ACCOUNTADMIN'))
    throw new SnowflakeError(
      '003001',
      '42501',
      `SQL access control error:\nInsufficient privileges to operate on function '${name}': only account administrators (users with the ACCOUNTADMIN role) can call it.`,
    );
}

type Run = (b: Binder, ...args: string[]) => string;

/** A function of sql-reference/functions/system_…_privatelink_… */
const administrative = (name: string, args: number, run: Run): SystemFunction => ({
  name,
  arity: [args, args],
  returns: TEXT(),
  run: (b, given) => {
    requirePrivateLink(b.account, name);
    requireAdministrator(b, name);
    return run(b, ...given.map((each) => each ?? ''));
  },
});

/**
 * Snowflake's outbound private connectivity on AWS. Who may call SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO its page leaves open: here
 * it is who may make what it shows.
 */
export const privateLinkFunctions: readonly SystemFunction[] = [
  administrative('SYSTEM$PROVISION_PRIVATELINK_ENDPOINT', 2, ({ account }, service = '', host = '') => {
    const id = privateEndpointsOf(account).provision(service, host);
    return `Private endpoint with ID "${id}" to resource "${service}" has been provisioned successfully.`;
  }),
  administrative('SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO', 0, ({ account }) =>
    JSON.stringify(privateEndpointsOf(account).list()),
  ),
  administrative('SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT', 1, ({ account }, service = '') => {
    const id = privateEndpointsOf(account).deprovision(service);
    return `Private endpoint with id "${id}" successfully marked for deletion. Before it is fully deleted in 7-8 days, it can be restored.`;
  }),
  administrative('SYSTEM$RESTORE_PRIVATELINK_ENDPOINT', 1, ({ account }, service = '') => {
    const id = privateEndpointsOf(account).restore(service);
    return `Private endpoint with id "${id}" has been restored successfully.`;
  }),
  {
    name: 'SYSTEM$GET_SNOWFLAKE_PLATFORM_INFO',
    arity: [0, 0],
    returns: TEXT(),
    // "Only returns results for account administrators", in every edition.
    run: (b) => {
      requireAdministrator(b, 'SYSTEM$GET_SNOWFLAKE_PLATFORM_INFO');
      const id = snowflakeVpc(b.account);
      const expires = new Date(b.account.clock.now() + 90 * 86_400_000).toISOString().slice(0, 19);
      return JSON.stringify({
        'snowflake-vpc-id': [id],
        'snowflake-egress-vpc-ids': [{ id, expires, purpose: 'generic' }],
      });
    },
  },
];
