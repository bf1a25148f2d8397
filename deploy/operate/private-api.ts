import { type Row, SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { isPrivateName } from '../ground/private-name.js';

/** As SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO has it; docs: sql-reference/functions/system_get_privatelink_endpoints_info. */
export interface PrivateEndpoint {
  readonly provider_service_name: string;
  /** Its id; something else while it is being made. */
  readonly snowflake_endpoint_name: string;
  readonly endpoint_state: string;
  readonly status: string;
}

/** The service of AWS that such an endpoint leads to. */
export const gatewayService = (region: string): string => `com.amazonaws.${region}.execute-api`;

/** Statements for ACCOUNTADMIN, without the semicolon. Hosts: describe-vpc-endpoint-services has them as PrivateDnsName. */
export const endpointStatements = (region: string) => ({
  provision: `SELECT SYSTEM$PROVISION_PRIVATELINK_ENDPOINT('${gatewayService(region)}', '*.execute-api.${region}.amazonaws.com')`,
  look: 'SELECT SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO()',
  restore: `SELECT SYSTEM$RESTORE_PRIVATELINK_ENDPOINT('${gatewayService(region)}')`,
  deprovision: `SELECT SYSTEM$DEPROVISION_PRIVATELINK_ENDPOINT('${gatewayService(region)}')`,
});

/**
 * Stops before anything is made where aws.privateApi cannot work: each reason is on Snowflake's page
 * sql-reference/external-functions-creating-aws-planning. What is there already is the doctor's matter.
 * @throws UserError with the reason
 */
export async function requirePrivateApi(ctx: Context): Promise<void> {
  const { settings, snowflake } = ctx;
  if (settings.aws.privateApi.length === 0) return;
  const found = await snowflake.query(`SHOW API INTEGRATIONS LIKE '${settings.snowflake.integrations.api}'`);
  if (found.length > 0) return;
  const why = (await describeElsewhere(ctx)) ?? (await describeEdition(ctx));
  if (why)
    throw new UserError(`aws.privateApi cannot work here: ${why}`, {
      next: 'Leave out aws.privateApi: Snowflake then calls a regional API, with IAM and TLS.',
    });
}

/** Why Snowflake's network does not reach the API's, in a sentence. Any role may ask where the account is. */
export async function describeElsewhere({ snowflake, aws }: Context): Promise<string | undefined> {
  const [row] = await snowflake.query<{ REGION: string }>('SELECT CURRENT_REGION() AS REGION');
  // Of an organization with groups of regions: PUBLIC.AWS_US_EAST_1.
  const region = String(row?.REGION).replace(/^.*\./, '');
  if (!region.startsWith('AWS_')) return `the Snowflake account is in ${region}, not on AWS.`;
  const ownRegion = region.slice('AWS_'.length).toLowerCase().replaceAll('_', '-');
  return ownRegion === aws.region
    ? undefined
    : `the Snowflake account is in ${ownRegion} and the API in ${aws.region}; a private one is reached from its own region alone.`;
}

/** No page says how a role without an account's rights learns its edition; what a lower one refuses says it. */
async function describeEdition(ctx: Context): Promise<string | undefined> {
  const endpoints = await readEndpoints(ctx);
  return endpoints === 'unsupported'
    ? 'private connectivity needs the edition Business Critical, and this Snowflake account refuses it.'
    : undefined;
}

/**
 * The private endpoints that the account has had made. Snowflake's page has the call take up to five minutes.
 * @returns `hidden` where this role may not see them, `unsupported` where the account has no such feature
 */
export async function readEndpoints({
  snowflake,
}: Pick<Context, 'snowflake'>): Promise<readonly PrivateEndpoint[] | 'hidden' | 'unsupported'> {
  let rows: Row[];
  try {
    rows = await snowflake.query('SELECT SYSTEM$GET_PRIVATELINK_ENDPOINTS_INFO() AS INFO');
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return /unsupported feature|business critical/i.test(error.message) ? 'unsupported' : 'hidden';
  }
  return JSON.parse(String(rows[0]?.INFO ?? '[]')) as PrivateEndpoint[];
}

/** True if with what was removed the last private API of the deployment went. @param removed ids of resources */
export const leavesEndpoint = (removed: readonly string[]): boolean =>
  removed.some((id) => id.startsWith('snowflake.api-integration:') && isPrivateName(id));

/**
 * Describes the statements that are left for ACCOUNTADMIN once no API of ours is private any more: nothing where the
 * endpoint is shared.
 */
export function describeLeftEndpoint(region: string): string {
  return `No API of this deployment is private any more. If nothing else uses Snowflake’s endpoint of API Gateway, ACCOUNTADMIN ends what it costs: ${endpointStatements(region).deprovision};`;
}
