import type { Catalog } from '../../catalog/catalog.js';
import type { Table, View } from '../../catalog/objects.js';
import { retentionOf } from '../../catalog/retention.js';
import {
  historyColumns,
  listVisible,
  readShowFilter,
  type ShowFilter,
  type ShownColumns,
  showResult,
  showTime,
} from '../../kernel/show.js';
import type { Statement, StatementContext, StatementOutcome } from '../../kernel/statement.js';
import { quoteText } from '../../storage/storage.js';
import type { Cell } from '../../types/data-type.js';

/** The kind of a table as SHOW names it. */
function kindOf(object: Table | View): string {
  const lasting = object.kind === 'VIEW' || object.persistence === 'permanent';
  return lasting ? object.kind : object.persistence.toUpperCase();
}

/** SHOW OBJECTS says TABLE of every table, whatever its persistence (recorded from an account). */
const relationKind = ({ kind }: Table | View): string => kind;

const TERSE: ShownColumns<Table | View> = {
  created_on: showTime,
  name: (object) => object.name,
  kind: kindOf,
  database_name: (object) => object.database,
  schema_name: (object) => object.schema,
};

const retentionTime = (catalog: Catalog, object: Table | View): string =>
  object.kind === 'TABLE' ? String(retentionOf(catalog, object).retentionDays) : '1';

interface CountedTable {
  table: Table;
  rows: Cell;
}

const tableColumns = ({ account }: StatementContext): ShownColumns<CountedTable> => ({
  created_on: ({ table }) => showTime(table),
  name: ({ table }) => table.name,
  database_name: ({ table }) => table.database,
  schema_name: ({ table }) => table.schema,
  kind: ({ table }) => kindOf(table),
  comment: ({ table }) => table.comment,
  cluster_by: ({ table }) => table.clusterBy ?? '',
  rows: ({ rows }) => rows,
  bytes: ({ table, rows }) => String(Number(rows) * table.columns.length * 8),
  owner: ({ table }) => table.owner,
  retention_time: ({ table }) => retentionTime(account.catalog, table),
  automatic_clustering: ({ table }) => (table.clusterBy ? 'ON' : 'OFF'),
  change_tracking: ({ table }) => (table.changeTracking ? 'ON' : 'OFF'),
  search_optimization: 'OFF',
  search_optimization_progress: null,
  search_optimization_bytes: null,
  is_external: 'N',
  enable_schema_evolution: 'N',
  owner_role_type: 'ROLE',
  is_event: ({ table }) => (table.event ? 'Y' : 'N'),
  budget: null,
  is_hybrid: 'N',
  is_iceberg: 'N',
  is_dynamic: 'N',
  is_immutable: 'N',
});

const VIEWS: ShownColumns<View> = {
  created_on: showTime,
  name: (view) => view.name,
  reserved: '',
  database_name: (view) => view.database,
  schema_name: (view) => view.schema,
  owner: (view) => view.owner,
  comment: (view) => view.comment,
  text: (view) => view.text,
  is_secure: (view) => String(view.secure),
  is_materialized: 'false',
  owner_role_type: 'ROLE',
  change_tracking: (view) => (view.changeTracking ? 'ON' : 'OFF'),
};

const objectColumns = ({ account }: StatementContext): ShownColumns<Table | View> => ({
  created_on: showTime,
  name: (object) => object.name,
  database_name: (object) => object.database,
  schema_name: (object) => object.schema,
  kind: relationKind,
  comment: (object) => object.comment,
  cluster_by: '',
  rows: null,
  bytes: null,
  owner: (object) => object.owner,
  retention_time: (object) => retentionTime(account.catalog, object),
  owner_role_type: 'ROLE',
  is_hybrid: 'N',
  is_dynamic: 'N',
  is_iceberg: 'N',
  is_interactive: 'N',
});

function temporaryOf({ session }: StatementContext, filter: ShowFilter): Table[] {
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
  const filter = readShowFilter(context, 'TABLE');
  const tables = [...temporaryOf(context, filter), ...listVisible(context, 'TABLE', filter)];
  if (terse) return showResult(TERSE, tables);
  const counts = await rowCounts(context, tables);
  return showResult(
    { ...tableColumns(context), ...historyColumns(context, filter, ({ table }: CountedTable) => table) },
    tables.map((table, i) => ({ table, rows: counts[i]! })),
  );
}

/** Row counts, in one query. */
export async function rowCounts(
  { session }: Pick<StatementContext, 'session'>,
  tables: Table[],
): Promise<(string | null)[]> {
  if (tables.length === 0) return [];
  const counts = tables.map(
    (table, i) => `SELECT '${i}', count(*)::VARCHAR FROM ${quoteText(table.physical)}`,
  );
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
  const views = listVisible(context, 'VIEW');
  return terse ? showResult(TERSE, views) : showResult(VIEWS, views);
}

function showObjects(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW');
  const terse = tokens.take('TERSE');
  tokens.expect('OBJECTS');
  const filter = readShowFilter(context, 'TABLE');
  const objects = [...listVisible(context, 'TABLE', filter), ...listVisible(context, 'VIEW', filter)];
  return showResult(terse ? { ...TERSE, kind: relationKind } : objectColumns(context), objects);
}

export const showTableStatements: Statement[] = [
  { leading: [['SHOW', 'TABLES']], run: showTables },
  { leading: [['SHOW', 'VIEWS']], run: showViews },
  { leading: [['SHOW', 'OBJECTS']], run: showObjects },
];
