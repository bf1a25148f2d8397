/**
 * The constants of FORECAST_BEDS that are a matter of choice. `npm run bench -- beds-choice` chooses `usualSpread` on real admissions up
 * to April 2018 and tries `arrivalHalf`, and a test holds them to that (test/bench/beds/choice.test.ts). How the others were chosen, and
 * what May to October had a say in, is in bench/notes/beds.md; the list's are priors that were not tuned.
 */
export interface ForecastConstants {
  /** Days of the past that widths of bands are learned from. */
  readonly judged: number;
  /** Days after which a night of the past counts half for the width of bands. */
  readonly bandHalf: number;
  /** Nights of the past by which it is told how far past stays are rather right than curves. */
  readonly held: number;
  /** Days after which an admission counts half for how many come. */
  readonly arrivalHalf: number;
  /** Days after which an admission counts half for how many of them the list of planned ones had. */
  readonly listHalf: number;
  /** Bookings that the priors of coming count for, and admissions that what is on the list now counts for, against the list's history. */
  readonly listPrior: number;
  readonly restPrior: number;
  /** Priors: of bookings the share that comes on the day, and in the two weeks after it. */
  readonly onDay: number;
  readonly late: number;
  /** Days of the past by which people's dates are weighed, and of those before that they are learned from. */
  readonly laterDays: number;
  readonly datesLearned: number;
  /** By how much dates have to raise the log-likelihood of those days before they count. */
  readonly earned: number;
  /** Discharges that an evening's dates count against, for what they tell of others' chances on the next day. */
  readonly dayPrior: number;
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
  listHalf: 28,
  listPrior: 20,
  restPrior: 10,
  onDay: 0.88,
  late: 0.05,
  laterDays: 28,
  datesLearned: 84,
  earned: 2,
  dayPrior: 10,
  weekdayPrior: 30,
  usualSpread: 2.5,
};
