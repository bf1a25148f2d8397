import type { Column, Table, View } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import { quoted } from '../storage/storage.js';
import type { DataType, Row } from '../types/data-type.js';
import { typeName } from '../types/type-name.js';
import { readShowFilter, shown, shownTime } from './schema-object.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from './statement.js';

const TERSE = ['created_on', 'name', 'kind', 'database_name', 'schema_name'];
const TABLES = [
  'created_on',
  'name',
  'database_name',
  'schema_name',
  'kind',
  'comment',
  'cluster_by',
  'rows',
  'bytes',
  'owner',
  'retention_time',
  'automatic_clustering',
  'change_tracking',
  'search_optimization',
  'search_optimization_progress',
  'search_optimization_bytes',
  'is_external',
  'enable_schema_evolution',
  'owner_role_type',
  'is_event',
  'budget',
  'is_hybrid',
  'is_iceberg',
  'is_dynamic',
  'is_immutable',
];
const VIEWS = [
  'created_on',
  'name',
  'reserved',
  'database_name',
  'schema_name',
  'owner',
  'comment',
  'text',
  'is_secure',
  'is_materialized',
  'owner_role_type',
  'change_tracking',
];

function temporaryOf({ session }: StatementContext, filter: ReturnType<typeof readShowFilter>): Table[] {
  return [...session.temporary.values()].filter(
    (table) =>
      filter.matches(table.name) &&
      (filter.database === undefined || table.database === filter.database) &&
      (filter.schema === undefined || table.schema === filter.schema),
  );
}

async function showTables(context: StatementContext): Promise<StatementOutcome> {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('TABLES');
  const filter = readShowFilter(context);
  const tables = [...temporaryOf(context, filter), ...shown(context, 'TABLE', filter)];
  const kind = (table: Table) =>
    table.persistence === 'permanent' ? 'TABLE' : table.persistence.toUpperCase();
  if (terse) {
    const rows = tables.map((table) => [
      shownTime(table),
      table.name,
      kind(table),
      table.database,
      table.schema,
    ]);
    return textResult(TERSE, rows, STATEMENT_TYPE.SHOW);
  }
  const counts = await rowCounts(context, tables);
  const rows = tables.map((table, i) => {
    const bytes = String(Number(counts[i]) * table.columns.length * 8);
    const tracking = table.changeTracking ? 'ON' : 'OFF';
    return [
      shownTime(table),
      table.name,
      table.database,
      table.schema,
      kind(table),
      table.comment,
      table.clusterBy ?? '',
      counts[i]!,
      bytes,
      table.owner,
      '1',
      table.clusterBy ? 'ON' : 'OFF',
      tracking,
      'OFF',
      null,
      null,
      'N',
      'N',
      'ROLE',
      'N',
      null,
      'N',
      'N',
      'N',
      'N',
    ];
  });
  return textResult(TABLES, rows, STATEMENT_TYPE.SHOW);
}

/** Row counts, in one query. */
export async function rowCounts(
  { session }: Pick<StatementContext, 'session'>,
  tables: Table[],
): Promise<(string | null)[]> {
  if (tables.length === 0) return [];
  const counts = tables.map((table, i) => `SELECT '${i}', count(*)::VARCHAR FROM ${quoted(table.physical)}`);
  const byIndex = new Map(
    (await session.connection.rows(counts.join(' UNION ALL '))).map(([i, n]) => [Number(i), n!]),
  );
  return tables.map((_, i) => byIndex.get(i) ?? '0');
}

function showViews(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('VIEWS');
  const views = shown(context, 'VIEW');
  if (terse)
    return textResult(
      TERSE,
      views.map((view) => [shownTime(view), view.name, 'VIEW', view.database, view.schema]),
      STATEMENT_TYPE.SHOW,
    );
  const rows = views.map((view) => [
    shownTime(view),
    view.name,
    '',
    view.database,
    view.schema,
    view.owner,
    view.comment,
    view.text,
    String(view.secure),
    'false',
    'ROLE',
    'OFF',
  ]);
  return textResult(VIEWS, rows, STATEMENT_TYPE.SHOW);
}

