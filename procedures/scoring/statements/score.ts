import { MARKS } from '../../../udfs/encoding/marks.js';
import type { Contract } from '../../dataset/contract.js';
import { featureObject } from '../../dataset/feature-sql.js';
import { datasetNames } from '../../dataset/names.js';
import { dayAt } from '../../ground/days.js';
import { invocations, literal, type Place, qualify } from '../../ground/names.js';
import { later, type SqlFile } from '../../ground/plan.js';
import { rowsAtOnce } from '../../jobs/rows-at-once.js';
import type { ScorePlan, ScoringSettings } from '../plans.js';

/**
 * Admissions that one transaction scores, at most: what has been committed survives whatever happens to the next piece, and each piece
 * selects the rows again, among all features and the whole log. A hundred and twenty-five batches are some ten seconds here.
 */
const MOST_ROWS = 125_000;

/**
 * Condition on a feature row f and its latest prediction l: the inputs have changed since, and before the discharge was known. A correction that waited
 * for its prediction until the patient had left, as in an outage, is predicted then, and marked AFTER_DISCHARGE.
 */
export const CORRECTED = `COALESCE(l.SEEN <> f.INPUTS_BUILT_AT, l.PREDICTED_AT < f.INPUTS_BUILT_AT)
    AND (f.LOS IS NULL OR f.INPUTS_BUILT_AT < f.LOS_BUILT_AT)`;

/** VERSION and LIVE_SINCE of the dataset's champion: one row. */
export function championSql(contract: Contract, settings: Place, sqlFile: SqlFile): string {
  return sqlFile('sql/scoring/champion.sql', {
    registry: qualify(settings, 'LOS_MODEL_REGISTRY'),
    dataset: literal(contract.name),
  });
}

/**
 * Query of what the queue needs to know of who is to be scored.
 * @returns `live`, a SELECT of one row; `since_live`, whether a finished stay is no history; `kept`, the columns of the
 *   feature table that this takes beside LOS and its times
 */
export function liveSql(
  contract: Contract,
  settings: Place & Pick<ScoringSettings, 'timeZone'>,
  sqlFile: SqlFile,
): Readonly<Record<'live' | 'since_live' | 'kept', string>> {
  const { id, admission } = contract;
  const champion = championSql(contract, settings, sqlFile);
  const arrived = 'f.FIRST_BUILT_AT >= r.LIVE_SINCE';
  if (admission === undefined) return { live: champion, since_live: arrived, kept: id };
  const features = qualify(settings, datasetNames(contract).features);
  return {
    live: sqlFile('sql/scoring/live.sql', {
      admission,
      today: dayAt(settings.timeZone),
      champion,
      features,
      registry: qualify(settings, 'LOS_MODEL_REGISTRY'),
      dataset: literal(contract.name),
    }),
    since_live: `(${arrived} AND f.${admission} >= r.LIVE_FROM)`,
    kept: `${id}, ${admission}`,
  };
}

/** SELECT of what a run has claimed and the model is to be asked about; takes the run twice. */
export function questionSql(contract: Contract, settings: ScoringSettings, sqlFile: SqlFile): string {
  const names = datasetNames(contract);
  return sqlFile('sql/scoring/asked.sql', {
    id: contract.id,
    dataset: literal(contract.name),
    waiting: qualify(settings, names.waiting),
    features: qualify(settings, names.features),
    log: qualify(settings, 'LOS_PREDICTION_LOG'),
    object: featureObject(contract),
    or_corrected: ` OR (${CORRECTED} AND TO_JSON(l.FEATURES) <> TO_JSON(f.FEATURES))`,
  });
}

/** The INSERT that logs what a SELECT says: the columns of `questionSql`, and DETAIL. */
export function logSql(contract: Contract, settings: Place, sqlFile: SqlFile, predicted: string): string {
  return sqlFile('sql/scoring/log.sql', {
    log: qualify(settings, 'LOS_PREDICTION_LOG'),
    dataset: literal(contract.name),
    predicted,
  });
}

/** Newest admissions that are looked at, and how many of them at least must lack what is called late. */
const [NEWEST, FEWEST_LATE] = [30, 5];
/** Lots of earlier admissions, and how many each has: one's prediction is the average over so many. */
const [LOTS, DRAWS] = [64, 8];

