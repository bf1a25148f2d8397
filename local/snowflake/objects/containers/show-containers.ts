import {
  INFORMATION_SCHEMA,
  informationSchemas,
  informationSchemaViews,
} from '../../catalog/information-schema.js';
import type { CatalogObject, Database, Schema } from '../../catalog/objects.js';
import { retentionOf } from '../../catalog/retention.js';
import {
  historyColumns,
  listVisible,
  readShowFilter,
  type ShownColumns,
  showResult,
  showTime,
} from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
} from '../../kernel/statement.js';

const TERSE_DATABASES: ShownColumns<Database> = {
  created_on: showTime,
  name: (database) => database.name,
  kind: null,
  database_name: null,
  schema_name: null,
};

const databaseColumns = ({ account, session }: StatementContext): ShownColumns<Database> => ({
  created_on: showTime,
  name: (database) => database.name,
  is_default: 'N',
  is_current: (database) => (session.database === database.name ? 'Y' : 'N'),
  origin: '',
  owner: (database) => database.owner,
  comment: (database) => database.comment,
  options: (database) => (database.transient ? 'TRANSIENT' : ''),
  retention_time: (database) => String(retentionOf(account.catalog, database).retentionDays),
  kind: 'STANDARD',
  owner_role_type: 'ROLE',
  object_visibility: null,
  data_quality_monitoring_settings: null,
  resharing_settings: null,
});

const TERSE_SCHEMAS: ShownColumns<Schema> = {
  created_on: showTime,
  name: (schema) => schema.name,
  kind: null,
  database_name: (schema) => schema.database,
  schema_name: null,
};

const schemaColumns = ({ account, session }: StatementContext): ShownColumns<Schema> => ({
  created_on: showTime,
  name: (schema) => schema.name,
  is_default: 'N',
  is_current: ({ database, name }) => (session.database === database && session.schema === name ? 'Y' : 'N'),
  database_name: (schema) => schema.database,
  owner: (schema) => schema.owner,
  comment: (schema) => schema.comment,
  options: (schema) => (schema.transient ? 'TRANSIENT' : ''),
  retention_time: (schema) => String(retentionOf(account.catalog, schema).retentionDays),
  owner_role_type: 'ROLE',
  classification_profile_database: null,
  classification_profile_schema: null,
  classification_profile: null,
  object_visibility: null,
  is_nested: 'N',
});

function showDatabases(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('DATABASES');
  const filter = readShowFilter(context, 'DATABASE');
  const databases = listVisible(context, 'DATABASE', filter);
  if (terse) return showResult(TERSE_DATABASES, databases);
  const history = historyColumns(context, filter, (database: Database) => database);
  return showResult({ ...databaseColumns(context), ...history }, databases);
}

function showSchemas(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('SCHEMAS');
  const filter = readShowFilter(context, 'SCHEMA');
  const schemas = listVisible(context, 'SCHEMA', filter);
  if (terse) return showResult(TERSE_SCHEMAS, schemas);
  const history = historyColumns(context, filter, (schema: Schema) => schema);
  return showResult({ ...schemaColumns(context), ...history }, schemas);
}

/** DESCRIBE DATABASE lists its schemas; DESCRIBE SCHEMA what it contains. */
function describe(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  const kind = tokens.next().value as 'DATABASE' | 'SCHEMA';
  const name = tokens.name();
  tokens.expectEnd();
  if (kind === 'SCHEMA' && name.at(-1) === INFORMATION_SCHEMA)
    return describeOutcome(informationSchemaViews(context, name.at(-2) ?? session.database));
  const object = account.catalog.resolve(kind, name, session);
  account.access.requireAny(session, ['USAGE', 'MONITOR'], object);
  const inside =
    object.kind === 'SCHEMA'
      ? account.catalog.contents(object).filter((each) => !(each.kind === 'SEQUENCE' && each.hidden))
      : [
          ...account.catalog.list('SCHEMA', { database: object.name }),
          ...informationSchemas(context, object.name),
        ].sort((a, z) => (a.name < z.name ? -1 : 1));
  return describeOutcome(inside);
}

function describeOutcome(inside: CatalogObject[]): StatementOutcome {
  return showResult<CatalogObject>(
    { created_on: showTime, name: (each) => each.name, kind: (each) => each.kind },
    inside,
    STATEMENT_TYPE.DESCRIBE,
  );
}

/** SHOW and DESCRIBE of databases and schemas. */
export const showContainerStatements: Statement[] = [
  { leading: [['SHOW', 'DATABASES']], run: showDatabases },
  { leading: [['SHOW', 'SCHEMAS']], run: showSchemas },
  {
    leading: [
      ['DESCRIBE', 'DATABASE'],
      ['DESCRIBE', 'SCHEMA'],
    ],
    run: describe,
  },
];
