import type { Plan } from '../../ground/plan.js';
import type { ProcedureObject } from '../../object.js';
import { STAY_TEXTS } from '../../stay/features.js';
import { stepInside } from '../inside.js';
import { learning } from './index.js';

/** Compiled in, with the SQL texts and bodies that these states need. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'LOS_LEARN_STAYS',
    args: [
      ['RUN', 'VARCHAR'],
      ['LEASE', 'VARCHAR'],
    ],
    returns: 'VARCHAR',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  only: 'events',
  plan: ({ version }) =>
    version(
      [
        ...STAY_TEXTS,
        'stay/answers',
        'stay/calibrated',
        'stay/days',
        'stay/lines',
        'stay/telling',
        'training/periods',
      ],
      ['udfs/encoding/encode-events.ts', 'udfs/translators/stay-request-translator.ts'],
    ),
} as const satisfies ProcedureObject<typeof learnStays>;

/**
 * States of a training that fit, calibrate and judge its version's model of stays that have begun; STEP_TRAINING calls it.
 * @returns how the last one ended (machine.ts)
 * @example
 * CALL LOS_LEARN_STAYS('5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15');
 */
export default function learnStays(run: string, lease: string): string {
  return stepInside(PLAN, learning, run, lease);
}
