import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { rollBack } from './promote.js';
import { promotion, respondAndRecord } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'ROLL_BACK_MODEL',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  needs: ['CHECK_MODEL'],
  plan: ({ version }) => version(['evaluation/newest']),
} as const satisfies ProcedureObject<typeof rollBackModel>;

/**
 * Lets predict_los answer from the champion before the present one again.
 * @returns {version, previous, gates, removed}
 * @example
 * CALL ROLL_BACK_MODEL();
 */
export default function rollBackModel() {
  return respondAndRecord(PLAN, 'rollback', rollBack(PLAN), promotion);
}
