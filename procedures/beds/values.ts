import { QUANTILES } from '../../udfs/beds/occupancy.js';
import { requireValue } from '../../udfs/require-value.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { fromEntries, lastOf } from '../ground/lists.js';
import { invocations, literal, type Place, qualify } from '../ground/names.js';
import { later } from '../ground/plan.js';
import type { ForecastConstants } from './constants.js';
import { levelsOf } from './levels.js';

/** Nights that are forecast. */
export const NIGHTS = 14;
/** Days of the past whose stays say how long patients stay: a year, and some. */
const PAST = 400;
/** A stay of so many days or more is one of that many. */
const LONGEST = 120;
/** Of so many patients the sum is worked out one by one, in time that grows with their square; of more, by mean, variance and skewness. */
export const ONE_BY_ONE = 150;
/** Patients who do not move, against whom those of a ward count: a ward with few patients keeps its own. */
const STAYED = 5;
/** Days by which a planned patient may come before the day, and after it. */
const EARLY = 7;
const LATE = 14;
/** Days of the list whose bookings are known: half a year to learn from, and those of admissions that are looked back at. */
const LIST_DAYS = 210;

/** Temporary tables of a forecast, of the session that calls, and those about the list of planned admissions: by their placeholders. */
export const BED_TABLES = [
  'stays',
  'cohorts',
  'calendar',
  'days',
  'closed_units',
  'risks',
  'hazards',
  'present',
  'staying',
  'expected',
  'type_staying',
  'arrivals',
  'made',
  'leaving',
  'each',
  'here',
] as const;
export const LIST_TABLES = [
  'list',
  'kinds',
  'chances',
  'booked',
  'listed',
  'explained',
  'planned_curves',
] as const;
/** Those about dates of discharge that people expect. */
export const DATE_TABLES = ['latest_dates', 'evidence'] as const;
/** Those about moves between wards. */
export const MOVE_TABLES = ['places', 'shares', 'entering', 'moved'] as const;

/** Their qualified names, and that of the forecast as things are, beside one of what might be otherwise. */
function temporaryTables(place: Place) {
  const names = [...BED_TABLES, ...LIST_TABLES, ...DATE_TABLES, ...MOVE_TABLES, 'base' as const];
  return fromEntries(
    names.map((name) => [name, qualify(place, `LOS_BEDS_${name.toUpperCase()}_TMP`)] as const),
  ) as Readonly<Record<(typeof names)[number], string>>;
}

/** Beds are declared for contracts with dates alone. */
export function admissionOf({ admission }: Contract): string {
  return requireValue(admission, 'the admission column of a contract with beds');
}

/** Placeholders that texts of sql/beds/ share. */
export function bedValues(contract: Contract, place: Place, chosen: ForecastConstants) {
  const table = (name: string) => qualify(place, name);
  const temporary = temporaryTables(place);
  const finest = requireValue(lastOf(levelsOf(contract)), 'a level of beds');
  return {
    ...temporary,
    ...patientTexts(contract, temporary),
    ward_periods: table(datasetNames(contract).wardPeriods),
    stayed: String(STAYED),
    what_ifs: table('LOS_BED_WHAT_IFS'),
    ...later('from', 'first', 'until', 'starts', 'factors', 'pace', 'parts', 'live', 'census', 'lists'),
    id: contract.id,
    patient: contract.patient ?? contract.id,
    admission: admissionOf(contract),
    ward: contract.ward ?? 'NULL',
    department: contract.department ?? 'NULL',
    admission_type: contract.admissionType ?? 'NULL',
    features: table(datasetNames(contract).features),
    log: table('LOS_PREDICTION_LOG'),
    dataset: literal(contract.name),
    forecasts: table('LOS_BED_FORECASTS'),
    kept_days: table('LOS_BED_NIGHTS'),
    holidays: table('LOS_HOLIDAYS'),
    closures: table('LOS_BED_CLOSURES'),
    still_here: table('LOS_REMAINING_PATIENTS'),
    finest: literal(finest.level),
    finest_unit: finest.unit('c'),
    beds_taken: table('LOS_BED_DISTRIBUTION'),
    nights: String(NIGHTS),
    judged: String(chosen.judged),
    calendar_days: String(PAST + NIGHTS),
    past: String(PAST),
    longest: String(LONGEST),
    // GENERATOR takes constants only.
    days_of_stay: String(LONGEST + 1),
    looked_back: String(chosen.judged + NIGHTS),
    one_by_one: String(ONE_BY_ONE),
    usual_spread: String(chosen.usualSpread),
    band_half: String(chosen.bandHalf),
    held: String(chosen.held),
    arrival_half: String(chosen.arrivalHalf),
    weekday_prior: String(chosen.weekdayPrior),
    p10: String(QUANTILES.indexOf(0.1)),
    p90: String(QUANTILES.indexOf(0.9)),
    discharge_dates: table(datasetNames(contract).dischargeDates),
    dates: table('LOS_DATES'),
    fit: table('LOS_EVIDENCE_FIT'),
    later_days: String(chosen.laterDays),
    learned_days: String(chosen.laterDays + chosen.datesLearned),
    earned: String(chosen.earned),
    day_prior: String(chosen.dayPrior),
    planned_predictions: table('LOS_PLANNED_PREDICTIONS'),
    planned_patients: table('LOS_PLANNED_PATIENTS'),
    detail: qualify(place, invocations(place).detail),
    inputs: table('LOS_INPUTS'),
    list_days: String(LIST_DAYS),
    list_half: String(chosen.listHalf),
    list_prior: String(chosen.listPrior),
    rest_prior: String(chosen.restPrior),
    on_day: String(chosen.onDay),
    late: String(chosen.late),
    early: String(EARLY),
    latest: String(LATE),
    late_days: String(EARLY + LATE + 1),
    reach: reachSql('n.NIGHT'),
    reach_away: reachSql('DATEDIFF(day, {{from}}, l.PLANNED_DAY)'),
  };
}

