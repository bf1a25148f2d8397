import type { Model, TranslatorData } from '../model.js';
import type { SqlSignature } from '../signature.js';
import { BatchReader } from './batch.js';
import type { Request, RequestEvent } from './request.js';

/** The version this translator belongs to; compiled in when the version is trained. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_REQUEST',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const satisfies SqlSignature<typeof translateRequest>;

const reader = new BatchReader(MODEL);

/**
 * Snowflake's batch → CSV for the version's endpoint. Only the encoded numbers go out: whatever else the
 * caller put into the OBJECT (case, patient, dates) stays in Snowflake.
 */
export default function translateRequest(event: RequestEvent): Request<TranslatorData> {
  const lines: string[] = [];
  const draws: Record<number, number> = {};
  const data = reader.read(event, (row) => {
    const line = row.texts.join(',');
    const drawn = row.draws().map((texts) => texts.join(','));
    if (drawn.length > 0)
      draws[row.position] = Math.min(
        drawn.length,
        Math.max(1, reader.mostLines(line, event.body.data.length)),
      );
    lines.push(...(drawn.length > 0 ? drawn.slice(0, draws[row.position]) : [line]));
  });
  return {
    body: reader.body(lines),
    urlSuffix: `/${MODEL.endpoint}/invocations`,
    translatorData: { ...data, draws },
  };
}
