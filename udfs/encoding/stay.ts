/** Keys that an OBJECT has beside the features where it is about a stay that has begun. */
export const STAY = {
  /** Calendar days since admission, of the morning. */
  day: 'DAY_OF_STAY',
  /** Events of the stay that were known that morning (procedures/stay/features.ts). */
  events: 'EVENTS',
  /** The same a morning before; left out: it is not asked what has moved the prediction. */
  before: 'EVENTS_BEFORE',
  /** Made of the day: by it versions of 0.5.0 have wider intervals. */
  bucket: 'STAY_DAYS',
} as const;

/**
 * Number of times that the day of stay and the period stand in a line. A tree looks at some of the columns, hundreds
 * where there are many events, and one that sees neither learns what is true of no day: of four times two or three
 * hardly any tree sees none.
 */
export const REPEATED = 4;

/**
 * A text so many times, with commas between.
 * @example
 * repeatText('3'); // "3,3,3,3"
 */
export function repeatText(text: string): string {
  return new Array(REPEATED).fill(text).join(',');
}

/** First days of the ranges of days of stay in which a model is calibrated and measured. */
export const BUCKETS: readonly number[] = [0, 1, 2, 3, 4, 6, 8, 11, 15, 21, 31];

/**
 * The range of days that a day of stay is in.
 * @example
 * bucketOf(7); // "6-7"
 */
export function bucketOf(day: number): string {
  let i = BUCKETS.length - 1;
  while (i > 0 && day < (BUCKETS[i] as number)) i--;
  const [from, next] = [BUCKETS[i] as number, BUCKETS[i + 1]];
  if (next === undefined) return `${from}+`;
  return next - 1 > from ? `${from}-${next - 1}` : String(from);
}
