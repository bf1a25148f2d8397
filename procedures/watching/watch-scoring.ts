import { lastDaySql } from '../ground/days.js';
import { perform, speak } from '../ground/inside.js';
import { qualify } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { beginRun, recordRun } from '../runs.js';
import type { ScoringSettings } from '../scoring/plans.js';
import { hourlyPlan, type WatchedSettings } from './make-plan.js';
import { lookAtScoring, type ScoringCheck } from './pipe/look-at-scoring.js';
import type { HourlyPlan } from './plan.js';

declare const PLAN: HourlyPlan;

export const object = {
  signature: {
    name: 'WATCH_SCORING',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<WatchedSettings & ScoringSettings>) => ({ PLAN: hourlyPlan(from) }),
} as const satisfies ProcedureObject<typeof watchScoring>;

/**
 * Looks whether admissions get their predictions, whether every table can be read and whether the daily watch runs: what cannot wait for
 * the morning.
 * @returns {day, alarms, raised, ended, unanswered, unread}
 * @example
 * CALL WATCH_SCORING();
 */
export default function watchScoring(): ScoringCheck {
  const { contract, place } = PLAN;
  try {
    const log = qualify(place, 'LOS_RUN_LOG');
    const kind = { kind: 'look', dataset: contract.name };
    const [id, day] = beginRun(log, kind, `SELECT UUID_STRING(), ${lastDaySql(PLAN.zone)}`);
    return recordRun(log, { ...kind, id: String(id) }, () => {
      const looked = perform(place, lookAtScoring(PLAN, String(day)));
      const { raised, ended, unanswered, unread } = looked;
      return {
        rows: 0,
        details: { raised, ended, ...(unanswered.length > 0 && { unanswered }), ...(unread && { unread }) },
        looked,
      };
    }).looked;
  } catch (error) {
    return speak(error);
  }
}
