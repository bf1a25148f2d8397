import { perform, speak } from '../ground/inside.js';
import { type Place, placeOf } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { recordRun, run, runInTransaction } from '../runs.js';
import type { RescorePlan, ScoringSettings } from './plans.js';
import { rescorePlan } from './statements/rescore.js';

/** Derived from the dataset contract (statements/rescore.ts) and compiled in. */
declare const PLAN: RescorePlan;
declare const PLACE: Place;
/** Name and table of the dataset. */
declare const DATASET: Parameters<typeof refuseHiddenTables>[1];

export const object = {
  signature: {
    name: 'RESCORE_ADMISSIONS',
    args: [['OPTIONS', 'OBJECT']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, sql }: PlanSource<ScoringSettings>) => ({
    PLAN: rescorePlan(contract, settings, sql),
    PLACE: placeOf(settings),
    DATASET: { name: contract.name, table: contract.table },
  }),
} as const satisfies ProcedureObject<typeof rescoreAdmissions>;

export interface RescoreOptions {
  /** YYYY-MM-DD: admissions since that day. */
  readonly since?: string;
  /** Admissions whose latest prediction is by this version. */
  readonly version?: string;
  /** Instead: finds again, from features and log, everybody who ought to wait. */
  readonly missing?: boolean;
}

/**
 * Queues admissions to be scored by the champion, once more or at last; the task graph (or CALL
 * SCORE_ADMISSIONS()) then does it. With both `since` and `version` those that meet both.
 * @returns {rows, run}: how many were queued
 * @throws Error when the options say nothing, or something unknown
 * @example
 * CALL RESCORE_ADMISSIONS({'since': '2026-11-01'});
 * CALL RESCORE_ADMISSIONS({'version': 'health-v3'});
 * CALL RESCORE_ADMISSIONS({'missing': TRUE});
 */
export default function rescoreAdmissions(options: RescoreOptions | null) {
  const given = options || {};
  const unknown = Object.keys(given).filter((name) => ['since', 'version', 'missing'].indexOf(name) < 0);
  if (unknown.length > 0 || Object.keys(given).length === 0)
    throw new Error(
      `RESCORE_ADMISSIONS takes {'since': 'YYYY-MM-DD'}, {'version': 'name'}, both, or {'missing': TRUE}${unknown.length > 0 ? `, not ${unknown.join(', ')}` : ''}.`,
    );
  try {
    perform(PLACE, refuseHiddenTables(PLACE, DATASET));
  } catch (error) {
    speak(error);
  }
  return recordRun(PLAN.runLog, { kind: 'rescoring', dataset: PLAN.dataset }, () =>
    runInTransaction(() => {
      if (given.missing) {
        run(PLAN.queue.clear);
        return { rows: run(PLAN.queue.fill).getNumRowsInserted() };
      }
      const conditions: string[] = [];
      const binds: string[] = [];
      const want = (value: string | undefined, condition: string) => {
        if (value === undefined) return;
        conditions.push(condition);
        binds.push(value);
      };
      want(given.since, PLAN.since);
      want(given.version, PLAN.version);
      const fill = PLAN.fill.split('/*which*/').join(conditions.join(' AND '));
      return { rows: run(fill, binds).getNumRowsInserted() };
    }),
  );
}
