import { percent } from '../ground/percent.js';
import { daysInWords } from '../publishing/rounding.js';
import type { Finding, GroupComparison } from './compare-groups.js';

/** Groups that a sentence names at most. */
const NAMED = 12;

/**
 * One sentence a finding, and what cannot be told.
 * @param after says of a grouping that it is known only after admission
 * @example
 * const sentences = findingSentences(compareGroups(all, groups, UNSTATED));
 */
export function findingSentences(
  { findings, unclear }: GroupComparison,
  after: (groupedBy: string) => boolean = () => false,
): string[] {
  const sentences = findings.map(
    (finding) =>
      `${findingWords(finding)}${after(finding.groupedBy) ? ' (the group is known only after admission)' : ''}.`,
  );
  if (unclear.length === 0) return sentences;
  const names = unclear
    .slice(0, NAMED)
    .map(({ groupedBy, level, rows }) => `${groupedBy} ${level} (${rows})`);
  const more = unclear.length > NAMED ? ` and ${unclear.length - NAMED} more` : '';
  return sentences.concat(
    `Too few patients to tell whether predictions are within the tolerance: ${names.join(', ')}${more}.`,
  );
}

/** A finding in words, without a full stop. */
export function findingWords({ kind, groupedBy, level, other, rows, value }: Finding): string {
  const who = `${groupedBy} ${level}`;
  const days = daysInWords(Math.abs(value), Math.floor(rows / 10));
  if (kind === 'pair')
    return `${who} and ${other}: predictions are ${days} days ${value > 0 ? 'longer' : 'shorter'} for the first, both held against their stays (${rows} stays)`;
  if (kind === 'bias')
    return `${who}: predictions are ${days} days too ${value > 0 ? 'long' : 'short'} on average (${rows} stays)`;
  if (kind === 'coverage') return `${who}: ${percent(value)} of ${rows} stays are inside their 80 % interval`;
  return `${who}: ${percent(Math.abs(value))} ${value > 0 ? 'fewer' : 'more'} of ${rows} patients have left by ${kind} than the curves expect`;
}
