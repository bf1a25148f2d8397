import type { Reader } from '../reader.js';
import { ofDataset, rows } from './views.js';

/** A line of LOS_DELAYS. */
export interface DelayLine {
  /** First day of the month of discharge, YYYY-MM-DD. */
  readonly month: string;
  readonly by: 'all' | 'reason' | 'ward' | 'week';
  readonly level: string;
  readonly stays: number;
  readonly nights: number;
  readonly beds: number;
  /** Of the bed days of the hospital; null: of a ward or a week. */
  readonly share: number | null;
}

/** Lines of all months, the latest month first. */
export function readDelays(ctx: Reader, dataset: string): Promise<DelayLine[]> {
  return rows<DelayLine>(
    ctx,
    {
      month: "TO_VARCHAR(MONTH, 'YYYY-MM-DD')",
      by: 'GROUPED_BY',
      level: 'LEVEL',
      stays: 'STAYS',
      nights: 'DELAY_DAYS',
      beds: 'BEDS_A_NIGHT',
      share: 'SHARE',
    },
    `${ofDataset(ctx, 'LOS_DELAYS', dataset)} ORDER BY MONTH DESC, GROUPED_BY, LEVEL`,
  );
}
