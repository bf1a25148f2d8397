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
  ['ns nsec nanosec nanosecond nanoseconds', 'nanosecond', false],
] as const)
  for (const name of names.split(' ')) UNITS[name] = { unit, days };

/**
 * The parts of an interval constant, such as `1 year, 3 months`, as DuckDB's intervals in their order: one day and
 * then one year after a 28th of February is not the same as the other way round.
 * Docs: sql-reference/data-types-datetime, "Interval constants".
 */
export function intervalParts(text: string): { parts: string[]; days: boolean } {
  const parts = text.split(',').map((part) => {
    const match = /^\s*([-+]?\d+)\s*([a-z]*)\s*$/i.exec(part);
    if (!match)
      throw new SnowflakeError(
        '001003',
        '42000',
        `SQL compilation error:\nsyntax error: invalid interval '${text}'.`,
      );
    const unit = UNITS[match[2] ? match[2].toLowerCase() : 'second'];
    if (!unit)
      throw new SnowflakeError(
        '001035',
        '22023',
        `SQL compilation error:\n'${match[2]}' is not recognized as a date type.`,
      );
    return { amount: match[1]!, ...unit };
  });
  return {
    parts: parts.map(({ amount, unit }) => {
      if (unit === 'quarter') return `INTERVAL (${amount} * 3) month`;
      return unit === 'nanosecond'
        ? `INTERVAL (${amount} // 1000) microsecond`
        : `INTERVAL (${amount}) ${unit}`;
    }),
    days: parts.every((part) => part.days),
  };
}
