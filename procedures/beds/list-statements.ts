import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { invocations, literal, type Place, qualify } from '../ground/names.js';
import type { SqlFile } from '../ground/plan.js';
import { championSql } from '../scoring/statements/score.js';
import type { ForecastConstants } from './constants.js';
import { type Level, union } from './levels.js';
import type { ListSql, WhatIfSql } from './plan.js';
import type { BedsSettings } from './statements.js';

/** Days by which a planned patient may come before the day, and after it. */
const EARLY = 7;
const LATE = 14;
/** Days of the list whose bookings are known: half a year to learn from, and those of admissions that are looked back at. */
const LIST_DAYS = 210;

/** Temporary tables about the list, by their placeholders. */
export function listTables(place: Place) {
  const table = (name: string) => qualify(place, `LOS_BEDS_${name}_TMP`);
  return {
    list: table('LIST'),
    kinds: table('KINDS'),
    chances: table('CHANCES'),
    booked: table('BOOKED'),
    listed: table('LISTED'),
    explained: table('EXPLAINED'),
    planned_curves: table('PLANNED_CURVES'),
  };
}

/**
 * The statements about the list of planned admissions.
 * @param text reads one of sql/beds/ with the forecast's placeholders
 */
export function listSql(
  contract: Contract,
  settings: BedsSettings,
  levels: readonly Level[],
  text: (name: string, more?: Readonly<Record<string, string>>) => string,
  sqlFile: SqlFile,
  chosen: ForecastConstants,
): ListSql {
  const { planned_curves: curves } = listTables(settings);
  const predictions = qualify(settings, 'LOS_PLANNED_PREDICTIONS');
  const values = {
    planned: qualify(settings, datasetNames(contract).planned),
    planned_predictions: predictions,
    planned_patients: qualify(settings, 'LOS_PLANNED_PATIENTS'),
    detail: qualify(settings, invocations(settings).detail),
    inputs: qualify(settings, 'LOS_INPUTS'),
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
    reach_away: reachSql('AWAY'),
    levels: union(levels.map(listShareSql)),
  };
  const readText = (name: string) => text(`planned/${name}`, values);
  return {
    read: [
      'list',
      ...(contract.planned?.patient ? ['link'] : []),
      'kinds',
      'chances',
      'booked',
      'curves',
    ].map(readText),
    champion: championSql(contract, settings, sqlFile),
    ask: readText('ask'),
    replace: `DELETE FROM ${curves} WHERE NOT FRESH AND STAY_ID IN (SELECT STAY_ID FROM ${curves} WHERE FRESH)`,
    keep: readText('keep'),
    count: [text('arrivals-by-type'), ...['listed', 'explained'].map(readText)],
    patients: readText('patients'),
    facts: readText('facts'),
  };
}

/** The statements of what_if. */
export function whatIfSql(
  contract: Contract,
  settings: BedsSettings,
  text: (name: string, more?: Readonly<Record<string, string>>) => string,
): WhatIfSql {
  const { planned, admission, ward, department, admissionType } = contract;
  const table = qualify(settings, 'LOS_BED_WHAT_IFS');
  const base = qualify(settings, 'LOS_BEDS_BASE_TMP');
  const values = {
    ...listTables(settings),
    base,
    what_ifs: table,
    planned_patients: qualify(settings, 'LOS_PLANNED_PATIENTS'),
  };
  const readText = (name: string) => text(name, values);
  return {
    base,
    prepare:
      planned === undefined
        ? [
            readText('what-if/booked'),
            `CREATE OR REPLACE TEMPORARY TABLE ${values.planned_curves} (STAY_ID VARCHAR, CURVE OBJECT)`,
          ]
        : [],
    plan: planned === undefined ? null : readText('what-if/plan'),
    cancel: planned === undefined ? null : readText('what-if/cancel'),
    extras: readText('what-if/extras'),
    patients: readText('planned/patients'),
    forget: `DELETE FROM ${table} WHERE DATASET = ${literal(contract.name)} AND ASKED_AT < DATEADD(day, -1, CURRENT_TIMESTAMP())`,
    answer: readText('what-if/answer'),
    inputs: {
      day: admission as string,
      ...(planned?.ward && ward ? { ward } : {}),
      ...(planned?.department && department ? { department } : {}),
      ...(planned?.kind && admissionType ? { kind: admissionType } : {}),
    },
    alike: admissionType === undefined ? '(none)' : '(alike)',
    drop: [base, ...Object.values(listTables(settings))].map((name) => `DROP TABLE IF EXISTS ${name}`),
  };
}

/** How far ahead a booking stands: 1, 2 to 3, 4 to 7 days, more. @param days SQL of the days */
function reachSql(days: string): string {
  return `CASE WHEN ${days} <= 1 THEN 1 WHEN ${days} <= 3 THEN 2 WHEN ${days} <= 7 THEN 3 ELSE 4 END`;
}

function listShareSql({ level, unit }: Level): string {
  const same = level === 'all' ? 'TRUE' : `EQUAL_NULL(LISTED_${level.toUpperCase()}, ${level.toUpperCase()})`;
  return `SELECT '${level}' AS LEVEL, ${unit('seen')} AS UNIT, TYPE, NIGHT, SUM(WEIGHT) AS N, SUM(IFF(STAY_ID IS NOT NULL AND ${same}, WEIGHT, 0)) AS LISTED
FROM seen GROUP BY 2, 3, 4`;
}
