/**
 * The one encoder. It turns a row of named raw features into the numbers a model reads. The same code is
 * compiled into the UDF that writes the training file and into every version's request translator, so that
 * training and serving cannot drift apart.
 */

/** Facts of a feature in the training rows; versions of release 0.1.0 do not tell. */
interface CodeFacts {
  /** The usual value: the median of a number, the commonest level of a category; left out: no training row had one. */
  readonly usual?: string | number;
  /** Share of the training rows without a value, those with the contract's default in its place included. */
  readonly absent?: number;
}

/**
 * Share of training rows below which trees have not learned what a missing value means: they would send it down whichever branch, so the usual value is taken in its place.
 */
export const RARELY_ABSENT = 0.005;

/** True if the usual value is imputed for one that is missing; else the model has learned what a missing one means. */
export function isAssumed({ usual, absent }: CodeFacts): boolean {
  return usual !== undefined && absent !== undefined && absent < RARELY_ABSENT;
}

/** A number is passed on as it is; anything that the model cannot read as a number counts as missing. */
export interface NumericCode extends CodeFacts {
  readonly kind: 'numeric';
  readonly name: string;
  /** The least and the most that ten patients of the training rows reach; left out: fewer have one, or the release was before 0.9.0. */
  readonly range?: readonly [low: number, high: number];
}

/** One column per level that at least ten patients had, 1 where the row has it. Missing: all 0. */
export interface OneHotCode extends CodeFacts {
  readonly kind: 'onehot';
  readonly name: string;
  readonly levels: readonly string[];
  /** One column more, which is 1 for every other level; left out: these are all 0. */
  readonly other?: true;
}

/** One column: the place of the level in its order, from 0. Missing and unseen: a missing number. */
export interface OrderedCode extends CodeFacts {
  readonly kind: 'ordered';
  readonly name: string;
  readonly levels: readonly string[];
}

/**
 * The smoothed mean stay of the level in the training rows, where at least ten patients had it; then the level's place in the
 * alphabet and how many training rows it has, by which levels of like means are told apart.
 */
export interface TargetCode extends CodeFacts {
  readonly kind: 'target';
  readonly name: string;
  readonly levels: Readonly<Record<string, number>>;
  /** Training rows of each level, in the order of the alphabet; left out: the statistic is the only column, as up to release 0.5.0. */
  readonly rows?: readonly number[];
  /** For every other level: the statistic of all rare ones together, or the overall mean. */
  readonly unseen: number;
  /** For a row without a value. */
  readonly missing: number;
}

/** One column, as of a target code, for codes with thousands of levels: those of nearly the same statistic share it. */
export interface PackedCode extends CodeFacts {
  readonly kind: 'packed';
  readonly name: string;
  /** Statistics with the levels that have them. */
  readonly groups: readonly (readonly [statistic: number, levels: readonly string[]])[];
  readonly unseen: number;
  readonly missing: number;
  /** Weight of the overall mean in a level's statistic, in rows. */
  readonly prior: number;
}

// Looked up once: in Snowflake's sandbox, reaching a global for every number would cost more than the encoding.
const isMissing = Number.isNaN;
const isNumber = Number.isFinite;
const asFloat32 = Math.fround;
const toText = String;
const MISSING = Number.NaN;

export type FeatureCode = NumericCode | OneHotCode | OrderedCode | TargetCode | PackedCode;

/** Feature name → raw value, as Snowflake hands an OBJECT to JavaScript (absent, null, number, string, boolean). */
export type RawRow = Readonly<Record<string, unknown>>;

/** Names of features that a row says nothing of, in the order of the codes. */
export interface Gaps {
  /**
   * Without a value, or without one that can be read: no number, or one beyond the model's range. Some of them were encoded
   * with their usual value (isAssumed).
   */
  readonly missing: string[];
  /** With a level that fewer than ten patients of the training rows had, or none: which of the two is not told. */
  readonly unseen: string[];
}

/**
 * Encodes one row.
 * @param row raw features by name; names that no code mentions are ignored
 * @param codes the model's features in order
 * @param gaps receives the names of features that were missing or had a rare level or one the model never saw
 * @param statistics for a row that the model is fitted to: target statistics by feature name, taken from other
 *   rows than this one. They stand in for the tables, which have this row's own stay in them.
 * @returns the numbers in column order; NaN is a missing number
 * @example
 * encode({ AGE: '71', WARD: 'B' }, [
 *   { kind: 'numeric', name: 'AGE' },
 *   { kind: 'onehot', name: 'WARD', levels: ['A', 'B'] },
 * ]); // [71, 0, 1]
 */
