import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { promote } from './promote.js';
import { promotion, respondAndRecord } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'PROMOTE_MODEL',
    args: [['VERSION', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  needs: ['CHECK_MODEL'],
  plan: ({ version }) => version(['evaluation/newest']),
} as const satisfies ProcedureObject<typeof promoteModel>;

/**
 * Lets predict_los answer from a version, if it passes the gates.
 * @param version such as health-v3; NULL: the newest trained one
 * @returns {version, previous, gates, removed}
 * @example
 * CALL PROMOTE_MODEL('health-v4');
 */
export default function promoteModel(version: string | null) {
  return respondAndRecord(PLAN, 'promotion', promote(PLAN, version), promotion);
}
