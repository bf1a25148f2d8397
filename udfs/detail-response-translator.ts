import { bandOf, predictedDays, type ResponseEvent } from './predictions.js';

export const signature = {
  name: 'LOS_RESPONSE_DETAIL',
  args: [['EVENT', 'OBJECT']],
  returns: 'OBJECT',
} as const;

/** What predict_los_detail returns for a row. */
export interface Detail {
  readonly days: number;
  /** 80 % interval in days; null when the version has no intervals yet. */
  readonly low: number | null;
  readonly high: number | null;
  readonly version: string;
  /** Features that were missing or had a value the model never saw. */
  readonly unknown: readonly string[];
}

/** The endpoint's answer → an OBJECT per row, for predict_los_detail. The same for every version. */
export default function translateDetail(event: ResponseEvent): { body: { data: [number, Detail][] } } {
  const { rows, bands, floor, version, unknown } = event.translatorData;
  const data = predictedDays(event).map((days, i): [number, Detail] => {
    const band = bandOf(days, bands);
    return [
      rows[i] as number,
      {
        days,
        low: band ? rounded(Math.max(days + band.low, floor)) : null,
        high: band ? rounded(Math.max(days + band.high, floor)) : null,
        version,
        unknown: unknown[i] ?? [],
      },
    ];
  });
  return { body: { data } };
}

/** Four decimals: more would only show how binary fractions add up. */
function rounded(days: number): number {
  return Math.round(days * 1e4) / 1e4;
}
