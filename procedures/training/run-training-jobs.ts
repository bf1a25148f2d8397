import type { SqlSignature } from '../../udfs/signature.js';
import type { Plan } from '../ground/plan.js';
import { stepInside } from './inside.js';
import { fitting } from './states/index.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const signature = {
  name: 'LOS_RUN_TRAINING_JOBS',
  args: [
    ['RUN', 'VARCHAR'],
    ['LEASE', 'VARCHAR'],
  ],
  returns: 'VARCHAR',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof runTrainingJobs>;

/** States of a training, with its jobs; STEP_TRAINING calls it. @returns how the last one ended (machine.ts) */
export default function runTrainingJobs(run: string, lease: string): string {
  return stepInside(PLAN, fitting, run, lease);
}
