import { perform, speak } from '../ground/inside.js';
import { SUBJECT_PREFIX, schemaPath } from '../ground/names.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type Letter, mailOf } from './letter.js';
import { type NotifyPlan, type NotifySettings, notifyPlan } from './make-plan.js';
import { pageOf } from './page.js';
import { type Sending, sendNotifications } from './send.js';
import { templates } from './templates.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'SEND_NOTIFICATIONS',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof send>;

/**
 * Mails what has not been told yet, from inside Snowflake, to the verified recipients of the settings. That mails do not leave is
 * no failure of it, after a hundred of which its task would be suspended: it is a failed run in LOS_RUN_LOG, and events wait.
 * An event whose mail is refused again and again while others leave is set aside, for los notify.
 * @returns {mails, events, setAside, failure}: what left, what is not tried again, and why something else waits, if so
 * @example
 * CALL SEND_NOTIFICATIONS();
 */
export default function send(): Sending {
  try {
    return perform(PLAN.place, sendNotifications(PLAN, write));
  } catch (error) {
    return speak(error);
  }
}

/** One text/html is all that SYSTEM$SEND_EMAIL takes: no picture, no text beside it, no thread. */
function write(letter: Letter) {
  const { title, html } = pageOf(templates.events, templates.layout, {
    ...mailOf(letter),
    deployment: PLAN.deployment,
    at: `${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    schema: schemaPath(PLAN.place),
  });
  return { subject: `${SUBJECT_PREFIX} ${title}`.trim(), html };
}
