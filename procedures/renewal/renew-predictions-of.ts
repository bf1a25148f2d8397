import type { PlanSource, ProcedureObject } from '../object.js';
import type { RenewPlan } from './plan.js';
import { runRenewal } from './run-renewal.js';
import { type RenewSettings, renewPlan } from './statements.js';

/** Derived from the dataset contract (statements.ts) and compiled in. */
declare const PLAN: RenewPlan;

export const object = {
  signature: {
    name: 'RENEW_PREDICTIONS',
    args: [['DAY', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  only: 'events',
  plan: (from: PlanSource<RenewSettings>) => ({ PLAN: renewPlan(from, true) }),
} as const satisfies ProcedureObject<typeof renewPredictionsOf>;

/**
 * The same for the morning of a past day, that no run has seen until the next one: of events it takes those that were recorded by then, of
 * what was known on admission and of discharges what is known now.
 * @param day YYYY-MM-DD
 * @example
 * CALL RENEW_PREDICTIONS('2026-11-20');
 */
export default function renewPredictionsOf(day: string) {
  return runRenewal(PLAN, day);
}
