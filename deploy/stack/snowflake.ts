import { inputsFunctions } from '../../procedures/dataset/inputs-sql.js';
import { invocations, qualified, schemaPath } from '../../procedures/ground/names.js';
import { BATCH_ROWS, REASONS_BATCH_ROWS } from '../../procedures/versions/batch-rows.js';
import { sqlFunctionResource } from '../compile/sql.js';
import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
import { idOf, type Resource, type ResourceId, ref } from '../resources/resource.js';
import { COMMENT_CLAUSE, type SqlDefinition, sqlResource } from '../resources/snowflake/definition.js';
import {
  type ExternalFunctionDefinition,
  externalFunctionKind,
} from '../resources/snowflake/external-function.js';
import type { Settings } from '../settings/settings.js';
import { bucketName, roleArn } from './names.js';

/** The Snowflake account's side: roles, warehouse, database, schema, integrations, the external stage. */
export function snowflakeResources(ctx: Context): Resource[] {
  const { snowflake, aws } = ctx.settings;
  const { warehouse, database, roles, integrations, stages } = snowflake;
  const bucket = bucketName(ctx);
  const api = `aws.rest-api:${aws.restApi.name}`;
  const warehouseProperties = [
    `WAREHOUSE_SIZE = ${warehouse.size}`,
    `AUTO_SUSPEND = ${warehouse.autoSuspendSeconds}`,
    'AUTO_RESUME = TRUE',
    // A statement that has run wild is ended, and what it costs with it.
    `STATEMENT_TIMEOUT_IN_SECONDS = ${warehouse.statementTimeoutSeconds}`,
  ].join(' ');
  const prefixes = `('${ref(api, 'invokeUrl')}/')`;
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
      // Whoever prepared it, perhaps with a table of admissions in it, keeps it.
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
    sqlResource(
      'snowflake.api-integration',
      integrations.api,
      {
        create: [
          `CREATE API INTEGRATION IF NOT EXISTS ${integrations.api}`,
          'API_PROVIDER = aws_api_gateway',
          `API_AWS_ROLE_ARN = '${roleArn(ctx, aws.roles.snowflakeApi)}'`,
          `API_ALLOWED_PREFIXES = ${prefixes}`,
          'ENABLED = TRUE',
          COMMENT_CLAUSE,
        ].join('\n'),
        update: [
          `ALTER API INTEGRATION ${integrations.api} SET API_AWS_ROLE_ARN = '${roleArn(ctx, aws.roles.snowflakeApi)}' ENABLED = TRUE API_ALLOWED_PREFIXES = ${prefixes} ${COMMENT_CLAUSE}`,
        ],
      },
      { dependsOn: [`aws.iam-role:${aws.roles.snowflakeApi}`, api] },
    ),
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
      stages.exchange,
      {
        create: `CREATE STAGE IF NOT EXISTS ${qualified(ctx.settings, stages.exchange)} STORAGE_INTEGRATION = ${integrations.storage} URL = 's3://${bucket}/' ${COMMENT_CLAUSE}`,
        update: [
          `ALTER STAGE ${qualified(ctx.settings, stages.exchange)} SET URL = 's3://${bucket}/' STORAGE_INTEGRATION = ${integrations.storage}`,
          `ALTER STAGE ${qualified(ctx.settings, stages.exchange)} SET ${COMMENT_CLAUSE}`,
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
    ...externalFunctions(ctx),
    ...askingResources(ctx.settings),
  ];
}

/** What asks the champion; the functions that translate are the pipeline's, and those that people ask are made around these. */
function externalFunctions(ctx: Context): Resource<ExternalFunctionDefinition>[] {
  const { settings } = ctx;
  const { days, detail, reasons } = invocations(settings);
  const api = `aws.rest-api:${settings.aws.restApi.name}`;
  const make = (
    name: string,
    returns: string,
    description: string,
    responseTranslator: string,
    chosen = 'REQUEST_TRANSLATOR',
    maxBatchRows = BATCH_ROWS,
  ) =>
    externalFunctionKind.resource(
      `${name}(OBJECT)`,
      {
        head: `${qualified(settings, name)}(FEATURES OBJECT)`,
        returns,
        description,
        apiIntegration: settings.snowflake.integrations.api,
        requestTranslator: qualified(settings, 'LOS_NO_MODEL'),
        chosen: `SELECT ${chosen} AS TRANSLATOR FROM ${qualified(settings, 'LOS_MODEL_REGISTRY')} WHERE STATUS = 'CHAMPION'`,
        responseTranslator: qualified(settings, responseTranslator),
        maxBatchRows,
        url: `${ref(api, 'invokeUrl')}/endpoints`,
      },
      {
        dependsOn: [
          `snowflake.schema:${settings.snowflake.schema}`,
          // The registry is asked which version it starts with.
          `snowflake.warehouse:${settings.snowflake.warehouse.name}`,
          `snowflake.table:LOS_MODEL_REGISTRY`,
          `snowflake.api-integration:${settings.snowflake.integrations.api}`,
          `aws.trust:${settings.aws.roles.snowflakeApi}`,
          api,
          'snowflake.function:LOS_NO_MODEL(OBJECT)',
          `snowflake.function:${responseTranslator}(OBJECT)`,
        ],
      },
    );
  return [
    make(
      days,
      'FLOAT',
      'Asks the champion about what LOS_INPUTS makes: what PREDICT_LOS calls.',
      'LOS_RESPONSE',
    ),
    make(
      detail,
      'OBJECT',
      'The same for PREDICT_LOS_DETAIL; scoring logs its answers.',
      'LOS_RESPONSE_DETAIL',
    ),
    make(
      reasons,
      'OBJECT',
      'The same for PREDICT_LOS_REASONS.',
      'LOS_RESPONSE_REASONS',
      // A version's own name for it (procedures/versions/version.ts); the registry keeps the other's.
      "REPLACE(REQUEST_TRANSLATOR, 'LOS_REQUEST_', 'LOS_REASONS_')",
      REASONS_BATCH_ROWS,
    ),
  ];
}

/** What each of them is, for who looks at SHOW USER FUNCTIONS. */
const ASKING = {
  predict:
    'Expected stay in days for an OBJECT of columns of the table, in any case, some or all of them; NULL where too little is known.',
  detail:
    'The whole distribution of a stay, what was missing, assumed, ignored or never seen; where there is no answer, why.',
  reasons: 'The same as PREDICT_LOS_DETAIL, with what moved the prediction most.',
  inputs:
    'The features that the feature table would have of such a row, and which of them are missing: what the model is asked.',
  columns: 'A step of LOS_INPUTS: fills in the defaults of the contract.',
  values: 'A step of LOS_INPUTS: computes the expressions of the contract.',
};

/**
 * The SQL functions by which people ask the model: LOS_INPUTS makes features of an OBJECT of columns, and predict_los and its companions
 * hand these to the external functions. That a SQL function may call an external one is implied by Snowflake's pages (it "can appear in
 * any clause of a SQL statement in which other types of functions can appear") and nowhere stated: `los first-day` asks
 * it, and `snowflake.predictLos: inputs` does without.
 */
function askingResources(settings: Settings): Resource<SqlDefinition>[] {
  const contract = loadContract(settings.dataset, settings.timeZone);
  const schema: ResourceId = `snowflake.schema:${settings.snowflake.schema}`;
  const made = inputsFunctions(contract, {
    ofColumns: qualified(settings, 'LOS_INPUTS_OF_COLUMNS'),
    ofValues: qualified(settings, 'LOS_INPUTS_OF_VALUES'),
  });
  const values = sqlFunctionResource(
    settings,
    'LOS_INPUTS_OF_VALUES',
    ASKING.values,
    made.ofValues,
    'OBJECT',
    [schema],
  );
  const columns = sqlFunctionResource(
    settings,
    'LOS_INPUTS_OF_COLUMNS',
    ASKING.columns,
    made.ofColumns,
    'OBJECT',
    [schema, idOf(values)],
  );
  const inputs = sqlFunctionResource(settings, 'LOS_INPUTS', ASKING.inputs, made.ofObject, 'OBJECT', [
    schema,
    idOf(columns),
  ]);
  const { days, detail, reasons } = invocations(settings);
  const asking = (name: string, description: string, external: string, returns: string) =>
    sqlFunctionResource(
      settings,
      name,
      description,
      {
        args: [['FEATURES', 'OBJECT']],
        body: `${qualified(settings, external)}(${qualified(settings, 'LOS_INPUTS')}(FEATURES))`,
      },
      returns,
      [schema, idOf(inputs), `snowflake.external-function:${external}(OBJECT)`],
    );
  return [
    values,
    columns,
    inputs,
    ...(settings.snowflake.predictLos === 'inputs'
      ? []
      : [
          asking('PREDICT_LOS', ASKING.predict, days, 'FLOAT'),
          asking('PREDICT_LOS_DETAIL', ASKING.detail, detail, 'OBJECT'),
          asking('PREDICT_LOS_REASONS', ASKING.reasons, reasons, 'OBJECT'),
        ]),
  ];
}
