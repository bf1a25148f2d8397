import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { promoteWithOptions } from './promote.js';
import { promotion, respondAndRecord } from './respond.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'PROMOTE_MODEL',
    args: [
      ['VERSION', 'VARCHAR'],
      ['OPTIONS', 'OBJECT'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  needs: ['CHECK_MODEL'],
  plan: ({ version }) => version(['evaluation/newest']),
} as const satisfies ProcedureObject<typeof promoteModelWith>;

/**
 * Lets predict_los answer from a version, over the gates if that is asked for.
 * @param version such as health-v3; NULL: the newest trained one
 * @param options force: also where a gate says no; reason: why, which is kept with the version and which the stated tolerance of groups asks for; NULL: none
 * @returns {version, previous, gates, removed}
 * @example
 * CALL PROMOTE_MODEL('health-v4', {'force': TRUE, 'reason': 'Ward B is rebuilt: its stays return to normal'});
 */
export default function promoteModelWith(version: string | null, options: object | null) {
  return respondAndRecord(PLAN, 'promotion', promoteWithOptions(PLAN, version, options), promotion);
}
