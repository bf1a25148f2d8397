import { doesNotExist, SnowflakeError } from '../errors.js';
import type { Feature, Services } from '../feature.js';
import type { Relation } from '../query/bind/bind-source.js';
import { Binder } from '../query/bind/binder.js';
import { fromRows } from '../query/bind/table-functions.js';
import type { Typed } from '../types/coerce.js';
import { NUMBER } from '../types/data-type.js';
import { quoteName } from '../types/duck-type.js';
import {
  type HistoryFilter,
  QUERY_HISTORY_DEFAULT_LIMIT,
  QUERY_HISTORY_MAX_LIMIT,
  queryHistoryColumns,
  queryHistoryRows,
} from './query-history.js';
import { refuseAccountUsage, refusedFunctions, refuseView } from './refused.js';
import { views } from './views.js';

/** `[DB.]INFORMATION_SCHEMA.VIEW` as a relation of the query engine. */
const relation: Services['relation'] = (b, parts) => {
  refuseAccountUsage(parts);
  const name = parts[parts.length - 1]!;
  const inSchema = parts.length > 1 ? parts[parts.length - 2] : b.session.schema;
  if (inSchema !== 'INFORMATION_SCHEMA') return undefined;
  const database = parts.length > 2 ? parts[0]! : b.session.database;
  const found =
    database === undefined ? undefined : b.account.catalog.find('DATABASE', [database], b.session);
  if (!found || !b.account.access.visible(b.session, found)) throw doesNotExist('Database', database ?? '');
  const place = { account: b.account, session: b.session, database: found.name };
  const inSql = b.account.features.sqlViews.get(name);
  if (inSql) return inSql(b, place);
  const view = Object.hasOwn(views, name) ? views[name] : undefined;
  if (!view) {
    refuseView(name);
    throw doesNotExist('Object', parts.join('.'));
  }
  const rows = view.rows(place);
  const relation = fromRows(view.columns, rows);
  return name === 'TABLES'
    ? withCounts(
        relation,
        rows.map((row) => row[view.columns.findIndex((column) => column.name === '$PHYSICAL')] ?? null),
      )
    : relation;
};

/** The columns of every view, in the order of their names. */
const informationColumns: Services['informationColumns'] = (context, database) => {
  const place = { ...context, database };
  const columns: ReturnType<Services['informationColumns']> = {};
  const b = new Binder(context.account, context.session, '');
  for (const [name, view] of context.account.features.sqlViews) columns[name] = view(b, place).columns;
  for (const [name, view] of Object.entries(views))
    columns[name] = view.columns.flatMap((column) => (column.name === '$PHYSICAL' ? COUNTED : [column]));
  return Object.fromEntries(Object.entries(columns).sort(([a], [z]) => (a < z ? -1 : 1)));
};

/** What TABLES has in the place of its physical name. */
const COUNTED = [
  { name: 'ROW_COUNT', type: NUMBER() },
  { name: 'BYTES', type: NUMBER() },
];

/** TABLES with the row counts of the moment in the place of the physical names. */
function withCounts(relation: Relation, physical: (string | null)[]): Relation {
  const at = relation.columns.findIndex((column) => column.name === '$PHYSICAL');
  const hidden = relation.columns[at]!;
  const counts = physical
    .filter((name) => name !== null)
    .map((name) => `WHEN '${name}' THEN (SELECT count(*) FROM main.${quoteName(name)})`);
  const count = counts.length > 0 ? `CASE ${quoteName(hidden.physical)} ${counts.join(' ')} END` : 'NULL';
  const columns = relation.columns.filter((_, i) => i !== at);
  columns.splice(
    at,
    0,
    { name: 'ROW_COUNT', physical: 'rows', type: NUMBER() },
    { name: 'BYTES', physical: 'bytes', type: NUMBER() },
  );
  return {
    sql: `SELECT *, CAST(${count} AS DECIMAL(38,0)) AS rows, CAST(${count} AS DECIMAL(38,0)) * 64 AS bytes FROM (${relation.sql})`,
    columns,
  };
}

function queryHistory(fixed: (b: Binder) => Partial<HistoryFilter>) {
  return (b: Binder, _args: Typed[], named: Map<string, Typed>): Relation => {
    // Docs: stored-procedures-rights; a procedure with its owner's rights has no user whose history it could be.
    if (b.session.caller)
      throw new SnowflakeError(
        '090234',
        '42601',
        'Stored procedure execution error: Requested information on the current user is not accessible in stored procedure.',
      );
    const limit = Number(named.get('RESULT_LIMIT')?.constant ?? QUERY_HISTORY_DEFAULT_LIMIT);
    const filter: HistoryFilter = { limit: Math.min(limit, QUERY_HISTORY_MAX_LIMIT), ...fixed(b) };
    const user = named.get('USER_NAME')?.constant;
    if (user !== undefined) filter.user = String(user);
    const session = named.get('SESSION_ID')?.constant;
    if (session !== undefined) filter.sessionId = Number(session);
    const warehouse = named.get('WAREHOUSE_NAME')?.constant;
    if (warehouse !== undefined) filter.warehouse = String(warehouse);
    const place = { account: b.account, session: b.session, database: b.session.database ?? '' };
    const relation = fromRows(queryHistoryColumns, queryHistoryRows(place, filter));
    return filterBetween(relation, named.get('END_TIME_RANGE_START'), named.get('END_TIME_RANGE_END'));
  };
}

/** Range arguments are expressions; DuckDB compares them. */
function filterBetween(relation: Relation, from: Typed | undefined, to: Typed | undefined): Relation {
  const end = quoteName(relation.columns.find((column) => column.name === 'END_TIME')!.physical);
  const bounds = [from && `${end} >= ${from.sql}`, to && `${end} <= ${to.sql}`].filter(Boolean);
  return bounds.length === 0
    ? relation
    : { ...relation, sql: `SELECT * FROM (${relation.sql}) WHERE ${bounds.join(' AND ')}` };
}

export const informationSchema: Feature = {
  tableFunctions: {
    ...refusedFunctions,
    QUERY_HISTORY: queryHistory(() => ({})),
    QUERY_HISTORY_BY_SESSION: queryHistory((b) => ({ sessionId: b.session.id })),
    QUERY_HISTORY_BY_USER: queryHistory((b) => ({ user: b.session.user })),
    QUERY_HISTORY_BY_WAREHOUSE: queryHistory((b) => ({
      ...(b.session.warehouse !== undefined && { warehouse: b.session.warehouse }),
    })),
  },
  services: { relation, informationColumns },
};
