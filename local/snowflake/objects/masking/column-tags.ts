// SET TAG and UNSET TAG of columns; docs: sql-reference/sql/alter-table-column, alter-view, user-guide/object-tagging/work.
import { identifier } from '../../catalog/catalog.js';
import type { ColumnTags } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { StatementContext } from '../../kernel/statement.js';

/** Whether SET TAG or UNSET TAG stands there. */
export const startsTags = ({ tokens }: StatementContext): boolean =>
  tokens.is('SET', 'TAG') || tokens.is('UNSET', 'TAG');

/**
 * Reads `SET TAG t = 'value' [, u = 'value']` or `UNSET TAG t [, u]`.
 * @returns the column's tags afterwards
 * @throws SnowflakeError for a tag that the role may not apply, and a value that it does not allow
 */
export function readTags(context: StatementContext, before: ColumnTags | undefined): ColumnTags {
  const { account, session, tokens } = context;
  const set = tokens.take('SET');
  if (!set) tokens.next();
  tokens.expect('TAG');
  const tags: Record<number, string> = { ...before };
  do {
    const tag = account.catalog.resolve('TAG', tokens.name(), session);
    // The tag's owner, APPLY on it, or APPLY TAG on the account (docs: user-guide/object-tagging/work, "Access control privileges").
    if (!account.access.holdsAccount(session, 'APPLY TAG'))
      account.access.requireAny(session, ['APPLY', 'OWNERSHIP'], tag);
    if (!set) {
      delete tags[tag.id];
      continue;
    }
    tokens.expect('=');
    const value = tokens.string();
    if (tag.allowed && !tag.allowed.includes(value))
      throw new SnowflakeError(
        '003554',
        '42601',
        `SQL compilation error:\nTag value '${value}' is not in the allowed values of ${identifier(tag.name)}.`,
      );
    tags[tag.id] = value;
  } while (takeAnother(context));
  return tags;
}

/** A comma that another tag follows, and no other column. */
function takeAnother({ tokens }: StatementContext): boolean {
  const column = tokens.peek(1).value === 'COLUMN' || ['SET', 'UNSET'].includes(tokens.peek(2).value);
  return tokens.is(',') && !column && tokens.take(',');
}
