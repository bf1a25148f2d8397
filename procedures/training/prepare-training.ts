import type { SqlSignature } from '../../udfs/signature.js';
import type { Plan } from '../ground/plan.js';
import { stepInside } from './inside.js';
import { preparing } from './states/index.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const signature = {
  name: 'LOS_PREPARE_TRAINING',
  args: [
    ['RUN', 'VARCHAR'],
    ['LEASE', 'VARCHAR'],
  ],
  returns: 'VARCHAR',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof prepareTraining>;

/** States of a training, before its jobs; STEP_TRAINING calls it. @returns how the last one ended (machine.ts) */
export default function prepareTraining(run: string, lease: string): string {
  return stepInside(PLAN, preparing, run, lease);
}
