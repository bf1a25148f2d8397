import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifyPlan, type NotifySettings, notifyPlan } from './make-plan.js';
import { eventsBack, eventsSent, leaseOf } from './outbox.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_MARK_EVENTS_SENT',
    args: [
      ['LEASE', 'VARCHAR'],
      ['IDS', 'ARRAY'],
      ['REFUSED', 'ARRAY'],
    ],
    returns: 'FLOAT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  formerly: ['LOS_MARK_EVENTS_SENT(VARCHAR, ARRAY, ARRAY, VARCHAR)'],
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof markEventsSent>;

/**
 * Writes down which of the events that this user has taken have been sent, and by whom, and gives the others back.
 * @param refused those that the mail server never takes and that los has put aside
 * @returns how many were sent
 * @example
 * CALL LOS_MARK_EVENTS_SENT('c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15', ['5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44'], []);
 */
export default function markEventsSent(
  lease: string,
  ids: readonly string[],
  refused: readonly string[],
): number {
  try {
    const { place } = PLAN;
    const own = perform(place, leaseOf(lease));
    const count = perform(place, eventsSent(place, own, ids, 'caller'));
    perform(place, eventsSent(place, own, refused, 'none'));
    perform(place, eventsBack(place, own));
    return count;
  } catch (error) {
    return speak(error);
  }
}
