import type { SqlSignature } from '../../udfs/signature.js';
import { perform, speak } from '../ground/inside.js';
import { eventsBack, eventsSent } from './outbox.js';
import type { NotifyPlan } from './plan.js';

declare const PLAN: NotifyPlan;

export const signature = {
  name: 'LOS_MARK_EVENTS_SENT',
  args: [
    ['LEASE', 'VARCHAR'],
    ['IDS', 'ARRAY'],
    ['SENT_BY', 'VARCHAR'],
  ],
  returns: 'FLOAT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof sent>;

/** Writes down which of the events that were taken have been sent, and gives the others back. @returns how many were */
export default function sent(lease: string, ids: readonly string[], by: string): number {
  try {
    const { place } = PLAN;
    const count = perform(place, eventsSent(place, lease, ids, by));
    perform(place, eventsBack(place, lease));
    return count;
  } catch (error) {
    return speak(error);
  }
}
