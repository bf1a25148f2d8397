import { SnowflakeError } from '../errors.js';

const UNITS: Record<string, { unit: string; days: boolean }> = {};
for (const [names, unit, days] of [
  ['y yy yyy yyyy yr year years', 'year', true],
  ['q qtr quarter quarters', 'quarter', true],
  ['mm mon mons month months', 'month', true],
  ['w wk week weeks', 'week', true],
  ['d dd day days', 'day', true],
  ['h hh hr hrs hour hours', 'hour', false],
  ['m mi min mins minute minutes', 'minute', false],
  ['s sec secs second seconds', 'second', false],
  ['ms msec millisecond milliseconds', 'millisecond', false],
  ['us usec microsecond microseconds', 'microsecond', false],
] as const)
  for (const name of names.split(' ')) UNITS[name] = { unit, days };

/**
 * The text of an interval constant, such as `1 year, 3 months`, as DuckDB's sum of intervals.
 * Docs: sql-reference/data-types-datetime, "Interval constants".
 */
export function intervalSql(text: string): { sql: string; days: boolean } {
  const parts = text.split(',').map((part) => {
    const match = /^\s*([-+]?\d+)\s*([a-z]*)\s*$/i.exec(part);
    const unit = UNITS[match?.[2] ? match[2].toLowerCase() : 'second'];
    if (!match || !unit)
      throw new SnowflakeError('001003', '42000', `SQL compilation error:\ninvalid interval '${text}'.`);
    return { amount: match[1]!, ...unit };
  });
  const sql = parts.map(({ amount, unit }) =>
    unit === 'quarter' ? `INTERVAL (${amount} * 3) month` : `INTERVAL (${amount}) ${unit}`,
  );
  return { sql: `(${sql.join(' + ')})`, days: parts.every((part) => part.days) };
}