export function encode(
  row: RawRow,
  codes: readonly FeatureCode[],
  gaps?: Gaps,
  statistics?: RawRow | null,
): number[] {
  const numbers: number[] = [];
  for (const code of codes) {
    const value = row[code.name];
    if (code.kind === 'numeric') {
      const number = toNumber(value);
      if (gaps && isMissing(number)) gaps.missing.push(code.name);
      numbers.push(isMissing(number) && isAssumed(code) ? toNumber(code.usual) : number);
      continue;
    }
    const given = toLevel(value);
    if (gaps && given === undefined) gaps.missing.push(code.name);
    const level = given === undefined && isAssumed(code) ? toLevel(code.usual) : given;
    if (code.kind === 'onehot') {
      let known = false;
      for (const candidate of code.levels) {
        const hit = candidate === level;
        known = known || hit;
        numbers.push(hit ? 1 : 0);
      }
      if (code.other) numbers.push(known || level === undefined ? 0 : 1);
      if (gaps && !known && level !== undefined) gaps.unseen.push(code.name);
      continue;
    }
    if (code.kind === 'ordered') {
      const place = level === undefined ? -1 : code.levels.indexOf(level);
      if (gaps && place < 0 && level !== undefined) gaps.unseen.push(code.name);
      numbers.push(place < 0 ? MISSING : place);
      continue;
    }
    // Anything but a number is not a level: an object also has "constructor".
    const table = code.kind === 'packed' ? unpack(code) : code.levels;
    const statistic = level === undefined ? undefined : table[level];
    const seen = typeof statistic === 'number';
    if (statistics) numbers.push(toNumber(statistics[code.name]));
    else {
      if (gaps && !seen && level !== undefined) gaps.unseen.push(code.name);
      const known = seen ? statistic : code.unseen;
      numbers.push(level === undefined ? code.missing : known);
    }
    if (code.kind === 'packed' || !code.rows) continue;
    const place = seen ? (placesOf(code)[level as string] as number) : MISSING;
    numbers.push(place, seen ? (code.rows[place] as number) : MISSING);
  }
  return numbers;
}

/** Unpacked codes, for as long as the code is used. */
const tables = new WeakMap<PackedCode, Record<string, number>>();

/** Level → statistic. */
function unpack(code: PackedCode): Record<string, number> {
  let table = tables.get(code);
  if (!table) {
    table = Object.create(null) as Record<string, number>;
    for (const [statistic, levels] of code.groups) for (const level of levels) table[level] = statistic;
    tables.set(code, table);
  }
  return table;
}

const places = new WeakMap<TargetCode, Record<string, number>>();

/** Level → place in the alphabet, from 0. */
function placesOf(code: TargetCode): Record<string, number> {
  let found = places.get(code);
  if (!found) {
    found = Object.create(null) as Record<string, number>;
    const sorted = Object.keys(code.levels).sort();
    for (let place = 0; place < sorted.length; place++) found[sorted[place] as string] = place;
    places.set(code, found);
  }
  return found;
}

/** Name of the column of all other levels. */
const OTHER = '(other)';

/**
 * The names of the columns that `encode` returns, in order: `AGE=51-60` for a one-hot column.
 * @example
 * columnNames([{ kind: 'onehot', name: 'WARD', levels: ['A', 'B'] }]); // ["WARD=A", "WARD=B"]
 */
export function columnNames(codes: readonly FeatureCode[]): string[] {
  const names: string[] = [];
  for (const code of codes)
    if (code.kind === 'onehot')
      names.push(...code.levels.concat(code.other ? OTHER : []).map((level) => `${code.name}=${level}`));
    else {
      names.push(code.name);
      if (code.kind === 'target' && code.rows) names.push(`${code.name} (place)`, `${code.name} (rows)`);
    }
  return names;
}

/**
 * One line of CSV as SageMaker's XGBoost container reads it: a missing number is an empty field.
 * @example
 * toCsvLine([71, Number.NaN, 1]); // "71,,1"
 */
export function toCsvLine(numbers: readonly number[]): string {
  let line = '';
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] as number;
    if (i > 0) line += ',';
    if (!isMissing(number)) line += number;
  }
  return line;
}

/** XGBoost keeps float32 and refuses a whole request for one value that is infinite in it. */
function toNumber(value: unknown): number {
  if (typeof value === 'number') return isNumber(asFloat32(value)) ? value : MISSING;
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value !== 'string' || value.trim() === '') return MISSING;
  const number = Number(value);
  return isNumber(asFloat32(number)) ? number : MISSING;
}

/** Levels are compared as text, so 8 and '8' are the same hospital. */
function toLevel(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : toText(value);
}
