import type { ObjectOf } from '../catalog/catalog.js';
import type {
  CatalogObject,
  Column,
  Database,
  FileFormat,
  FutureGrant,
  Grant,
  InSchema,
  ObjectKind,
  Routine,
  Schema,
  Sequence,
  Stage,
  Table,
  View,
} from '../catalog/objects.js';
import { MAX_TEXT } from '../types/data-type.js';
import { constraintViews } from './constraint-views.js';
import { type InformationView, number, type Place, text, time, viewOf, visible, yes } from './view.js';

function all<K extends ObjectKind>(kind: K) {
  return ({ account, session }: Place): ObjectOf<K>[] => {
    const roles = account.access.activeRoles(session);
    return account.catalog
      .list(kind)
      .filter((object) => account.access.visible(session, object as CatalogObject, roles));
  };
}

const comment = text<{ comment: string }>('COMMENT', (object) => object.comment || null);
const created = time<{ createdOn: number }>('CREATED', (object) => object.createdOn);
const altered = time<{ createdOn: number }>('LAST_ALTERED', (object) => object.createdOn);

interface GrantOn {
  grant: Grant | FutureGrant;
  object: Extract<CatalogObject, InSchema>;
}

interface ColumnOf {
  relation: Table | View;
  column: Column | View['columns'][number];
  position: number;
}

function typeOf({ column: { type } }: ColumnOf): string {
  return type.kind;
}

const relations = (place: Place): (Table | View)[] => [...visible('TABLE')(place), ...visible('VIEW')(place)];

function functionSignature(routine: Routine): string {
  const shown = routine.arguments.map(
    ({ name, type }) => `${name} ${type.kind === 'TEXT' ? 'VARCHAR' : type.kind}`,
  );
  return `(${shown.join(', ')})`;
}

const routineColumns = (prefix: 'FUNCTION' | 'PROCEDURE') => [
  text<Routine>(`${prefix}_CATALOG`, (routine) => routine.database),
  text<Routine>(`${prefix}_SCHEMA`, (routine) => routine.schema),
  text<Routine>(`${prefix}_NAME`, (routine) => routine.name),
  text<Routine>(`${prefix}_OWNER`, (routine) => routine.owner),
  text<Routine>('ARGUMENT_SIGNATURE', functionSignature),
  text<Routine>('DATA_TYPE', (routine) =>
    routine.returns.kind === 'TEXT' ? 'VARCHAR' : routine.returns.kind,
  ),
  number<Routine>('CHARACTER_MAXIMUM_LENGTH', ({ returns }) =>
    returns.kind === 'TEXT' ? returns.length : null,
  ),
  text<Routine>(`${prefix}_LANGUAGE`, (routine) => routine.language),
  text<Routine>(`${prefix}_DEFINITION`, (routine) => routine.body),
  created,
  altered,
  comment,
];

