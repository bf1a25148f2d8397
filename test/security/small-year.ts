/** A stay as the hospital knows it: each field from the day on which it does. */
interface Entry {
  readonly id: string;
  readonly patient: string;
  readonly came: number;
  /** Day on which it is entered, corrected, and cancelled or erased. */
  readonly known: number;
  readonly corrected: number;
  readonly gone: number;
  readonly los: number;
  readonly correctedLos: number;
}

/** A stay that has ended. */
export interface Ended {
  readonly id: string;
  readonly patient: string;
  readonly los: number;
}

/** Whom a figure would be about on a day. */
export interface Population {
  readonly kind: 'holdout' | 'month' | 'week' | 'dates' | 'delays';
  readonly subject: string;
  readonly stays: readonly Ended[];
}

const DAYS = 365;
const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
/** Days of trainings; each holds the stays of so many days before it out. */
const TRAININGS = [120, 180, 300];
const HELD_OUT = 65;

/** Numbers between 0 and 1, the same for a seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

/** Two to six admissions a day, of a thousand patients; some are entered late, corrected, cancelled or erased. */
export function smallYear(seed: number): readonly Entry[] {
  const next = numbers(seed);
  const of = (share: number) => next() < share;
  const entries: Entry[] = [];
  for (let came = 0; came < DAYS; came++)
    for (let i = 2 + Math.floor(5 * next()); i > 0; i--) {
      const los = Math.ceil(-5 * Math.log(1 - next())) + (of(0.03) ? 40 : 0);
      entries.push({
        id: String(10000 + entries.length),
        patient: String(Math.floor(1000 * next())),
        came,
        known: came + (of(0.04) ? 5 + Math.floor(60 * next()) : 0),
        corrected: of(0.03) ? came + los + Math.floor(70 * next()) : Number.POSITIVE_INFINITY,
        gone: of(0.02) ? came + los + Math.floor(90 * next()) : Number.POSITIVE_INFINITY,
        los,
        correctedLos: los + 1 + Math.floor(20 * next()),
      });
    }
  return entries;
}

/** Whom each month, week and holdout is about, as the hospital knows it at the end of a day. */
export function populations(year: readonly Entry[], day: number): readonly Population[] {
  const known = year
    .filter((entry) => entry.known <= day && entry.gone > day)
    .map((entry) => ({ ...entry, los: entry.corrected <= day ? entry.correctedLos : entry.los }));
  const hasLeft = ({ came, los }: { readonly came: number; readonly los: number }) => came + los <= day;
  const found: Population[] = [];
  const add = (kind: Population['kind'], subject: string, stays: typeof known) => {
    if (stays.length > 0)
      found.push({ kind, subject, stays: stays.map(({ id, patient, los }) => ({ id, patient, los })) });
  };
  let first = 0;
  for (const [i, days] of MONTHS.entries()) {
    const own = known.filter(({ came }) => came >= first && came < first + days);
    if (first + days <= day && own.every(hasLeft)) add('month', `m${i + 1}`, own);
    first += days;
  }
  for (let monday = 4; monday + 7 <= day && monday < DAYS; monday += 7) {
    const own = known.filter(({ came }) => came >= monday && came < monday + 7);
    const ended = own.filter(hasLeft);
    const rest = own.length - ended.length;
    if (rest === 0 || rest >= 10 || day > monday + 35) add('week', `w${monday}`, ended);
  }
  for (const training of TRAININGS)
    if (day >= training && day < training + 40)
      add(
        'holdout',
        `v${training}`,
        known.filter((entry) => entry.came >= training - HELD_OUT && entry.came + entry.los <= training),
      );
  return found;
}
