import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifySettings, notifyPlan } from './make-plan.js';
import { type Told, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_LEASE_EVENTS',
    args: [['LEASE', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  formerly: ['LOS_TAKE_EVENTS'],
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof take>;

/** Takes what has not been sent and is due, for a sender: los notify, also of what SEND_NOTIFICATIONS has set aside. @param lease a word that only the sender has */
export default function take(lease: string): Told[] {
  try {
    return perform(PLAN.place, takeEvents(PLAN, lease, { digest: PLAN.digest, refused: true }));
  } catch (error) {
    return speak(error);
  }
}
