import { type FeatureCode, isAssumed, type RawRow } from './encoding.js';
import { MARKS } from './marks.js';
import type { Inputs } from './model.js';

/** What is made of a row because of which of its columns were given. */
export interface Given {
  /** The row as it is encoded: without what only a default says that hardly any training row had. */
  readonly features: RawRow;
  /** Features that nothing was given of. */
  readonly missing: readonly string[];
  /** Those whose usual value was put into `features`. */
  readonly taken: readonly string[];
}

const NONE: readonly string[] = [];

/** The same for every row of which the same columns are given, so found once. */
interface Effect {
  readonly missing: readonly string[];
  readonly blank: readonly string[];
  readonly taken: readonly (readonly [name: string, usual: string | number])[];
}

/** Many hospitals' rows lack the same few columns; what people leave out is kept up to here. */
const MOST_KEPT = 1_000;

/** Reads the marks of a row (marks.ts): what of it was given, and what a person gave that nobody uses. */
export class GivenReader {
  private readonly effects = new Map<string, Effect>();
  private readonly lists = new Map<string, readonly string[]>();
  private readonly codes = new Map<string, FeatureCode>();

  constructor(
    codes: readonly FeatureCode[],
    private readonly inputs: Inputs,
    private readonly version: string,
  ) {
    for (const code of codes) this.codes.set(code.name, code);
  }

  read(row: RawRow): Given {
    const marks = row[MARKS.defaulted];
    if (typeof marks !== 'string' || marks === '') return { features: row, missing: NONE, taken: NONE };
    const keys = keysOf(row);
    const { missing, blank, taken } = kept(this.effects, keys ? `${marks}|${keys.join()}` : marks, () =>
      this.effectOf(marks.split(','), keys),
    );
    if (blank.length === 0 && taken.length === 0) return { features: row, missing, taken: NONE };
    const features: Record<string, unknown> = { ...row };
    for (const name of blank) features[name] = undefined;
    for (const [name, usual] of taken) features[name] = usual;
    return { features, missing, taken: taken.map(([name]) => name) };
  }

  private effectOf(missing: readonly string[], keys: readonly string[] | undefined): Effect {
    const { into, rareDefaults, history } = this.inputs;
    const written = keys && new Set(keys.map((key) => key.toUpperCase()));
    const blank = new Set<string>();
    for (const column of missing)
      if (rareDefaults.includes(column))
        // Somebody has said it in its own name, and nothing of what it is computed from.
        for (const feature of into[column] ?? NONE)
          if (!(written?.has(feature) && !written.has(column))) blank.add(feature);
    const taken: [string, string | number][] = [];
    for (const name of missing) {
      const code = this.codes.get(name);
      if (history.includes(name) && code?.usual !== undefined && !isAssumed(code))
        taken.push([name, code.usual]);
    }
    return { missing, blank: [...blank], taken };
  }

  /** Keys of the person's OBJECT that the version does not use, each with what may have been meant. */
  ignored(row: RawRow): readonly string[] {
    const keys = keysOf(row);
    return keys ? kept(this.lists, keys.join(), () => this.ignoredOf(keys)) : NONE;
  }

  private ignoredOf(keys: readonly string[]): string[] {
    const { into, called } = this.inputs;
    const ignored: string[] = [];
    for (const key of keys) {
      const written = key.toUpperCase();
      if (written === MARKS.defaulted || written === MARKS.keys) continue;
      const name = called?.[written] ?? written;
      const goesInto = own(into, name);
      if (goesInto === undefined) {
        const meant = nearest(written, Object.keys(into));
        ignored.push(meant === undefined ? key : `${key} → ${meant}?`);
      } else if (goesInto.length === 0) ignored.push(`${key} (not used by ${this.version})`);
    }
    return ignored;
  }
}

/** The keys that a person gave; undefined where nobody did. */
function keysOf(row: RawRow): readonly string[] | undefined {
  const keys = row[MARKS.keys];
  return Array.isArray(keys) ? keys.map(String) : undefined;
}

function kept<T>(found: Map<string, T>, key: string, find: () => T): T {
  let value = found.get(key);
  if (value === undefined) {
    value = find();
    if (found.size < MOST_KEPT) found.set(key, value);
  }
  return value;
}

function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** The fewest letters of which a beginning says what was meant. */
const BEGINNING = 3;

/** The name that was meant by another: which begins with it, or that it begins with, or that is few letters away. */
function nearest(written: string, names: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const name of names) {
    const begins =
      (written.length >= BEGINNING && name.startsWith(written)) ||
      (name.length >= BEGINNING && written.startsWith(`${name}_`));
    const away = begins ? 1 : distance(written, name);
    const most = Math.max(1, Math.floor(Math.min(written.length, name.length) / 4));
    if (away <= most && (away < least || (away === least && name.length < (best ?? '').length))) {
      best = name;
      least = away;
    }
  }
  return best;
}

/** Letters to change, leave out or put in, or to exchange with the next (optimal string alignment). */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (last[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(change, (last[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, (before[j - 2] as number) + 1);
      row.push(least);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
