import { shapeOf } from '../curve/hazards.js';
import {
  encode,
  type FeatureCode,
  type Gaps,
  isAssumed,
  type RawRow,
  toCsvLine,
} from '../encoding/encoding.js';
import { featureTexts } from '../encoding/feature-texts.js';
import { InputMarksReader } from '../encoding/given.js';
import { GivenValues } from '../encoding/given-values.js';
import { MARKS } from '../encoding/marks.js';
import { copyOf, upperCased } from '../encoding/names.js';
import type { IgnoredKeys, Model, TranslatorData } from '../model.js';
import type { RequestEvent } from './request.js';

const NONE: readonly string[] = [];
const NONE_DRAWN: readonly (readonly string[])[] = [];

/** A row that the model is asked about. */
interface Read {
  readonly features: RawRow;
  /** Each feature's part of the line that asks about it. */
  readonly texts: readonly string[];
  readonly gaps: Gaps;
  /** Its place in the batch. */
  readonly position: number;
  /** `texts` as they would be with each draw of what comes late; empty: nothing that it lacks does. */
  draws(): readonly (readonly string[])[];
}

/** A serverless endpoint takes 4 MB. */
const MOST_BYTES = 3_900_000;

/** Names of features in a sentence: more would hide the sentence. */
const NAMED = 5;

/**
 * Least share of known inputs for an answer to a person: below it, such a figure would be more
 * about usual values than about the patient (docs/manual-predictions.md). A row of the table has an answer, which
 * says so.
 */
export const LEAST_KNOWN = 0.5;

/** Reader of batches; made once, used for every one. */
export class BatchReader {
  private readonly textsOf: ReturnType<typeof featureTexts>;
  private readonly noFeature: string;
  /**
   * Snowflake sends a request whatever the translator says, and the container refuses an empty one. So where no
   * row is left, this line goes out, of numbers of no patient, and its answer is thrown away.
   */
  readonly standIn: string;
  private readonly given: InputMarksReader | undefined;
  private values: GivenValues | undefined;
  private readonly codes = new Map<string, FeatureCode>();

  constructor(private readonly model: Model) {
    for (const code of model.features) this.codes.set(code.name, code);
    this.given = model.inputs && new InputMarksReader(model.features, model.inputs);
    this.textsOf = featureTexts(model.features);
    this.noFeature = `The OBJECT has no value of a feature of ${model.version} (${listNames(model.features.map(({ name }) => name))}).`;
    this.standIn = toCsvLine(encode({}, model.features).map((number) => (Number.isNaN(number) ? 0 : number)));
  }

  /**
   * Reads the rows of a batch, and leaves aside those that say nothing of the model's features.
   * @param write puts down the lines that ask about one row; not called for rows that are left aside
   * @returns what the response translator has to know of the batch
   */
  read(event: RequestEvent, write: (row: Read) => void): TranslatorData {
    const { model, textsOf } = this;
    const rows: number[] = [];
    const refused: Record<number, string> = {};
    const missing: Record<number, string[]> = {};
    const unseen: Record<number, string[]> = {};
    const assumed: Record<number, Record<string, string | number>> = {};
    const ignored: Record<number, IgnoredKeys> = {};
    let names: readonly string[] | undefined;
    const known: Record<number, number> = {};
    const notes: Record<number, string> = {};
    const little: Record<number, string> = {};
    let gaps: Gaps = { missing: [], unseen: [] };
    for (const [row, asked] of event.body.data) {
      const position = rows.length;
      rows.push(row);
      if (!isObject(asked)) {
        refused[position] = 'The argument is NULL or no OBJECT.';
        continue;
      }
      const by = this.given?.askedBy(asked) ?? 'pipeline';
      const values = by === 'pipeline' ? undefined : this.readValues();
      const given = values ? values.recognize(asked) : asked;
      const unused = this.given?.findIgnored(given);
      if (unused) ignored[position] = unused;
      if (unused && unused.unknown.length > 0) names ??= Object.keys(model.inputs?.into ?? {});
      let told = this.given?.read(given) ?? { features: given, missing: NONE, taken: NONE };
      let features = given;
      let texts = textsOf(told.features, gaps);
      // Only a row that lacks something can have it under a name in another case.
      if (gaps.missing.length > 0) {
        features = upperCased(given);
        if (features !== given) {
          gaps = { missing: [], unseen: [] };
          told = this.given?.read(features) ?? { features, missing: NONE, taken: NONE };
          texts = textsOf(told.features, gaps);
        }
      }
      const lacking = gaps;
      if (gaps.missing.length > 0 || gaps.unseen.length > 0 || told.missing.length > 0)
        gaps = { missing: [], unseen: [] };
      for (const name of told.missing) if (!lacking.missing.includes(name)) lacking.missing.push(name);
      if (lacking.missing.length > 0) missing[position] = lacking.missing;
      const unknown = values ? lacking.unseen : NONE;
      const note = values?.describe(told.features, unknown);
      if (note !== undefined) notes[position] = note;
      if (lacking.missing.length > 0 || unknown.length > 0) {
        const share = this.shareKnown(lacking.missing, unknown);
        if (share < 1) known[position] = share;
        const isKnown = model.features.some(({ name }) => !lacking.missing.includes(name));
        if (!isKnown && features[MARKS.draws] === undefined) {
          refused[position] = this.noFeature;
          continue;
        }
        // What is new in a row of the table does not change the answer that its log has.
        if ((by === 'hand' ? share : this.shareKnown(lacking.missing, NONE)) < LEAST_KNOWN) {
          const why = this.describeLack(share, lacking.missing.concat(unknown), by);
          (by === 'hand' ? refused : little)[position] = why;
          if (by === 'hand') continue;
        }
        const usual = this.usualOf(lacking.missing, told.taken);
        if (usual) assumed[position] = usual;
      }
      const { features: asIs } = told;
      write({
        features: asIs,
        texts,
        gaps: lacking,
        position,
        draws: () => this.drawsOf(asIs, lacking.missing),
      });
      if (lacking.unseen.length > 0) unseen[position] = lacking.unseen;
    }
    const { version, floor, bands, ends, longStay, spread, scale } = model;
    const hazards = model.hazards && shapeOf(model.hazards);
    const pace = model.paces?.all;
    return {
      version,
      floor,
      bands,
      ends,
      longStay,
      spread,
      scale,
      hazards,
      pace,
      rows,
      refused,
      missing,
      unseen,
      assumed: this.given && assumed,
      ignored,
      names,
      known,
      notes,
      little,
    };
  }

