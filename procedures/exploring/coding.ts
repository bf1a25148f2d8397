import { literal } from '../ground/names.js';
import { FEWEST_PATIENTS, SMALL_GROUPS } from '../ground/small-groups.js';
import type { Column } from './columns.js';
import type { NumberFacts } from './numbers.js';
import { number } from './words.js';

/** Codes that stand for no level of their own. */
export const MISSING = 0;
export const OTHER = -1;
const NAMES: Readonly<Record<number, string>> = { [MISSING]: '(missing)', [OTHER]: '(other)' };

/** So many levels of a category are told apart, the most frequent ones; all others are one. */
export const MOST_LEVELS = 20;
/** The same where levels have an order, as months have. */
export const MOST_ORDERED = 60;
/** A number of so few values is looked at value by value; one of more, in groups of about the same size. */
export const FEW_VALUES = 12;

/** A column whose values have become small numbers: 1, 2 … in the order in which they are shown. */
export interface CodedColumn extends Column {
  /** Its place among the columns; its code is the column `C<place>` of the table of stays. */
  readonly place: number;
  /** SQL of the code, over the table of values. */
  readonly coding: string;
  /** Labels of 1, 2 … */
  readonly labels: readonly string[];
  /** The codes have an order, so that means can rise along them. */
  readonly ordered: boolean;
  /** Number of levels or values in the data. */
  readonly distinct: number;
}

/** A level of a column: its stays, and its patients in the two periods; patients may be known as "at least". */
export interface Level {
  readonly level: string;
  readonly n: number;
  readonly earlier: number;
  readonly later: number;
  /** Levels that the column has in all. */
  readonly levels: number;
}

/** Tells whether a column is looked at level by level, rather than in groups of numbers. */
export function isByLevel(column: Column, facts: NumberFacts | undefined): boolean {
  return (
    column.kind === 'category' ||
    (column.cuts === undefined && facts !== undefined && facts.distinct <= FEW_VALUES)
  );
}

/** Tells whether a level has ten patients and more in each period for certain. */
export function isSurelyLargeEnough({ earlier, later }: Level, periods: boolean): boolean {
  return earlier >= FEWEST_PATIENTS && (!periods || later >= FEWEST_PATIENTS);
}

/** Tells whether a level is large enough, of counts that are exact: a period may also have none of it. */
export function isLargeEnough({ earlier, later }: Level): boolean {
  return [earlier, later].every((n) => n === 0 || n >= FEWEST_PATIENTS) && earlier + later > 0;
}

/** Codes of a column by its levels: those of too few patients are among the others, in every table. */
export function codeLevels(column: Column, place: number, levels: readonly Level[]): CodedColumn {
  const shown = levels.filter(isLargeEnough).map(({ level }) => level);
  const numeric = shown.every((level) => level.trim() !== '' && Number.isFinite(Number(level)));
  const given = column.levels;
  if (given) shown.sort((a, b) => given.indexOf(a) - given.indexOf(b));
  else if (numeric) shown.sort((a, b) => Number(a) - Number(b));
  else if (shown.every((level) => /^\d{4}-\d\d$/.test(level))) shown.sort();
  const known = given ? shown.filter((level) => given.includes(level)) : shown;
  const text = (level: string) => (column.kind === 'number' ? `${Number(level)}::FLOAT` : literal(level));
  const cases = known.map((level, i) => ` WHEN ${column.value} = ${text(level)} THEN ${i + 1}`).join('');
  // What is in no list of levels counts as missing, as for the model.
  const rest =
    given && given.length > 0
      ? ` WHEN ${column.value} IN (${given.map(literal).join(', ')}) THEN ${OTHER} ELSE ${MISSING}`
      : ` ELSE ${OTHER}`;
  return {
    ...column,
    place,
    coding: `CASE WHEN ${column.value} IS NULL THEN ${MISSING}${cases}${rest} END`,
    labels: known.map((level) => (column.kind === 'number' ? number(Number(level), 3) : level)),
    ordered: column.role !== 'derived' && (given !== undefined || column.kind === 'number'),
    distinct: levels.length > 0 ? (levels[0] as Level).levels : 0,
  };
}

/** Codes of a number by groups: those that were asked for, else fifths. */
export function codeNumbers(column: Column, place: number, facts: NumberFacts | undefined): CodedColumn {
  const cuts = column.cuts || (facts ? fifths(facts) : []);
  const cases = cuts.map((cut, i) => ` WHEN ${column.value} <= ${cut} THEN ${i + 1}`).join('');
  return {
    ...column,
    cuts,
    place,
    coding: `CASE WHEN ${column.value} IS NULL THEN ${MISSING}${cases} ELSE ${cuts.length + 1} END`,
    labels: groupLabels(cuts),
    ordered: true,
    distinct: facts ? facts.distinct : 0,
  };
}

/** The greatest value is no bound: nothing would be above it. */
function fifths({ p20, p40, p60, p80, high, p99 }: NumberFacts): number[] {
  const most = high === null ? p99 : high;
  const cuts = new Set([p20, p40, p60, p80].filter((cut) => cut < most));
  return Array.from(cuts).sort((a, b) => a - b);
}

/** `to 3,000`, `3,000 to 7,000`, `over 7,000`: a bound belongs to the group that it ends. */
export function groupLabels(cuts: readonly number[]): string[] {
  if (cuts.length === 0) return ['all values'];
  let digits = 3;
  // Values in a large unit differ only far behind the point.
  while (digits < 15 && new Set(cuts.map((cut) => number(cut, digits))).size < cuts.length) digits++;
  const text = cuts.map((cut) => number(cut, digits));
  return text
    .map((bound, i) => (i === 0 ? `to ${bound}` : `${text[i - 1]} to ${bound}`))
    .concat(`over ${text[text.length - 1]}`);
}

export function labelOf(column: Pick<CodedColumn, 'labels'>, code: number): string {
  return NAMES[code] || column.labels[code - 1] || SMALL_GROUPS;
}
