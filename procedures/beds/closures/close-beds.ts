import { perform, speak } from '../../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import type { BedsSettings } from '../plan.js';
import { type ClosuresPlan, closeBeds, closuresConstants } from './closures.js';

declare const PLAN: ClosuresPlan;

export const object = {
  signature: {
    name: 'CLOSE_BEDS',
    args: [['OPTIONS', 'OBJECT']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: ['operate', 'patients'],
  only: 'dates',
  plan: (from: PlanSource<BedsSettings>) => closuresConstants(from),
} as const satisfies ProcedureObject<typeof close>;

/**
 * Closes beds of a ward: from then on FORECAST_BEDS takes them off its capacity. Who did and why stays in LOS_BED_CLOSURES.
 * @param options {ward, beds, from, to, reason}; from: today if left out; to: the last night, left out until OPEN_BEDS
 * @returns {closure, ward, beds}
 * @example
 * CALL CLOSE_BEDS({'ward': 'ICU', 'beds': 4, 'from': '2026-12-08', 'to': '2026-12-12', 'reason': 'repairs'});
 */
export default function close(options: object | null) {
  try {
    return perform(PLAN.place, closeBeds(PLAN, options));
  } catch (error) {
    return speak(error);
  }
}
