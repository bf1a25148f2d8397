import { perform, speak } from '../../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import type { BedsSettings } from '../plan.js';
import { type ClosuresPlan, closuresConstants, openBeds } from './closures.js';

declare const PLAN: ClosuresPlan;

export const object = {
  signature: {
    name: 'OPEN_BEDS',
    args: [['CLOSURE_ID', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: ['operate', 'patients'],
  only: 'dates',
  plan: (from: PlanSource<BedsSettings>) => closuresConstants(from),
} as const satisfies ProcedureObject<typeof open>;

/**
 * Opens beds that CLOSE_BEDS closed, before the last day that was said.
 * @param closureId as CLOSE_BEDS answered it, and LOS_BED_CLOSURES has it
 * @returns {closure}
 * @example
 * CALL OPEN_BEDS('3f0c1d2e-…');
 */
export default function open(closureId: string | null) {
  try {
    return perform(PLAN.place, openBeds(PLAN, closureId));
  } catch (error) {
    return speak(error);
  }
}
