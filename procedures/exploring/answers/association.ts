import { describeLeak, LEAKS, leakAdvice, leakSentence } from '../../dataset/leak.js';
import type { Answer } from '../answer.js';
import type { CodedColumn } from '../coding.js';
import type { Cell, Facts, MeasuredTable } from '../facts.js';
import { levelLines, varianceExplained } from '../lines.js';
import { list, percent, percentage } from '../words.js';
import { trendOf } from './difference.js';

/** Information of a column about the stay by itself: a share of the variance between stays, with its 95 % interval. */
export interface Association {
  readonly column: CodedColumn;
  readonly share: number;
  readonly from: number;
  readonly to: number;
  /** Groups that it makes. */
  readonly groups: number;
}

interface Sums {
  n: number;
  days: number;
  squares: number;
}

/**
 * Ranked, most of all first. How sure a share is follows from leaving out one part of the patients after the other (the
 * jackknife by groups; Shao and Tu, The Jackknife and Bootstrap, 1995), so repeated stays of a patient count as what they are.
 */
export function associationsOf(columns: readonly CodedColumn[], cells: readonly Cell[]): Association[] {
  const byPlace = new Map<number, Cell[]>();
  for (const cell of cells) {
    const own = byPlace.get(cell.place);
    if (own) own.push(cell);
    else byPlace.set(cell.place, [cell]);
  }
  const found: Association[] = [];
  for (const column of columns) {
    const own = byPlace.get(column.place) || [];
    const share = shareOf(own);
    if (share === null) continue;
    const folds = Array.from(new Set(own.map(({ fold }) => fold)));
    const without = folds
      .map((fold) => shareOf(own.filter((cell) => cell.fold !== fold)))
      .filter((each): each is number => each !== null);
    const mean = without.reduce((sum, each) => sum + each, 0) / without.length;
    const spread = without.reduce((sum, each) => sum + (each - mean) ** 2, 0);
    const error = Math.sqrt((spread * (without.length - 1)) / without.length);
    found.push({
      column,
      share: Math.max(0, share),
      from: Math.max(0, share - 1.96 * error),
      to: Math.min(1, Math.max(0, share + 1.96 * error)),
      groups: new Set(own.map(({ code }) => code)).size,
    });
  }
  return found.sort((a, b) => b.share - a.share);
}

/** R² of the groups, corrected for how many there are. Below nothing where they tell less than chance would. */
function shareOf(cells: readonly Cell[]): number | null {
  const groups = new Map<number, Sums>();
  for (const { code, n, days, squares } of cells) {
    const sums = groups.get(code) || { n: 0, days: 0, squares: 0 };
    sums.n += n;
    sums.days += days;
    sums.squares += squares;
    groups.set(code, sums);
  }
  const all: Sums = { n: 0, days: 0, squares: 0 };
  let between = 0;
  groups.forEach(({ n, days, squares }) => {
    all.n += n;
    all.days += days;
    all.squares += squares;
    between += (days * days) / n;
  });
  const mean = (all.days * all.days) / all.n;
  const total = all.squares - mean;
  if (groups.size < 2 || all.n <= groups.size || total <= 0) return null;
  return 1 - (1 - (between - mean) / total) * ((all.n - 1) / (all.n - groups.size));
}

/** Features by what each tells of the stay. */
export function associations(question: string, facts: Facts, all: readonly Association[]): Answer {
  const ranked = all.filter(({ column }) => column.role === 'feature');
  const [best, ...rest] = ranked;
  const words = ({ column, share, from, to }: Association) =>
    `${column.name} ${percent(share)} (${percentage(from)} to ${percentage(to)})`;
  const sentences: string[] = [];
  if (best === undefined) sentences.push('No feature has two groups.');
  else {
    sentences.push(
      `Of what is known on admission, ${best.column.name} tells most of the stay: ${percent(best.share)} of the variance (95 % interval ${percentage(best.from)} to ${percentage(best.to)})${rest.length > 0 ? `, then ${list(rest.slice(0, 3).map(words))}` : ''}.`,
    );
    const nothing = ranked.filter(({ from }) => from <= 0);
    if (nothing.length > 0)
      sentences.push(
        `${list(nothing.map(({ column }) => column.name))} ${nothing.length === 1 ? 'tells' : 'tell'} nothing that chance could not.`,
      );
    sentences.push('Each share is of that input alone, so the shares do not add up.');
  }
  const trend = ({ column }: Association) => {
    const measured = facts.single.get(column.place) as MeasuredTable | undefined;
    const groups = measured === undefined ? [] : levelLines(measured.lines);
    if (!column.ordered || groups.length < 3) return '';
    const direction = trendOf(groups);
    if (direction === 0) return 'neither';
    return direction > 0 ? 'rising' : 'falling';
  };
  return {
    id: 'associations',
    question,
    answer: sentences.join(' '),
    weight: best === undefined ? 0 : 0.6,
    tables: [
      {
        title: 'Share of the variance of stays that a feature explains by itself, %',
        columns: ['feature', '%', 'from', 'to', 'groups', 'stays along it'],
        rows: ranked.map((each) => [
          each.column.name,
          percentage(each.share),
          percentage(each.from),
          percentage(each.to),
          each.groups,
          trend(each),
        ]),
      },
    ],
  };
}

