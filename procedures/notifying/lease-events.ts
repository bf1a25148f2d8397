import type { SqlSignature } from '../../udfs/signature.js';
import { perform, speak } from '../ground/inside.js';
import { type Told, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';

declare const PLAN: NotifyPlan;

export const signature = {
  name: 'LOS_LEASE_EVENTS',
  args: [['LEASE', 'VARCHAR']],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof take>;

/** Takes what has not been sent and is due, for whoever sends it: los notify, also of what SEND_NOTIFICATIONS has set aside. @param lease a word that only the sender has */
export default function take(lease: string): Told[] {
  try {
    return perform(PLAN.place, takeEvents(PLAN, lease, { digest: PLAN.digest, refused: true }));
  } catch (error) {
    return speak(error);
  }
}
