import type { Exploration } from '../../procedures/exploring/answer.js';

/** A group as a reader sees it: how many, and their mean, to so many decimals. */
export interface Cell {
  readonly key: string;
  readonly n: number;
  readonly mean: number;
}

/** A stay that a reader who knows none of them works out. */
export interface Recovery {
  readonly how: string;
  readonly days: number;
}

/** The groups of all tables of an exploration that have a number of stays and a mean; a key names question, table and groups. */
export function cellsOf({ questions, overview }: Exploration): Cell[] {
  const cells: Cell[] = [{ key: 'overview', n: overview.stays, mean: Number(overview.meanLos) }];
  for (const { id, tables } of questions)
    for (const { title, columns, rows } of tables) {
      const [n, mean] = [columns.indexOf('stays'), columns.indexOf('mean')];
      if (n < 0 || mean < 0) continue;
      for (const row of rows)
        if (typeof row[n] === 'number' && typeof row[mean] === 'number')
          cells.push({
            key: [id, title, columns.slice(0, n).join('|'), ...row.slice(0, n)].join(' / '),
            n: row[n] as number,
            mean: row[mean] as number,
          });
    }
  return cells;
}

/** The same of tables as a whole: what all of its groups come to. */
export function totalsOf(cells: readonly Cell[]): Cell[] {
  const totals = new Map<string, { n: number; days: number }>();
  for (const { key, n, mean } of cells) {
    const name = key.split(' / ').slice(0, 3).join(' / ');
    const own = totals.get(name) ?? { n: 0, days: 0 };
    totals.set(name, { n: own.n + n, days: own.days + n * mean });
  }
  return [...totals].map(([key, { n, days }]) => ({ key, n, mean: days / n }));
}

/** What a group less another is about: fewer than ten stays are too few, and of one its length follows. */
export function difference(how: string, large: Cell, small: Cell): Recovery | null {
  const n = large.n - small.n;
  return n > 0 && n < 10
    ? { how: `${how}: ${n}`, days: (large.n * large.mean - small.n * small.mean) / n }
    : null;
}

/** Differences of the same group on two days. */
export function overDays(before: readonly Cell[], after: readonly Cell[]): Recovery[] {
  const known = new Map(before.map((cell) => [cell.key, cell]));
  return after.flatMap((cell) => {
    const old = known.get(cell.key);
    if (old === undefined) return cell.n < 10 ? [{ how: `${cell.key}: ${cell.n}`, days: cell.mean }] : [];
    const found = difference(cell.key, cell, old) ?? difference(cell.key, old, cell);
    return found ? [found] : [];
  });
}

/** Differences of two groups or tables of one day: a group of one column less its parts in a table of two, and tables as a whole. */
export function withinDay(cells: readonly Cell[]): Recovery[] {
  const totals = totalsOf(cells).filter(({ key }) => !/Do older|deposit|DEPOSIT/i.test(key));
  const found: Recovery[] = cells
    .filter(({ n }) => n < 10)
    .map(({ key, n, mean }) => ({ how: `${key}: ${n}`, days: mean }));
  for (const a of totals)
    for (const b of totals) {
      const between = difference(`${a.key} less ${b.key}`, a, b);
      if (between) found.push(between);
    }
  const parts = new Map<string, { n: number; days: number }>();
  for (const { key, n, mean } of cells) {
    const [id, title, , ...groups] = key.split(' / ');
    if (groups.length !== 2) continue;
    for (const group of groups) {
      const name = `${id} / ${title} / ${group}`;
      const own = parts.get(name) ?? { n: 0, days: 0 };
      parts.set(name, { n: own.n + n, days: own.days + n * mean });
    }
  }
  for (const cell of cells) {
    const groups = cell.key.split(' / ').slice(3);
    if (groups.length !== 1) continue;
    for (const [name, { n, days }] of parts)
      if (name.endsWith(` / ${groups[0]}`)) {
        const rest = difference(`${cell.key} less ${name}`, cell, { key: name, n, mean: days / n });
        if (rest) found.push(rest);
      }
  }
  return found;
}
