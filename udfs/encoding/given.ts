import type { IgnoredKeys, Inputs } from '../model.js';
import { type FeatureCode, isAssumed, type RawRow } from './encoding.js';
import { MARKS } from './marks.js';
import { copyOf } from './names.js';

/** Marks of a row by the columns that were given. */
export interface InputMarks {
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

/** Reads the marks of a row (marks.ts): what of it was given, and what a person gave that is not used. */
export class InputMarksReader {
  private readonly effects = new Map<string, Effect>();
  private readonly lists = new Map<string, IgnoredKeys | undefined>();
  private readonly codes = new Map<string, FeatureCode>();

  constructor(
    codes: readonly FeatureCode[],
    private readonly inputs: Inputs,
  ) {
    for (const code of codes) this.codes.set(code.name, code);
  }

  read(row: RawRow): InputMarks {
    const marks = row[MARKS.defaulted];
    if (typeof marks !== 'string' || marks === '') return { features: row, missing: NONE, taken: NONE };
    const keys = keysOf(row);
    const { missing, blank, taken } = memoize(this.effects, keys ? `${marks}|${keys.join()}` : marks, () =>
      this.effectOf(marks.split(','), keys),
    );
    if (blank.length === 0 && taken.length === 0) return { features: row, missing, taken: NONE };
    const features: Record<string, unknown> = copyOf(row);
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
        // It is given under its own name, and nothing of what it is computed from.
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

  /** Who asks: the pipeline, about a row of the table; SQL, about one that says which admission it is; or a person, by hand. */
  askedBy(row: RawRow): 'pipeline' | 'table' | 'hand' {
    const keys = keysOf(row);
    if (keys === undefined) return 'pipeline';
    const { id, called } = this.inputs;
    const isId = (key: string) => key === id || called?.[key] === id;
    return id !== undefined && keys.some((key) => isId(key.toUpperCase())) ? 'table' : 'hand';
  }

  /** Keys of a person's OBJECT that the version does not use; undefined: nothing. */
  findIgnored(row: RawRow): IgnoredKeys | undefined {
    const keys = keysOf(row);
    return keys && memoize(this.lists, keys.join(), () => this.listIgnored(keys));
  }

  private listIgnored(keys: readonly string[]): IgnoredKeys | undefined {
    const unknown: string[] = [];
    const unused: string[] = [];
    for (const key of keys) {
      const written = key.toUpperCase();
      if (written === MARKS.defaulted || written === MARKS.keys) continue;
      const into = this.featuresOf(written);
      if (into === undefined) unknown.push(key);
      else if (into.length === 0) unused.push(key);
    }
    return unknown.length + unused.length > 0 ? { unknown, unused } : undefined;
  }

  /** The features that something goes into, by the contract's name for it or the table's; undefined: it is unknown. */
  private featuresOf(written: string): readonly string[] | undefined {
    const { into, called } = this.inputs;
    const name = called?.[written];
    // An object also has "CONSTRUCTOR" where a person writes it so.
    const features = into[typeof name === 'string' ? name : written];
    return Array.isArray(features) ? features : undefined;
  }
}

/** The keys that a person gave; undefined where none did. */
function keysOf(row: RawRow): readonly string[] | undefined {
  const keys = row[MARKS.keys];
  return Array.isArray(keys) ? keys.map(String) : undefined;
}

function memoize<T>(found: Map<string, T>, key: string, find: () => T): T {
  if (found.has(key)) return found.get(key) as T;
  const value = find();
  if (found.size < MOST_KEPT) found.set(key, value);
  return value;
}
