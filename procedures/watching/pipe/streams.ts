import { datasetNames } from '../../dataset/names.js';
import { lastDay } from '../../ground/days.js';
import { literal, type Place, qualify, schemaPath } from '../../ground/names.js';
import { isGone, isNotShown, isStale } from '../../ground/stale.js';
import { messageLine, withoutValues } from '../../ground/without-values.js';
import { attempt, execute, query, queryFirst, type Work } from '../../ground/work.js';
import type { WakingStream } from '../../object.js';
import { emitEvent, emitUnless, type WatchEvent, wasEmittedWithin, withinADay } from '../events.js';
import type { WatchPlan } from '../plan.js';
import { lookAtColumns } from './columns.js';

/**
 * Recreates streams that went stale, were dropped, or whose table was replaced, and reports it: no one else would, for the
 * tasks that they wake fail at their condition. That the hospital's table was replaced is not reported.
 * @param known the day of what is told; left out: it is asked for, where there is something
 * @returns what was told
 * @throws what Snowflake says of a table that is gone, once all other streams are healed: no stream can be made on it
 */
export function* healStreams(plan: WatchPlan, known?: string): Work<WatchEvent[]> {
  const told: WatchEvent[] = [];
  if (yield* allReadable(plan)) return told;
  const day = known === undefined ? yield* lastDay(plan.zone) : known;
  let gone: unknown;
  for (const stream of plan.streams) {
    const broken = yield* whyUnreadable(plan, stream);
    if (broken === null || (yield* isQuiet(plan, stream, broken))) continue;
    let event: WatchEvent;
    try {
      yield* queryFirst(`SELECT 1 AS X FROM ${qualify(plan.place, stream.table)} WHERE FALSE`);
      event = yield* nameColumns(plan, stream, yield* heal(stream, broken));
    } catch (error) {
      gone = error;
      continue;
    }
    // What cannot be healed is told once a day.
    if (event.kind === 'stream restored') yield* emitEvent(plan, day, event);
    else if (!(yield* emitUnless(plan, day, event, withinADay(event)))) continue;
    told.push(event);
  }
  if (gone !== undefined) throw gone;
  return told;
}

/**
 * A stream on the hospital's rows that is stale is a state, no failure: the next run of the graph compares, and makes it again where it may.
 * Where the graph's condition asks for it there is none, so that is done now.
 * @returns whether there is nothing to tell
 */
function* isQuiet(plan: WatchPlan, { name }: WakingStream, broken: string): Work<boolean> {
  const { contract, place } = plan;
  if (name !== datasetNames(contract).rawStream) return false;
  if (contract.origin) return true;
  if (isGone(broken)) return false;
  yield* execute(`CALL ${qualify(place, 'BUILD_FEATURES')}()`);
  return (yield* findBroken(place, name)) === null;
}

/** A table that took the place of the hospital's may have other columns, which no one looks at for up to an hour. */
function* nameColumns(plan: WatchPlan, { table }: WakingStream, event: WatchEvent): Work<WatchEvent> {
  if (table !== plan.contract.table) return event;
  const [changed] = yield* lookAtColumns(plan);
  if (changed === undefined) return event;
  const { severity, message } = changed;
  return { ...event, severity, message: `${event.message} ${message}`, next: 'See docs/runbook/column.md.' };
}

/**
 * Recreates a stream that follows another table than it should, and reports where it cannot. A stream follows a table wherever it is renamed to:
 * after ALTER TABLE … SWAP WITH it goes on with what the hospital's table was before, and admissions in the new one would never be seen.
 * @returns what was told
 */
