import type { SqlSignature } from '../../udfs/signature.js';
import type { Plan } from '../ground/plan.js';
import { rollBack } from './promote.js';
import { promotion, respondAndRecord } from './said.js';

declare const PLAN: Plan;

export const signature = {
  name: 'ROLL_BACK_MODEL',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof rollBackModel>;

/**
 * Lets predict_los answer from the champion before the present one again.
 * @returns {version, previous, gates, removed}
 */
export default function rollBackModel() {
  return respondAndRecord(PLAN, 'rollback', rollBack(PLAN), promotion);
}
