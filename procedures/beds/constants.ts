/**
 * The constants of FORECAST_BEDS that are a matter of choice. `npm run bench -- beds-choice` chooses them on real
 * admissions up to April 2018; nothing later is looked at; a test holds them to it (test/bench/beds/choice.test.ts).
 */
export interface ForecastConstants {
  /** Days of the past that widths of bands, the pace of leaving and the trust in trends are learned from. */
  readonly judged: number;
  /** How many leavings it takes until the pace of late counts as much as the curves. */
  readonly pacePrior: number;
  /** How many arrivals it takes until the trend of the last week counts as much as six weeks' weekdays. */
  readonly trendPrior: number;
  /** Nights after which half of that trend is left. */
  readonly trendHalves: number;
  /** How much wider than the theory bands are until forecasts tell. */
  readonly usualSpread: number;
}

export const CHOSEN: ForecastConstants = {
  judged: 84,
  pacePrior: 10,
  trendPrior: 100,
  trendHalves: 2,
  usualSpread: 2.3,
};
