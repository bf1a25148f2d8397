import { encode, type FeatureCode, toCsvLine } from './encoding.js';
import type { Margin, Model } from './model.js';
import type { ReasonsData } from './reasons.js';
import type { Request, RequestEvent } from './request.js';
import type { SqlSignature } from './signature.js';
import { marginOf } from './widening.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_REASONS',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateReasons>;

/** A feature as the model reads it when it has its reference value. */
const references = MODEL.features.map((code) => ({
  codes: [code] as readonly FeatureCode[],
  name: code.name,
  text: toCsvLine(encode(MODEL.references ?? {}, [code])),
  explained: MODEL.explained === undefined || MODEL.explained.includes(code.name),
}));

/**
 * Every row once as it is, and once more for each explained feature that differs from its reference, with that feature
 * alone set to it. Only encoded numbers leave Snowflake.
 */
export default function translateReasons(event: RequestEvent): Request<ReasonsData> {
  const lines: string[] = [];
  const rows: number[] = [];
  const changed: number[][] = [];
  const unknown: Record<string, string[]> = {};
  const margins: Record<string, Margin> = {};
  for (const [row, given] of event.body.data) {
    const features = given ?? {};
    const names: string[] = [];
    const texts = references.map(({ codes }) => toCsvLine(encode(features, codes, names)));
    lines.push(texts.join(','));
    const differing: number[] = [];
    for (let i = 0; i < texts.length; i++) {
      const own = texts[i] as string;
      const { text: reference, explained } = references[i]!;
      if (!explained || own === reference) continue;
      differing.push(i);
      texts[i] = reference;
      lines.push(texts.join(','));
      texts[i] = own;
    }
    if (names.length > 0) unknown[rows.length] = names;
    const margin = MODEL.widenings && marginOf(features, MODEL.widenings);
    if (margin) margins[rows.length] = margin;
    changed.push(differing);
    rows.push(row);
  }
  return {
    // No newline at the end: the container would read it as one more row.
    body: lines.join('\n'),
    urlSuffix: `/${MODEL.endpoint}/invocations`,
    translatorData: {
      version: MODEL.version,
      floor: MODEL.floor,
      bands: MODEL.bands,
      longStay: MODEL.longStay,
      rows,
      unknown,
      margins,
      features: references.map(({ name }) => name),
      changed,
    },
  };
}
