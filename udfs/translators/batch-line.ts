import type { RawRow } from '../encoding/encoding.js';
import type { Model } from '../model.js';
import type { SqlSignature } from '../signature.js';
import { BatchReader } from './batch.js';

/** The version that is asked in a batch transform; compiled in. */
declare const MODEL: Model;

export const signature = {
  name: 'LOS_BATCH_LINE',
  args: [['FEATURES', 'OBJECT']],
  returns: 'VARCHAR',
  volatility: 'IMMUTABLE',
} as const satisfies SqlSignature<typeof batchLine>;

const reader = new BatchReader(MODEL);

/** The lines that ask about a row, as the request translator writes them; null for a row that is not to be sent. */
export default function batchLine(features: RawRow | null): string | null {
  let line: string | null = null;
  reader.read({ body: { data: [[0, features]] } }, ({ texts }) => {
    line = reader.body([texts.join(',')]);
  });
  return line;
}
