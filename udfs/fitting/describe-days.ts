import { describe } from '../detail.js';
import type { Margin, Model, TranslatorData } from '../model.js';
import type { SqlSignature } from '../signature.js';
import judgeCurve from './judge-curve.js';

export const signature = {
  name: 'LOS_DESCRIBE_DAYS',
  args: [
    ['PREDICTED', 'ARRAY'],
    ['MODEL', 'OBJECT'],
  ],
  returns: 'ARRAY',
  volatility: 'IMMUTABLE',
  nullInput: 'RETURNS NULL ON NULL INPUT',
} as const satisfies SqlSignature<typeof describeDays>;

/** A row of which a model has predicted the days: its case, these, its stay, and by how much its intervals are wider. */
export type PredictedRow = readonly [id: string, days: number, stay: number, ...margin: Margin];

/** Case, both intervals, probability of a long stay, median of the curve, and what judge-curve.ts says of it. */
export type DescribedRow = readonly [id: string, ...figures: (number | null)[]];

/** What of a model its intervals and curves are made of. */
export type Describing = Pick<Model, 'version' | 'floor' | 'bands' | 'longStay' | 'spread'>;

/**
 * What predict_los_detail would say of rows whose days are known, and how that compares with their stays. It is of one model, which is
 * handed over once for all of its rows.
 */
export default function describeDays(predicted: readonly PredictedRow[], model: Describing): DescribedRow[] {
  const margins: Record<number, Margin> = {};
  predicted.forEach(([, , , margin80, margin95], i) => {
    if (margin80 > 0 || margin95 > 0) margins[i] = [margin80, margin95];
  });
  const data: TranslatorData = { ...model, rows: [], margins };
  return predicted.map(([id, days, stay], i): DescribedRow => {
    const { low, high, low95, high95, long_stay, median, curve } = describe({ days }, data, i);
    const judged = (curve && judgeCurve(curve, stay)) || [null, null, null];
    return [id, low, high, low95, high95, long_stay, median, ...judged];
  });
}
