import { qualify, schemaPath } from '../../../procedures/ground/names.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { messageOf } from '../../errors.js';
import { objectMarker } from '../../ground/marker.js';
import { retryWhile } from '../../ground/retry.js';
import { differencesOf, type Properties } from '../difference.js';
import type { ResourceKind } from '../resource.js';
import { type SqlDefinition, tableOfStream } from './definition.js';
import { integrationKinds } from './integrations.js';
import { whyDatabaseStays, whyRoleStays, whySchemaStays } from './keeping.js';
import { refuseLostContainer } from './losses.js';
import { asOwner } from './ownership.js';
import { bodyOf, optionsOf } from './read-statement.js';
import { routineKinds } from './routines.js';
import { sqlKind } from './sql-kind.js';
import { tableKind } from './tables.js';

/**
 * The proof that an external stage's trust works, by a real call: AWS takes up to a minute until a changed
 * trust policy is known everywhere.
 */
async function waitUntilReadable(ctx: Context, stage: string): Promise<void> {
  await retryWhile(
    () => ctx.snowflake.query(`LIST @${qualify(ctx.settings, stage)} PATTERN = 'none'`),
    (error) =>
      error instanceof SnowflakeError && /assum|denied|not authorized|forbidden/i.test(error.message),
    { signal: ctx.signal },
  );
}

/** Roles, warehouse and integrations belong to the account, not to the database. */
export const accountKinds: ResourceKind[] = [
  sqlKind({
    id: 'snowflake.role',
    show: () => 'SHOW ROLES',
    whyKept: whyRoleStays,
    removalLoss: ({ name }) =>
      `SHOW GRANTS OF ROLE ${name} lists whom to give another role (docs/upgrading.md)`,
  }),
  sqlKind({
    id: 'snowflake.warehouse',
    show: () => 'SHOW WAREHOUSES',
    statementsAfterCreate: (name) => [`USE WAREHOUSE ${name}`],
    live: (row): Properties => ({
      // SHOW writes X-Small for XSMALL.
      WAREHOUSE_SIZE: String(row.size).replaceAll('-', '').toUpperCase(),
      // An account may not show them yet, or not where it lacks the feature.
      ...(row.generation ? { GENERATION: String(row.generation) } : {}),
      ...(row.enable_query_acceleration != null && {
        ENABLE_QUERY_ACCELERATION: String(row.enable_query_acceleration).toUpperCase(),
      }),
      AUTO_SUSPEND: String(row.auto_suspend ?? 'NULL'),
      AUTO_RESUME: String(row.auto_resume).toUpperCase(),
    }),
  }),
  sqlKind({
    id: 'snowflake.database',
    show: () => 'SHOW DATABASES',
    holdsData: true,
    whyKept: whyDatabaseStays,
    refuseNew: (ctx) => refuseLostContainer(ctx, 'DATABASE'),
  }),
  sqlKind({
    id: 'snowflake.schema',
    show: (settings) => `SHOW SCHEMAS IN DATABASE ${settings.snowflake.database}`,
    holdsData: true,
    statementsAfterCreate: (_name, settings) => [`USE SCHEMA ${schemaPath(settings)}`],
    whyKept: whySchemaStays,
    refuseNew: (ctx) => refuseLostContainer(ctx, 'SCHEMA'),
    dropName: (_name, settings) => schemaPath(settings),
  }),
  ...integrationKinds,
];

/** True if a stream can no longer be read; it is made again then. */
const STALE = 'stale';

const streams = sqlKind({
  id: 'snowflake.stream',
  restore: true,
  unalterable: ['ON TABLE', 'APPEND_ONLY', STALE],
  // What is built and scored follows from tables; only what the challenger was to be asked about is nowhere else.
  removalLoss: ({ properties }) =>
    properties?.['ON TABLE']?.endsWith('LOS_PREDICTION_LOG')
      ? 'the challenger is not asked about the predictions that wait in it: run los model shadow'
      : undefined,
  live: (row): Properties => ({
    'ON TABLE': String(row.table_name),
    APPEND_ONLY: row.mode === 'APPEND_ONLY' ? 'TRUE' : 'FALSE',
    [STALE]: String(row.stale).toUpperCase(),
  }),
  definitionProperties: ({ create }) => ({
    'ON TABLE': tableOfStream({ create }),
    APPEND_ONLY: optionsOf(create).APPEND_ONLY ?? 'FALSE',
    [STALE]: 'FALSE',
  }),
});