/** Plans how SCORE_ADMISSIONS averages over what new admissions lack and others had, as their absence says nothing yet. */
function lateFeaturesPlan(contract: Contract, settings: Place, sqlFile: SqlFile): ScorePlan['late'] {
  const names = datasetNames(contract);
  const values = {
    id: contract.id,
    object: featureObject(contract),
    features: qualify(settings, names.features),
  };
  return {
    find: sqlFile('sql/scoring/late.sql', {
      ...values,
      dataset: literal(contract.name),
      waiting: qualify(settings, names.waiting),
      log: qualify(settings, 'LOS_PREDICTION_LOG'),
      registry: qualify(settings, 'LOS_MODEL_REGISTRY'),
      defaulted: literal(MARKS.defaulted),
      newest: String(NEWEST),
      fewest: String(FEWEST_LATE),
    }),
    given: `OBJECT_INSERT(a.FEATURES, ${literal(MARKS.draws)}, d.DRAWS)`,
    lots: ` LEFT JOIN (${sqlFile('sql/scoring/draws.sql', { ...values, ...later('late'), blocks: String(LOTS), draws: String(DRAWS) })}) AS d ON d.LOT = MOD(ABS(HASH(a.CASE_ID)), ${LOTS})`,
  };
}

/** The statements of SCORE_ADMISSIONS. */
export function scorePlan(contract: Contract, settings: ScoringSettings, sqlFile: SqlFile): ScorePlan {
  const names = datasetNames(contract);
  const { id } = contract;
  const dataset = literal(contract.name);
  const waiting = qualify(settings, names.waiting);
  const features = qualify(settings, names.features);
  const log = qualify(settings, 'LOS_PREDICTION_LOG');
  const quarantine = qualify(settings, 'LOS_QUARANTINE');
  const detail = qualify(settings, invocations(settings).detail);
  const asked = questionSql(contract, settings, sqlFile);
  const { live, since_live } = liveSql(contract, settings, sqlFile);
  return {
    dataset: contract.name,
    runLog: qualify(settings, 'LOS_RUN_LOG'),
    opening: sqlFile('sql/scoring/opening.sql', {
      champion: championSql(contract, settings, sqlFile),
      dataset,
      quarantine,
      waiting,
    }),
    retry: `INSERT INTO ${waiting} (ID, SINCE, RESCORE)
SELECT f.${id}, q.SINCE, FALSE FROM ${quarantine} AS q JOIN ${features} AS f ON TO_VARCHAR(f.${id}) = q.CASE_ID
CROSS JOIN (${live}) AS r
WHERE q.DATASET = ${dataset} AND q.MODEL_VERSION <> ? AND f.WITHDRAWN_AT IS NULL AND (f.LOS IS NULL OR ${since_live})`,
    dismiss: `DELETE FROM ${quarantine} WHERE DATASET = ${dataset} AND MODEL_VERSION <> ?
  AND CASE_ID NOT IN (SELECT TO_VARCHAR(ID) FROM ${waiting})`,
    // Those after it are as large as what it took allows (score.ts).
    pieceRows: rowsAtOnce(settings.endpoint, MOST_ROWS),
    mostRows: MOST_ROWS,
    count: `SELECT COUNT(DISTINCT ID) FROM ${waiting} WHERE RUN_ID IS NULL AND {{range}}`,
    middle: `SELECT TO_VARCHAR(ID) FROM (SELECT DISTINCT ID FROM ${waiting} WHERE RUN_ID IS NULL AND {{range}}) ORDER BY ID LIMIT 1 OFFSET {{before}}`,
    idType: `::${contract.columns[id]}`,
    claim: `UPDATE ${waiting} SET RUN_ID = ? WHERE RUN_ID IS NULL AND {{range}}`,
    score: logSql(
      contract,
      settings,
      sqlFile,
      `SELECT CASE_ID, REVISION, RUN_ID, INPUTS_BUILT_AT, FEATURES, LOS, ${detail}({{given}}) AS DETAIL FROM (${asked}) AS a{{lots}}`,
    ),
    late: lateFeaturesPlan(contract, settings, sqlFile),
    done: `DELETE FROM ${waiting} WHERE RUN_ID = ?`,
    release: `DELETE FROM ${quarantine} WHERE DATASET = ${dataset}
  AND CASE_ID IN (SELECT TO_VARCHAR(ID) FROM ${waiting} WHERE RUN_ID = ?)`,
    quarantine: sqlFile('sql/scoring/quarantine.sql', { id, dataset, quarantine, waiting, features }),
    proof: `SELECT ${detail}(FEATURES):days::FLOAT FROM (
  SELECT FEATURES FROM ${log} WHERE DATASET = ${dataset} AND MODEL_VERSION = ? AND PREDICTED_LOS IS NOT NULL
  ORDER BY PREDICTED_AT DESC LIMIT 1)`,
    // Its rows are not wanted, only its offset: WHERE FALSE, as Snowflake's guide to streams advises.
    sleep: `INSERT INTO ${waiting} (ID, SINCE, RESCORE) SELECT ID, SINCE, RESCORE FROM ${qualify(settings, names.waker)} WHERE FALSE`,
    waiting: `SELECT COUNT(*) FROM ${waiting} WHERE RUN_ID IS NULL`,
  };
}
