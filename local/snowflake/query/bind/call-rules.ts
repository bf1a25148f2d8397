import type { FunctionSpec } from '../../expressions/function.js';
import type { Call } from '../../language/ast.js';
import type { Binder } from './binder.js';

/**
 * What may stand around a function's arguments: DISTINCT, WITHIN GROUP, IGNORE NULLS and the ORDER BY of a window.
 * Each function's page under docs.snowflake.com/en/sql-reference/functions says which of them it takes.
 */

/** Aggregates whose syntax has DISTINCT. */
const WITH_DISTINCT = words(
  'ANY_VALUE APPROX_COUNT_DISTINCT ARRAYAGG ARRAY_AGG AVG COUNT HASH_AGG HLL LISTAGG MAX MIN STDDEV STDDEV_POP',
  'STDDEV_SAMP SUM VARIANCE VARIANCE_POP VARIANCE_SAMP VAR_POP VAR_SAMP',
);
const WITHIN_GROUP = words('ARRAYAGG ARRAY_AGG LISTAGG PERCENTILE_CONT PERCENTILE_DISC');
/** Window functions that mean nothing unless the rows are in some order. */
const NEED_ORDER = words(
  'CONDITIONAL_CHANGE_EVENT CONDITIONAL_TRUE_EVENT CUME_DIST DENSE_RANK FIRST_VALUE LAG LAST_VALUE LEAD NTH_VALUE',
  'NTILE PERCENT_RANK RANK ROW_NUMBER',
);
/** Aggregates that take the whole partition: their windows have no ORDER BY. */
const NO_ORDER = words(
  'APPROX_PERCENTILE KURTOSIS LISTAGG MEDIAN MODE OBJECT_AGG PERCENTILE_CONT PERCENTILE_DISC',
  'REGR_AVGX REGR_AVGY REGR_COUNT REGR_INTERCEPT REGR_R2 REGR_SLOPE REGR_SXX REGR_SXY REGR_SYY',
);
/** The only ones that take IGNORE NULLS between their parentheses too. */
const NULLS_INSIDE = words('FIRST_VALUE LAST_VALUE');
const NULLS_BEHIND = words('FIRST_VALUE LAST_VALUE NTH_VALUE LAG LEAD');

function words(...lines: string[]): Set<string> {
  return new Set(lines.join(' ').split(' '));
}

/**
 * @param spec the built-in function; undefined for a user's
 * @throws SnowflakeError 001003, 002303 or 002078
 */
export function checkForm(b: Binder, call: Call, spec: FunctionSpec | undefined): void {
  const name = call.name[call.name.length - 1]!;
  const aggregate = spec?.group === 'aggregate';
  // COUNT(*) has no argument either, but it has a star.
  if (name === 'COUNT' && call.args.length === 0)
    throw b.error(
      '000938',
      '22023',
      'not enough arguments for function [COUNT()], expected 1, got 0',
      call.at,
    );
  if (call.distinct && !(aggregate && WITH_DISTINCT.has(name)))
    throw b.error('002078', '42601', `Function ${name} does not take 'distinct'.`, call.at);
  if (call.all && !aggregate) throw b.error('001003', '42000', "unexpected 'ALL'.", call.at);
  if (call.withinGroup && !WITHIN_GROUP.has(name))
    throw b.error('002078', '42601', `WITHIN GROUP is not allowed for function ${name}.`, call.at);
  if (call.nullsInside && !NULLS_INSIDE.has(name))
    throw b.error('001003', '42000', "unexpected 'NULLS'.", call.at);
  if (call.ignoreNulls !== undefined && !NULLS_BEHIND.has(name))
    throw b.error('001003', '42000', "unexpected 'NULLS'.", call.at);
  if (call.over && !spec?.group)
    throw b.error('002304', '42601', `Invalid function type [${name}] for window function.`, call.at);
  if (call.over) checkWindow(b, call, name);
}

function checkWindow(b: Binder, call: Call, name: string): void {
  const ordered = call.over!.orderBy.length > 0;
  if (call.over!.frame && !ordered)
    throw b.error('002303', '42601', 'Window frame requires ORDER BY in window specification', call.at);
  if (!ordered && NEED_ORDER.has(name))
    throw b.error(
      '002303',
      '42601',
      `Window function type [${name}] requires ORDER BY in window specification`,
      call.at,
    );
  if (ordered && NO_ORDER.has(name))
    throw b.error(
      '002303',
      '42601',
      `Window function type [${name}] does not allow ORDER BY in window specification`,
      call.at,
    );
}
