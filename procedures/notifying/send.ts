import { execute, first, Refused, type Work } from '../ground/work.js';
import { write } from './html.js';
import { eventsBack, eventsSent, letters, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';

/** What was sent. */
export interface Sending {
  readonly mails: number;
  readonly events: number;
}

/**
 * Mails what has not been told yet by SYSTEM$SEND_EMAIL. Each mail is written down as soon as it has left; one that does not
 * leave, and those after it, wait for the next call.
 * @throws Refused where the settings name nobody whom Snowflake may write to
 */
export function* sendNotifications(plan: NotifyPlan): Work<Sending> {
  const { place, dataset, email } = plan;
  if (email === null)
    throw new Refused(
      'Nobody is named whom Snowflake may write to.',
      'Name verified users’ addresses in mail.verified and run los apply, or send by los notify.',
    );
  const lease = String((yield* first('SELECT UUID_STRING() AS ID'))?.ID);
  let mails = 0;
  let events = 0;
  try {
    for (const letter of letters(yield* takeEvents(place, dataset, lease))) {
      const { subject, html } = write(letter, { prefix: plan.subjectPrefix, deployment: plan.deployment });
      yield* execute(`CALL SYSTEM$SEND_EMAIL(?, ?, ?, ?, 'text/html')`, [
        email.integration,
        email.recipients.join(', '),
        subject,
        html,
      ]);
      const ids = letter.events.map(({ id }) => id);
      yield* eventsSent(place, lease, ids, 'SEND_NOTIFICATIONS');
      mails++;
      events += ids.length;
    }
  } finally {
    yield* eventsBack(place, lease);
  }
  return { mails, events };
}
