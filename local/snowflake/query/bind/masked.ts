// Masking policies by tags, wherever a table, view or stream is read; docs: user-guide/tag-based-masking-policies and
// user-guide/security-column-intro ("at query runtime, the masking policy is applied to the column at every location where the
// column appears").
import { columnPolicy } from '../../catalog/column-policy.js';
import type { ColumnTags, MaskingPolicy } from '../../catalog/objects.js';
import type { Typed } from '../../types/coerce.js';
import type { DataType } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import { storedExpression } from '../stored-trees.js';
import { Binder } from './binder.js';
import { Scope } from './scope.js';

interface MaskedColumn {
  physical: string;
  type: DataType;
  nullable?: boolean;
  tags?: ColumnTags;
}

/** Whether a policy stands before one of these columns. */
export const isMasked = ({ account }: Binder, columns: readonly Pick<MaskedColumn, 'tags' | 'type'>[]) =>
  columns.some((column) => columnPolicy(account.catalog, column));

/**
 * Rows whose columns show what their policies let the reader see. The role that INVOKER_ROLE() gives is the one that reads: a view's
 * owner where a view does (docs: sql-reference/functions/invoker_role).
 * @param sql a query whose columns have these physical names, and perhaps more
 */
export function maskRows(b: Binder, columns: readonly MaskedColumn[], sql: string): string {
  const masks = columns.flatMap((column) => {
    const found = columnPolicy(b.account.catalog, column);
    return found ? [`${bindMask(b, found.policy, column)} AS ${quoteName(column.physical)}`] : [];
  });
  return masks.length > 0 ? `SELECT * REPLACE (${masks.join(', ')}) FROM (${sql})` : sql;
}

function bindMask(b: Binder, policy: MaskingPolicy, { physical, type, nullable }: MaskedColumn): string {
  const value: Typed = { sql: quoteName(physical), type, nullable: nullable ?? true };
  return b.cast(bindPolicy(b, policy, value), type).sql;
}

/** What a policy makes of a value. */
export function bindPolicy(
  b: Binder,
  { argument, body }: Pick<MaskingPolicy, 'argument' | 'body'>,
  value: Typed,
): Typed {
  const inner = new Binder(b.account, b.session, body, {}, false, b.signal, b);
  inner.parameters.set(argument, value);
  return inner.bind(storedExpression(body), new Scope());
}
