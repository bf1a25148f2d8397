import { perform, speak } from '../ground/inside.js';
import { type Place, placeOf } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { recordRun, run, runInTransaction } from '../runs.js';
import type { ForgetPlan } from './plans.js';
import { forgetPlan } from './statements/forget.js';

/** Derived from the dataset contract (statements/forget.ts) and compiled in. */
declare const PLAN: ForgetPlan;
declare const PLACE: Place;
/** Name and table of the dataset. */
declare const DATASET: Parameters<typeof refuseHiddenTables>[1];

export const object = {
  signature: {
    name: 'FORGET_ADMISSION',
    args: [['ID', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: ({ contract, settings, erasures, counted }: PlanSource<Place>) => ({
    PLAN: forgetPlan(contract, settings, erasures, counted),
    PLACE: placeOf(settings),
    DATASET: { name: contract.name, table: contract.table },
  }),
} as const satisfies ProcedureObject<typeof forgetAdmission>;

/**
 * Erases one admission from every table in which its id stands, the hospital's own among them: from there it
 * would come back with the next run. All of it in one transaction. The run log says that it was done, not of whom.
 * @returns {rows, erased: {table: rows}, stays: [what cannot be found by id, and until when it stays], run}
 * @example
 * CALL FORGET_ADMISSION('4711');
 */
export default function forgetAdmission(id: string | null) {
  if (id === null || id.trim() === '') throw new Error('FORGET_ADMISSION needs the id of an admission.');
  try {
    perform(PLACE, refuseHiddenTables(PLACE, DATASET));
  } catch (error) {
    speak(error);
  }
  return recordRun(PLAN.runLog, { kind: 'erasure', dataset: PLAN.dataset }, () => {
    const erased: Record<string, number> = {};
    let rows = 0;
    runInTransaction(() => {
      for (const { table, sql, counts } of PLAN.steps) {
        if (counts !== undefined) deleteRows(counts, id);
        const deleted = deleteRows(sql, id);
        if (deleted > 0) erased[table] = deleted;
        rows += deleted;
      }
    });
    return { rows, erased, stays: PLAN.stays };
  });
}

/** A table that is only there at times (a training's, a demo's) holds nothing when it is not. */
function deleteRows(sql: string, id: string): number {
  try {
    const done = run(sql, [id]);
    // Where a row has to stay, what is the patient's in it is overwritten.
    return done.getNumRowsDeleted() + done.getNumRowsUpdated();
  } catch (error) {
    if (
      /does not exist/.test(String((error as Error).message)) &&
      /_(ARRIVALS|DEMO|TRAINING_SET|TABLE_COUNTS)\b/.test(sql)
    )
      return 0;
    throw error;
  }
}
