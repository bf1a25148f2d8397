import { datasetNames } from '../../dataset/names.js';
import { hasStream } from '../../dataset/origin/door.js';
import { literal, type Place, qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { type Outcome, resultOf, together } from '../../ground/together.js';
import { queryFirst, type Row, variant, type Work } from '../../ground/work.js';
import type { PlanSource } from '../../object.js';
import type { FeaturesCheck, ScoringSettings } from '../plans.js';
import { toBeQueuedSql } from '../statements/build.js';
import { lostFeaturesSql, lostLogSql } from '../statements/reconcile.js';
import type { Reconciliation } from './reconciliation.js';

/** Statements that CHECK_FEATURES is compiled with of one row each. */
export interface FeaturesPlan {
  readonly place: Place;
  /** Number of admissions that have no feature row, and how many rows are more than one of an admission. */
  readonly lost: string;
  /** Query that says whether the prediction log has lost rows, so that no one can say who ought to wait. */
  readonly lostLog: string;
  /** Number of predictions that do not say how long the stay was, which is known. */
  readonly unsettled: string;
  /** Number of admissions that ought to wait and do not. */
  readonly unqueued: string;
  /** Hours since the last reconciliation that ended, and what those of the last hour found missing and different. */
  readonly last: string;
  /** The fewest rows beyond the first of their admission that a reconciliation of the last weeks has found; NULL: none has looked. */
  readonly usual: string;
  /** Number of rows that could not be taken in since yesterday, for their id is none. */
  readonly unfit: string;
  readonly reconcile: string;
  /** A stream says which admissions wait: without one they look like lost ones, until a reconciliation has noticed them. */
  readonly stream: boolean;
}

/** Condition that a run has just ended. A check runs every hour, and may be late. */
const ENDED_RECENTLY = 'FINISHED_AT > DATEADD(minute, -75, CURRENT_TIMESTAMP())';

/** So few rows more are what a correction leaves behind. */
const FEW_REPEATED = 10;

/** Days whose reconciliations say how many repeated rows are usual. */
const USUAL_DAYS = 28;

/** Hours after which a reconciliation is due that no run of the task graph has done, for nothing has changed since. */
const DUE = 25;

/** Plan by which features and queue are checked. */
export function featuresPlan({
  contract,
  settings,
  sql,
}: Pick<PlanSource<ScoringSettings>, 'contract' | 'settings' | 'sql'>): FeaturesPlan {
  const { database, schema } = settings.snowflake;
  const runs = `FROM ${qualify(settings, 'LOS_RUN_LOG')} WHERE DATASET = ${literal(contract.name)}`;
  return {
    place: { snowflake: { database, schema } },
    lost: lostFeaturesSql(contract, settings, sql),
    lostLog: lostLogSql(contract, settings),
    unsettled: `SELECT COUNT(*) AS N FROM ${qualify(settings, 'LOS_PREDICTION_LOG')} AS l
JOIN ${qualify(settings, datasetNames(contract).features)} AS f ON TO_VARCHAR(f.${contract.id}) = l.CASE_ID
WHERE l.DATASET = ${literal(contract.name)} AND l.ACTUAL_LOS IS NULL AND l.WITHDRAWN_AT IS NULL AND f.LOS >= 0 AND f.WITHDRAWN_AT IS NULL`,
    unqueued: `SELECT COUNT(*) AS N FROM (${toBeQueuedSql(contract, settings, sql)})`,
    last: `SELECT DATEDIFF(hour, MAX(STARTED_AT), CURRENT_TIMESTAMP()) AS HOURS, SUM(IFF(${ENDED_RECENTLY}, DETAILS:missing::NUMBER, 0)) AS MISSING,
  SUM(IFF(${ENDED_RECENTLY}, DETAILS:different::NUMBER, 0)) AS DIFFERENT
${runs} AND KIND = 'reconciliation' AND STATUS = 'SUCCEEDED'`,
    unfit: `SELECT COALESCE(MAX(DETAILS:unfitId::NUMBER), 0) AS N
${runs} AND KIND IN ('features', 'reconciliation') AND STARTED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())`,
    usual: `SELECT MIN(DETAILS:repeated::NUMBER) AS N
${runs} AND KIND = 'reconciliation' AND STATUS = 'SUCCEEDED' AND STARTED_AT > DATEADD(day, -${USUAL_DAYS}, CURRENT_TIMESTAMP())`,
    reconcile: `CALL ${qualify(settings, 'RECONCILE')}(FALSE)`,
    stream: hasStream(contract) && contract.origin === undefined,
  };
}

/** Looks whether features and queue have lost rows, and reconciles where they have, or where nothing has done so for a day. */
export function* checkFeatures(plan: FeaturesPlan): Work<FeaturesCheck> {
  const texts = [plan.lostLog, plan.lost, plan.unqueued, plan.unsettled, plan.last, plan.unfit, plan.usual];
  const [log, ...others] = yield* together(texts.map((text) => () => queryFirst(text)));
  const [lost, unqueued, unsettled, last, unfit, usual] = others.map(resultOf);
  const number = (value: unknown) => Number(value || 0);
  const [missing, doubled] = [number(lost?.MISSING), number(lost?.DOUBLED)];
  const unasked = isLogLost(log as Outcome<Row | undefined>) ? 0 : number(unqueued?.N);
  const found = {
    missing: number(last?.MISSING),
    different: number(last?.DIFFERENT),
    unfit: number(unfit?.N),
  };
  if (missing + doubled + unasked + number(unsettled?.N) > 0 || number(last?.HOURS) >= DUE) {
    const made = variant<Reconciliation>((yield* queryFirst(plan.reconcile))?.RECONCILE);
    found.missing += made.missing;
    found.different += made.different;
    found.unfit = number((yield* queryFirst(plan.unfit))?.N);
  }
  return {
    ...found,
    missing: plan.stream ? Math.max(missing, found.missing) : found.missing,
    doubled,
    unqueued: unasked,
    repeated: unusualRepeats(number(lost?.REPEATED), usual?.N),
  };
}

/**
 * Number of repeated rows, where a wider join or a second load must have brought them; 0: as usual.
 * @param usual the fewest of the last weeks; NULL: no reconciliation has counted them
 */
function unusualRepeats(repeated: number, usual: unknown): number {
  if (usual === null || usual === undefined) return 0;
  return repeated > 2 * Number(usual) + FEW_REPEATED ? repeated : 0;
}

/** Without the table of counts nothing is known of it. */
function isLogLost(asked: Outcome<Row | undefined>): boolean {
  if ('error' in asked && isGone(String((asked.error as Error).message))) return false;
  return resultOf(asked)?.LOST === true;
}
