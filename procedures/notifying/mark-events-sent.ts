import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifySettings, notifyPlan } from './make-plan.js';
import { eventsBack, eventsSent } from './outbox.js';
import type { NotifyPlan } from './plan.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_MARK_EVENTS_SENT',
    args: [
      ['LEASE', 'VARCHAR'],
      ['IDS', 'ARRAY'],
      ['REFUSED', 'ARRAY'],
      ['SENT_BY', 'VARCHAR'],
    ],
    returns: 'FLOAT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  formerly: ['LOS_EVENTS_SENT(VARCHAR, ARRAY, VARCHAR)'],
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof markEventsSent>;

/**
 * Writes down which of the events that were taken have been sent, and gives the others back.
 * @param refused those that the mail server never takes and that los has put aside
 * @returns how many were sent
 * @example
 * CALL LOS_MARK_EVENTS_SENT('c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15', ['5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44'], [], 'los notify');
 */
export default function markEventsSent(
  lease: string,
  ids: readonly string[],
  refused: readonly string[],
  by: string,
): number {
  try {
    const { place } = PLAN;
    const count = perform(place, eventsSent(place, lease, ids, by));
    perform(place, eventsSent(place, lease, refused, 'none'));
    perform(place, eventsBack(place, lease));
    return count;
  } catch (error) {
    return speak(error);
  }
}
