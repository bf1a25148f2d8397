import type { PlanSource, ProcedureObject } from '../object.js';
import type { RenewPlan } from './plan.js';
import { runRenewal } from './run-renewal.js';
import { type RenewSettings, renewPlan } from './statements.js';

/** Derived from the dataset contract (statements.ts) and compiled in. */
declare const PLAN: RenewPlan;

export const object = {
  signature: { name: 'RENEW_PREDICTIONS', args: [], returns: 'VARIANT', executeAs: 'OWNER' },
  callers: 'run',
  only: 'events',
  plan: (from: PlanSource<RenewSettings>) => ({ PLAN: renewPlan(from) }),
} as const satisfies ProcedureObject<typeof renewPredictions>;

/**
 * Predicts again everybody who was in hospital on the newest morning that has passed (stay.hour), from what was known by then, and logs it: one
 * row per stay and morning. It works from state: a run that was killed, or failed, is made up by the next, as is who came in late; a
 * morning that no run has seen until the next one is not made up. Where no one waits, nothing is written.
 * @returns {rows, as_of, version, stay, admission, without, refused, run}
 * @example
 * CALL RENEW_PREDICTIONS();
 */
export default function renewPredictions() {
  return runRenewal(PLAN, null);
}