function showObjects(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('OBJECTS');
  const filter = readShowFilter(context);
  const objects = [...shown(context, 'TABLE', filter), ...shown(context, 'VIEW', filter)];
  const rows = objects.map((object) => {
    const kind =
      object.kind === 'TABLE' && object.persistence !== 'permanent'
        ? object.persistence.toUpperCase()
        : object.kind;
    return terse
      ? [shownTime(object), object.name, kind, object.database, object.schema]
      : [
          shownTime(object),
          object.name,
          object.database,
          object.schema,
          kind,
          object.comment,
          '',
          null,
          null,
          object.owner,
          '1',
          'ROLE',
        ];
  });
  const names = [
    'created_on',
    'name',
    'database_name',
    'schema_name',
    'kind',
    'comment',
    'cluster_by',
    'rows',
    'bytes',
    'owner',
    'retention_time',
    'owner_role_type',
  ];
  return textResult(terse ? TERSE : names, rows, STATEMENT_TYPE.SHOW);
}

/** The JSON of SHOW COLUMNS' data_type. */
function typeJson(type: DataType, nullable: boolean): string {
  if (type.kind === 'NUMBER')
    return JSON.stringify({ type: 'FIXED', precision: type.precision, scale: type.scale, nullable });
  if (type.kind === 'FLOAT') return JSON.stringify({ type: 'REAL', nullable });
  if (type.kind === 'TEXT')
    return JSON.stringify({
      type: 'TEXT',
      length: type.length,
      byteLength: type.length,
      nullable,
      fixed: false,
    });
  if (type.kind === 'BINARY')
    return JSON.stringify({
      type: 'BINARY',
      length: type.length,
      byteLength: type.length,
      nullable,
      fixed: true,
    });
  if ('scale' in type) return JSON.stringify({ type: type.kind, precision: 0, scale: type.scale, nullable });
  return JSON.stringify({ type: type.kind, nullable });
}