export function* holdStreams(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  const told: WatchEvent[] = [];
  for (const stream of plan.streams) {
    const other = yield* findOtherTable(plan, stream);
    if (other === null) continue;
    const subject = stream.name;
    const known = { kind: 'stream broken', subject };
    if (yield* wasEmittedWithin(plan.place, plan.contract.name, 24, known)) continue;
    // Where no table has that name now, the stream says where it went.
    yield* queryFirst(`SELECT 1 AS X FROM ${stream.follows} WHERE FALSE`);
    // Without a stream everything is compared, and one made on the table of that name.
    yield* execute(`DROP STREAM IF EXISTS ${qualify(plan.place, subject)}`);
    yield* execute(`CALL ${qualify(plan.place, 'BUILD_FEATURES')}()`);
    // Who came with the swap has waited for up to an hour. Where it fails its run says so, and the task graph tries again.
    yield* attempt([], 'scoring', undefined, () =>
      execute(`CALL ${qualify(plan.place, 'SCORE_ADMISSIONS')}()`),
    );
    if ((yield* findOtherTable(plan, stream)) === null) continue;
    const event: WatchEvent = {
      kind: 'stream broken',
      severity: 'critical',
      subject,
      message: `The stream ${subject} followed ${other}: ${stream.follows} was renamed or swapped with another table, and a stream follows its table. It was recreated and follows ${other} still.`,
      next: 'los plan says which table it should follow, los apply recreates it.',
    };
    if (yield* emitUnless(plan, day, event, withinADay(event))) told.push(event);
  }
  return told;
}

/** The table that a stream follows in place of its own; null: it follows that, or this role may not see. */
export function* findOtherTable({ place }: WatchPlan, { name, follows }: WakingStream): Work<string | null> {
  if (follows === undefined) return null;
  try {
    const streams = yield* query(`SHOW STREAMS LIKE ${literal(name)} IN SCHEMA ${schemaPath(place)}`);
    const shown = streams.find((row) => row.name === name);
    const other = shown === undefined ? '' : String(shown.table_name);
    const unquote = (path: string) => path.split('"').join('');
    return other.indexOf('.') < 0 || unquote(other) === unquote(follows) ? null : other;
  } catch (error) {
    if (!isNotShown(error)) throw error;
    return null;
  }
}

/** Nearly always, so all of them are asked in one statement. */
function* allReadable(plan: WatchPlan): Work<boolean> {
  return (yield* whyUnreadable(plan, ...plan.streams)) === null;
}

/** What Snowflake says of one of them; null: they can be read. */
function* whyUnreadable({ place }: WatchPlan, ...streams: readonly WakingStream[]): Work<string | null> {
  return yield* findBroken(place, ...streams.map(({ name }) => name));
}

function* findBroken(place: Place, ...names: readonly string[]): Work<string | null> {
  const asked = names.map((name, i) => `SYSTEM$STREAM_HAS_DATA(${literal(qualify(place, name))}) AS D${i}`);
  try {
    yield* queryFirst(`SELECT ${asked.join(', ')}`);
    return null;
  } catch (error) {
    const { message } = withoutValues(error);
    if (!isStale(error) && !isGone(message)) throw error;
    return message;
  }
}

function* heal(stream: WakingStream, broken: string): Work<WatchEvent> {
  const { name, restore, effect, touch } = stream;
  const why = messageLine(broken).slice(0, 200);
  try {
    yield* execute(restore);
    if (touch !== undefined) yield* execute(touch);
  } catch (error) {
    return {
      kind: 'stream broken',
      severity: 'critical',
      subject: name,
      message: `The stream ${name} cannot be read (${why}), so the task that it wakes fails, and it cannot be recreated: ${messageLine(withoutValues(error).message).slice(0, 200)}`,
      next: 'Is its table there, and does it belong to the deploy role? Then los apply recreates it.',
    };
  }
  return {
    kind: 'stream restored',
    severity: 'warning',
    subject: name,
    message: `The stream ${name} could not be read (${why}), so the task that it wakes failed. It was recreated. ${effect}`,
    next: 'Nothing, if the cause is known: a table that was replaced (los apply gives the roles their rights on it again), a task that was suspended for long. See docs/runbook/scoring.md.',
  };
}
