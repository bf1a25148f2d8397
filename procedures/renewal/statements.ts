import type { Contract } from '../dataset/contract.js';
import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { EVENT_DAYS_BEFORE } from '../dataset/origin/events.js';
import { probeSql } from '../dataset/origin/feed-views.js';
import { fromEntries } from '../ground/lists.js';
import { invocations, literal, type Place, placeOf, qualify } from '../ground/names.js';
import { fill, later } from '../ground/plan.js';
import type { PlanSource } from '../object.js';
import { sourceRows } from '../scoring/statements/tried.js';
import { STAY_TEXTS, stayFeatures } from '../stay/features.js';
import {
  datesOf,
  dayOfStay,
  daysSeen,
  hadCome,
  isDayColumn,
  morningOf,
  newestMorning,
  stillIn,
} from '../stay/rest.js';
import { restsPlan } from '../stay/rests.js';
import type { RenewPlan } from './plan.js';

/** The settings that RENEW_PREDICTIONS heeds. */
export interface RenewSettings extends Place {
  /** The hospital's. */
  readonly timeZone: string;
  readonly stay: { readonly hour: number };
}

/** The place of the morning in a statement. */
const AS_OF = '{{as_of}}';

/** The statements of RENEW_PREDICTIONS. @param past whether of the morning of a day, which stands in the opening, instead of the newest */
export function renewPlan(
  { contract, settings, sql, texts }: PlanSource<RenewSettings>,
  past = false,
): RenewPlan {
  const table = (name: string) => qualify(settings, name);
  const { id } = contract;
  const { admission } = datesOf(contract);
  const dataset = literal(contract.name);
  const champion = sql('sql/stay/renew-champion.sql', { registry: table('LOS_MODEL_REGISTRY'), dataset });
  const daily = table('LOS_DAILY_PREDICTIONS');
  const waiting = sql('sql/stay/renew-waiting.sql', {
    ...later('as_of'),
    id,
    dataset,
    admission,
    champion,
    daily,
    object: featureObject(contract),
    features: table(datasetNames(contract).features),
    log: table('LOS_PREDICTION_LOG'),
    quarantine: table('LOS_QUARANTINE'),
    queue: table(datasetNames(contract).waiting),
    day: dayOfStay(admission, AS_OF),
    came: hadCome(contract, admission, AS_OF),
    here: hereInFeatures(contract, settings),
  });
  const morning = past
    ? morningOf('{{day}}', settings.timeZone, settings.stay.hour)
    : newestMorning(settings.timeZone, settings.stay.hour);
  return {
    place: placeOf(settings),
    dataset: contract.name,
    runLog: table('LOS_RUN_LOG'),
    opening: sql('sql/stay/renew-opening.sql', {
      champion,
      morning,
      waiting: fill(waiting, { as_of: morning }),
    }),
    lock: `UPDATE ${table('LOS_MODEL_REGISTRY')} SET STATUS = STATUS WHERE DATASET = ${dataset} AND STATUS = 'CHAMPION'`,
    renew: sql('sql/stay/renew.sql', {
      ...later('as_of', 'range', 'asks', 'known'),
      dataset,
      daily,
      waiting,
      stay: table(invocations(settings).stay),
      remaining: table('PREDICT_LOS_REMAINING'),
      gone: table('LOS_DISCHARGE_PROBABILITIES'),
      seen: daysSeen('w.DAY'),
    }),
    known: stayFeatures(
      {
        contract,
        settings,
        sql: fromEntries(STAY_TEXTS.map((name) => [name, texts('stay')[name.replace('stay/', '')] ?? ''])),
      },
      'SELECT CASE_ID, DAY, AS_OF FROM waiting WHERE SERVED',
      `DATEADD(day, -${EVENT_DAYS_BEFORE}, {{since}})`,
    ),
    unknown: 'SELECT NULL::VARCHAR AS CASE_ID, NULL::OBJECT AS EVENTS WHERE FALSE',
    probe: probeSql({ view: datasetNames(contract).eventRows }, settings),
    asked: `SELECT CASE_ID FROM (${waiting}) WHERE SERVED ORDER BY CASE_ID`,
    rests:
      restsPlan(contract, settings, sql, {
        changed: '',
        features: table(datasetNames(contract).features),
        raw: sourceRows(contract, settings).raw,
      })?.run ?? '',
    counts: `SELECT COUNT_IF(SOURCE = 'stay') AS STAY, COUNT_IF(SOURCE = 'admission') AS ADMISSION, COUNT_IF(CURVE IS NULL) AS WITHOUT, COUNT_IF(REASON IS NOT NULL) AS REFUSED
FROM ${daily} WHERE DATASET = ${dataset} AND AS_OF = ${AS_OF} AND RUN_ID = ?`,
  };
}

/**
 * Condition that the stay of a feature row was not over at the morning. Features have the day of a discharge; where it has a time as well, those who
 * left on the morning's day are looked up in the hospital's rows.
 */
function hereInFeatures(contract: Contract, settings: Place): string {
  const { admission, discharge } = datesOf(contract);
  const { id } = contract;
  const leaves = `DATEADD(day, FLOOR(LOS)::NUMBER(9, 0), TO_DATE(${admission}))`;
  const byDay = `(LOS IS NULL OR (LOS >= 0 AND ${leaves} >= TO_DATE(${AS_OF})))`;
  if (isDayColumn(contract, discharge)) return byDay;
  const left = `SELECT ${id} FROM ${sourceRows(contract, settings).raw} AS r
      WHERE ${id} IS NOT NULL AND ${discharge} >= TO_DATE(${AS_OF}) AND NOT ${stillIn(contract, discharge, AS_OF)}`;
  return `${byDay}
      AND NOT (LOS IS NOT NULL AND ${leaves} = TO_DATE(${AS_OF}) AND ${id} IN (${left}))`;
}
