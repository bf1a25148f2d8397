import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { hasEvents } from '../dataset/origin/events.js';
import { CALLER, literal, type Place, qualify } from '../ground/names.js';
import { later, type SqlFile } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import type { Constants, PlanSource } from '../object.js';
import { heldRowSql } from '../scoring/held-words.js';
import { CHOSEN, type ForecastConstants } from './constants.js';
import { datesSql } from './dates/statements.js';
import { tonightSql } from './dates/tonight.js';
import { type Level, levelsOf, union } from './levels.js';
import { listSql, whatIfSql } from './list-statements.js';
import type { BedsPlan, BedsSettings } from './plan.js';
import {
  admissionOf,
  BED_TABLES,
  type BedValues,
  bedValues,
  DATE_TABLES,
  hasList,
  LIST_TABLES,
  MOVE_TABLES,
  NIGHTS,
  ONE_BY_ONE,
} from './values.js';

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

/** In place of what the list of planned admissions explains, where there is none. */
const NO_LIST =
  '(SELECT NULL::VARCHAR AS LEVEL, NULL::VARCHAR AS UNIT, NULL::NUMBER AS NIGHT, NULL::FLOAT AS COMING, NULL::FLOAT AS ARRIVING WHERE FALSE)';

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
  const levels = levelsOf(contract);
  const values = bedValues(contract, settings, chosen);
  const whereMoved = <T>(steps: () => readonly T[]) => (contract.moves === undefined ? [] : steps());
  const inDataset = `DATASET = ${values.dataset}`;
  return {
    known: dataEndSql(contract, settings, sqlFile, '{{over}}'),
    before: `SELECT COUNT_IF(TO_DATE(${values.admission}) <= {{from}}) AS N, DATEDIFF(day, {{from}}, MAX(TO_DATE(${values.admission}))) AS AGO
FROM ${values.features} WHERE WITHDRAWN_AT IS NULL`,
    stays: [
      sqlFile('sql/beds/stays.sql', values),
      sqlFile('sql/beds/cohorts.sql', {
        ...values,
        levels: union(levels.map((level) => cohortSql(level, values.stays))),
      }),
      sqlFile('sql/beds/calendar.sql', values),
    ],
    places:
      contract.moves === undefined
        ? null
        : {
            read: sqlFile('sql/beds/moves/places.sql', values),
            unread: sqlFile('sql/beds/moves/places.sql', {
              ...values,
              ward_periods: `(SELECT CASE_ID, WARD, CAME AS SINCE FROM ${values.stays})`,
            }),
          },
    prepare: [
      ...whereMoved(() => [sqlFile('sql/beds/moves/wards.sql', values)]),
      sqlFile('sql/beds/days.sql', values),
      ...whereMoved(() => [
        sqlFile('sql/beds/moves/census.sql', values),
        sqlFile('sql/beds/moves/shares.sql', values),
      ]),
      sqlFile('sql/beds/closed.sql', {
        ...values,
        missed: String(MISSED),
        fewest: String(FEWEST_PATIENTS),
        patients: union(levels.map((level) => patientsSql(level, values.stays))),
      }),
      sqlFile('sql/beds/risks.sql', values),
      sqlFile('sql/beds/hazards.sql', values),
    ],
    daysAhead: `SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, WEEKDAY, HOLIDAY FROM ${values.calendar} WHERE DAY > {{from}}`,
    weekdays: sqlFile('sql/beds/weekdays.sql', values),
    past: [
      sqlFile('sql/beds/present.sql', values),
      sqlFile('sql/beds/staying.sql', values),
      sqlFile('sql/beds/past.sql', values),
      ...whereMoved(() => [
        sqlFile('sql/beds/moves/entering.sql', values),
        sqlFile('sql/beds/moves/expected.sql', values),
      ]),
    ],
    leaving: sqlFile('sql/beds/leaving.sql', {
      ...values,
      ...latestCurves(contract, table, values.dataset, sqlFile),
    }),
    each: sqlFile('sql/beds/each.sql', values),
    here: [
      ...whereMoved(() => [sqlFile('sql/beds/moves/moved.sql', values)]),
      sqlFile('sql/beds/here.sql', {
        ...values,
        levels: union(levels.map((level) => occupancySql(level, contract, values))),
      }),
    ],
    heldPast: sqlFile('sql/beds/held-past.sql', values),
    unrehearsed: sqlFile('sql/beds/unrehearsed.sql', values),
    forgetRehearsed: `DELETE FROM ${values.forecasts} WHERE ${inDataset} AND KIND = 'rehearsal' AND MADE_ON IN (${sqlFile('sql/beds/unrehearsed.sql', values)})`,
    rehearsed: sqlFile('sql/beds/rehearsed.sql', values),
    replace: `DELETE FROM ${values.forecasts} WHERE ${inDataset} AND MADE_ON = {{from}}`,
    byType: sqlFile('sql/beds/type-staying.sql', values),
    list: !hasList(contract) ? null : listSql(contract, settings, levels, values, sqlFile),
    dates: contract.expectedDischarge === undefined ? null : datesSql(contract, settings, values, sqlFile),
    tonight: settings.tasks.silent === null ? tonightSql(contract, values, sqlFile) : null,
    whatIf: whatIfSql(contract, values, sqlFile),
    made: [
      sqlFile('sql/beds/made.sql', {
        ...values,
        spread: sqlFile('sql/beds/spread.sql', values),
        ...later('closed'),
        capacity: capacitySql(contract),
        ...(!hasList(contract)
          ? { explained: NO_LIST, planned_column: 'NULL::FLOAT' }
          : { planned_column: 'PLANNED' }),
      }),
      ...whereMoved(() => [sqlFile('sql/beds/moves/flows.sql', values)]),
    ],
    madeTable: values.made,
    closures: sqlFile('sql/beds/closures.sql', { ...values, capacity_level: capacityLevel(contract) }),
    unit: `SELECT COUNT(*) AS N, MAX(c.BEDS) AS BEDS FROM ${values.days} AS d
LEFT JOIN (${capacitySql(contract)}) AS c ON c.LEVEL = d.LEVEL AND c.UNIT = d.UNIT WHERE d.DAY = {{from}} AND d.LEVEL = ? AND d.UNIT = ?`,
    unitsNow: `SELECT LEVEL, UNIT, TAKEN FROM ${values.days} WHERE DAY = {{from}}`,
    shared: `SELECT COALESCE(WARD, '(none)') AS WARD, COALESCE(DEPARTMENT, '(none)') AS DEPARTMENT, COUNT(*) AS N FROM ${
      contract.moves === undefined
        ? `${values.stays} WHERE WENT IS NULL`
        : `${values.places} WHERE DAY = {{from}}`
    } GROUP BY 1, 2`,
    kept: sqlFile('sql/beds/kept.sql', values),
    forgetNights: `DELETE FROM ${values.kept_days} WHERE ${inDataset} AND NIGHT BETWEEN {{first}} AND {{from}}`,
    nights: sqlFile('sql/beds/nights.sql', values),
    facts: sqlFile('sql/beds/facts.sql', {
      ...values,
      corrected: sqlFile('sql/beds/corrected.sql', values),
      zone: literal(settings.timeZone),
    }),
    held: heldRowSql(table('LOS_HELD_CHANGES'), values.dataset, literal(settings.timeZone)),
    worse: sqlFile('sql/beds/worse.sql', values),
    units: `SELECT COUNT(*) AS UNITS, SUM(IFF(LEVEL = 'all', TAKEN, 0)) AS TAKEN, (SELECT MAX(PACE) FROM ${values.forecasts}
  WHERE ${inDataset} AND MADE_ON = {{from}} AND KIND = 'forecast' AND LEVEL = 'all' AND HORIZON = 1) AS PACE, ${CALLER} = 'SYSTEM' AS BY_TASK FROM ${values.days} WHERE DAY = {{from}}`,
    drop: [
      ...BED_TABLES,
      ...(hasList(contract) ? LIST_TABLES : []),
      ...(contract.expectedDischarge ? DATE_TABLES : []),
      ...whereMoved(() => MOVE_TABLES),
    ].map((name) => `DROP TABLE IF EXISTS ${values[name]}`),
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

/** How many are in over each night: in wards between which patients move who may lie there, else who is in by what is known of the admission. */
function occupancySql(
  { level, unit }: Level,
  { moves }: Pick<Contract, 'moves'>,
  { each, moved }: Pick<BedValues, 'each' | 'moved'>,
): string {
  const isMoved = moves !== undefined && level === 'ward';
  const flow = (column: string) => (isMoved ? `SUM(e.${column})` : '0::FLOAT');
  return `SELECT '${level}' AS LEVEL, u.UNIT, e.NIGHT, SUM(e.MEAN) AS MEAN, SUM(e.VARIANCE) AS VARIANCE, SUM(e.THIRD) AS THIRD, SUM(e.WITHOUT) AS WITHOUT,
  SUM(e.BY_CURVES) AS BY_CURVES, SUM(e.BY_PAST) AS BY_PAST, SUM(e.PLANNED) AS PLANNED, SUM(e.ARRIVING) AS ARRIVING,
  ${flow('MOVING')} AS MOVING, ${flow('GONE')} AS GONE,
  IFF(MAX(u.TAKEN) <= ${ONE_BY_ONE}, ARRAY_AGG(IFF(u.TAKEN <= ${ONE_BY_ONE}, e.STAYS, NULL)), NULL) AS STAYS
FROM ${isMoved ? moved : each} AS e JOIN units AS u ON u.LEVEL = '${level}' AND u.UNIT = ${unit('e')} GROUP BY u.UNIT, e.NIGHT`;
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

/** What capacities other than the hospital's are about. */
function capacityLevel({ ward }: Contract): 'ward' | 'department' {
  return ward === undefined ? 'department' : 'ward';
}

/** LEVEL, UNIT and BEDS: how many the contract says there are. */
function capacitySql(contract: Contract): string {
  const level = capacityLevel(contract);
  const rows = Object.entries(contract.capacity ?? {}).map(([unit, beds]) =>
    unit === '*' ? `('all', '(all)', ${beds})` : `('${level}', ${literal(unit)}, ${beds})`,
  );
  return rows.length > 0
    ? `SELECT $1 AS LEVEL, $2 AS UNIT, $3 AS BEDS FROM VALUES ${rows.join(', ')}`
    : 'SELECT NULL::VARCHAR AS LEVEL, NULL::VARCHAR AS UNIT, NULL::NUMBER AS BEDS WHERE FALSE';
}
