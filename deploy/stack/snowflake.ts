import { EXCHANGE_STAGE, literal, qualify, schemaPath } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { type Resource, ref } from '../resources/resource.js';
import { COMMENT_CLAUSE, type SqlDefinition, sqlResource } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { bucketName, roleArn } from './names.js';

/** The Snowflake account's side: roles, warehouse, database, schema, integrations, the external stage. */
export function snowflakeResources(ctx: Pick<Context, 'settings' | 'aws'>): Resource[] {
  const { snowflake, aws } = ctx.settings;
  const { warehouse, database, roles, integrations } = snowflake;
  const bucket = bucketName(ctx);
  const warehouseProperties = [
    `WAREHOUSE_SIZE = ${warehouse.size}`,
    // Said outright: a new account's defaults are the second generation and acceleration, which cost more.
    "GENERATION = '1'",
    'ENABLE_QUERY_ACCELERATION = FALSE',
    // A minute is billed at each resume in any case.
    'AUTO_SUSPEND = 60',
    'AUTO_RESUME = TRUE',
    // A statement that has run wild is ended, and what it costs with it. A CALL is a statement too.
    'STATEMENT_TIMEOUT_IN_SECONDS = 3600',
  ].join(' ');
  return [
    ...Object.values(roles).map((name) =>
      sqlResource('snowflake.role', name, {
        create: `CREATE ROLE IF NOT EXISTS ${name} ${COMMENT_CLAUSE}`,
        update: [`ALTER ROLE ${name} SET ${COMMENT_CLAUSE}`],
      }),
    ),
    sqlResource('snowflake.warehouse', warehouse.name, {
      create: `CREATE WAREHOUSE IF NOT EXISTS ${warehouse.name} WITH ${warehouseProperties} INITIALLY_SUSPENDED = TRUE ${COMMENT_CLAUSE}`,
      update: [`ALTER WAREHOUSE ${warehouse.name} SET ${warehouseProperties} ${COMMENT_CLAUSE}`],
    }),
    sqlResource(
      'snowflake.database',
      database,
      {
        create: `CREATE DATABASE IF NOT EXISTS ${database} ${COMMENT_CLAUSE}`,
        update: [`ALTER DATABASE ${database} SET ${COMMENT_CLAUSE}`],
      },
      // It was prepared, perhaps with a table of admissions in it, and is kept.
      { holdsData: true, adopt: 'unmarked' },
    ),
    sqlResource(
      'snowflake.schema',
      snowflake.schema,
      {
        create: `CREATE SCHEMA IF NOT EXISTS ${schemaPath(ctx.settings)} ${COMMENT_CLAUSE}`,
        update: [`ALTER SCHEMA ${schemaPath(ctx.settings)} SET ${COMMENT_CLAUSE}`],
      },
      { holdsData: true, adopt: 'unmarked', dependsOn: [`snowflake.database:${database}`] },
    ),
    // Integrations are never replaced: that would change the external ID and break the trust.
    apiIntegration(ctx, integrations.api, aws.roles.snowflakeApi, 'endpoints'),
    apiIntegration(ctx, integrations.control, aws.roles.snowflakeControl, 'control'),
    sqlResource(
      'snowflake.storage-integration',
      integrations.storage,
      {
        create: [
          `CREATE STORAGE INTEGRATION IF NOT EXISTS ${integrations.storage}`,
          'TYPE = EXTERNAL_STAGE',
          "STORAGE_PROVIDER = 'S3'",
          'ENABLED = TRUE',
          `STORAGE_AWS_ROLE_ARN = '${roleArn(ctx, aws.roles.snowflakeStorage)}'`,
          `STORAGE_ALLOWED_LOCATIONS = ('s3://${bucket}/')`,
          COMMENT_CLAUSE,
        ].join('\n'),
        update: [
          `ALTER STORAGE INTEGRATION ${integrations.storage} SET STORAGE_AWS_ROLE_ARN = '${roleArn(ctx, aws.roles.snowflakeStorage)}' ENABLED = TRUE STORAGE_ALLOWED_LOCATIONS = ('s3://${bucket}/') ${COMMENT_CLAUSE}`,
        ],
      },
      { dependsOn: [`aws.iam-role:${aws.roles.snowflakeStorage}`] },
    ),
    sqlResource(
      'snowflake.stage',
      EXCHANGE_STAGE,
      {
        create: `CREATE STAGE IF NOT EXISTS ${qualify(ctx.settings, EXCHANGE_STAGE)} STORAGE_INTEGRATION = ${integrations.storage} URL = 's3://${bucket}/' ${COMMENT_CLAUSE}`,
        update: [
          `ALTER STAGE ${qualify(ctx.settings, EXCHANGE_STAGE)} SET URL = 's3://${bucket}/' STORAGE_INTEGRATION = ${integrations.storage}`,
          `ALTER STAGE ${qualify(ctx.settings, EXCHANGE_STAGE)} SET ${COMMENT_CLAUSE}`,
        ],
      },
      {
        dependsOn: [
          `snowflake.schema:${snowflake.schema}`,
          `snowflake.storage-integration:${integrations.storage}`,
          `aws.bucket:${bucket}`,
          `aws.trust:${aws.roles.snowflakeStorage}`,
        ],
      },
    ),
    ...mailIntegration(ctx.settings),
  ];
}

/**
 * A way to one part of the REST API, as a role that the API lets into that part alone. Using an integration is the owner's:
 * who may use the one of training may have code run as SageMaker's role.
 */
function apiIntegration(
  ctx: Pick<Context, 'settings' | 'aws'>,
  name: string,
  role: string,
  path: 'endpoints' | 'control',
): Resource<SqlDefinition> {
  const api = `aws.rest-api:${ctx.settings.aws.restApi.name}`;
  const provider = ctx.settings.aws.privateApi.length > 0 ? 'aws_private_api_gateway' : 'aws_api_gateway';
  const properties = [
    `API_AWS_ROLE_ARN = '${roleArn(ctx, role)}'`,
    `API_ALLOWED_PREFIXES = ('${ref(api, 'invokeUrl')}/${path}')`,
    'ENABLED = TRUE',
    COMMENT_CLAUSE,
  ].join('\n');
  return sqlResource(
    'snowflake.api-integration',
    name,
    {
      create: `CREATE API INTEGRATION IF NOT EXISTS ${name}\nAPI_PROVIDER = ${provider}\n${properties}`,
      update: [`ALTER API INTEGRATION ${name} SET ${properties}`],
    },
    { dependsOn: [`aws.iam-role:${role}`, api] },
  );
}

/** By which Snowflake itself mails, where the settings name addresses. Altered, never replaced, as the others are. */
function mailIntegration({ mail, snowflake }: Settings): Resource<SqlDefinition>[] {
  if (mail.verified.length === 0) return [];
  const name = snowflake.integrations.mail;
  const recipients = `(${mail.verified.map(literal).join(', ')})`;
  return [
    sqlResource('snowflake.notification-integration', name, {
      create: `CREATE NOTIFICATION INTEGRATION IF NOT EXISTS ${name}
TYPE = EMAIL
ENABLED = TRUE
ALLOWED_RECIPIENTS = ${recipients}
${COMMENT_CLAUSE}`,
      update: [
        `ALTER NOTIFICATION INTEGRATION ${name} SET ENABLED = TRUE ALLOWED_RECIPIENTS = ${recipients} ${COMMENT_CLAUSE}`,
      ],
    }),
  ];
}
