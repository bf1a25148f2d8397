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
