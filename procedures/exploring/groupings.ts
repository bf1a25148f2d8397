import type { Condition, Question } from '../dataset/questions.js';
import { type CodedColumn, groupLabels, labelOf, MISSING, OTHER } from './coding.js';

/** One column of a table's groups, maybe in coarser groups than the column's own. */
export interface Dimension {
  readonly name: string;
  /** SQL of the group's number, over the table of stays. */
  readonly code: string;
  readonly labels: readonly string[];
  readonly ordered: boolean;
}

/** Groups of stays. Two places of a key are a dimension: its code and two, so that missing and others are positive. */
export interface Grouping {
  readonly dimensions: readonly Dimension[];
  readonly key: string;
}

/** The key of what counts among the small groups. */
export const SMALL_KEY = -1;
const SHIFT = 2;

export function groupingOf(dimensions: readonly Dimension[]): Grouping {
  const key = dimensions
    .map(({ code }) => `(${code} + ${SHIFT})`)
    .reduce((all, one) => `(${all} * 100 + ${one})`);
  return { dimensions, key };
}

/** The codes that a key is made of. */
export function codesOf({ dimensions }: Grouping, key: number): number[] {
  const codes: number[] = [];
  let rest = key;
  for (let i = 0; i < dimensions.length; i++) {
    codes.unshift((rest % 100) - SHIFT);
    rest = Math.floor(rest / 100);
  }
  return codes;
}

/** A column's own groups. */
export function dimensionOf(column: CodedColumn): Dimension {
  const { name, place, labels, ordered } = column;
  return { name, code: `C${place}`, labels, ordered };
}

/** A column in the groups of one question: made of the column's own, by upper bounds. */
export function coarsen(column: CodedColumn, bounds: readonly (number | string)[]): Dimension {
  const ends = bounds.map((bound) => endOf(column, bound));
  const code = `C${column.place}`;
  const cases = ends.map((end, i) => ` WHEN ${code} <= ${end} THEN ${i + 1}`).join('');
  return {
    name: column.name,
    code: `CASE WHEN ${code} < 1 THEN ${code}${cases} ELSE ${ends.length + 1} END`,
    labels: column.kind === 'number' ? groupLabels(bounds.map(Number)) : groupNames(bounds.map(String)),
    ordered: true,
  };
}

/** The code of the last group up to a bound: levels of too few patients have none, and leave it to the one before. */
function endOf({ kind, cuts = [], levels = [], labels }: CodedColumn, bound: number | string): number {
  if (kind === 'number') return cuts.indexOf(Number(bound)) + 1;
  const most = levels.indexOf(String(bound));
  return labels.filter((label) => levels.indexOf(label) <= most).length;
}

function groupNames(bounds: readonly string[]): string[] {
  return bounds
    .map((bound, i) => (i === 0 ? `to ${bound}` : `over ${bounds[i - 1]} to ${bound}`))
    .concat(`over ${bounds[bounds.length - 1]}`);
}

/** SQL of whether a stay is among those that a question is about, over the table of stays. */
export function conditionSql(column: CodedColumn, { upTo, above, in: among }: Condition): string {
  const code = `C${column.place}`;
  if (upTo !== undefined) return `${code} BETWEEN 1 AND ${endOf(column, upTo)}`;
  if (above !== undefined) return `${code} > ${endOf(column, above)} AND ${code} >= 1`;
  const codes = (among || []).map((level) => column.labels.indexOf(level) + 1).filter((one) => one > 0);
  return codes.length === 0 ? 'FALSE' : `${code} IN (${codes.join(', ')})`;
}

/** The same in words: `AGE is 21-30 at most`. */
export function conditionWords(where: NonNullable<Question['where']>): string {
  return Object.keys(where)
    .map((name) => {
      const { upTo, above, in: among } = where[name] as Condition;
      if (upTo !== undefined) return `${name} is ${upTo} at most`;
      if (above !== undefined) return `${name} is above ${above}`;
      return `${name} is ${(among || []).join(' or ')}`;
    })
    .join(' and ');
}

/** Tells whether a code is a level of its own. */
export function isLevel(code: number): boolean {
  return code !== MISSING && code !== OTHER;
}

export function keyLabels(grouping: Grouping, key: number): string[] {
  return codesOf(grouping, key).map((code, i) => labelOf(grouping.dimensions[i] as Dimension, code));
}
