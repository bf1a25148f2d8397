import { BatchReader } from './batch.js';
import { encode, toCsvLine } from './encoding.js';
import type { Model } from './model.js';
import type { ReasonsData } from './reasons.js';
import type { Request, RequestEvent } from './request.js';
import type { SqlSignature } from './signature.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_REASONS',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateReasons>;

const reader = new BatchReader(MODEL);

/** A feature's columns, and its text as the model reads it when it has its reference value. */
let columns = 0;
const references = MODEL.features
  .map((code) => {
    const numbers = encode(MODEL.references ?? {}, [code]);
    const from = columns;
    columns += numbers.length;
    return {
      name: code.name,
      from,
      to: columns,
      text: toCsvLine(numbers),
      explained: MODEL.explained === undefined || MODEL.explained.includes(code.name),
    };
  })
  // A category that no training row had a value of has no column.
  .filter(({ from, to }) => to > from);

/**
 * Every row once as it is, and once more for each explained feature that differs from its reference, with that feature
 * alone set to it. Only encoded numbers leave Snowflake.
 */
export default function translateReasons(event: RequestEvent): Request<ReasonsData> {
  const lines: string[] = [];
  const changed: number[][] = [];
  const data = reader.read(event, ({ numbers }) => {
    const texts = references.map(({ from, to }) => toCsvLine(numbers.slice(from, to)));
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
    changed.push(differing);
  });
  return {
    body: reader.body(lines),
    urlSuffix: `/${MODEL.endpoint}/invocations`,
    translatorData: { ...data, features: references.map(({ name }) => name), changed },
  };
}
