import { QUANTILES } from '../../udfs/beds/occupancy.js';
import { requireValue } from '../../udfs/require-value.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { hasEvents } from '../dataset/origin/events.js';
import { lastOf } from '../ground/lists.js';
import { CALLER, literal, type Place, qualify } from '../ground/names.js';
import { later, type SqlFile } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Constants, PlanSource } from '../object.js';
import { heldRowSql } from '../scoring/held-words.js';
import { CHOSEN, type ForecastConstants } from './constants.js';
import { type Level, levelsOf, union } from './levels.js';
import { listSql, listTables, whatIfSql } from './list-statements.js';
import type { BedsPlan } from './plan.js';

/** Nights that are forecast. */
export const NIGHTS = 14;
/** Days of the past whose stays say how long patients stay: a year, and some. */
const PAST = 400;
/** A stay of so many days or more is one of that many. */
const LONGEST = 120;
/** Of so many patients the sum is worked out one by one, in time that grows with their square; of more, by mean, variance and skewness. */
const ONE_BY_ONE = 150;

/**
 * Where so many admissions have not come that ought to have, data are missing: of seven that are expected on average all stay away
 * once in a thousand times.
 */
const MISSED = 7;

/** SELECT of the last day of which the data know, one row with DAY. @param over SQL of the last day that is over */
export function dataEndSql(contract: Contract, settings: Place, sqlFile: SqlFile, over: string): string {
  return sqlFile('sql/beds/known.sql', {
    admission: admissionOf(contract),
    features: qualify(settings, datasetNames(contract).features),
    missed: String(MISSED),
    over,
  });
}

/** Beds are declared for contracts with dates alone. */
function admissionOf({ admission }: Contract): string {
  return requireValue(admission, 'the admission column of a contract with beds');
}

/** In place of beds that a what_if closes. */
const NONE_CLOSED =
  'SELECT NULL::VARCHAR AS LEVEL, NULL::VARCHAR AS UNIT, NULL::NUMBER AS NIGHT, NULL::NUMBER AS BEDS WHERE FALSE';

/** In place of what the list of planned admissions explains, where there is none. */
const NO_LIST =
  '(SELECT NULL::VARCHAR AS LEVEL, NULL::VARCHAR AS UNIT, NULL::NUMBER AS NIGHT, NULL::FLOAT AS COMING, NULL::FLOAT AS ARRIVING WHERE FALSE)';

/** The settings that FORECAST_BEDS heeds. */
export interface BedsSettings extends Place {
  readonly timeZone: string;
}

/** What both forms of FORECAST_BEDS are compiled with. */
export function bedsConstants({ contract, settings, sql }: PlanSource<BedsSettings>): Constants {
  const { database, schema } = settings.snowflake;
  return { PLAN: bedsPlan(contract, settings, sql), PLACE: { snowflake: { database, schema } } };
}

/**
 * The statements of FORECAST_BEDS.
 * @param sqlFile reads a text of the project
 * @param chosen constants, where others are to be tried
 */
export function bedsPlan(
  contract: Contract,
  settings: BedsSettings,
  sqlFile: SqlFile,
  chosen: ForecastConstants = CHOSEN,
): BedsPlan {
  const base = {
    dataset: contract.name,
    runLog: qualify(settings, 'LOS_RUN_LOG'),
    zone: settings.timeZone,
  };
  return {
    ...base,
    sql: contract.admission === undefined ? null : statements(contract, settings, sqlFile, chosen),
  };
}

