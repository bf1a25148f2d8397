import { localRefusal } from '../errors.js';
import type { Pivot, PivotValue, Source } from './ast.js';
import type { TokenStream } from './lexer.js';
import { parseOrderBy } from './parse-call.js';
import { list, parseExpression } from './parse-expression.js';
import { parseAlias, parseQuery, startsQuery } from './parse-query.js';

/** PIVOT or UNPIVOT behind a source: docs.snowflake.com/en/sql-reference/constructs/pivot and /unpivot. */
export function parsePivot(s: TokenStream): Source['pivot'] {
  if (s.take('PIVOT', '(')) {
    const pivot = parsePivotBody(s);
    s.expect(')');
    return pivot;
  }
  if (!s.is('UNPIVOT', '(') && !s.is('UNPIVOT', 'INCLUDE') && !s.is('UNPIVOT', 'EXCLUDE')) return undefined;
  s.expect('UNPIVOT');
  const includeNulls = s.take('INCLUDE', 'NULLS');
  if (!includeNulls) s.take('EXCLUDE', 'NULLS');
  s.expect('(');
  const value = s.identifier();
  s.expect('FOR');
  const name = s.identifier();
  s.expect('IN', '(');
  const columns = list(s, () => {
    const column = s.identifier();
    return { column, shown: parseAlias(s) ?? column };
  });
  s.expect(')', ')');
  return { kind: 'unpivot', value, name, columns, includeNulls };
}

function parsePivotBody(s: TokenStream): Pivot {
  const aggregate = parseExpression(s);
  const supported = ['AVG', 'COUNT', 'MAX', 'MIN', 'SUM'];
  if (
    aggregate.kind !== 'call' ||
    !supported.includes(aggregate.name.join('.')) ||
    aggregate.args.length !== 1
  )
    throw localRefusal(
      'PIVOT over anything but AVG, COUNT, MAX, MIN or SUM of a column',
      'Snowflake has none',
    );
  const alias = s.is('FOR') ? undefined : nameBehind(s);
  s.expect('FOR');
  const column = s.identifier();
  s.expect('IN', '(');
  const any = parseAny(s);
  const values = any
    ? []
    : list(s, (): PivotValue => {
        const value = parseExpression(s);
        return { value, name: parseAlias(s) ?? s.text.slice(value.at, value.end) };
      });
  s.expect(')');
  const pivot: Pivot = { kind: 'pivot', aggregate, column, values, any, alias };
  if (s.take('DEFAULT', 'ON', 'NULL', '(')) {
    pivot.otherwise = parseExpression(s);
    s.expect(')');
  }
  return pivot;
}

function nameBehind(s: TokenStream): string {
  s.take('AS');
  return s.identifier();
}

/** `ANY [ORDER BY …]` or a query instead of a list of values. */
function parseAny(s: TokenStream): Pivot['any'] {
  if (s.take('ANY')) return { orderBy: s.is('ORDER') ? parseOrderBy(s) : [] };
  return startsQuery(s) ? { query: parseQuery(s) } : undefined;
}