  /** Made for the first row that a person asks about: the pipeline's need none of it. */
  private readValues(): GivenValues {
    this.values ??= new GivenValues(this.model);
    return this.values;
  }

  /**
   * Share of what the model leans on that is known of a row. A feature that training rows lacked, too, is known in part where it is missing:
   * that it is missing is something which the model has learned from.
   * @param unknown features with a value that the model does not know
   */
  private shareKnown(missing: readonly string[], unknown: readonly string[]): number {
    const { inputs } = this.model;
    if (!inputs) return 1;
    let share = 1;
    for (const name of missing)
      share -= (inputs.shares[name] ?? 0) * (1 - (this.codes.get(name)?.absent ?? 0));
    for (const name of unknown) share -= inputs.shares[name] ?? 0;
    return Math.max(0, Math.round(share * 1e4) / 1e4);
  }

  /** A row with each draw of what comes late. Where some of it has come, what has not says what it said in training: then there are none. */
  private drawsOf(row: RawRow, missing: readonly string[]): readonly (readonly string[])[] {
    const draws = row[MARKS.draws];
    if (!Array.isArray(draws)) return NONE_DRAWN;
    const hasCome = (draw: RawRow) =>
      Object.keys(draw).some((name) => this.codes.has(name) && !missing.includes(name));
    if (draws.some(hasCome) || draws.every((draw: RawRow) => Object.keys(draw).length === 0))
      return NONE_DRAWN;
    return draws.map((draw: RawRow) =>
      this.textsOf(Object.assign(copyOf(row), draw), { missing: [], unseen: [] }),
    );
  }

  private describeLack(share: number, missing: readonly string[], by: 'hand' | 'table' | 'pipeline'): string {
    const { inputs, version } = this.model;
    const lacking = missing
      .filter((name) => (inputs?.shares[name] ?? 0) > 0)
      .sort((a, b) => (inputs?.shares[b] ?? 0) - (inputs?.shares[a] ?? 0));
    const least = by === 'hand' ? `, of which ${percent(LEAST_KNOWN)} is the least` : '';
    return `Too few inputs are known: ${percent(share)} of what ${version} relies on${least}. It lacks ${listNames(lacking.map((name) => `${name} (${percent(inputs?.shares[name] ?? 0)})`))}.`;
  }

  /** The usual values that stand in for what is missing; undefined where none does. */
  private usualOf(
    missing: readonly string[],
    taken: readonly string[],
  ): Record<string, string | number> | undefined {
    let usual: Record<string, string | number> | undefined;
    for (const name of missing) {
      const code = this.codes.get(name);
      if (!code || code.usual === undefined || !(isAssumed(code) || taken.includes(name))) continue;
      usual ??= {};
      usual[name] = code.usual;
    }
    return usual;
  }

  /** Lines like one that each of so many rows of a request may be asked about with. */
  mostLines(line: string, rows: number): number {
    const suffixes = this.model.hazards?.suffixes ?? [''];
    const bytes = suffixes.reduce((sum, suffix) => sum + line.length + suffix.length + 1, 0);
    return Math.floor(MOST_BYTES / rows / bytes);
  }

  /**
   * The request's body: each line once, or, for a model of hazards, once for each period. No newline at the end: the
   * container would read it as one more row.
   */
  body(lines: readonly string[]): string {
    const asked = lines.length > 0 ? lines : [this.standIn];
    const suffixes = this.model.hazards?.suffixes;
    if (!suffixes) return asked.join('\n');
    const parts: string[] = [];
    for (let i = 0; i < asked.length; i++) {
      const line = asked[i] as string;
      for (let k = 0; k < suffixes.length; k++) parts.push(line + suffixes[k]);
    }
    return parts.join('\n');
  }
}

/** An argument that is declared an OBJECT can still be NULL; whatever else comes is no row of features either. */
function isObject(given: unknown): given is RawRow {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

function listNames(all: readonly string[]): string {
  const names = all.slice(0, NAMED);
  if (all.length > NAMED) names.push(`… ${all.length} in all`);
  return names.join(', ');
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
