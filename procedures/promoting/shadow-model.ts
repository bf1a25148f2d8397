import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { respondAndRecord } from './respond.js';
import { shadow } from './shadow.js';

declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'SHADOW_MODEL',
    args: [['VERSION', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ version }) => version([]),
} as const satisfies ProcedureObject<typeof shadowModel>;

/**
 * Asks a challenger about every admission that was logged since it was trained, and compares it with what was answered.
 * @param version such as health-v3; NULL: the newest
 * @returns {version, scored, comparison}
 * @example
 * CALL SHADOW_MODEL('health-v4');
 */
export default function shadowModel(version: string | null) {
  return respondAndRecord(PLAN, 'shadow', shadow(PLAN, version), ({ scored, version: by }) => ({
    rows: scored,
    details: { version: by },
  }));
}