const streamKind: ResourceKind<SqlDefinition> = {
  ...streams,
  create: (ctx, resource, fingerprint) =>
    asOwner(tableOfStream(resource.definition), ctx.settings, async () => {
      try {
        return await streams.create(ctx, resource, fingerprint);
      } catch (error) {
        // A run of the tasks has made it meanwhile, by the same text.
        if (!/already exists/.test(messageOf(error))) throw error;
        return await markStream(ctx, resource.name, fingerprint);
      }
    }),

  /** ALTER STREAM renames none; a clone has the offset of the one it is made of (docs: sql-reference/sql/create-stream). A stale one has none to give. */
  async move(ctx, resource, fingerprint, old) {
    const differs = differencesOf(this.definitionProperties?.(resource) ?? {}, old.properties ?? {});
    if (differs.length > 0) return await this.create(ctx, resource, fingerprint);
    const [from, to] = [old.name, resource.name].map((name) => qualify(ctx.settings, name));
    await ctx.snowflake.execute(`CREATE STREAM ${to} CLONE ${from}`);
    await markStream(ctx, resource.name, fingerprint);
  },
};

async function markStream(
  { snowflake, settings }: Context,
  name: string,
  fingerprint: string,
): Promise<undefined> {
  const mark = objectMarker(settings.prefix, fingerprint);
  await snowflake.execute(`ALTER STREAM ${qualify(settings, name)} SET COMMENT = '${mark}'`);
}

/** Kinds of the project's schema, in the order of creation. */
export const schemaKinds: ResourceKind[] = [
  sqlKind({
    id: 'snowflake.file-format',
    restore: true,
    live: formatOptions,
  }),
  sqlKind({
    id: 'snowflake.stage',
    restore: true,
    // An internal stage cannot become an external one or back.
    unalterable: ['type'],
    live: (row): Properties => ({
      type: String(row.type),
      URL: String(row.url ?? ''),
      STORAGE_INTEGRATION: String(row.storage_integration ?? ''),
    }),
    definitionProperties({ create }) {
      const { URL = '', STORAGE_INTEGRATION = '' } = optionsOf(create);
      return { type: URL ? 'EXTERNAL' : 'INTERNAL', URL, STORAGE_INTEGRATION };
    },
    verify: async (ctx, name, { create }) => {
      if (optionsOf(create).URL) await waitUntilReadable(ctx, name);
    },
  }),
  tableKind,
  sqlKind({
    id: 'snowflake.view',
    restore: true,
    dropsTags: true,
    live: (row): Properties => ({
      text: bodyOf(String(row.text ?? '')),
      SECURE: row.is_secure === undefined ? undefined : String(row.is_secure).toUpperCase(),
    }),
    definitionProperties: ({ create }) => ({ text: bodyOf(create), SECURE: 'FALSE' }),
  }),
  streamKind,
  ...routineKinds,
];

/** SHOW FILE FORMATS has the options as JSON; one that is missing there is at its default. */
function formatOptions(row: Row): Properties {
  const options = JSON.parse(String(row.format_options ?? '{}')) as Record<string, unknown>;
  const word = (value: unknown) => (typeof value === 'boolean' ? String(value).toUpperCase() : String(value));
  const compared = ['SKIP_HEADER', 'FIELD_OPTIONALLY_ENCLOSED_BY', 'EMPTY_FIELD_AS_NULL', 'TRIM_SPACE'];
  return {
    ...Object.fromEntries(compared.map((key) => [key, key in options ? word(options[key]) : 'default'])),
    TYPE: String(row.type),
    DATE_FORMAT: 'DATE_FORMAT' in options ? word(options.DATE_FORMAT) : 'default',
  };
}
