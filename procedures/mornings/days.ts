import { BUCKETS, bucketOf } from '../../udfs/encoding/stay.js';
import { datasetNames } from '../dataset/names.js';
import { rawRows } from '../dataset/raw.js';
import { patientNumber } from '../fitting/split.js';
import { literal, modelMarker, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { patientOf } from '../ground/small-groups.js';
import { execute, query, queryFirst, type Work } from '../ground/work.js';
import { markColumns } from '../records/mark-columns.js';
import { stayFeatures } from '../stay/features.js';
import { datesOf, hadCome, restOf, stillIn } from '../stay/rest.js';

/** Mornings that a training looks at, about: of each stay at most so many, by chance, and of a long one some more. */
const MOST_DAYS = 60_000;
const LEAST_A_STAY = 6;
const MOST_A_STAY = 21;
/** No stay has a morning after it; what lasts longer is known as well by then. */
const LONGEST = 400;

/** Number of mornings that a training has, by side. */
export interface DayCounts {
  readonly train: number;
  readonly validation: number;
  readonly holdout: number;
}

/**
 * Makes the table of the mornings of a training: those of its stays, by chance, each with what was known by then of its events. Sides and
 * weights are those of the admissions; a morning weighs as much more as it was chosen from.
 */
export function* collectDays(plan: Plan): Work<DayCounts> {
  const { contract, settings } = plan;
  const names = datasetNames(contract);
  const { admission, discharge } = datesOf(contract);
  const set = qualify(settings, names.trainingSet);
  const target = qualify(settings, names.stayDays);
  const { hour } = stayOf(plan);
  const counted = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${set}`);
  const chosen = qualify(settings, CHOSEN);
  yield* execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${chosen} AS ${sqlText(plan, 'stay/days', {
      set,
      id: contract.id,
      patient: patientOf(contract),
      patient_number: patientNumber(contract),
      admission,
      discharge,
      rows: rawRows(contract, qualify(settings, contract.table)),
      hour: String(hour),
      longest: String(LONGEST),
      had_come: hadCome(contract, 'ADMITTED', 'AS_OF'),
      still_in: stillIn(contract, 'LEFT_AT', 'AS_OF'),
      rest: restOf(contract, 'LEFT_AT', 'AS_OF'),
      a_stay: String(
        Math.max(LEAST_A_STAY, Math.min(MOST_A_STAY, Math.floor(MOST_DAYS / (Number(counted?.N) || 1)))),
      ),
    })}`,
  );
  try {
    yield* execute(`CREATE OR REPLACE TRANSIENT TABLE ${target}
COMMENT = ${literal(modelMarker(settings.prefix, contract.name))} AS
SELECT d.*, ${bucketSql('d.DAY')} AS BUCKET, f.EVENTS
FROM ${chosen} AS d
JOIN (${stayFeatures(plan, `SELECT CASE_ID, DAY, AS_OF FROM ${chosen}`)}) AS f ON f.CASE_ID = d.CASE_ID AND f.AS_OF = d.AS_OF`);
  } finally {
    yield* execute(`DROP TABLE IF EXISTS ${chosen}`);
  }
  yield* markColumns(plan, target, {
    CASE_ID: 'identifier',
    PATIENT: 'identifier',
    PATIENT_NUMBER: 'identifier',
    EVENTS: 'sensitive',
  });
  const sides = yield* query(`SELECT SIDE, COUNT(*) AS N FROM ${target} GROUP BY SIDE`);
  const of = (side: string) => Number(sides.find(({ SIDE }) => SIDE === side)?.N || 0);
  return { train: of('train'), validation: of('validation'), holdout: of('holdout') };
}

/** Temporary table of the mornings, before their events stand beside them. */
const CHOSEN = 'LOS_CHOSEN_DAYS_TMP';

/** The settings of a plan whose contract has events. */
export function stayOf({ settings }: Pick<Plan, 'settings'>): NonNullable<Plan['settings']['stay']> {
  const { stay } = settings;
  if (!stay) throw new Error('The plan of a contract without events has no stay');
  return stay;
}

/** The range of days of stay that a day is in, as `bucketOf`. */
function bucketSql(day: string): string {
  const whens = BUCKETS.slice(1).map(
    (next, i) => `WHEN ${day} < ${next} THEN ${literal(bucketOf(BUCKETS[i] as number))}`,
  );
  return `CASE ${whens.join(' ')} ELSE ${literal(bucketOf(BUCKETS[BUCKETS.length - 1] as number))} END`;
}