function statements(
  contract: Contract,
  settings: BedsSettings,
  sqlFile: SqlFile,
  chosen: ForecastConstants,
): NonNullable<BedsPlan['sql']> {
  // A forecast of the earliest day that is judged looks back over as many days, the earliest of them over seven weeks.
  const window = 2 * chosen.judged + NIGHTS + 42 + 7;
  const table = (name: string) => qualify(settings, name);
  // Temporary ones, of the session that calls.
  const own = {
    stays: table('LOS_BEDS_STAYS_TMP'),
    cohorts: table('LOS_BEDS_COHORTS_TMP'),
    calendar: table('LOS_BEDS_CALENDAR_TMP'),
    days: table('LOS_BEDS_DAYS_TMP'),
    closed_units: table('LOS_BEDS_CLOSED_TMP'),
    risks: table('LOS_BEDS_RISKS_TMP'),
    hazards: table('LOS_BEDS_HAZARDS_TMP'),
    present: table('LOS_BEDS_PRESENT_TMP'),
    staying: table('LOS_BEDS_STAYING_TMP'),
    expected: table('LOS_BEDS_EXPECTED_TMP'),
    type_staying: table('LOS_BEDS_TYPE_STAYING_TMP'),
    arrivals: table('LOS_BEDS_ARRIVALS_TMP'),
    made: table('LOS_BEDS_MADE_TMP'),
    leaving: table('LOS_BEDS_LEAVING_TMP'),
    each: table('LOS_BEDS_EACH_TMP'),
    here: table('LOS_BEDS_HERE_TMP'),
  };
  const listed = contract.planned === undefined ? {} : listTables(settings);
  const levels = levelsOf(contract);
  const finest = requireValue(lastOf(levels), 'a level of beds');
  const values = {
    ...own,
    ...listed,
    ...later('from', 'first', 'until', 'starts', 'factors', 'pace', 'parts', 'live'),
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
  };
  const text = (name: string, more: Readonly<Record<string, string>> = {}) =>
    sqlFile(`sql/beds/${name}.sql`, { ...values, ...more });
  const inDataset = `DATASET = ${values.dataset}`;
  return {
    known: dataEndSql(contract, settings, sqlFile, '{{over}}'),
    before: `SELECT COUNT_IF(TO_DATE(${values.admission}) <= {{from}}) AS N, DATEDIFF(day, {{from}}, MAX(TO_DATE(${values.admission}))) AS AGO
FROM ${values.features} WHERE WITHDRAWN_AT IS NULL`,
    stays: text('stays'),
    cohorts: text('cohorts', { levels: union(levels.map((each) => cohortSql(each, own.stays))) }),
    calendar: text('calendar'),
    daysAhead: `SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, WEEKDAY, HOLIDAY FROM ${own.calendar} WHERE DAY > {{from}}`,
    days: text('days'),
    closed: text('closed', {
      missed: String(MISSED),
      fewest: String(FEWEST_PATIENTS),
      patients: union(levels.map((each) => patientsSql(each, own.stays))),
    }),
    risks: text('risks'),
    hazards: text('hazards'),
    weekdays: text('weekdays'),
    present: text('present'),
    staying: text('staying'),
    past: text('past'),
    leaving: text('leaving', latestCurves(contract, table, values.dataset, sqlFile)),
    each: text('each'),
    here: text('here', { levels: union(levels.map((each) => occupancySql(each, own.each))) }),
    heldPast: text('held-past'),
    unrehearsed: text('unrehearsed'),
    forgetRehearsed: `DELETE FROM ${values.forecasts} WHERE ${inDataset} AND KIND = 'rehearsal' AND MADE_ON IN (${text('unrehearsed')})`,
    rehearsed: text('rehearsed'),
    replace: `DELETE FROM ${values.forecasts} WHERE ${inDataset} AND MADE_ON = {{from}}`,
    byType: text('type-staying'),
    list: contract.planned === undefined ? null : listSql(contract, settings, levels, text, sqlFile, chosen),
    whatIf: whatIfSql(contract, settings, text),
    made: text('made', {
      spread: text('spread'),
      ...later('closed'),
      capacity: capacitySql(contract),
      ...(contract.planned === undefined
        ? { explained: NO_LIST, planned_column: 'NULL::FLOAT' }
        : { planned_column: 'PLANNED' }),
    }),
    madeTable: own.made,
    noneClosed: NONE_CLOSED,
    unit: `SELECT COUNT(*) AS N, MAX(c.BEDS) AS BEDS FROM ${own.days} AS d
LEFT JOIN (${capacitySql(contract)}) AS c ON c.LEVEL = d.LEVEL AND c.UNIT = d.UNIT WHERE d.DAY = {{from}} AND d.LEVEL = ? AND d.UNIT = ?`,
    unitsNow: `SELECT LEVEL, UNIT, TAKEN FROM ${own.days} WHERE DAY = {{from}}`,
    shared: `SELECT COALESCE(WARD, '(none)') AS WARD, COALESCE(DEPARTMENT, '(none)') AS DEPARTMENT, COUNT(*) AS N FROM ${own.stays} WHERE WENT IS NULL GROUP BY 1, 2`,
    kept: text('kept'),
    forgetNights: `DELETE FROM ${values.kept_days} WHERE ${inDataset} AND NIGHT BETWEEN {{first}} AND {{from}}`,
    nights: text('nights'),
    facts: text('facts', { corrected: text('corrected'), zone: literal(settings.timeZone) }),
    held: heldRowSql(table('LOS_HELD_CHANGES'), values.dataset, literal(settings.timeZone)),
    worse: text('worse'),
    units: `SELECT COUNT(*) AS UNITS, SUM(IFF(LEVEL = 'all', TAKEN, 0)) AS TAKEN, (SELECT MAX(PACE) FROM ${values.forecasts}
  WHERE ${inDataset} AND MADE_ON = {{from}} AND KIND = 'forecast' AND LEVEL = 'all' AND HORIZON = 1) AS PACE, ${CALLER} = 'SYSTEM' AS BY_TASK FROM ${own.days} WHERE DAY = {{from}}`,
    drop: [...Object.values(own), ...Object.values(listed)].map((name) => `DROP TABLE IF EXISTS ${name}`),
    window,
    judged: chosen.judged,
    ahead: NIGHTS,
    wards: levels.length > 1,
  };
}

