import type { Model } from '../model.js';
import type { FeatureCode, NumericCode, RawRow } from './encoding.js';
import { copyOf } from './names.js';
import { findNearest } from './nearest.js';

/** Values that are named in a note, and signs of each: more would hide it. */
const MOST_NAMED = 5;
const LONGEST = 40;
/** Sentences about values that are kept: a whole table may be asked about. */
const MOST_KEPT = 1_000;

/** The levels of a feature as the model has them, and by what is left of a text without case, blanks and Unicode's ways of writing it. */
interface Levels {
  readonly exact: ReadonlySet<string>;
  /** Only of what one level alone is left of. */
  readonly byForm: ReadonlyMap<string, string>;
}

/**
 * Reads values that people write: in any case, with blanks at the ends, and in any of Unicode's forms, as far as the model's levels stay
 * distinct without them. Rows that the pipeline scores are the table's own, and none of its matter.
 */
export class GivenValues {
  private readonly levels: readonly (readonly [name: string, levels: Levels])[];
  private readonly computed: ReadonlySet<string>;
  private readonly numbers: readonly NumericCode[];
  private readonly sentences = new Map<string, string>();

  constructor(private readonly model: Model) {
    const computed = new Set<string>();
    const { into = {} } = model.inputs ?? {};
    for (const from of Object.keys(into))
      for (const name of into[from] ?? []) if (name !== from) computed.add(name);
    this.computed = computed;
    this.numbers = model.features.filter((code): code is NumericCode => code.kind === 'numeric');
    this.levels = model.features.map(
      (code) => [code.name, readLevels(levelsOf(code), this.formOf(code.name))] as const,
    );
  }

  /** The row with the model's levels in the place of what is meant by them; the row itself where it has them already. */
  recognize(row: RawRow): RawRow {
    let copy: Record<string, unknown> | undefined;
    for (const [name, { exact, byForm }] of this.levels) {
      const value = row[name];
      if (value === undefined || value === null || exact.has(String(value))) continue;
      const meant = byForm.get(this.formOf(name)(String(value)));
      if (meant === undefined) continue;
      copy ??= copyOf(row);
      copy[name] = meant;
    }
    return copy ?? row;
  }

  /** Describes values that the model does not know, and of numbers far from what it has learned; undefined: nothing. */
  describe(row: RawRow, unseen: readonly string[]): string | undefined {
    const said: string[] = [];
    for (const name of unseen) said.push(this.describeUnseen(name, String(row[name])));
    for (const { name, range } of this.numbers) {
      const value = row[name];
      if (range && value !== null && value !== undefined && isFar(Number(value), range))
        said.push(
          `${name} ${shorten(String(value))} is far from what ${this.model.version} has learned from (${range[0]} to ${range[1]}).`,
        );
    }
    return said.length === 0 ? undefined : said.slice(0, MOST_NAMED).join(' ');
  }

  private describeUnseen(name: string, value: string): string {
    const key = `${name} ${value}`;
    const kept = this.sentences.get(key);
    if (kept !== undefined) return kept;
    const levels = this.levels.find(([own]) => own === name)?.[1].byForm;
    const near = levels && findNearest(this.formOf(name)(value), [...levels.keys()]);
    const meant = near === undefined ? '' : ` Did you mean '${shorten(levels?.get(near) ?? '')}'?`;
    const said = `${name} '${shorten(value)}' is new to ${this.model.version}, or fewer than ten patients had it.${meant}`;
    if (this.sentences.size < MOST_KEPT) this.sentences.set(key, said);
    return said;
  }

  /** Returns the form of a text that an expression of the contract has put together has the ends of its columns anywhere. */
  private formOf(name: string): (text: string) => string {
    return this.computed.has(name) ? (text) => formOf(text).replace(/\s+/g, '') : formOf;
  }
}

/** The engine that runs this may lack Unicode's tables. */
function formOf(text: string): string {
  const upper = text.trim().toUpperCase();
  return typeof upper.normalize === 'function' ? upper.normalize() : upper;
}

function readLevels(all: readonly string[], form: (text: string) => string): Levels {
  const exact = new Set(all);
  const byForm = new Map<string, string>();
  const several = new Set<string>();
  for (const level of exact) {
    const own = form(level);
    if (byForm.has(own)) several.add(own);
    byForm.set(own, level);
  }
  for (const own of several) byForm.delete(own);
  return { exact, byForm };
}

function levelsOf(code: FeatureCode): string[] {
  if (code.kind === 'numeric') return [];
  if (code.kind === 'target') return Object.keys(code.levels);
  if (code.kind !== 'packed') return code.levels.slice();
  const all: string[] = [];
  for (const [, levels] of code.groups) all.push(...levels);
  return all;
}

/** By more than a tenth of the learned range, or below zero where nothing learned is. */
function isFar(value: number, [low, high]: readonly [number, number]): boolean {
  const reach = (high - low) / 10;
  return value < low - reach || value > high + reach || (value < 0 && low >= 0);
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}
