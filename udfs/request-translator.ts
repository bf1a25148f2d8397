import { encode, toCsvLine } from './encoding.js';
import type { Margin, Model, TranslatorData } from './model.js';
import type { Request, RequestEvent } from './request.js';
import type { SqlSignature } from './signature.js';
import { marginOf } from './widening.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_REQUEST',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateRequest>;

/**
 * Snowflake's batch → CSV for the version's endpoint. Only the encoded numbers go out: whatever else the
 * caller put into the OBJECT (case, patient, dates) stays in Snowflake.
 */
export default function translateRequest(event: RequestEvent): Request<TranslatorData> {
  const lines: string[] = [];
  const rows: number[] = [];
  const unknown: Record<string, string[]> = {};
  const margins: Record<string, Margin> = {};
  for (const [row, features] of event.body.data) {
    const names: string[] = [];
    lines.push(toCsvLine(encode(features ?? {}, MODEL.features, names)));
    if (names.length > 0) unknown[rows.length] = names;
    const margin = MODEL.widenings && marginOf(features ?? {}, MODEL.widenings);
    if (margin) margins[rows.length] = margin;
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
    },
  };
}
