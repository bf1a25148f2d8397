import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { stepInside } from './inside.js';
import { entering } from './states/index.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'LOS_REGISTER_VERSION',
    args: [
      ['RUN', 'VARCHAR'],
      ['LEASE', 'VARCHAR'],
    ],
    returns: 'VARCHAR',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  needs: ['CHECK_MODEL'],
  plan: ({ version }) => version(['evaluation/newest'], [], true),
} as const satisfies ProcedureObject<typeof enterVersion>;

/**
 * States of a training, that enter its version; STEP_TRAINING calls it.
 * @returns how the last one ended (machine.ts)
 * @example
 * CALL LOS_REGISTER_VERSION('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15');
 */
export default function enterVersion(run: string, lease: string): string {
  return stepInside(PLAN, entering, run, lease);
}
