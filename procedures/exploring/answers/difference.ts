import type { Question } from '../../dataset/questions.js';
import type { Answer, AnswerTable } from '../answer.js';
import { conditionWords, type Grouping } from '../groupings.js';
import { collapse, type Line, levelLines, linesTable, margin, varianceExplained } from '../lines.js';
import { amount, capital, list, number, percent } from '../words.js';

/** Subject of a difference: the stay, or another number. */
interface Subject {
  readonly of: string;
  readonly unit: string;
  readonly most: string;
  readonly least: string;
  readonly rise: string;
  readonly fall: string;
  readonly hardly: string;
}

const STAYS: Subject = {
  of: 'their',
  unit: ' days',
  most: 'Stays are longest',
  least: 'shortest',
  rise: 'Stays get longer',
  fall: 'Stays get shorter',
  hardly: 'Stays hardly differ',
};

function subjectOf(target: string | undefined): Subject {
  if (target === undefined) return STAYS;
  return {
    of: 'its',
    unit: '',
    most: `${target} is highest`,
    least: 'lowest',
    rise: `${target} rises`,
    fall: `${target} falls`,
    hardly: `${target} hardly differs`,
  };
}

/** A difference is told as none where groups explain less than this of the variance, and means are closer than that to each other. */
const HARDLY = 0.005;
const CLOSE = 0.1;
/** Groups of fewer stays are in the table, but not in a sentence about the longest and the shortest. */
const FEWEST_STAYS = 30;

/** Compares a number between groups: a table and sentences for each grouping of the question. */
export function difference(
  question: Question,
  measured: readonly { readonly grouping: Grouping; readonly lines: readonly Line[] }[],
  longStayDays: number,
): Answer {
  const sentences: string[] = [];
  const tables: AnswerTable[] = [];
  let weight = 0;
  const where = question.where ? `, where ${conditionWords(question.where)}` : '';
  for (const { grouping, lines } of measured) {
    const title = `${question.target || 'Stay'} by ${grouping.dimensions.map(({ name }) => name).join(' and ')}${where}`;
    tables.push(linesTable(title, grouping, lines, question.target === undefined ? longStayDays : null));
    sentences.push(...differenceSentences(grouping, lines, question.target));
    weight = Math.max(weight, Math.min(0.6, 1.5 * (varianceExplained(lines) || 0)));
  }
  return { id: question.id, question: question.question, answer: sentences.join(' '), tables, weight };
}

/** Says in sentences what a table shows. */
export function differenceSentences(grouping: Grouping, lines: readonly Line[], target?: string): string[] {
  const { dimensions } = grouping;
  const subject = subjectOf(target);
  const all = levelLines(lines);
  const large = all.filter(({ n }) => n >= FEWEST_STAYS);
  const groups = large.length >= 2 ? large : all;
  const by = list(dimensions.map(({ name }) => name));
  if (groups.length < 2) return [`There is only one group of ${by} with ten patients and more.`];
  const byMean = groups.slice().sort((a, b) => b.mean - a.mean);
  const [high, low] = [byMean[0] as Line, byMean[byMean.length - 1] as Line];
  const [first, last] = [all[0] as Line, all[all.length - 1] as Line];
  const share = varianceExplained(lines);
  const differenceText = (a: Line, b: Line) =>
    `${amount(Math.abs(a.mean - b.mean))} ± ${amount(margin(a, b))}${subject.unit}`;
  const between = high.mean - low.mean;
  const hardly =
    share === null ||
    (share < HARDLY && (between <= margin(high, low) || between < CLOSE * Math.abs(low.mean)));
  const sentences: string[] = [];
  const trend = dimensions.length === 1 && (dimensions[0] as { ordered: boolean }).ordered ? trendOf(all) : 0;
  if (hardly)
    sentences.push(
      `${subject.hardly} by ${by}: from ${mean(low, subject)} (${groupName(dimensions, low)}) to ${mean(high, subject)} (${groupName(dimensions, high)}), ${differenceText(high, low)} apart.`,
    );
  else if (trend !== 0)
    sentences.push(
      `${trend > 0 ? subject.rise : subject.fall} with ${by}: on average ${mean(first, subject)} where it is ${first.labels[0]}, ${mean(last, subject)} where it is ${last.labels[0]} (${differenceText(first, last)} apart).`,
    );
  else
    sentences.push(
      `${subject.most} where ${placeName(dimensions, high)} (on average ${mean(high, subject)}, ${number(high.n, 0)} stays) and ${subject.least} where ${placeName(dimensions, low)} (${mean(low, subject)}, ${number(low.n, 0)} stays): ${differenceText(high, low)} apart.`,
    );
  if (share !== null) sentences.push(shareSentence(dimensions, lines, by, share, subject));
  return sentences;
}

function shareSentence(
  dimensions: Grouping['dimensions'],
  lines: readonly Line[],
  by: string,
  share: number,
  { of }: Subject,
): string {
  if (dimensions.length === 1) return `${capital(by)} explains ${percent(share)} of ${of} variance.`;
  const alone = dimensions.map(
    ({ name }, i) => `${name} alone ${percent(varianceExplained(collapse(lines, i)) || 0)}`,
  );
  return `Together ${by} explain ${percent(share)} of ${of} variance, ${list(alone)}.`;
}

/**
 * 1: means rise from group to group, but for steps that may be chance, and from the first to the last; -1: they fall;
 * 0: neither, or there are only two groups.
 */
export function trendOf(groups: readonly Line[]): number {
  if (groups.length < 3) return 0;
  const step = (a: Line, b: Line) =>
    Math.abs(b.mean - a.mean) <= margin(a, b) ? 0 : Math.sign(b.mean - a.mean);
  const whole = step(groups[0] as Line, groups[groups.length - 1] as Line);
  const against = groups.slice(1).some((line, i) => step(groups[i] as Line, line) === -whole);
  return against ? 0 : whole;
}

function mean(line: Line, { unit }: Subject): string {
  return `${amount(line.mean)}${unit}`;
}

function groupName(dimensions: Grouping['dimensions'], { labels }: Line): string {
  return dimensions.length === 1 ? (labels[0] as string) : labels.join(', ');
}

function placeName(dimensions: Grouping['dimensions'], { labels }: Line): string {
  return dimensions.map(({ name }, i) => `${name} is ${labels[i]}`).join(' and ');
}
