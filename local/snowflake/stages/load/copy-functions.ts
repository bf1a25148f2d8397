import { SnowflakeError } from '../../errors.js';
import { findFunction } from '../../expressions/index.js';
import type { Call, Query, Select } from '../../language/ast.js';
import { partsOf } from '../../query/bind/walk.js';

/**
 * What the SELECT of a COPY may do with a file's columns: reorder, cast and rewrite them by certain functions
 * (docs: user-guide/data-load-transform, "Supported functions"). Arithmetic is not among them, nor is anything that
 * looks at several rows.
 */
const OPERATORS = ['+', '-', '*', '/', '%'];
const REFUSED = new Set(
  [
    'ABS ACOS ADD_MONTHS ASIN ATAN CBRT COS COT DATEADD DATEDIFF DATEFROMPARTS DATE_FROM_PARTS DATE_PART DEGREES DIV0',
    'EXP EXTRACT FACTORIAL FLATTEN GREATEST HAVERSINE LAST_DAY LEAST LN LOG MOD MONTHS_BETWEEN POW POWER RADIANS SIGN',
    'SIN SQRT SQUARE TAN TIMESTAMPADD TIMESTAMPDIFF WIDTH_BUCKET DAYNAME MONTHNAME YEAR MONTH DAY HOUR MINUTE SECOND',
  ]
    .join(' ')
    .split(' '),
);

function refuse(what: string): SnowflakeError {
  return new SnowflakeError(
    '002303',
    '0A000',
    `SQL compilation error:\n${what} not supported within a COPY statement.`,
  );
}

function checkClauses(query: Query, select: Select): void {
  const clauses = {
    DISTINCT: select.distinct,
    WHERE: select.where,
    'GROUP BY': select.groupBy,
    HAVING: select.having,
    QUALIFY: select.qualify,
    'ORDER BY': query.orderBy.length > 0 || query.orderByAll,
    LIMIT: query.limit,
    WITH: query.with.length > 0,
    JOIN: select.from.length > 1 || select.from.some(({ kind }) => kind === 'join'),
  };
  for (const [clause, given] of Object.entries(clauses)) if (given) throw refuse(`${clause} is`);
}

/** @throws SnowflakeError 002303 for what a COPY transformation does not allow, 002020 for another number of columns */
export function checkCopyQuery(query: Query, columns: number): void {
  if (query.body.kind !== 'select') throw refuse('A set operation is');
  checkClauses(query, query.body);
  const { items } = query.body;
  if (!items.some((item) => 'star' in item) && items.length !== columns)
    throw new SnowflakeError(
      '002020',
      '21S01',
      `SQL compilation error:\nInsert value list does not match column list expecting ${columns} but got ${items.length}`,
    );
  for (const part of partsOf({ items: query.body.items })) {
    if (part.kind === 'binary' && OPERATORS.includes((part as unknown as { op: string }).op))
      throw refuse(`Function '${(part as unknown as { op: string }).op}' is`);
    if (part.kind === 'subquery' || part.kind === 'exists' || part.kind === 'inQuery')
      throw refuse('A subquery is');
    if (part.kind !== 'call') continue;
    const { name, over } = part as Call;
    const last = name[name.length - 1]!;
    if (over || findFunction(last)?.group || (name.length === 1 && REFUSED.has(last)))
      throw refuse(`Function '${last}' is`);
  }
}
