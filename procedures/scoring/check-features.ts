import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { checkFeatures, type FeaturesPlan, featuresPlan } from './batches/check.js';
import type { FeaturesCheck, ScoringSettings } from './plans.js';

declare const PLAN: FeaturesPlan;

export const object = {
  signature: {
    name: 'CHECK_FEATURES',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<ScoringSettings>) => ({ PLAN: featuresPlan(from) }),
} as const satisfies ProcedureObject<typeof checkOwnFeatures>;

/**
 * Looks whether features and queue have lost rows, which costs little, and reconciles where they have, or where nothing has done so for a
 * day, as hourly monitoring does.
 * @returns {missing, doubled, different, unqueued, unfit, repeated}
 * @example
 * CALL CHECK_FEATURES();
 */
export default function checkOwnFeatures(): FeaturesCheck {
  try {
    return perform(PLAN.place, checkFeatures(PLAN));
  } catch (error) {
    return speak(error);
  }
}
