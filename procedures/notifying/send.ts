import { qualified, shared } from '../ground/names.js';
import { afterReading } from '../ground/stale.js';
import { execute, first, Refused, type Work } from '../ground/work.js';
import { type Letter, letters } from './letter.js';
import { eventsBack, eventsSent, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';

/** What was sent. */
export interface Sending {
  readonly mails: number;
  readonly events: number;
}

/**
 * Mails what has not been told yet by SYSTEM$SEND_EMAIL. Each mail is written down as soon as it has left; one that does not
 * leave, and those after it, wait for the next call.
 * @param write makes a mail of a letter
 * @throws Refused where the settings name nobody whom Snowflake may write to
 */
export function* sendNotifications(
  plan: NotifyPlan,
  write: (letter: Letter) => { readonly subject: string; readonly html: string },
): Work<Sending> {
  const { place, email } = plan;
  if (email === null)
    throw new Refused(
      'Nobody is named whom Snowflake may write to.',
      'Name verified users’ addresses in mail.verified and run los apply, or send by los notify.',
    );
  const lease = String((yield* first('SELECT UUID_STRING() AS ID'))?.ID);
  let mails = 0;
  let told = 0;
  try {
    const events = qualified(place, shared.events);
    const taken = yield* afterReading(
      `INSERT INTO ${events} (EVENT_ID) SELECT EVENT_ID FROM ${qualified(place, shared.untold)} WHERE FALSE`,
      email.restoreStream,
      () => takeEvents(plan, lease),
    );
    for (const letter of letters(taken)) {
      const { subject, html } = write(letter);
      yield* execute(`CALL SYSTEM$SEND_EMAIL(?, ?, ?, ?, 'text/html')`, [
        email.integration,
        email.recipients.join(', '),
        subject,
        html,
      ]);
      const ids = letter.events.map(({ id }) => id);
      yield* eventsSent(place, lease, ids, 'SEND_NOTIFICATIONS');
      mails++;
      told += ids.length;
    }
  } finally {
    yield* eventsBack(place, lease);
  }
  return { mails, events: told };
}
