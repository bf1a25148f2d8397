/**
 * The constants of FORECAST_BEDS that are a matter of choice. `npm run bench -- beds-choice` chooses them on real
 * admissions up to April 2018; nothing later is looked at; a test holds them to it (test/bench/beds/choice.test.ts).
 */
export interface ForecastConstants {
  /** Days of the past that widths of bands are learned from. */
  readonly judged: number;
  /** Days after which a night of the past counts half for the width of bands. */
  readonly bandHalf: number;
  /** Nights of the past by which it is told how far past stays are rather right than curves, and types of admission than all alike. */
  readonly held: number;
  /** Days after which an admission counts half for how many come. */
  readonly arrivalHalf: number;
  /** Admissions that count for an even week, or for a ward the whole hospital's, against those of each day of the week. */
  readonly weekdayPrior: number;
  /** How much wider than the theory bands are until forecasts tell. */
  readonly usualSpread: number;
}

export const CHOSEN: ForecastConstants = {
  judged: 84,
  bandHalf: 60,
  held: 28,
  arrivalHalf: 14,
  weekdayPrior: 30,
  usualSpread: 2.5,
};
