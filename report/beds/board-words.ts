import { percent } from '../../procedures/ground/percent.js';
import { requireValue } from '../../udfs/require-value.js';
import { count } from '../text/count.js';
import type { Board, BoardLine } from './board.js';
import type { WardNeed } from './groups.js';
import { type Names, nameOf } from './names.js';
import { dayOf, shortDay } from './tables.js';

const DAY = 86_400_000;
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
/** Wards that a headline names. */
const MOST_NAMED = 3;

/** `tonight`, `on Thursday night`, and of a night that is not within a week `on the night of Thu 2026-12-10`. @param today YYYY-MM-DD */
export function nightWords(night: string, today: string): string {
  const days = (Date.parse(night) - Date.parse(today)) / DAY;
  if (days === 0) return 'tonight';
  return days > 0 && days < 7 ? `on ${weekdayOf(night)} night` : `on the night of ${dayOf(night)}`;
}

/** `today`, `tomorrow`, or the day. */
export function dayWords(day: string, today: string): string {
  const days = (Date.parse(day) - Date.parse(today)) / DAY;
  return ['today', 'tomorrow'][days] ?? `on ${shortDay(day)}`;
}

/** Headline for a bed meeting, in a sentence. @param today YYYY-MM-DD, by the clock of the hospital */
export function headlineOf(board: Board, names: Names, today: string): string {
  const { wards, hospital, night } = board;
  const lines = [...(hospital ? [hospital] : []), ...wards];
  const name = (line: BoardLine) => nameOf(line, names);
  const tonight = lines.filter(({ firstOver }) => firstOver === night);
  if (tonight.length > 0) return `${likely(tonight, name, nightWords(night, today))}.`;
  const next = lines
    .map(({ firstOver }) => firstOver)
    .filter((first) => first !== null)
    .sort()[0];
  if (next !== undefined) {
    const over = lines.filter(({ firstOver }) => firstOver === next);
    return `${likely(over, name, nightWords(next, today))}.`;
  }
  const [only] = wards;
  if (only && !hospital && wards.length === 1) return expectedSentence(only, `${name(only)}: `, board, today);
  const [first] = wards.filter(({ overCapacity }) => overCapacity !== null);
  const calm = 'Every ward probably has enough beds';
  if (first && requireValue(first.overCapacity, 'overCapacity') >= 0.1)
    return `${calm}; ${name(first)} is most at risk (${percent(requireValue(first.overCapacity, 'overCapacity'), 0)} ${nightWords(night, today)}).`;
  if (first) return `${calm}.`;
  if (!hospital) return 'Beds are forecast by ward.';
  return expectedSentence(hospital, '', board, today);
}

function expectedSentence(
  { tonight, occupied }: BoardLine,
  whose: string,
  board: Board,
  today: string,
): string {
  const { mean, p10, p90 } = tonight;
  const isLastNight = Date.parse(today) - Date.parse(board.madeOn) === DAY;
  const before = isLastNight ? `; ${beds(occupied)} were last night` : '';
  return `${whose}${beds(mean)} beds are expected to be occupied ${nightWords(board.night, today)}, ${beds(p10)} to ${beds(p90)} in 8 of 10 nights${before}.`;
}

function likely(over: readonly BoardLine[], name: (line: BoardLine) => string, when: string): string {
  const [first] = over;
  if (first && over.length === 1)
    return `${name(first)} will probably need more than its ${beds(requireValue(first.capacity, 'capacity'))} beds ${when}`;
  const named = over.slice(0, MOST_NAMED).map(name);
  const rest = over.length - named.length;
  const all = rest > 0 ? [...named, `${rest} more`] : named;
  return `${all.slice(0, -1).join(', ')} and ${all.at(-1)} will probably need more beds than they have ${when}`;
}

/** Sentences about day, hour and age of the data. */
export function ageSentences({ madeOn, madeAt, daysAgo, ageHours }: Board, zone: string): string[] {
  const age = ageHours < 48 ? count(ageHours, 'hour') : count(Math.floor(ageHours / 24), 'day');
  return [
    `Forecast of ${dayOf(madeAt.slice(0, 10))}, ${madeAt.slice(11)} (${zone}). Data to the end of ${dayOf(madeOn)}, ${age} ago.`,
    ...(daysAgo > 0
      ? [`The data are ${count(daysAgo, 'day')} late: what has happened since is not in these figures.`]
      : []),
  ];
}

/** Needs of wards on the night of the board. */
export function needsOf(wards: readonly BoardLine[]): WardNeed[] {
  return wards.map(({ unit, capacity, tonight }) => ({ unit, capacity, needed: tonight.mean }));
}

/** Counts wards whose beds were within the band, of those that have one. */
export function insideOf(wards: readonly BoardLine[]): { readonly inside: number; readonly of: number } {
  const judged = wards.filter(({ lastNight }) => lastNight !== null);
  return { inside: judged.filter(isInside).length, of: judged.length };
}

export function isInside({ lastNight, occupied }: BoardLine): boolean {
  return lastNight !== null && occupied >= lastNight.p10 && occupied <= lastNight.p90;
}

/** A number of beds, whole. */
export function beds(value: number): string {
  return Math.round(value).toLocaleString('en-US').replace('-', '−');
}

/** Whole beds at the ends of a band. */
export function band({ p10, p90 }: { readonly p10: number; readonly p90: number }): string {
  return beds(p10) === beds(p90) ? beds(p10) : `${beds(p10)}–${beds(p90)}`;
}

function weekdayOf(day: string): string {
  return requireValue(WEEKDAYS[new Date(Date.parse(day)).getUTCDay()], 'weekday');
}
