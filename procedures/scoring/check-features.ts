import { datasetNames } from '../dataset/names.js';
import { hasStream } from '../dataset/origin/door.js';
import { literal, qualify } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { numbers, scalar } from '../runs.js';
import { isLogLost, type Reconciliation } from './batches/reconciliation.js';
import type { FeaturesCheck, ScoringSettings } from './plans.js';
import { toBeQueuedSql } from './statements/build.js';
import { lostFeaturesSql, lostLogSql } from './statements/reconcile.js';

interface CheckPlan {
  /** How many admissions have no feature row, and how many rows are more than one of an admission. */
  readonly lost: string;
  /** Whether the prediction log has lost rows, so that no one can say who ought to wait. */
  readonly lostLog: string;
  /** How many predictions do not say how long the stay was, which is known: one row, one column. */
  readonly unsettled: string;
  /** How many ought to wait and do not: one row, one column. */
  readonly unqueued: string;
  /** Hours since the last reconciliation that ended, and what those of the last hour found missing and different. One row. */
  readonly last: string;
  /** How many rows could not be taken in since yesterday, for their id is none. */
  readonly unfit: string;
  readonly reconcile: string;
  /** Whether a stream says which admissions wait: without one they look like lost ones, until a reconciliation has noticed them. */
  readonly stream: boolean;
}

declare const PLAN: CheckPlan;

export const object = {
  signature: {
    name: 'CHECK_FEATURES',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql }: PlanSource<ScoringSettings>) => {
    const runs = `FROM ${qualify(settings, 'LOS_RUN_LOG')} WHERE DATASET = ${literal(contract.name)}`;
    return {
      PLAN: {
        lost: lostFeaturesSql(contract, settings, sql),
        lostLog: lostLogSql(contract, settings),
        unsettled: `SELECT COUNT(*) FROM ${qualify(settings, 'LOS_PREDICTION_LOG')} AS l
JOIN ${qualify(settings, datasetNames(contract).features)} AS f ON TO_VARCHAR(f.${contract.id}) = l.CASE_ID
WHERE l.DATASET = ${literal(contract.name)} AND l.ACTUAL_LOS IS NULL AND l.WITHDRAWN_AT IS NULL AND f.LOS >= 0 AND f.WITHDRAWN_AT IS NULL`,
        unqueued: `SELECT COUNT(*) FROM (${toBeQueuedSql(contract, settings, sql)})`,
        last: `SELECT DATEDIFF(hour, MAX(STARTED_AT), CURRENT_TIMESTAMP()), SUM(IFF(${LATELY}, DETAILS:missing::NUMBER, 0)), SUM(IFF(${LATELY}, DETAILS:different::NUMBER, 0))
${runs} AND KIND = 'reconciliation' AND STATUS = 'SUCCEEDED'`,
        unfit: `SELECT COALESCE(MAX(DETAILS:unfitId::NUMBER), 0)
${runs} AND KIND IN ('features', 'reconciliation') AND STARTED_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())`,
        reconcile: `CALL ${qualify(settings, 'RECONCILE')}(FALSE)`,
        stream: hasStream(contract) && contract.origin === undefined,
      } satisfies CheckPlan,
    };
  },
} as const satisfies ProcedureObject<typeof checkFeatures>;

/** Of a run: it has just ended. A check runs every hour, and may be late. */
const LATELY = 'FINISHED_AT > DATEADD(minute, -75, CURRENT_TIMESTAMP())';

/** Hours after which a reconciliation is due that no run of the task graph has done, for nothing has changed since. */
const DUE = 25;

/**
 * Looks whether features and queue have lost rows, which costs little, and reconciles where they have, or where nothing has done so for a
 * day. Hourly monitoring calls it.
 * @returns {missing, doubled, different, unqueued, unfit}
 * @example
 * CALL CHECK_FEATURES();
 */
export default function checkFeatures(): FeaturesCheck {
  const [missing = 0, doubled = 0] = numbers(PLAN.lost);
  const unqueued = isLogLost(PLAN.lostLog) ? 0 : Number(scalar(PLAN.unqueued));
  const unsettled = Number(scalar(PLAN.unsettled));
  const [hours, before = 0, beforeDifferent = 0] = numbers(PLAN.last);
  let found = { missing: before, different: beforeDifferent };
  if (missing + doubled + unqueued + unsettled > 0 || !(Number(hours) < DUE)) {
    const made = scalar(PLAN.reconcile) as Reconciliation;
    found = { missing: before + made.missing, different: beforeDifferent + made.different };
  }
  return {
    missing: PLAN.stream ? Math.max(missing, found.missing) : found.missing,
    doubled,
    different: found.different,
    unqueued,
    unfit: Number(scalar(PLAN.unfit)),
  };
}
