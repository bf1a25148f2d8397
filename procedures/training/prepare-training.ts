import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { stepInside } from './inside.js';
import { preparing } from './states/index.js';
import { FILES } from './texts.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'LOS_PREPARE_TRAINING',
    args: [
      ['RUN', 'VARCHAR'],
      ['LEASE', 'VARCHAR'],
    ],
    returns: 'VARCHAR',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  plan: ({ version }) =>
    version(
      [
        ...FILES,
        'evaluation/reference',
        'leaks/each',
        'leaks/feature',
        'leaks/sample',
        'leaks/together',
        'training/ordered',
        'training/out-of-fold',
        'training/permutation-costs',
        'training/permuted-lines',
        'training/screening-rows',
        'training/screening-sample',
      ],
      ['udfs/encoding/encode-value.ts'],
    ),
} as const satisfies ProcedureObject<typeof prepareTraining>;

/**
 * States of a training, before its jobs; STEP_TRAINING calls it.
 * @returns how the last one ended (machine.ts)
 * @example
 * CALL LOS_PREPARE_TRAINING('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15');
 */
export default function prepareTraining(run: string, lease: string): string {
  return stepInside(PLAN, preparing, run, lease);
}
