import { CALLER, qualify } from '../ground/names.js';
import { consumeStream } from '../ground/stale.js';
import { withoutValues } from '../ground/without-values.js';
import { execute, queryFirst, Refused, type Work } from '../ground/work.js';
import { type Letter, letters } from './letter.js';
import type { NotifyPlan } from './make-plan.js';
import {
  type EventMessage,
  eventsBack,
  eventsSent,
  setAside,
  takeEvents,
  unlessRunLogIsGone,
} from './outbox.js';

/** Counts of what was sent. */
export interface Sending {
  readonly mails: number;
  readonly events: number;
  /** Events that are not tried again, as each alone was refused while other mails left. */
  readonly setAside: number;
  /** Message of the mail integration about the first mail that did not leave and is to be tried again; null: there is none. */
  readonly failure: string | null;
}

/**
 * So often events are tried as soon as the task may run again, half a minute later. After that a mail server that is down for a night
 * would keep the warehouse awake: they are tried with whatever happens next, and when the pipeline is looked at (wakeSender).
 */
export const QUICK_ATTEMPTS = 10;
/** So many mails are refused before it is the way that is shut, not they. */
const REFUSALS = 5;

interface Written {
  readonly subject: string;
  readonly html: string;
}

type Write = (letter: Letter) => Written;

/**
 * Mails what has not been told yet by SYSTEM$SEND_EMAIL. Each mail is written down as soon as it has left; one that does not
 * leave waits, and holds up no other. Which errors are for good is documented nowhere: an event that is refused alone, after
 * many attempts and while other mails leave, is set aside. Every attempt is a run in LOS_RUN_LOG.
 * @param write makes a mail of a letter
 * @throws Refused where the settings name no address that Snowflake may write to
 */
export function* sendNotifications(plan: NotifyPlan, write: Write): Work<Sending> {
  const { place, email } = plan;
  if (email === null)
    throw new Refused(
      'No address is named that Snowflake may write to.',
      'Name verified users’ addresses in mail.verified and run los apply, or send by los notify.',
    );
  const lease = String((yield* queryFirst('SELECT UUID_STRING() AS ID'))?.ID);
  const required = 'EVENT_ID, DATASET, HAPPENED_AT, DAY, KIND, SEVERITY, SUBJECT, MESSAGE';
  // Every column that must not be NULL: no page says whether one that is left out matters where there is no row.
  const sleep = `INSERT INTO ${qualify(place, 'LOS_EVENTS')} (${required}) SELECT ${required} FROM ${qualify(place, 'LOS_UNSENT_EVENTS')} WHERE FALSE`;
  let taken: EventMessage[] = [];
  const tally = { mails: 0, events: 0, setAside: 0, failure: null as string | null };
  try {
    taken = yield* consumeStream(sleep, email.restoreStream, () => takeEvents(plan, lease, 'snowflake'));
    if (taken.length === 0) return tally;
    yield* recordStart(plan, lease);
    yield* sendAll(plan, email, lease, taken, write, tally);
    yield* recordEnd(plan, lease, tally);
  } catch (error) {
    yield* recordEnd(plan, lease, { ...tally, failure: withoutValues(error).message });
    throw error;
  } finally {
    yield* eventsBack(place, lease);
  }
  // What has just been given back would wake the task again.
  if (tally.failure !== null && taken.every(isWorn)) yield* execute(sleep);
  return tally;
}

function isWorn({ attempts }: EventMessage): boolean {
  return attempts >= QUICK_ATTEMPTS;
}

/** Tries every letter, and counts in `tally` as it goes. */
function* sendAll(
  { place }: NotifyPlan,
  email: NonNullable<NotifyPlan['email']>,
  lease: string,
  taken: readonly EventMessage[],
  write: Write,
  tally: { -readonly [K in keyof Sending]: Sending[K] },
): Work<void> {
  /** @returns why it did not leave; null: it left */
  function* trySend(letter: Letter, { subject, html }: Written): Work<string | null> {
    const refusal = yield* sendMail(email, subject, html);
    if (refusal !== null) return refusal;
    const ids = letter.events.map(({ id }) => id);
    yield* eventsSent(place, lease, ids, 'snowflake');
    tally.mails++;
    tally.events += ids.length;
    return null;
  }
  const queue = letters(taken);
  const doubtful: { readonly event: EventMessage; readonly refusal: string }[] = [];
  let refusals = 0;
  for (const letter of queue) {
    const [event, ...others] = letter.events;
    const written = tryWrite(write, letter);
    if ('flaw' in written) {
      // Of several events it may be one: they are tried one by one.
      if (others.length > 0) queue.push(...letter.events.map((each) => ({ events: [each] })));
      else if (event) tally.setAside += yield* setAside(place, lease, event.id, written.flaw);
      continue;
    }
    const refusal = yield* trySend(letter, written);
    if (refusal === null) continue;
    if (others.length > 0 && letter.events.some(isWorn))
      queue.push(...letter.events.map((each) => ({ events: [each] })));
    else if (event && others.length === 0 && isWorn(event)) doubtful.push({ event, refusal });
    else if (tally.failure === null) tally.failure = refusal;
    if (++refusals >= REFUSALS && tally.mails === 0) {
      tally.failure = refusal;
      return;
    }
  }
  for (const { event, refusal } of doubtful) {
    // Others have left meanwhile: if this one still does not, it is this one.
    const letter = { events: [event] };
    const again = tally.mails > 0 ? yield* trySend(letter, write(letter)) : refusal;
    if (again === null) continue;
    if (tally.mails > 0) tally.setAside += yield* setAside(place, lease, event.id, again);
    else if (tally.failure === null) tally.failure = again;
  }
}

/** A letter's mail, or why none can be made of it, which no later attempt changes. */
function tryWrite(write: Write, letter: Letter): Written | { readonly flaw: string } {
  try {
    return write(letter);
  } catch (error) {
    return { flaw: `It cannot be rendered: ${withoutValues(error).message}` };
  }
}

/** @returns why a mail did not leave; null: it left */
function* sendMail(
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

function* recordStart({ place, dataset }: NotifyPlan, run: string): Work<void> {
  yield* unlessRunLogIsGone(() =>
    execute(
      `INSERT INTO ${qualify(place, 'LOS_RUN_LOG')} (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, CALLER)
SELECT ?, 'notify', ?, 'RUNNING', CURRENT_TIMESTAMP(), ${CALLER}`,
      [run, dataset],
    ),
  );
}

function* recordEnd({ place }: NotifyPlan, run: string, sending: Sending): Work<void> {
  const { mails, events, failure, setAside: aside } = sending;
  yield* unlessRunLogIsGone(() =>
    execute(
      `UPDATE ${qualify(place, 'LOS_RUN_LOG')} SET STATUS = ?, FINISHED_AT = CURRENT_TIMESTAMP(), ROW_COUNT = ?::NUMBER(38,0),
  MESSAGE = ?, DETAILS = PARSE_JSON(?) WHERE RUN_ID = ?`,
      [
        failure === null ? 'SUCCEEDED' : 'FAILED',
        events,
        failure === null ? null : `Mails do not leave by SYSTEM$SEND_EMAIL: ${failure}`,
        JSON.stringify(aside > 0 ? { mails, setAside: aside } : { mails }),
        run,
      ],
    ),
  );
}
