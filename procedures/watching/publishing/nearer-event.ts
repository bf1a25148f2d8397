import { percent } from '../../ground/percent.js';
import { daysInWords } from '../../publishing/rounding.js';
import type { WatchEvent } from '../events.js';
import type { Nearer } from './nearer.js';

/** Figures about dates, METRICS of LOS_PUBLISHED_ROWS: errors in days, shares of 1. Each stay counts once. */
export interface DateFigures {
  readonly people: number;
  readonly model: number;
  /** Of the mean of both dates. */
  readonly both: number;
  readonly shareOnDay: number;
  readonly within1: number;
  readonly modelWithin1: number;
  readonly shareEarly: number;
  readonly shareLate: number;
  readonly nearer: Nearer;
}

/** Stays of a month by one of: all, lead, writer, ward, confirmed, moved. */
export interface DateLine {
  readonly groupedBy: string;
  readonly level: string;
  readonly stays: number;
  readonly figures: DateFigures;
}

const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** A month as people write it. @param day its first, YYYY-MM-DD */
export function monthInWords(day: string): string {
  return `${MONTHS[Number(day.slice(5, 7)) - 1]} ${day.slice(0, 4)}`;
}

/** A line in words, in the middle of a sentence. */
export function lineInWords({ groupedBy, level }: Pick<DateLine, 'groupedBy' | 'level'>): string {
  if (groupedBy === 'lead') {
    const days = level === '1' ? '1 day' : `${level} days`;
    return `dates ${level === 'more' ? 'more than 7 days' : days} ahead`;
  }
  if (groupedBy === 'writer' || groupedBy === 'moved') return `dates by ${level}`;
  if (groupedBy === 'ward') return `ward ${level}`;
  return groupedBy === 'confirmed' ? 'confirmed dates' : 'all dates';
}

/**
 * Mail of who was nearer in a month: only what is beyond chance is named, in the order of names.
 * @param month its first day, YYYY-MM-DD
 * @param more sentences that the mail ends with
 * @returns null: too little is published
 */
export function nearerEvent(
  month: string,
  lines: readonly DateLine[],
  more: readonly string[] = [],
): WatchEvent | null {
  const all = lines.find(({ groupedBy }) => groupedBy === 'all');
  if (all === undefined) return null;
  const { stays, figures } = all;
  const days = (mean: number) => daysInWords(mean, stays);
  const moved = lines
    .filter(({ groupedBy }) => groupedBy === 'moved')
    .reduce((sum, line) => sum + line.stays, 0);
  const sentences = [
    `In ${monthInWords(month)} ${stays} stays ended for which people had written a date: it was ${days(figures.people)} days off on average, the model’s ${days(figures.model)}, the mean of both ${days(figures.both)}.`,
    `People’s dates were right to within a day in ${percent(figures.within1, 0)} of cases, too early in ${percent(figures.shareEarly, 0)}, too late in ${percent(figures.shareLate, 0)}.`,
    ...nearerSentences(lines),
    ...(moved > 0 ? [`Dates that had moved to the model’s count apart (${moved} stays).`] : []),
    ...more,
  ];
  return {
    kind: 'dates compared',
    severity: 'info',
    subject: monthInWords(month),
    message: sentences.join(' '),
    next: 'The report’s page Dates and LOS_DATE_ACCURACY have all figures (docs/huddle.md).',
    details: { month },
  };
}

/** Sentences of what is beyond chance, and that the rest is not. @param words of a line, in the middle of a sentence */
export function nearerSentences<L extends DateLine>(
  lines: readonly L[],
  words: (line: L) => string = lineInWords,
): string[] {
  const linesOf = (who: Nearer) => lines.filter(({ figures }) => figures.nearer === who).map(words);
  const [people, model] = [linesOf('people'), linesOf('model')];
  if (people.length + model.length === 0)
    return ['No difference between people and model is more than chance.'];
  return [
    ...(people.length > 0 ? [`People were nearer beyond chance: ${people.join(', ')}.`] : []),
    ...(model.length > 0 ? [`The model was nearer beyond chance: ${model.join(', ')}.`] : []),
    'No other difference is more than chance.',
  ];
}
