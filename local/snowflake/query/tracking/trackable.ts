import { SnowflakeError } from '../../errors.js';
import { findFunction } from '../../expressions/index.js';
import type { Call, Cte, Query, QueryBody, Select, Source } from '../../language/ast.js';

/**
 * What change tracking follows of a view: "projections, filters, inner or cross joins, UNION ALL", with nested views
 * and subqueries in FROM, and no "GROUP BY, QUALIFY, subqueries not in the FROM clause, correlated subqueries, LIMIT,
 * DISTINCT"; functions are "system-defined, scalar" (docs: user-guide/streams-intro, streams on views).
 */

/** 091926. The words for joins, functions, subqueries and VALUES are those of accounts; the others follow them. */
function refuse(what: string): SnowflakeError {
  return new SnowflakeError(
    '091926',
    '0A000',
    `SQL compilation error:\nChange tracking is not supported on queries with ${what}.`,
  );
}

/** Functions that answer the same question differently. */
const CHANGING = new Set(
  `CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP GETDATE LOCALTIME LOCALTIMESTAMP NORMAL RANDOM RANDSTR SEQ1 SEQ2 SEQ4 SEQ8
  SYSDATE SYSTIMESTAMP UNIFORM UUID_STRING ZIPF`.split(/\s+/),
);

function refuseChanging(name: string): SnowflakeError {
  return new SnowflakeError(
    '091926',
    '0A000',
    `SQL compilation error:\nQuery contains the function '${name}', but change tracking is not supported on queries with non-deterministic functions.`,
  );
}

/**
 * The query with its WITH queries in the places where they are read, so that each reading is one of its own.
 * @param isOwn whether a call is of a user's function
 * @throws SnowflakeError 091926 for what change tracking does not follow
 */
export function trackableQuery(query: Query, isOwn: (call: Call) => boolean): Query {
  return placeQueries(query, new Map(), isOwn);
}

/** WITH queries by name; undefined for one within itself. */
type Named = ReadonlyMap<string, { query: Query; columns?: string[] } | undefined>;

function placeQueries(query: Query, outer: Named, isOwn: (call: Call) => boolean): Query {
  if (query.limit || query.offset) throw refuse("'LIMIT'");
  if (query.orderBy.length > 0 || query.orderByAll) throw refuse("'ORDER BY'");
  const named = new Map(outer);
  for (const cte of query.with) named.set(cte.name, placeCte(cte, named, isOwn));
  return { ...query, with: [], body: placeInBody(query.body, named, isOwn) };
}

function placeCte({ name, columns, query }: Cte, before: Named, isOwn: (call: Call) => boolean) {
  const within = new Map(before).set(name, undefined);
  return { query: placeQueries(query, within, isOwn), ...(columns && { columns }) };
}

function placeInBody(body: QueryBody, named: Named, isOwn: (call: Call) => boolean): QueryBody {
  switch (body.kind) {
    case 'values':
      throw refuse("'VALUES'");
    case 'nested':
      return { ...body, query: placeQueries(body.query, named, isOwn) };
    case 'set':
      if (body.op !== 'UNION' || !body.all) throw refuse(`joins of type '[${body.op}]'`);
      return {
        ...body,
        left: placeInBody(body.left, named, isOwn),
        right: placeInBody(body.right, named, isOwn),
      };
    case 'select':
      return placeInSelect(body, named, isOwn);
  }
}

function placeInSelect(select: Select, named: Named, isOwn: (call: Call) => boolean): Select {
  if (select.distinct) throw refuse("'DISTINCT'");
  if (select.groupBy || select.having) throw refuse("'GROUP BY'");
  if (select.qualify) throw refuse("'QUALIFY'");
  const { from, ...expressions } = select;
  checkExpressions(expressions, isOwn);
  return { ...select, from: from.map((source) => placeInSource(source, named, isOwn)) };
}

function placeInSource(source: Source, named: Named, isOwn: (call: Call) => boolean): Source {
  if (source.sample) throw refuse("'SAMPLE'");
  if (source.pivot) throw refuse(`'${source.pivot.kind.toUpperCase()}'`);
  switch (source.kind) {
    case 'values':
      throw refuse("'VALUES'");
    case 'function':
      throw refuse("'Table Function'");
    case 'stage':
      throw refuse("'Stage'");
    case 'query':
      if (source.lateral) throw refuse('correlated subquery expressions');
      return { ...source, query: placeQueries(source.query, named, isOwn) };
    case 'join': {
      const { left, right, on, type } = source.join;
      if (type === 'ASOF') throw refuse("joins of type '[ASOF_JOIN]'");
      if (type !== 'INNER' && type !== 'CROSS') throw refuse(`joins of type '[${type}_OUTER_JOIN]'`);
      if (on) checkExpressions(on, isOwn);
      const place = (side: Source) => placeInSource(side, named, isOwn);
      return { ...source, join: { ...source.join, left: place(left), right: place(right) } };
    }
    case 'table': {
      const name = 'parts' in source.name && source.name.parts.length === 1 ? source.name.parts[0]! : '';
      if (!named.has(name)) return source;
      const found = named.get(name);
      if (!found) throw refuse('recursive common table expressions');
      const columns = source.alias?.columns ?? found.columns;
      const alias = { name: source.alias?.name ?? name, ...(columns && { columns }) };
      return { kind: 'query', query: found.query, lateral: false, alias, at: source.at };
    }
  }
}

/** Refuses subqueries, aggregates, windows and functions that are not the system's or not always the same. */
function checkExpressions(root: object, isOwn: (call: Call) => boolean): void {
  for (const pending: object[] = [root]; pending.length > 0; ) {
    const each = pending.pop() as { kind?: string };
    if (['exists', 'subquery', 'inQuery', 'quantified'].includes(each.kind ?? ''))
      throw refuse('subquery expressions');
    if (each.kind === 'call') checkCall(each as Call, isOwn);
    if (each.kind === 'column') {
      const { parts } = each as { parts: string[] };
      if (parts.length === 1 && CHANGING.has(parts[0]!) && !needsParentheses(parts[0]!))
        throw refuseChanging(parts[0]!);
    }
    for (const part of Object.values(each)) if (typeof part === 'object' && part !== null) pending.push(part);
  }
}

/** Whether a function cannot stand without parentheses, so that its bare name is a column's. */
const needsParentheses = (name: string): boolean => !/^(CURRENT|LOCAL)/.test(name);

function checkCall(call: Call, isOwn: (call: Call) => boolean): void {
  const name = call.name.at(-1)!;
  if (isOwn(call)) throw refuse(`the user-defined function '${name}'`);
  if (CHANGING.has(name)) throw refuseChanging(name);
  if (call.over) throw refuse('window functions');
  if (findFunction(name)?.group) throw refuse("'AGGREGATE'");
}
