import { informationSchemas, informationSchemaViews } from '../catalog/information-schema.js';
import type { Column, Database, Schema, Sequence, Table, View } from '../catalog/objects.js';
import { retentionOf } from '../catalog/retention.js';
import {
  altered,
  comment,
  created,
  empty,
  type InformationView,
  number,
  type Place,
  text,
  time,
  type ViewColumn,
  viewOf,
  visible,
  yes,
} from '../kernel/information-view.js';
import { MAX_TEXT } from '../types/data-type.js';

type Relation = Table | View;

interface ColumnOf {
  relation: Relation;
  column: Column | View['columns'][number];
  position: number;
}

/** The database's views, with those of its INFORMATION_SCHEMA, which describes itself too. */
const viewsOf = (place: Place): View[] => [
  ...visible('VIEW')(place),
  ...informationSchemaViews(place, place.database),
];
const schemas = (place: Place): Schema[] => [
  ...visible('SCHEMA')(place),
  ...informationSchemas(place, place.database),
];
const relations = (place: Place): Relation[] => [...visible('TABLE')(place), ...viewsOf(place)];

const retention = <T extends Table | Schema | Database>(): ViewColumn<T> =>
  number('RETENTION_TIME', (object, { account }) => retentionOf(account.catalog, object).retentionDays);

const lastDdl = time<Relation>('LAST_DDL', (relation) => relation.ddlOn ?? relation.createdOn);

/**
 * "Date and time when the object was last altered by a DML, DDL, or background metadata operation" (docs:
 * sql-reference/info-schema/tables): a start of this Snowflake is one of the last kind.
 */
const lastAltered = time<Relation>('LAST_ALTERED', (relation, { account }) => {
  const ddl = relation.ddlOn ?? relation.createdOn;
  return relation.kind === 'VIEW' ? ddl : Math.max(ddl, account.locks.writtenOn(relation.id));
});

/** Databases that the session's roles may see. */
function databases({ account, session }: Place): Database[] {
  const roles = account.access.activeRoles(session);
  return account.catalog
    .list('DATABASE')
    .filter((database) => account.access.visible(session, database, roles));
}

/** The sequence behind an identity column. */
function identity({ column }: ColumnOf, { account }: Place): Sequence | undefined {
  const id = 'sequence' in column ? column.sequence : undefined;
  const sequence = id === undefined ? undefined : account.catalog.get(id);
  return sequence?.kind === 'SEQUENCE' ? sequence : undefined;
}

