import { SMALL_GROUPS } from '../ground/small-groups.js';
import type { Row } from '../ground/work.js';
import type { AnswerTable } from './answer.js';
import { codesOf, type Grouping, keyLabels, SMALL_KEY } from './groupings.js';
import { figure, percentage } from './words.js';

/** A group of stays in figures: of the stay in days, or of another number. */
export interface Line {
  readonly key: number;
  readonly codes: readonly number[];
  readonly labels: readonly string[];
  readonly n: number;
  readonly mean: number;
  /** Null of a single value. */
  readonly sd: number | null;
  readonly median: number;
  readonly p90: number;
  /** Value that at least ten patients reach; null where that cannot be said. */
  readonly low: number | null;
  readonly high: number | null;
  /** Long stays. */
  readonly long: number;
}

/** Lines of sql/exploring/by-group.sql in the order of their groups; missing, others and small groups last. */
export function linesOf(grouping: Grouping, rows: readonly Row[]): Line[] {
  const lines = rows.map((row): Line => {
    const numberOrNull = (name: string) =>
      row[name] === null || row[name] === undefined ? null : Number(row[name]);
    const key = Number(row.GROUPED);
    const [low, high] = [numberOrNull('LOW'), numberOrNull('HIGH')];
    const [median, p90] = [Number(row.MEDIAN), Number(row.P90)];
    return {
      key,
      codes: key === SMALL_KEY ? [] : codesOf(grouping, key),
      labels:
        key === SMALL_KEY
          ? grouping.dimensions.map((_, i) => (i === 0 ? SMALL_GROUPS : ''))
          : keyLabels(grouping, key),
      n: Number(row.N),
      mean: Number(row.MEAN),
      sd: numberOrNull('SD'),
      median,
      p90,
      // In a small group ten patients may reach no further than its middle: that would be no minimum to anybody.
      low: low !== null && low <= median ? low : null,
      high: high !== null && high >= p90 ? high : null,
      long: Number(row.LONG_STAYS),
    };
  });
  const rank = (code: number) => (code > 0 ? code : 1000 - code);
  return lines.sort((a, b) => {
    if (a.key === SMALL_KEY || b.key === SMALL_KEY) return a.key === SMALL_KEY ? 1 : -1;
    for (let i = 0; i < a.codes.length; i++) {
      const difference = rank(a.codes[i] as number) - rank(b.codes[i] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}

/** Groups whose every part is a level of its own: those that a sentence can be about. */
export function levelLines(lines: readonly Line[]): Line[] {
  return lines.filter(({ key, codes }) => key !== SMALL_KEY && codes.every((code) => code > 0));
}

/** Share of the variance between stays that lies between groups, corrected for how many groups there are; null: there is none. */
export function varianceExplained(lines: readonly Pick<Line, 'n' | 'mean' | 'sd'>[]): number | null {
  const n = lines.reduce((sum, line) => sum + line.n, 0);
  if (n <= lines.length || lines.length < 2) return null;
  const mean = lines.reduce((sum, line) => sum + line.n * line.mean, 0) / n;
  const within = lines.reduce((sum, line) => sum + (line.n - 1) * (line.sd || 0) ** 2, 0);
  const between = lines.reduce((sum, line) => sum + line.n * (line.mean - mean) ** 2, 0);
  if (within + between === 0) return null;
  return Math.max(0, 1 - within / (n - lines.length) / ((within + between) / (n - 1)));
}

/** The lines with the groups of one dimension alone. */
export function collapse(lines: readonly Line[], dimension: number): Pick<Line, 'n' | 'mean' | 'sd'>[] {
  const groups = new Map<number, Line[]>();
  for (const line of lines) {
    const code = line.key === SMALL_KEY ? -9 : (line.codes[dimension] as number);
    groups.set(code, (groups.get(code) || []).concat(line));
  }
  return Array.from(groups.values()).map((parts) => {
    const n = parts.reduce((sum, part) => sum + part.n, 0);
    const mean = parts.reduce((sum, part) => sum + part.n * part.mean, 0) / n;
    const squares = parts.reduce(
      (sum, part) => sum + (part.n - 1) * (part.sd || 0) ** 2 + part.n * (part.mean - mean) ** 2,
      0,
    );
    return { n, mean, sd: n > 1 ? Math.sqrt(squares / (n - 1)) : null };
  });
}

/** Half the width of the 95 % interval of a difference of two means. */
export function margin(a: Line, b: Line): number {
  const variance = (line: Line) => (line.sd || 0) ** 2 / line.n;
  return 1.96 * Math.sqrt(variance(a) + variance(b));
}

/** @param longStayDays null: it is not about stays */
export function linesTable(
  title: string,
  { dimensions }: Grouping,
  lines: readonly Line[],
  longStayDays: number | null,
): AnswerTable {
  const numberOrNull = (value: number | null) => (value === null ? null : figure(value));
  return {
    title: longStayDays === null ? title : `${title} (days; long: ${longStayDays} and more)`,
    columns: [
      ...dimensions.map(({ name }) => name),
      ...['stays', 'mean', 'sd', 'min', 'median', 'P90', 'max'],
      ...(longStayDays === null ? [] : ['long %']),
    ],
    rows: lines.map((line) => [
      ...line.labels,
      line.n,
      figure(line.mean),
      numberOrNull(line.sd),
      numberOrNull(line.low),
      figure(line.median),
      figure(line.p90),
      numberOrNull(line.high),
      ...(longStayDays === null ? [] : [percentage(line.long / line.n)]),
    ]),
  };
}
