import type { Typed } from '../../types/coerce.js';
import { BOOLEAN, TEXT } from '../../types/data-type.js';
import type { OutputColumn, Scope } from './scope.js';

/** Names that no column of a user has. */
const ID = '\0id';
const CHANGED = '\0changed';

/** What every relation has besides where a query is bound over versions of tables; see Versions. */
export const VERSION_COLUMNS = [
  { name: ID, physical: '$id', type: TEXT(), nullable: false, hidden: true },
  { name: CHANGED, physical: '$changed', type: BOOLEAN, nullable: false, hidden: true },
];

export const isVersionColumn = ({ name }: Pick<OutputColumn, 'name'>): boolean =>
  name === ID || name === CHANGED;

/** The two columns of a block: of all its sources together. */
export function versionItems(scope: Scope): { name: string; value: Typed }[] {
  const select = (name: string) =>
    scope.tables.map(({ columns }) => columns.find((column) => column.name === name)!.sql);
  const ids = scope.tables.length > 0 ? `concat_ws(',', ${select(ID).join(', ')})` : "''";
  const changed = select(CHANGED).join(' OR ') || 'FALSE';
  return [
    { name: ID, value: { sql: ids, type: TEXT(), nullable: false } },
    { name: CHANGED, value: { sql: `(${changed})`, type: BOOLEAN, nullable: false } },
  ];
}