export type BedValues = ReturnType<typeof bedValues>;

/** Whether the contract names a list of who will come. */
export function hasList({ planned, decisions }: Pick<Contract, 'planned' | 'decisions'>): boolean {
  return planned !== undefined || decisions !== undefined;
}

/** How far ahead a booking of `l` stands: 1, 2 to 3, 4 to 7 days, more; 0: it was decided. @param days SQL of the days */
function reachSql(days: string): string {
  return `CASE WHEN l.DECIDED THEN 0 WHEN ${days} <= 1 THEN 1 WHEN ${days} <= 3 THEN 2 WHEN ${days} <= 7 THEN 3 ELSE 4 END`;
}

/**
 * What texts have in some places where patients move, and where people's dates are about each patient. Without moves nothing stands there, and patients
 * count in the ward of admission; without dates patients alike count together.
 */
function patientTexts(
  { moves, expectedDischarge }: Pick<Contract, 'moves' | 'expectedDischarge'>,
  { places, stays }: Readonly<Record<'places' | 'stays', string>>,
) {
  const text = (words: string) => (moves === undefined ? '' : words);
  const patient = (words: string) => (expectedDischarge === undefined ? '' : words);
  return {
    lying: text(', WARD_NOW, AGE') + patient(', STAY'),
    lying_join:
      text(
        ` JOIN (SELECT CASE_ID, WARD AS WARD_NOW, AGE FROM ${places} WHERE DAY = {{from}}) AS l ON l.CASE_ID = s.CASE_ID`,
      ) + patient(` JOIN (SELECT CASE_ID AS STAY FROM ${stays}) AS i ON i.STAY = s.CASE_ID`),
    lying_kept: text(', WARD_NOW, AGE, N') + patient(', STAY'),
    lying_each:
      text(
        ', p.WARD_NOW, p.AGE, IFF(n.NIGHT = 1, p.N, GET(p.MEANS, n.NIGHT - 2)::FLOAT) - GET(p.MEANS, n.NIGHT - 1)::FLOAT AS GONE',
      ) + patient(', p.STAY'),
    lies_in: moves === undefined ? 'WARD' : 'WARD_NOW',
    gone_again: text(', GONE = k.BEFORE - k.HERE'),
    // Of those who may come to a small ward each one's probability is asked for.
    together:
      moves === undefined
        ? 'LEAST(COUNT(*) OVER (PARTITION BY WARD), COUNT(*) OVER (PARTITION BY DEPARTMENT))'
        : '0',
    in_all_coming: text(levelFactor('NOW_COMING')),
    in_all_arriving: text(levelFactor('NOW_ARRIVING')),
    rehearsed_level: moves === undefined ? `'all'` : `'ward'`,
  };
}

/** A factor by which all of a level are as many as the whole hospital's. @param column of `o`, a row a level, unit and night */
function levelFactor(column: string): string {
  return ` * COALESCE(SUM(IFF(o.LEVEL = 'all', o.${column}, 0)) OVER (PARTITION BY o.NIGHT) / NULLIF(SUM(o.${column}) OVER (PARTITION BY o.NIGHT, o.LEVEL), 0), 1)`;
}
