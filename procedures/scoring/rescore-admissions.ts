import { perform, speak } from '../ground/inside.js';
import { type Place, placeOf } from '../ground/names.js';
import { fill } from '../ground/plan.js';
import { Refused } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { readOptions } from '../options.js';
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
  callers: 'operate',
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
 * SCORE_ADMISSIONS()) then does it. There is no bound to how many: it is for who decides about models. With both `since` and `version` those that meet both.
 * @returns {rows, run}: how many were queued
 * @throws Refused when the options say nothing, something unknown or something of another type
 * @example
 * CALL RESCORE_ADMISSIONS({'since': '2026-11-01'});
 * CALL RESCORE_ADMISSIONS({'version': 'health-v3'});
 * CALL RESCORE_ADMISSIONS({'missing': TRUE});
 */
export default function rescoreAdmissions(options: RescoreOptions | null) {
  try {
    const given = readRequest(options);
    perform(PLACE, refuseHiddenTables(PLACE, DATASET));
    return rescore(given);
  } catch (error) {
    return speak(error);
  }
}

/** NULL as a value is refused: left out, it would widen what is asked for. */
function readRequest(options: RescoreOptions | null): RescoreOptions {
  const given = readOptions<RescoreOptions>('RESCORE_ADMISSIONS', options, {
    since: 'day',
    version: 'text',
    missing: 'boolean',
  });
  const { since, version, missing } = given;
  if (since === undefined && version === undefined && !missing)
    throw new Refused(
      'RESCORE_ADMISSIONS needs a list of admissions.',
      "Write {'since': 'YYYY-MM-DD'}, {'version': 'name'}, both, or {'missing': TRUE}.",
    );
  if (missing && (since !== undefined || version !== undefined))
    throw new Refused(
      'RESCORE_ADMISSIONS takes missing alone: it looks at every admission.',
      "Write {'missing': TRUE}, or leave it out.",
    );
  return given;
}

function rescore(given: RescoreOptions) {
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
      const sql = fill(PLAN.fill, { which: conditions.join(' AND ') });
      return { rows: run(sql, binds).getNumRowsInserted() };
    }),
  );
}