/** Databases, schemas, tables, views and their columns; docs: sql-reference/info-schema. */
export const tableViews: Record<string, InformationView> = {
  INFORMATION_SCHEMA_CATALOG_NAME: viewOf(
    ({ database }) => [database],
    [text<string>('CATALOG_NAME', (name) => name)],
  ),
  DATABASES: viewOf<Database>(databases, [
    text('DATABASE_NAME', (database) => database.name),
    text('DATABASE_OWNER', (database) => database.owner),
    text('IS_TRANSIENT', (database) => yes(database.transient)),
    comment,
    created,
    altered,
    retention(),
    text('TYPE', () => 'STANDARD'),
    text('OWNER_ROLE_TYPE', () => 'ROLE'),
  ]),
  SCHEMATA: viewOf<Schema>(schemas, [
    text('CATALOG_NAME', (schema) => schema.database),
    text('SCHEMA_NAME', (schema) => schema.name),
    text('SCHEMA_OWNER', (schema) => schema.owner),
    text('IS_TRANSIENT', (schema) => yes(schema.transient)),
    text('IS_MANAGED_ACCESS', () => 'NO'),
    retention(),
    ...empty(
      'DEFAULT_CHARACTER_SET_CATALOG',
      'DEFAULT_CHARACTER_SET_SCHEMA',
      'DEFAULT_CHARACTER_SET_NAME',
      'SQL_PATH',
    ),
    created,
    altered,
    comment,
    text('OWNER_ROLE_TYPE', () => 'ROLE'),
  ]),
  TABLES: viewOf<Relation>(relations, [
    text('TABLE_CATALOG', (relation) => relation.database),
    text('TABLE_SCHEMA', (relation) => relation.schema),
    text('TABLE_NAME', (relation) => relation.name),
    text('TABLE_OWNER', (relation) => relation.owner),
    text('TABLE_TYPE', (relation) =>
      relation.kind === 'VIEW' ? 'VIEW' : relation.event ? 'EVENT TABLE' : 'BASE TABLE',
    ),
    text('IS_TRANSIENT', (relation) =>
      relation.kind === 'VIEW' ? null : yes(relation.persistence === 'transient'),
    ),
    text('CLUSTERING_KEY', (relation) => (relation.kind === 'VIEW' ? null : (relation.clusterBy ?? null))),
    // Counted by the query itself; see index.ts.
    text('$PHYSICAL', (relation) => (relation.kind === 'VIEW' ? null : relation.physical)),
    number('RETENTION_TIME', (relation, { account }) =>
      relation.kind === 'VIEW' ? null : retentionOf(account.catalog, relation).retentionDays,
    ),
    ...empty(
      'SELF_REFERENCING_COLUMN_NAME',
      'REFERENCE_GENERATION',
      'USER_DEFINED_TYPE_CATALOG',
      'USER_DEFINED_TYPE_SCHEMA',
      'USER_DEFINED_TYPE_NAME',
    ),
    text('IS_INSERTABLE_INTO', (relation) => yes(relation.kind === 'TABLE')),
    text('IS_TYPED', () => 'YES'),
    ...empty('COMMIT_ACTION'),
    created,
    lastAltered,
    lastDdl,
    ...empty('LAST_DDL_BY'),
    text('AUTO_CLUSTERING_ON', (relation) =>
      relation.kind === 'VIEW' ? null : yes(relation.clusterBy !== undefined),
    ),
    comment,
    text('IS_TEMPORARY', () => 'NO'),
    text('IS_ICEBERG', () => 'NO'),
    text('IS_DYNAMIC', () => 'NO'),
    text('IS_IMMUTABLE', () => 'NO'),
    text('IS_HYBRID', () => 'NO'),
  ]),
  VIEWS: viewOf<View>(viewsOf, [
    text('TABLE_CATALOG', (view) => view.database),
    text('TABLE_SCHEMA', (view) => view.schema),
    text('TABLE_NAME', (view) => view.name),
    text('TABLE_OWNER', (view) => view.owner),
    text('VIEW_DEFINITION', (view) => view.text),
    text('CHECK_OPTION', () => 'NONE'),
    text('IS_UPDATABLE', () => 'NO'),
    text('INSERTABLE_INTO', () => 'NO'),
    text('IS_SECURE', (view) => yes(view.secure)),
    created,
    lastAltered,
    lastDdl,
    ...empty('LAST_DDL_BY'),
    comment,
  ]),
  COLUMNS: viewOf<ColumnOf>(
    (place) =>
      relations(place).flatMap((relation): ColumnOf[] =>
        relation.columns.map((column, i) => ({ relation, column, position: i + 1 })),
      ),
    [
      text('TABLE_CATALOG', ({ relation }) => relation.database),
      text('TABLE_SCHEMA', ({ relation }) => relation.schema),
      text('TABLE_NAME', ({ relation }) => relation.name),
      text('COLUMN_NAME', ({ column }) => column.name),
      number('ORDINAL_POSITION', ({ position }) => position),
      text('COLUMN_DEFAULT', ({ column }) => ('default' in column ? (column.default ?? null) : null)),
      text('IS_NULLABLE', ({ column }) => yes(column.nullable)),
      text('DATA_TYPE', ({ column }) => column.type.kind),
      number('CHARACTER_MAXIMUM_LENGTH', ({ column: { type } }) =>
        type.kind === 'TEXT' ? type.length : null,
      ),
      number('CHARACTER_OCTET_LENGTH', ({ column: { type } }) =>
        type.kind === 'TEXT'
          ? Math.min(type.length * 4, MAX_TEXT)
          : type.kind === 'BINARY'
            ? type.length
            : null,
      ),
      number('NUMERIC_PRECISION', ({ column: { type } }) => (type.kind === 'NUMBER' ? type.precision : null)),
      number('NUMERIC_PRECISION_RADIX', ({ column: { type } }) => (type.kind === 'NUMBER' ? 10 : null)),
      number('NUMERIC_SCALE', ({ column: { type } }) => (type.kind === 'NUMBER' ? type.scale : null)),
      number('DATETIME_PRECISION', ({ column: { type } }) =>
        type.kind.startsWith('TIME') && 'scale' in type ? type.scale : null,
      ),
      ...empty(
        'INTERVAL_TYPE',
        'INTERVAL_PRECISION',
        'CHARACTER_SET_CATALOG',
        'CHARACTER_SET_SCHEMA',
        'CHARACTER_SET_NAME',
        'COLLATION_CATALOG',
        'COLLATION_SCHEMA',
        'COLLATION_NAME',
        'DOMAIN_CATALOG',
        'DOMAIN_SCHEMA',
        'DOMAIN_NAME',
        'UDT_CATALOG',
        'UDT_SCHEMA',
        'UDT_NAME',
        'SCOPE_CATALOG',
        'SCOPE_SCHEMA',
        'SCOPE_NAME',
        'MAXIMUM_CARDINALITY',
        'DTD_IDENTIFIER',
      ),
      text('IS_SELF_REFERENCING', () => 'NO'),
      text('IS_IDENTITY', (each, place) => yes(identity(each, place) !== undefined)),
      text('IDENTITY_GENERATION', (each, place) => (identity(each, place) ? 'BY DEFAULT' : null)),
      text('IDENTITY_START', (each, place) => identity(each, place)?.start.toString() ?? null),
      text('IDENTITY_INCREMENT', (each, place) => identity(each, place)?.increment.toString() ?? null),
      ...empty('IDENTITY_MAXIMUM', 'IDENTITY_MINIMUM'),
      text('IDENTITY_CYCLE', (each, place) => (identity(each, place) ? 'NO' : null)),
      text('IDENTITY_ORDERED', (each, place) => {
        const sequence = identity(each, place);
        return sequence ? yes(sequence.ordered === true) : null;
      }),
      ...empty('SCHEMA_EVOLUTION_RECORD'),
      text('COMMENT', ({ column }) => column.comment || null),
      text('DATA_TYPE_ALIAS', ({ column }) => ('typeAlias' in column ? (column.typeAlias ?? null) : null)),
    ],
  ),
};
