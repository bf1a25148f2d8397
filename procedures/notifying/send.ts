import { qualified, shared } from '../ground/names.js';
import { afterReading } from '../ground/stale.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, first, Refused, type Work } from '../ground/work.js';
import { type Letter, letters } from './letter.js';
import { eventsBack, eventsSent, type Told, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';

/** What was sent. */
export interface Sending {
  readonly mails: number;
  readonly events: number;
  /** What the mail integration said of the first mail that did not leave; null: all left. */
  readonly failure: string | null;
}

/**
 * So often events are tried as soon as the task may run again, half a minute later. After that a mail server that is down for a night
 * would keep the warehouse awake: they are tried with whatever happens next, and when the pipe is looked at (wakeSender).
 */
export const QUICK_ATTEMPTS = 10;

/**
 * Mails what has not been told yet by SYSTEM$SEND_EMAIL. Each mail is written down as soon as it has left; one that does not
 * leave, and those after it, wait. Every attempt is a run in LOS_RUN_LOG.
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
  const sleep = `INSERT INTO ${qualified(place, shared.events)} (EVENT_ID) SELECT EVENT_ID FROM ${qualified(place, shared.untold)} WHERE FALSE`;
  let taken: Told[] = [];
  let sending: Sending = { mails: 0, events: 0, failure: null };
  try {
    taken = yield* afterReading(sleep, email.restoreStream, () => takeEvents(plan, lease));
    if (taken.length === 0) return sending;
    yield* begun(plan, lease);
    for (const letter of letters(taken)) {
      const { subject, html } = write(letter);
      const failure = yield* mailed(email, subject, html);
      sending = { ...sending, failure };
      if (failure !== null) break;
      const ids = letter.events.map(({ id }) => id);
      yield* eventsSent(place, lease, ids, 'SEND_NOTIFICATIONS');
      sending = { mails: sending.mails + 1, events: sending.events + ids.length, failure };
    }
    yield* ended(plan, lease, sending);
  } catch (error) {
    yield* ended(plan, lease, { ...sending, failure: withoutValues(error).message });
    throw error;
  } finally {
    yield* eventsBack(place, lease);
  }
  // What has just been given back would wake the task again.
  if (sending.failure !== null && taken.every(({ attempts }) => attempts >= QUICK_ATTEMPTS))
    yield* execute(sleep);
  return sending;
}

/** @returns why a mail did not leave; null: it left */
function* mailed(
  { integration, recipients }: NonNullable<NotifyPlan['email']>,
  subject: string,
  html: string,
): Work<string | null> {
  try {
    yield* execute(`CALL SYSTEM$SEND_EMAIL(?, ?, ?, ?, 'text/html')`, [
      integration,
      recipients.join(', '),
      subject,
      html,
    ]);
    return null;
  } catch (error) {
    return withoutValues(error).message;
  }
}

function* begun({ place, dataset }: NotifyPlan, run: string): Work<void> {
  yield* execute(
    `INSERT INTO ${qualified(place, shared.runs)} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT)
SELECT ?, 'notify', ?, 'RUNNING', CURRENT_TIMESTAMP()`,
    [run, dataset],
  );
}

function* ended({ place }: NotifyPlan, run: string, { mails, events, failure }: Sending): Work<void> {
  yield* execute(
    `UPDATE ${qualified(place, shared.runs)} SET STATUS = ?, FINISHED_AT = CURRENT_TIMESTAMP(), ROW_COUNT = ?::NUMBER(38,0),
  MESSAGE = ?, DETAILS = PARSE_JSON(?) WHERE RUN_ID = ?`,
    [
      failure === null ? 'SUCCEEDED' : 'FAILED',
      events,
      failure === null ? null : `Mails do not leave by SYSTEM$SEND_EMAIL: ${failure}`,
      JSON.stringify({ mails }),
      run,
    ],
  );
}
