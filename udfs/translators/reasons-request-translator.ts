import { encode, toCsvLine } from '../encoding/encoding.js';
import type { Model } from '../model.js';
import type { ReasonsData, Value } from '../prediction/reasons.js';
import type { SqlSignature } from '../signature.js';
import { BatchReader } from './batch.js';
import type { Request, RequestEvent } from './request.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_REASONS',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateReasons>;

const reader = new BatchReader(MODEL);

/** Features with their texts as the model reads them when they have their reference values. */
const references = MODEL.features
  // A category that no training row had a value of has no column.
  .filter((code) => encode({}, [code]).length > 0)
  .map((code) => ({
    name: code.name,
    usual: MODEL.references?.[code.name] ?? null,
    // Rows say themselves what is a default, to versions that know of it.
    standIn: MODEL.inputs ? undefined : MODEL.standIns?.[code.name],
    text: toCsvLine(encode(MODEL.references ?? {}, [code])),
    explained: MODEL.explained === undefined || MODEL.explained.includes(code.name),
  }));

const usual = references.map(({ text }) => text).join(',');

/**
 * Usual values alone, once; then every row as it is, and once more for each explained feature that differs from its
 * usual value, with that feature alone set to it. What the row has no value of, or one that is new or was rare in training, is not
 * asked about: to say how far it moved the prediction would read as if it were known to. Only encoded numbers leave
 * Snowflake.
 */
export default function translateReasons(event: RequestEvent): Request<ReasonsData> {
  const lines: string[] = [];
  const changed: number[][] = [];
  const values: Value[][] = [];
  const data = reader.read(event, ({ features, texts: parts, gaps }) => {
    if (lines.length === 0) lines.push(usual);
    const texts = [...parts];
    lines.push(texts.join(','));
    const differing: number[] = [];
    const own: Value[] = [];
    references.forEach(({ name, text: reference, explained, standIn }, i) => {
      const text = texts[i] as string;
      if (!explained || text === reference) return;
      const value = features[name];
      if (gaps.missing.includes(name) || gaps.unseen.includes(name) || isStandIn(value, standIn)) return;
      differing.push(i);
      own.push(value as Value);
      texts[i] = reference;
      lines.push(texts.join(','));
      texts[i] = text;
    });
    changed.push(differing);
    values.push(own);
  });
  return {
    body: reader.body(lines),
    urlSuffix: `/${MODEL.endpoint}/invocations`,
    translatorData: Object.assign(data, {
      features: references.map(({ name }) => name),
      usual: references.map((reference) => reference.usual),
      changed,
      values,
    }),
  };
}

/** Compared as text, as levels are. */
function isStandIn(value: unknown, standIn: string | number | undefined): boolean {
  return standIn !== undefined && String(value) === String(standIn);
}
