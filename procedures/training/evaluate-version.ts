import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { stepInside } from './inside.js';
import { judging } from './states/index.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'LOS_EVALUATE_VERSION',
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
        'calibration/answered',
        'calibration/calibrated',
        'calibration/described',
        'calibration/levels',
        'calibration/paced-means',
        'calibration/scale',
        'evaluation/measures',
        'evaluation/no-features',
        'evaluation/stays',
      ],
      ['udfs/translators/request-translator.ts', 'udfs/translators/reasons-request-translator.ts'],
    ),
} as const satisfies ProcedureObject<typeof judgeVersion>;

/**
 * States of a training, that judge its version; STEP_TRAINING calls it.
 * @returns how the last one ended (machine.ts)
 * @example
 * CALL LOS_EVALUATE_VERSION('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15');
 */
export default function judgeVersion(run: string, lease: string): string {
  return stepInside(PLAN, judging, run, lease);
}
