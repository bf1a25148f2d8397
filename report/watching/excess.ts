import type { Shown } from '../../procedures/excess/words.js';
import type { Reader } from '../reader.js';
import { ofDataset, rows } from './views.js';

/** LOS_EXCESS of the last two months that were published: a unit of a month. */
export interface Excess extends Shown {
  /** First day of the last month. */
  readonly month: string;
  readonly months: number;
  readonly stays: number;
}

/** The newest month first. */
export function readExcess(ctx: Reader, dataset: string): Promise<Excess[]> {
  return rows<Excess>(
    ctx,
    {
      month: "TO_VARCHAR(MONTH, 'YYYY-MM-DD')",
      by: 'GROUPED_BY',
      unit: 'LEVEL',
      months: 'MONTHS',
      stays: 'STAYS',
      ratio: 'RATIO',
      low: 'RATIO_LOW',
      high: 'RATIO_HIGH',
      excessDays: 'EXCESS_DAYS',
      found: "FOUND <> 'no more than chance'",
      unusual: 'UNUSUAL',
    },
    `${ofDataset(ctx, 'LOS_EXCESS', dataset)} QUALIFY DENSE_RANK() OVER (ORDER BY MONTH DESC) <= 2 ORDER BY MONTH DESC, GROUPED_BY, LEVEL`,
  );
}
