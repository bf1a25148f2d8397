import { invalidIdentifier } from '../../errors.js';
import type { Star } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import type { Binder } from './binder.js';
import type { Scope } from './scope.js';

/** The columns that `*` or `t.*` stands for, with EXCLUDE, REPLACE, RENAME and ILIKE applied. */
export function expandStar(b: Binder, star: Star, scope: Scope): { name: string; value: Typed }[] {
  const tables = scope.tablesFor(star.of);
  if (star.of && tables.length === 0) throw invalidIdentifier(star.of.join('.'));
  const merged = star.of ? [] : scope.merged;
  let columns: { name: string; value: Typed }[] = merged.map((column) => ({
    name: column.name,
    value: column,
  }));
  for (const table of tables)
    for (const column of table.columns)
      if (
        !column.hidden &&
        !merged.some((m) => m.name === column.name && m.sources?.includes(table) !== false)
      )
        columns.push({ name: column.name, value: column });
  if (columns.length === 0 && scope.tables.every((table) => table.columns.length === 0))
    throw b.error('001080', '42601', 'SELECT with no columns');
  const known = (name: string) => {
    if (!columns.some((column) => column.name === name))
      throw b.error('001430', '42601', `column '${name}' does not exist`);
  };
  if (star.ilike) {
    const pattern = new RegExp(
      `^${star.ilike
        .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        .replaceAll('%', '.*')
        .replaceAll('_', '.')}$`,
      'i',
    );
    columns = columns.filter((column) => pattern.test(column.name));
  }
  for (const name of star.exclude) known(name);
  columns = columns.filter((column) => !star.exclude.includes(column.name));
  for (const { expr, name } of star.replace) {
    known(name);
    const value = b.bind(expr, scope);
    columns = columns.map((column) => (column.name === name ? { name, value } : column));
  }
  for (const { from } of star.rename) known(from);
  return columns.map((column) => ({
    name: star.rename.find((rename) => rename.from === column.name)?.to ?? column.name,
    value: column.value,
  }));
}
