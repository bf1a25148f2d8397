import { SnowflakeError } from '../../errors.js';
import type { Expr, Query } from '../../language/ast.js';

const NAMED: Expr['kind'][] = ['column', 'identifier', 'position', 'variable'];

/**
 * A view or table made of a query must know what its columns are called: an expression needs an alias, unless the
 * statement lists the names itself. Set operations take their first query's texts.
 * @throws SnowflakeError 002022
 */
export function requireNames(query: Query): void {
  let { body } = query;
  while (body.kind === 'nested') ({ body } = body.query);
  if (body.kind !== 'select') return;
  for (const item of body.items)
    if ('expr' in item && item.alias === undefined && !NAMED.includes(item.expr.kind))
      throw new SnowflakeError('002022', '0A000', 'SQL compilation error:\nMissing column specification');
}
