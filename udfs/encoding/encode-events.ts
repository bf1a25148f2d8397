import type { Model } from '../model.js';
import type { SqlSignature } from '../signature.js';
import { eventTexts } from './events.js';

/** The version whose training file is written; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_ENCODE_EVENTS',
  args: [['EVENTS', 'OBJECT']],
  returns: 'VARCHAR',
  volatility: 'IMMUTABLE',
} as const satisfies SqlSignature<typeof encodeEvents>;

/** Encodes the events of a stay for a line of the training file, by the code that serving has. */
export default function encodeEvents(events: object | null): string {
  return eventTexts(events, MODEL.events ?? []).join(',');
}
