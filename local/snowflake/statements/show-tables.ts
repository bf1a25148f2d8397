import type { Table } from '../catalog/objects.js';
import { quoted } from '../storage/storage.js';
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

export const showTableStatements: Statement[] = [
  { leading: [['SHOW', 'TABLES']], run: showTables },
  { leading: [['SHOW', 'VIEWS']], run: showViews },
  { leading: [['SHOW', 'OBJECTS']], run: showObjects },
];
