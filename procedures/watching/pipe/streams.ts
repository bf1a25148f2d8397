import { lastDay } from '../../ground/days.js';
import { literal, qualified, shared } from '../../ground/names.js';
import { isStale } from '../../ground/stale.js';
import { briefly, withoutValues } from '../../ground/without-values.js';
import { execute, first, together, type Work } from '../../ground/work.js';
import { type Happening, tell, toldLately } from '../events.js';
import type { WatchPlan } from '../plan.js';

/** What waits in a table that a stream is on, and a change of it that changes nothing. */
const WAITING = {
  [shared.trainings]: "SET STEPPED_AT = CURRENT_TIMESTAMP() WHERE STATUS = 'OPEN'",
  [shared.backfills]: "SET STEPPED_AT = CURRENT_TIMESTAMP() WHERE STATUS = 'OPEN'",
  [shared.events]: 'SET ATTEMPTS = ATTEMPTS WHERE SENT_AT IS NULL',
} as const;

/** A stream whose condition wakes a task: where it cannot be read, the task fails before it has called anything. */
export interface Stream {
  readonly name: string;
  /** Makes it anew, as apply would have. */
  readonly restore: string;
  /** What a reader has to know: what becomes of the changes that it had. */
  readonly then: string;
  /** Whose waiting rows are changed, so that a new stream holds them; none where it begins with all rows. */
  readonly wakes?: keyof typeof WAITING;
}

/** A stream that is gone; Snowflake says the same of one that the role may not see, and then refuses to make it anew. */
const GONE = /does not exist/i;

/**
 * Makes streams anew that went stale, were dropped, or whose table was replaced, and tells it: nobody else would, for the
 * tasks that they wake fail at their condition.
 * @param known the day of what is told; left out: it is asked for, where there is something
 * @returns what was told
 */
export function* healStreams(plan: WatchPlan, known?: string): Work<Happening[]> {
  const told: Happening[] = [];
  if (yield* allReadable(plan)) return told;
  const day = known === undefined ? yield* lastDay(plan.zone) : known;
  for (const stream of plan.streams) {
    const broken = yield* whyUnreadable(plan, stream);
    if (broken === null) continue;
    const event = yield* healed(plan, stream, broken);
    // What cannot be healed is told once a day.
    if (event.kind === 'stream broken' && (yield* toldLately(plan, event))) continue;
    yield* together(() => tell(plan, day, event));
    told.push(event);
  }
  return told;
}

/** Nearly always, so all of them are asked in one statement. */
function* allReadable(plan: WatchPlan): Work<boolean> {
  return (yield* whyUnreadable(plan, ...plan.streams)) === null;
}

/** What Snowflake says of one of them; null: they can be read. */
function* whyUnreadable({ place }: WatchPlan, ...streams: readonly Stream[]): Work<string | null> {
  const asked = streams.map(
    ({ name }, i) => `SYSTEM$STREAM_HAS_DATA(${literal(qualified(place, name))}) AS D${i}`,
  );
  try {
    yield* first(`SELECT ${asked.join(', ')}`);
    return null;
  } catch (error) {
    const { message } = withoutValues(error);
    if (!isStale(error) && !GONE.test(message)) throw error;
    return message;
  }
}

function* healed({ place }: WatchPlan, stream: Stream, broken: string): Work<Happening> {
  const { name, restore, then, wakes } = stream;
  const why = briefly(broken).slice(0, 200);
  try {
    yield* execute(restore);
    if (wakes !== undefined) yield* execute(`UPDATE ${qualified(place, wakes)} ${WAITING[wakes]}`);
  } catch (error) {
    return {
      kind: 'stream broken',
      severity: 'critical',
      subject: name,
      message: `The stream ${name} cannot be read (${why}), so the task that it wakes fails, and it cannot be made anew: ${briefly(withoutValues(error).message).slice(0, 200)}`,
      next: 'Is its table there, and does it belong to the deploy role? Then los apply makes it anew.',
    };
  }
  return {
    kind: 'stream restored',
    severity: 'warning',
    subject: name,
    message: `The stream ${name} could not be read (${why}), so the task that it wakes failed. It was made anew. ${then}`,
    next: 'Nothing, if you know why: a table that was replaced, a task that was suspended for long. See docs/runbook/scoring.md.',
  };
}
