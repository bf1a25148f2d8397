import type { SqlSignature } from '../signature.js';
import { type Fitted, fitSpread } from './fit.js';
import type { FitRow } from './spots.js';

export const signature = {
  name: 'LOS_FIT_SPREAD',
  args: [['VALIDATED', 'ARRAY']],
  returns: 'OBJECT',
  volatility: 'IMMUTABLE',
  nullInput: 'RETURNS NULL ON NULL INPUT',
} as const satisfies SqlSignature<typeof fitSpreadTo>;

/**
 * The spread of a version (fit.ts), fitted inside Snowflake: its rows are single patients' stays.
 * @param validated one array per validation row: predicted days, stay, weight, fold
 * @returns null where there is no row
 */
export default function fitSpreadTo(validated: readonly FitRow[]): Fitted | null {
  return validated.length > 0 ? fitSpread(validated) : null;
}