/** Share of the variance: where a missing value explains more, it was hardly missing by chance. */
const TELLING = 0.05;

/**
 * From this share on a column is suspected here. Its few groups tell less of a leak than the 32 of a training do (leaks/find-leaks.ts), which
 * refuses by the days from .5 on.
 */
const SUSPECTED = LEAKS.order;

/** Features that tell too much, by their values or by being missing; and what is known only later, for comparison. */
export function leaks(question: string, facts: Facts, all: readonly Association[]): Answer {
  const features = all.filter(({ column }) => column.role === 'feature');
  const suspects = features.filter(({ column, share }) => share > SUSPECTED && column.known !== true);
  const later = all.filter(({ column }) => column.role === 'later');
  const telling = features
    .map(({ column }) => ({ column, share: missingShare(facts, column) }))
    .filter(({ share }) => share > TELLING);
  const sentences: string[] = [];
  if (suspects.length > 0) {
    const names = suspects.map(({ column }) => column.name);
    const why = suspects.map(({ column, share }) =>
      describeLeak({ features: [column.name], share, by: 'days' }),
    );
    sentences.push(leakSentence(names, why), leakAdvice(names));
  }
  for (const { column, share } of telling)
    sentences.push(
      `Whether ${column.name} is missing explains ${percent(share)} of the variance of stays: staff may write it down only when a stay is long.`,
    );
  if (suspects.length === 0 && telling.length === 0)
    sentences.push(
      `No feature is suspected of revealing the stay: none explains more than ${percent(SUSPECTED)} of its variance alone${features[0] ? `, the most is ${percent(features[0].share)} (${features[0].column.name})` : ''}.`,
    );
  const strong = later.filter(({ share }) => share > 0.02);
  if (strong.length > 0)
    sentences.push(
      `Known only after admission, and so rightly no feature: ${list(strong.slice(0, 4).map(({ column, share }) => `${column.name} (${percent(share)})`))}.`,
    );
  return {
    id: 'leaks',
    question,
    answer: sentences.join(' '),
    weight: Math.max(suspects.length > 0 ? 1 : 0, telling.length > 0 ? 0.7 : 0),
    tables: [
      {
        title: 'Share of the variance of stays that is explained, %',
        columns: ['column', 'known', 'by its values', 'by being missing'],
        rows: all
          .filter(({ column }) => column.role === 'feature' || column.role === 'later')
          .map(({ column, share }) => [
            column.name,
            column.role === 'later' ? 'after admission' : 'on admission',
            percentage(share),
            percentage(missingShare(facts, column)),
          ]),
      },
    ],
  };
}

function missingShare({ associations: cells }: Facts, { place }: CodedColumn): number {
  const parts = [true, false].map((missing) => {
    const own = cells.filter((cell) => cell.place === place && (cell.code === 0) === missing);
    const sum = (of: (cell: Cell) => number) => own.reduce((all, cell) => all + of(cell), 0);
    const n = sum((cell) => cell.n);
    const mean = sum((cell) => cell.days) / n;
    return {
      n,
      mean,
      sd: n > 1 ? Math.sqrt(Math.max(0, sum((cell) => cell.squares) - n * mean * mean) / (n - 1)) : null,
    };
  });
  return parts.some(({ n }) => n < 10) ? 0 : varianceExplained(parts) || 0;
}
