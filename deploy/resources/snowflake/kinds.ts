import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import type { Settings } from '../../settings/settings.js';
import type { ResourceKind } from '../resource.js';
import { retryWhile } from '../retry.js';
import { sqlKind } from './sql-kind.js';

/** `DATABASE.SCHEMA` of the project. */
export function schemaPath({ snowflake }: Settings): string {
  return `${snowflake.database}.${snowflake.schema}`;
}

/** `DATABASE.SCHEMA.NAME` of an object of the project. */
export function qualified(settings: Settings, name: string): string {
  return `${schemaPath(settings)}.${name}`;
}

const inSchema = (what: string) => (settings: Settings) => `SHOW ${what} IN SCHEMA ${schemaPath(settings)}`;

/** `F(OBJECT) RETURN FLOAT` → `F(OBJECT)`; defaults and table returns do not occur in this project. */
export const callableName = (row: Row) =>
  String(row.arguments)
    .replace(/\s+RETURN .*$/s, '')
    .replaceAll(/\s*,\s*/g, ', ');

/**
 * The proof that an external stage's trust works, by a real call: AWS takes up to a minute until a changed
 * trust policy is known everywhere.
 */
async function waitUntilReadable(ctx: Context, stage: string): Promise<void> {
  await retryWhile(
    () => ctx.snowflake.query(`LIST @${qualified(ctx.settings, stage)} PATTERN = 'none'`),
    (error) =>
      error instanceof SnowflakeError && /assum|denied|not authorized|forbidden/i.test(error.message),
    { signal: ctx.signal },
  );
}

/** Roles, warehouse and integrations belong to the account, not to the database. */
export const accountKinds: ResourceKind[] = [
  sqlKind({ id: 'snowflake.role', noun: 'ROLE', show: () => 'SHOW ROLES' }),
  sqlKind({
    id: 'snowflake.warehouse',
    noun: 'WAREHOUSE',
    show: () => 'SHOW WAREHOUSES',
    afterCreate: (name) => [`USE WAREHOUSE ${name}`],
  }),
  sqlKind({ id: 'snowflake.database', noun: 'DATABASE', show: () => 'SHOW DATABASES', holdsData: true }),
  sqlKind({
    id: 'snowflake.schema',
    noun: 'SCHEMA',
    show: (settings) => `SHOW SCHEMAS IN DATABASE ${settings.snowflake.database}`,
    holdsData: true,
    afterCreate: (_name, settings) => [`USE SCHEMA ${schemaPath(settings)}`],
    dropName: (_name, settings) => schemaPath(settings),
  }),
  sqlKind({ id: 'snowflake.api-integration', noun: 'API INTEGRATION', show: () => 'SHOW API INTEGRATIONS' }),
  sqlKind({
    id: 'snowflake.storage-integration',
    noun: 'STORAGE INTEGRATION',
    show: () => 'SHOW STORAGE INTEGRATIONS',
  }),
] as ResourceKind[];

/** What lives in the project's schema, in the order of creation. */
export const schemaKinds: ResourceKind[] = [
  sqlKind({
    id: 'snowflake.file-format',
    noun: 'FILE FORMAT',
    show: inSchema('FILE FORMATS'),
    restore: true,
  }),
  sqlKind({
    id: 'snowflake.stage',
    noun: 'STAGE',
    show: inSchema('STAGES'),
    restore: true,
    verify: waitUntilReadable,
  }),
  sqlKind({ id: 'snowflake.table', noun: 'TABLE', show: inSchema('TABLES'), holdsData: true }),
  sqlKind({ id: 'snowflake.view', noun: 'VIEW', show: inSchema('VIEWS'), restore: true }),
  sqlKind({ id: 'snowflake.stream', noun: 'STREAM', show: inSchema('STREAMS'), restore: true }),
  sqlKind({
    id: 'snowflake.function',
    noun: 'FUNCTION',
    show: inSchema('USER FUNCTIONS'),
    restore: true,
    // External functions have a kind of their own.
    include: (row) => String(row.is_external_function) !== 'Y',
    name: callableName,
    commentColumn: 'description',
  }),
  sqlKind({
    id: 'snowflake.procedure',
    noun: 'PROCEDURE',
    show: inSchema('PROCEDURES'),
    restore: true,
    name: callableName,
    commentColumn: 'description',
  }),
] as ResourceKind[];
