import { shapeOf } from './curve/hazards.js';
import { paceOf } from './curve/pace.js';
import { encode, type FeatureCode, type Gaps, type RawRow, toCsvLine } from './encoding.js';
import { featureTexts } from './feature-texts.js';
import type { Margin, Model, TranslatorData } from './model.js';
import { upperCased } from './names.js';
import type { RequestEvent } from './request.js';
import { marginOf } from './widening.js';

/** A row that the model is asked about. */
interface Read {
  readonly features: RawRow;
  /** Each feature's part of the line that asks about it. */
  readonly texts: readonly string[];
  readonly gaps: Gaps;
}

/** Names of features in a sentence: more would hide the sentence. */
const NAMED = 5;

/** What a model makes of batches; made once, used for every one. */
export class BatchReader {
  /** Names that decide how wide an interval is; the model need not have them as features. */
  private readonly grouping: readonly string[];
  private readonly textsOf: ReturnType<typeof featureTexts>;
  private readonly noFeature: string;
  /**
   * Snowflake sends a request whatever the translator says, and the container refuses an empty one. So where no
   * row is left, this line goes out, of numbers that stand for nobody, and its answer is thrown away.
   */
  private readonly standIn: string;

  constructor(private readonly model: Model) {
    const grouping = new Set<string>();
    for (const { features } of [...(model.widenings ?? []), ...(model.paces?.groups ?? [])])
      for (const name of features) grouping.add(name);
    this.grouping = [...grouping];
    this.textsOf = featureTexts(model.features);
    this.noFeature = `The OBJECT has no value of a feature of ${model.version} (${listed(model.features)}).`;
    this.standIn = toCsvLine(encode({}, model.features).map((number) => (Number.isNaN(number) ? 0 : number)));
  }

  /**
   * Reads the rows of a batch, and leaves aside those that say nothing of the model's features.
   * @param write puts down the lines that ask about one row; not called for rows that are left aside
   * @returns what the response translator has to know of the batch
   */
  read(event: RequestEvent, write: (row: Read) => void): TranslatorData {
    const { model, grouping, textsOf } = this;
    const rows: number[] = [];
    const refused: Record<number, string> = {};
    const missing: Record<number, string[]> = {};
    const unseen: Record<number, string[]> = {};
    const margins: Record<number, Margin> = {};
    const paces: Record<number, number> = {};
    let gaps: Gaps = { missing: [], unseen: [] };
    for (const [row, given] of event.body.data) {
      const position = rows.length;
      rows.push(row);
      if (!isObject(given)) {
        refused[position] = 'The argument is NULL or no OBJECT.';
        continue;
      }
      let features = given;
      let texts = textsOf(given, gaps);
      // Only a row that lacks something can have it under a name in another case.
      if (gaps.missing.length > 0 || grouping.some((name) => given[name] === undefined)) {
        features = upperCased(given);
        if (features !== given) {
          gaps = { missing: [], unseen: [] };
          texts = textsOf(features, gaps);
        }
      }
      if (gaps.missing.length === model.features.length) {
        refused[position] = this.noFeature;
        gaps = { missing: [], unseen: [] };
        continue;
      }
      write({ features, texts, gaps });
      if (gaps.missing.length > 0 || gaps.unseen.length > 0) {
        if (gaps.missing.length > 0) missing[position] = gaps.missing;
        if (gaps.unseen.length > 0) unseen[position] = gaps.unseen;
        gaps = { missing: [], unseen: [] };
      }
      const margin = model.widenings && marginOf(features, model.widenings);
      if (margin) margins[position] = margin;
      if (model.paces) {
        const pace = paceOf(features, model.paces);
        if (pace !== model.paces.all) paces[position] = pace;
      }
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
      margins,
      paces,
    };
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

function listed(codes: readonly FeatureCode[]): string {
  const names = codes.slice(0, NAMED).map(({ name }) => name);
  if (codes.length > NAMED) names.push(`… ${codes.length} in all`);
  return names.join(', ');
}