function cohortSql({ level, unit }: Level, stays: string): string {
  return `SELECT '${level}' AS LEVEL, ${unit('s')} AS UNIT, s.CAME, s.WENT, s.TYPE, COUNT(*) AS N FROM ${stays} AS s GROUP BY 2, 3, 4, 5`;
}

function patientsSql({ level, unit }: Level, stays: string): string {
  return `SELECT '${level}' AS LEVEL, ${unit('s')} AS UNIT, COUNT(DISTINCT s.PATIENT) AS N FROM ${stays} AS s GROUP BY 2`;
}

function occupancySql({ level, unit }: Level, each: string): string {
  return `SELECT '${level}' AS LEVEL, u.UNIT, e.NIGHT, SUM(e.MEAN) AS MEAN, SUM(e.VARIANCE) AS VARIANCE, SUM(e.THIRD) AS THIRD, SUM(e.WITHOUT) AS WITHOUT,
  SUM(e.BY_CURVES) AS BY_CURVES, SUM(e.BY_PAST) AS BY_PAST, SUM(e.PLANNED) AS PLANNED, SUM(e.ARRIVING) AS ARRIVING,
  IFF(MAX(u.TAKEN) <= ${ONE_BY_ONE}, ARRAY_AGG(IFF(u.TAKEN <= ${ONE_BY_ONE}, e.STAYS, NULL)), NULL) AS STAYS
FROM ${each} AS e JOIN units AS u ON u.LEVEL = '${level}' AND u.UNIT = ${unit('e')} GROUP BY u.UNIT, e.NIGHT`;
}

/** The curves of patients currently admitted: where stays are predicted again every morning, the latest of these before those of the admission. */
function latestCurves(
  contract: Contract,
  table: (name: string) => string,
  dataset: string,
  sqlFile: SqlFile,
): { readonly renewed: string; readonly curves: string } {
  if (!hasEvents(contract)) return { renewed: '', curves: 'curves' };
  const [daily, shift] = [table('LOS_DAILY_PREDICTIONS'), table('LOS_SHIFT_CURVE')];
  return {
    renewed: `, latest AS (${sqlFile('sql/stay/latest-curves.sql', { daily, shift, dataset, ...later('from', 'until') })})`,
    curves: 'latest',
  };
}

/** LEVEL, UNIT and BEDS: how many the contract says there are. */
function capacitySql({ capacity = {}, ward }: Contract): string {
  const level = ward === undefined ? 'department' : 'ward';
  const rows = Object.entries(capacity).map(([unit, beds]) =>
    unit === '*' ? `('all', '(all)', ${beds})` : `('${level}', ${literal(unit)}, ${beds})`,
  );
  return rows.length > 0
    ? `SELECT $1 AS LEVEL, $2 AS UNIT, $3 AS BEDS FROM VALUES ${rows.join(', ')}`
    : 'SELECT NULL::VARCHAR AS LEVEL, NULL::VARCHAR AS UNIT, NULL::NUMBER AS BEDS WHERE FALSE';
}
