import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { stepInside } from './inside.js';
import { fitting } from './states/index.js';
import { FILES } from './texts.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'LOS_RUN_TRAINING_JOBS',
    args: [
      ['RUN', 'VARCHAR'],
      ['LEASE', 'VARCHAR'],
    ],
    returns: 'VARCHAR',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  plan: ({ version }) =>
    version([
      ...FILES,
      'evaluation/reference',
      'leaks/chosen',
      'training/candidate-blocks',
      'training/candidate-errors',
      'training/judge-hazards',
      'training/judge-spread',
    ]),
} as const satisfies ProcedureObject<typeof runTrainingJobs>;

/**
 * States of a training, with its jobs; STEP_TRAINING calls it.
 * @returns how the last one ended (machine.ts)
 * @example
 * CALL LOS_RUN_TRAINING_JOBS('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15');
 */
export default function runTrainingJobs(run: string, lease: string): string {
  return stepInside(PLAN, fitting, run, lease);
}
