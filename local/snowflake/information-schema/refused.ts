// Views and table functions of Snowflake's INFORMATION_SCHEMA and ACCOUNT_USAGE that are not built.
import { localRefusal } from '../errors.js';
import type { TableFunction } from '../feature.js';

const VIEWS = [
  'APPLICATION_CONFIGURATIONS',
  'APPLICATION_SPECIFICATIONS',
  'BACKUPS',
  'CLASSES',
  'CLASS_INSTANCES',
  'CLASS_INSTANCE_FUNCTIONS',
  'CLASS_INSTANCE_PROCEDURES',
  'CORTEX_SEARCH_SERVICES',
  'CURRENT_PACKAGES_POLICY',
  'ELEMENT_TYPES',
  'EVENT_TABLES',
  'EXTERNAL_TABLES',
  'FIELDS',
  'GIT_REPOSITORIES',
  'HYBRID_TABLES',
  'INDEXES',
  'INDEX_COLUMNS',
  'MODEL_VERSIONS',
  'NOTEBOOKS',
  'PACKAGES',
  'PIPES',
  'REPLICATION_DATABASES',
  'REPLICATION_GROUPS',
  'SEMANTIC_VIEWS',
  'SERVICES',
  'SHARES',
  'STREAMLITS',
  'TABLE_STORAGE_METRICS',
];

const FUNCTIONS = [
  'ALERT_HISTORY',
  'AUTOMATIC_CLUSTERING_HISTORY',
  'AUTO_REFRESH_REGISTRATION_HISTORY',
  'DATABASE_REFRESH_HISTORY',
  'DATABASE_REFRESH_PROGRESS',
  'DATABASE_REPLICATION_USAGE_HISTORY',
  'DATABASE_STORAGE_USAGE_HISTORY',
  'DATA_METRIC_FUNCTION_REFERENCES',
  'DATA_TRANSFER_HISTORY',
  'DYNAMIC_TABLE_GRAPH_HISTORY',
  'DYNAMIC_TABLE_REFRESH_HISTORY',
  'EXTERNAL_FUNCTIONS_HISTORY',
  'EXTERNAL_TABLE_FILES',
  'EXTERNAL_TABLE_FILE_REGISTRATION_HISTORY',
  'LOGIN_HISTORY',
  'LOGIN_HISTORY_BY_USER',
  'MATERIALIZED_VIEW_REFRESH_HISTORY',
  'NOTIFICATION_HISTORY',
  'PIPE_USAGE_HISTORY',
  'QUERY_ACCELERATION_HISTORY',
  'REPLICATION_USAGE_HISTORY',
  'REST_EVENT_HISTORY',
  'SEARCH_OPTIMIZATION_HISTORY',
  'STAGE_DIRECTORY_FILE_REGISTRATION_HISTORY',
  'STAGE_STORAGE_USAGE_HISTORY',
  'TAG_REFERENCES',
  'TAG_REFERENCES_ALL_COLUMNS',
  'TAG_REFERENCES_WITH_LINEAGE',
  'VALIDATE_PIPE_LOAD',
  'WAREHOUSE_LOAD_HISTORY',
];

/** Refuses a view of INFORMATION_SCHEMA that Snowflake has and this does not. */
export function refuseView(name: string): void {
  if (VIEWS.includes(name))
    throw localRefusal(
      `INFORMATION_SCHEMA.${name}`,
      'what it tells of is not built or not measured here',
      'Use SHOW for what there is.',
    );
}

const USAGE = ['ACCOUNT_USAGE', 'ORGANIZATION_USAGE', 'READER_ACCOUNT_USAGE', 'DATA_SHARING_USAGE'];

/** Refuses the views of the SNOWFLAKE database's usage schemas. */
export function refuseAccountUsage(parts: string[]): void {
  if (parts.length === 3 && parts[0] === 'SNOWFLAKE' && USAGE.includes(parts[1]!))
    throw localRefusal(
      parts.join('.'),
      'usage is not collected over the account',
      'Use the database’s INFORMATION_SCHEMA, which is not late either.',
    );
}

/** Table functions that Snowflake has and this does not. */
export const refusedFunctions: Record<string, TableFunction> = Object.fromEntries(
  FUNCTIONS.map((name) => [
    name,
    () => {
      throw localRefusal(
        `INFORMATION_SCHEMA.${name}()`,
        'what it tells of is not built or not measured here',
      );
    },
  ]),
);