function showColumns(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'COLUMNS');
  const relation = tableOfShow(context);
  const filter = relation ? undefined : readShowFilter(context);
  const relations = relation
    ? [relation]
    : [...shown(context, 'TABLE', filter!), ...shown(context, 'VIEW', filter!)];
  const rows: Row[] = relations.flatMap((each) =>
    each.columns.map((column) => {
      const own = column as Column;
      return [
        each.name,
        each.schema,
        column.name,
        typeJson(column.type, column.nullable),
        column.nullable ? 'true' : 'NOT_NULL',
        own.default ?? '',
        'COLUMN',
        '',
        column.comment,
        each.database,
        autoincrement(context, own),
        '',
      ];
    }),
  );
  return textResult(
    [
      'table_name',
      'schema_name',
      'column_name',
      'data_type',
      'null?',
      'default',
      'kind',
      'expression',
      'comment',
      'database_name',
      'autoincrement',
      'schema_evolution_record',
    ],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

/** `SHOW COLUMNS | PRIMARY KEYS IN [TABLE | VIEW] name`, if that is what stands there. */
function tableOfShow(context: StatementContext): Table | View | undefined {
  const { account, session, tokens } = context;
  if (!tokens.is('IN') || ['ACCOUNT', 'DATABASE', 'SCHEMA'].includes(tokens.peek(1).value)) return undefined;
  tokens.expect('IN');
  tokens.take('TABLE') || tokens.take('VIEW');
  const relation = account.catalog.resolveRelation(tokens.name(), session);
  tokens.expectEnd();
  account.access.requireAny(session, ['SELECT', 'REFERENCES', 'INSERT', 'UPDATE', 'DELETE'], relation);
  if (relation.kind === 'STREAM')
    throw notSupportedLocally(
      'SHOW COLUMNS IN a stream',
      'it shows the columns of tables and views',
      'Use DESCRIBE STREAM.',
    );
  return relation;
}

function autoincrement({ account }: StatementContext, column: Column): string {
  const sequence = column.sequence === undefined ? undefined : account.catalog.get(column.sequence);
  return sequence?.kind === 'SEQUENCE'
    ? `IDENTITY START ${sequence.start} INCREMENT ${sequence.increment} NOORDER`
    : '';
}

function showPrimaryKeys(context: StatementContext): StatementOutcome {
  context.tokens.expect('SHOW', 'PRIMARY', 'KEYS');
  const table = tableOfShow(context);
  const tables = table ? [table] : shown(context, 'TABLE');
  const rows = tables.flatMap((each) =>
    each.kind === 'TABLE'
      ? each.primaryKey.map((name, i) => [
          shownTime(each),
          each.database,
          each.schema,
          each.name,
          name,
          String(i + 1),
          `SYS_CONSTRAINT_${each.id}`,
          'false',
          null,
        ])
      : [],
  );
  return textResult(
    [
      'created_on',
      'database_name',
      'schema_name',
      'table_name',
      'column_name',
      'key_sequence',
      'constraint_name',
      'rely',
      'comment',
    ],
    rows,
    STATEMENT_TYPE.SHOW,
  );
}

const DESCRIBED = [
  'name',
  'type',
  'kind',
  'null?',
  'default',
  'primary key',
  'unique key',
  'check',
  'expression',
  'comment',
  'policy name',
  'privacy domain',
  'schema evolution record',
];

function describeTable(context: StatementContext): StatementOutcome {
  const { account, session, tokens } = context;
  tokens.next();
  const kind = tokens.take('VIEW') ? 'VIEW' : 'TABLE';
  if (kind === 'TABLE') tokens.expect('TABLE');
  const name = tokens.name();
  if (tokens.is('TYPE')) {
    tokens.next();
    tokens.expect('=');
    if (tokens.take('STAGE'))
      throw notSupportedLocally('DESCRIBE TABLE … TYPE = STAGE', 'tables keep no stage options of their own');
    tokens.expect('COLUMNS');
  }
  tokens.expectEnd();
  const relation =
    account.catalog.find('TABLE', name, session) ??
    account.catalog.find('VIEW', name, session) ??
    account.catalog.resolve(kind, name, session);
  account.access.requireAny(
    session,
    ['SELECT', 'REFERENCES', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'],
    relation,
  );
  const keys = relation.kind === 'TABLE' ? relation.primaryKey : [];
  const rows = relation.columns.map((column) => {
    const own = column as Column;
    const filled = own.default ?? (autoincrement(context, own) || null);
    return [
      column.name,
      typeName(column.type),
      'COLUMN',
      column.nullable ? 'Y' : 'N',
      filled,
      keys.includes(column.name) ? 'Y' : 'N',
      own.unique ? 'Y' : 'N',
      null,
      null,
      column.comment || null,
      null,
      null,
      null,
    ];
  });
  return textResult(DESCRIBED, rows, STATEMENT_TYPE.DESCRIBE);
}

export const showTableStatements: Statement[] = [
  {
    leading: [
      ['SHOW', 'TABLES'],
      ['SHOW', 'TERSE', 'TABLES'],
    ],
    run: showTables,
  },
  {
    leading: [
      ['SHOW', 'VIEWS'],
      ['SHOW', 'TERSE', 'VIEWS'],
    ],
    run: showViews,
  },
  {
    leading: [
      ['SHOW', 'OBJECTS'],
      ['SHOW', 'TERSE', 'OBJECTS'],
    ],
    run: showObjects,
  },
  { leading: [['SHOW', 'COLUMNS']], run: showColumns },
  { leading: [['SHOW', 'PRIMARY', 'KEYS']], run: showPrimaryKeys },
  {
    leading: [
      ['DESC', 'TABLE'],
      ['DESCRIBE', 'TABLE'],
      ['DESC', 'VIEW'],
      ['DESCRIBE', 'VIEW'],
    ],
    run: describeTable,
  },
];
