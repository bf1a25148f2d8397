import type { SqlSignature } from '../../udfs/signature.js';
import { perform, speak } from '../ground/inside.js';
import type { NotifyPlan } from './plan.js';
import { type Sending, sendNotifications } from './send.js';

declare const PLAN: NotifyPlan;

export const signature = {
  name: 'SEND_NOTIFICATIONS',
  args: [],
  returns: 'VARIANT',
  executeAs: 'OWNER',
} as const satisfies SqlSignature<typeof send>;

/**
 * Mails what has not been told yet, from inside Snowflake, to the verified recipients of the settings.
 * @returns {mails, events}
 */
export default function send(): Sending {
  try {
    return perform(PLAN.place, sendNotifications(PLAN));
  } catch (error) {
    return speak(error);
  }
}
