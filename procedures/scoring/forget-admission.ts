import type { PlanSource, ProcedureObject } from '../object.js';
import { forget } from './forget.js';
import type { ForgetPlan } from './plans.js';
import { type ForgetSettings, planErasure } from './statements/forget.js';

/** Derived from the dataset contract (statements/forget.ts) and compiled in. */
declare const PLAN: ForgetPlan;

export const object = {
  signature: {
    name: 'FORGET_ADMISSION',
    args: [['ID', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: (source: PlanSource<ForgetSettings>) => ({ PLAN: planErasure(source) }),
} as const satisfies ProcedureObject<typeof forgetAdmission>;

/**
 * Erases one admission from every table in which its id stands, the hospital's own among them: from there it
 * would come back with the next run. Rows of others (`source:`, `query:`) stay as they are, and are left out from then on. All of it in one transaction. The run log says that it was done, not of whom.
 * @returns {rows, erased: {table: rows}, versions: [{version, status, sides}] it had a part in, stays: [what cannot be found by id, and until when it stays], run}
 * @example
 * CALL FORGET_ADMISSION('4711');
 */
export default function forgetAdmission(id: string | null) {
  if (!id || id.trim() === '') throw new Error('FORGET_ADMISSION needs the id of an admission.');
  return forget(PLAN, () => ({ ids: [id], more: {} }));
}
