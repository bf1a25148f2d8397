import { toCsvLine } from './encoding.js';

/**
 * Summaries of the events of one name that a model of stays reads: some of its summaries, in the contract's order. So
 * a version carries a few numbers for a name, however many columns come of them.
 */
export interface EventCode {
  readonly name: string;
  /** Places of the summaries that are read; each is a column, or one for each of its levels. */
  readonly kept: readonly number[];
  /** Place of a text → its levels, each of at least ten patients; left out: all are numbers. */
  readonly levels?: Readonly<Record<string, readonly string[]>>;
  /** Places that time alone changes (hours since, count in 24 hours): they tell of no new event; left out: none. */
  readonly passing?: readonly number[];
}

/** OBJECT of the name of an event → ARRAY of its summaries (procedures/stay/features.ts), as Snowflake hands it over. */
export type Events = Readonly<Record<string, unknown>>;

const NONE: readonly unknown[] = [];
const MISSING = Number.NaN;

/**
 * A stay's events → for each code what it puts into a row's line. A name without rows, and a summary without a value, are missing numbers.
 * @example
 * eventTexts({ PULSE: [88, -4], WARD: ['B'] }, [
 *   { name: 'PULSE', kept: [1] },
 *   { name: 'WARD', kept: [0], levels: { 0: ['A', 'B'] } },
 * ]); // ["-4", "0,1"]
 */
export function eventTexts(events: unknown, codes: readonly EventCode[]): string[] {
  const given = isObject(events) ? events : {};
  return codes.map((code) => toCsvLine(numbersOf(given, code)));
}

function numbersOf(events: Events, { name, kept, levels }: EventCode): number[] {
  // What an object has of its own accord is no array.
  const found = events[name];
  const summaries = Array.isArray(found) ? (found as readonly unknown[]) : NONE;
  const numbers: number[] = [];
  for (const place of kept) {
    const value = summaries[place];
    const known = levels?.[place];
    if (known) for (const level of known) numbers.push(textOf(value) === level ? 1 : 0);
    else numbers.push(toNumber(value));
  }
  return numbers;
}

/** XGBoost keeps float32, and refuses a whole request for one value that is infinite in it. */
function toNumber(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value)) ? value : MISSING;
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}

/**
 * Places, in `codes`, of the events of which something is known that was not known before, the hours that have passed apart.
 * @example
 * changedEvents({ PULSE: [88, 3] }, { PULSE: [92, 27] }, [{ name: 'PULSE', kept: [0, 1], passing: [1] }]); // [0]
 */
export function changedEvents(events: unknown, before: unknown, codes: readonly EventCode[]): number[] {
  const changed: number[] = [];
  codes.forEach((code, i) => {
    const lasting = code.passing ? code.kept.filter((place) => !code.passing?.includes(place)) : code.kept;
    const one = [{ ...code, kept: lasting.length > 0 ? lasting : code.kept }];
    if (eventTexts(events, one)[0] !== eventTexts(before, one)[0]) changed.push(i);
  });
  return changed;
}

function isObject(value: unknown): value is Events {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