/** The views, by name: docs.snowflake.com/en/sql-reference/info-schema, the columns that a pipeline reads. */
export const views: Record<string, InformationView> = {
  INFORMATION_SCHEMA_CATALOG_NAME: viewOf(
    ({ database }) => [database],
    [text<string>('CATALOG_NAME', (name) => name)],
  ),
  DATABASES: viewOf(all('DATABASE'), [
    text<Database>('DATABASE_NAME', (database) => database.name),
    text<Database>('DATABASE_OWNER', (database) => database.owner),
    text<Database>('IS_TRANSIENT', (database) => yes(database.transient)),
    comment,
    created,
    altered,
  ]),
  SCHEMATA: viewOf(visible('SCHEMA'), [
    text<Schema>('CATALOG_NAME', (schema) => schema.database),
    text<Schema>('SCHEMA_NAME', (schema) => schema.name),
    text<Schema>('SCHEMA_OWNER', (schema) => schema.owner),
    text<Schema>('IS_TRANSIENT', (schema) => yes(schema.transient)),
    text<Schema>('IS_MANAGED_ACCESS', () => 'NO'),
    created,
    altered,
    comment,
  ]),
  TABLES: viewOf(relations, [
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
    created,
    altered,
    comment,
  ]),
  VIEWS: viewOf(visible('VIEW'), [
    text<View>('TABLE_CATALOG', (view) => view.database),
    text<View>('TABLE_SCHEMA', (view) => view.schema),
    text<View>('TABLE_NAME', (view) => view.name),
    text<View>('TABLE_OWNER', (view) => view.owner),
    text<View>('VIEW_DEFINITION', (view) => view.text),
    text<View>('IS_SECURE', (view) => yes(view.secure)),
    created,
    altered,
    comment,
  ]),
  COLUMNS: viewOf(
    (place) =>
      relations(place).flatMap((relation): ColumnOf[] =>
        relation.columns.map((column, i) => ({ relation, column, position: i + 1 })),
      ),
    [
      text<ColumnOf>('TABLE_CATALOG', ({ relation }) => relation.database),
      text<ColumnOf>('TABLE_SCHEMA', ({ relation }) => relation.schema),
      text<ColumnOf>('TABLE_NAME', ({ relation }) => relation.name),
      text<ColumnOf>('COLUMN_NAME', ({ column }) => column.name),
      number<ColumnOf>('ORDINAL_POSITION', ({ position }) => position),
      text<ColumnOf>('COLUMN_DEFAULT', ({ column }) =>
        'default' in column ? (column.default ?? null) : null,
      ),
      text<ColumnOf>('IS_NULLABLE', ({ column }) => yes(column.nullable)),
      text<ColumnOf>('DATA_TYPE', typeOf),
      number<ColumnOf>('CHARACTER_MAXIMUM_LENGTH', ({ column: { type } }) =>
        type.kind === 'TEXT' ? type.length : null,
      ),
      number<ColumnOf>('CHARACTER_OCTET_LENGTH', ({ column: { type } }) =>
        type.kind === 'TEXT'
          ? Math.min(type.length * 4, MAX_TEXT)
          : type.kind === 'BINARY'
            ? type.length
            : null,
      ),
      number<ColumnOf>('NUMERIC_PRECISION', ({ column: { type } }) =>
        type.kind === 'NUMBER' ? type.precision : null,
      ),
      number<ColumnOf>('NUMERIC_PRECISION_RADIX', ({ column: { type } }) =>
        type.kind === 'NUMBER' ? 10 : null,
      ),
      number<ColumnOf>('NUMERIC_SCALE', ({ column: { type } }) =>
        type.kind === 'NUMBER' ? type.scale : null,
      ),
      number<ColumnOf>('DATETIME_PRECISION', ({ column: { type } }) =>
        type.kind.startsWith('TIME') && 'scale' in type ? type.scale : null,
      ),
      text<ColumnOf>('IS_IDENTITY', ({ column }) =>
        yes('sequence' in column && column.sequence !== undefined),
      ),
      text<ColumnOf>('COMMENT', ({ column }) => column.comment || null),
    ],
  ),
  FUNCTIONS: viewOf(visible('FUNCTION'), [
    ...routineColumns('FUNCTION'),
    text<Routine>('IS_EXTERNAL', (routine) => yes(routine.language === 'EXTERNAL')),
    text<Routine>('API_INTEGRATION', (routine) => routine.external?.integration ?? null),
    text<Routine>('REQUEST_TRANSLATOR', (routine) => routine.external?.requestTranslator?.join('.') ?? null),
    text<Routine>(
      'RESPONSE_TRANSLATOR',
      (routine) => routine.external?.responseTranslator?.join('.') ?? null,
    ),
    number<Routine>('MAX_BATCH_ROWS', (routine) => routine.external?.maxBatchRows ?? null),
    text<Routine>('COMPRESSION', (routine) => routine.external?.compression ?? null),
    text<Routine>('VOLATILITY', (routine) => routine.volatility),
    text<Routine>('IS_SECURE', (routine) => yes(routine.secure)),
  ]),
  PROCEDURES: viewOf(visible('PROCEDURE'), routineColumns('PROCEDURE')),
  SEQUENCES: viewOf(
    (place) => visible('SEQUENCE')(place).filter((sequence) => !sequence.hidden),
    [
      text<Sequence>('SEQUENCE_CATALOG', (sequence) => sequence.database),
      text<Sequence>('SEQUENCE_SCHEMA', (sequence) => sequence.schema),
      text<Sequence>('SEQUENCE_NAME', (sequence) => sequence.name),
      text<Sequence>('SEQUENCE_OWNER', (sequence) => sequence.owner),
      text<Sequence>('DATA_TYPE', () => 'NUMBER'),
      number<Sequence>('START_VALUE', (sequence) => sequence.start),
      number<Sequence>('INCREMENT', (sequence) => sequence.increment),
      created,
      altered,
      comment,
    ],
  ),
  STAGES: viewOf(visible('STAGE'), [
    text<Stage>('STAGE_CATALOG', (stage) => stage.database),
    text<Stage>('STAGE_SCHEMA', (stage) => stage.schema),
    text<Stage>('STAGE_NAME', (stage) => stage.name),
    text<Stage>('STAGE_URL', (stage) => stage.url ?? null),
    text<Stage>('STAGE_REGION', (stage, { account }) => (stage.url ? account.network.aws.region : null)),
    text<Stage>('STAGE_TYPE', (stage) => (stage.url ? 'External Named' : 'Internal Named')),
    text<Stage>('STAGE_OWNER', (stage) => stage.owner),
    comment,
    created,
    altered,
  ]),
  FILE_FORMATS: viewOf(visible('FILE FORMAT'), [
    text<FileFormat>('FILE_FORMAT_CATALOG', (format) => format.database),
    text<FileFormat>('FILE_FORMAT_SCHEMA', (format) => format.schema),
    text<FileFormat>('FILE_FORMAT_NAME', (format) => format.name),
    text<FileFormat>('FILE_FORMAT_OWNER', (format) => format.owner),
    text<FileFormat>('FILE_FORMAT_TYPE', (format) => String(format.options.TYPE ?? 'CSV')),
    created,
    altered,
    comment,
  ]),
  ...constraintViews,
  APPLICABLE_ROLES: viewOf(
    ({ account }) =>
      account.catalog
        .grants()
        .filter((grant): grant is Grant => grant.kind === 'GRANT' && grant.on.kind === 'ROLE'),
    [
      text<Grant>('GRANTEE', (grant) => grant.to.name),
      text<Grant>('ROLE_NAME', (grant, { account }) => account.catalog.get(grant.on.id)?.name ?? null),
      text<Grant>('ROLE_OWNER', (grant, { account }) => account.catalog.get(grant.on.id)?.owner ?? null),
      text<Grant>('IS_GRANTABLE', (grant) => yes(grant.grantOption)),
    ],
  ),
  ENABLED_ROLES: viewOf(
    ({ account, session }) => [...account.access.activeRoles(session)],
    [
      text<string>('ROLE_NAME', (role) => role),
      text<string>(
        'ROLE_OWNER',
        (role, { account }) => account.catalog.list('ROLE').find((each) => each.name === role)?.owner ?? null,
      ),
    ],
  ),
  OBJECT_PRIVILEGES: viewOf(
    ({ account, database }) =>
      account.catalog.grants().flatMap((grant) => {
        const object = grant.kind === 'GRANT' ? account.catalog.get(grant.on.id) : undefined;
        return object && 'schema' in object && object.database === database ? [{ grant, object }] : [];
      }),
    [
      text<GrantOn>('GRANTOR', ({ grant }) => grant.by),
      text<GrantOn>('GRANTEE', ({ grant }) => grant.to.name),
      text<GrantOn>('GRANTED_TO', ({ grant }) => grant.to.kind),
      text<GrantOn>('OBJECT_CATALOG', ({ object }) => object.database),
      text<GrantOn>('OBJECT_SCHEMA', ({ object }) => object.schema),
      text<GrantOn>('OBJECT_NAME', ({ object }) => object.name),
      text<GrantOn>('OBJECT_TYPE', ({ object }) => object.kind),
      text<GrantOn>('PRIVILEGE_TYPE', ({ grant }) => grant.privilege),
      text<GrantOn>('IS_GRANTABLE', ({ grant }) => yes(grant.grantOption)),
      time<GrantOn>('CREATED', ({ grant }) => grant.createdOn),
    ],
  ),
};
