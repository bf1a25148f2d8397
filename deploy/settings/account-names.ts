/** Names in Snowflake, unquoted, and in AWS. */
export const SNOWFLAKE_NAME = '[A-Z_][A-Z0-9_$]{0,254}';
export const AWS_NAME = '[A-Za-z0-9][A-Za-z0-9-]{0,62}';

/** Names of account-wide objects with the prefix `los`. */
export const ACCOUNT_NAMES = {
  warehouse: 'LOS_WH',
  roles: {
    deploy: 'LOS_DEPLOY',
    run: 'LOS_RUN',
    read: 'LOS_READ',
    operate: 'LOS_OPERATE',
    patients: 'LOS_PATIENTS',
    plan: 'LOS_PLAN',
  },
  integrations: { api: 'LOS_API', control: 'LOS_CONTROL_API', storage: 'LOS_S3', mail: 'LOS_MAIL' },
  iamRoles: {
    snowflakeApi: 'los-snowflake-api',
    snowflakeControl: 'los-snowflake-control',
    snowflakeStorage: 'los-snowflake-s3',
    apiGateway: 'los-apigateway',
    control: 'los-control',
    sageMaker: 'los-sagemaker',
  },
  restApi: 'los',
} as const;

/** Stage of the REST API. */
export const API_STAGE = 'prod';

/** Those of one cloud, which take names of its kind. */
export const ofSnowflake: readonly string[] = [
  ACCOUNT_NAMES.warehouse,
  ...Object.values(ACCOUNT_NAMES.roles),
  ...Object.values(ACCOUNT_NAMES.integrations),
];
export const ofAws: readonly string[] = [ACCOUNT_NAMES.restApi, ...Object.values(ACCOUNT_NAMES.iamRoles)];
