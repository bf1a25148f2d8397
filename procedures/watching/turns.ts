import { isSplitByDate } from '../fitting/recent-days.js';
import { sortBy } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { refusalIn } from '../ground/refusal-text.js';
import { resultOf, together } from '../ground/together.js';
import { withoutValues } from '../ground/without-values.js';
import {
  type Bind,
  query,
  queryFirst,
  Refused,
  type Row,
  transaction,
  variant,
  type Work,
} from '../ground/work.js';
import { runTable } from '../training/run.js';
import { type RegistryEntry, recordOf, type VersionRecord, versions } from '../versions/registry.js';
import { beginRollback, rollbackEvent } from './conclusions.js';
import { emitUnless, type WatchEvent, withinADay } from './events.js';
import { type FollowedPeriod, lastAdmission } from './measures/measuring.js';
import { comparePaired } from './measures/paired-comparison.js';
import type { WatchPlan } from './plan.js';
import { type Decision, decide, type Reason, type Situation } from './retraining.js';

/**
 * Decides what becomes of the champion, and does it.
 * @param champion the version that was watched
 * @param followed its predictions that were judged
 * @param events what was told by this watch; what comes of the decision is added
 */
export function* act(
  plan: WatchPlan,
  champion: string,
  followed: FollowedPeriod,
  seen: Pick<Situation, 'signs' | 'judgements' | 'shift' | 'aDay'>,
  events: WatchEvent[],
): Work<Decision> {
  const { place, contract, settings } = plan;
  const { day } = followed;
  // What a training that has just ended promoted is the champion by now.
  const known = (yield* versions(place)).filter(({ dataset }) => dataset === contract.name);
  const now = known.find(({ status }) => status === 'CHAMPION');
  if (!now || now.version !== champion)
    return { what: 'nothing', why: 'Another version answers than the monitored one.' };
  const [{ lineage }, last, story, open] = (yield* together<unknown>([
    () => recordOf(place, champion),
    () => lastAdmission(plan, day),
    () => storyOf(plan),
    () => hasOpenTraining(plan),
  ])).map(resultOf) as [VersionRecord, string | null, readonly Row[], boolean];
  const former = sortBy(
    known.filter(({ status, promotedAt }) => status === 'RETIRED' && promotedAt !== null),
    (a, b) => Date.parse(String(b.promotedAt)) - Date.parse(String(a.promotedAt)),
  )[0];
  const situation = {
    day,
    ...seen,
    ...turnsOf(story, champion, known),
    training: open,
    trainedTo: trainingEnd(lineage),
    lastAdmission: last,
    hasFormer: former !== undefined,
    byDates: isSplitByDate(contract),
  };
  let decision = decide(settings, situation);
  if (decision.what === 'roll back' && former) {
    // It may be bad and yet better than what was before it.
    const { better, finding } = yield* askFormer(plan, champion, former.version, followed);
    if (better) decision = yield* rollBack(plan, day, champion, `${decision.why} ${finding}`, events);
    else {
      decision = decide(settings, { ...situation, hasFormer: false });
      decision = { ...decision, why: `${decision.why} ${finding}` };
    }
  }
  if (decision.what === 'retrain') events.push(...(yield* retrain(plan, day, decision)));
  return decision;
}

/** The last admission that a version was chosen or judged by; later ones, of whom some are still in, only a refit has learned from. */
function trainingEnd(lineage: Readonly<Record<string, unknown>>): string | null {
  const { participants } = lineage as {
    participants?: { sides: readonly { side: string; to: string | null }[] };
  };
  const days = (participants ? participants.sides : [])
    .filter(({ side }) => side !== 'late' && side !== 'open')
    .map(({ to }) => to)
    .filter((to): to is string => typeof to === 'string')
    .sort();
  return days.length > 0 ? (days[days.length - 1] as string) : null;
}

/** What became of the champions so far, the first first. */
function* storyOf({ contract, place }: WatchPlan): Work<readonly Row[]> {
  const rows = yield* query<Row>(
    `SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, KIND, SUBJECT, MESSAGE, DETAILS:run::VARCHAR AS RUN, DETAILS:reason::VARCHAR AS REASON,
  ROW_NUMBER() OVER (ORDER BY HAPPENED_AT) AS NUMBER FROM ${qualify(place, 'LOS_EVENTS')}
WHERE DATASET = ? AND KIND IN ('retraining', 'rolled back', 'promoted', 'not promoted', 'proposed')`,
    [contract.name],
  );
  return sortBy(rows, (a, b) => Number(a.NUMBER) - Number(b.NUMBER));
}

function* hasOpenTraining({ contract, place }: WatchPlan): Work<boolean> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N FROM ${runTable(place)} WHERE DATASET = ? AND STATUS = 'OPEN'`,
    [contract.name],
  );
  return Number(row?.N) > 0;
}

/**
 * What the story says of the turns so far. A person who promotes what was proposed ends them as a promotion by the watch does, but for
 * probation: what a person has decided a person takes back.
 * @param champion the version that answers
 */
function turnsOf(
  rows: readonly Row[],
  champion: string,
  known: readonly RegistryEntry[],
): Pick<Situation, 'turns' | 'promotedOn' | 'proposed'> {
  const refusalOf = (run: unknown): string | null => {
    const told = rows.find(({ KIND, RUN }) => KIND === 'not promoted' && RUN === run);
    return told === undefined ? null : String(told.MESSAGE);
  };
  const proposals = rows.filter(({ KIND }) => KIND === 'proposed');
  const entryOf = (row: Row | undefined) => known.find(({ version }) => version === row?.SUBJECT);
  const waiting = proposals.filter((row) => entryOf(row)?.proposedAt)[0];
  const last = rows
    .map((row) => row.KIND === 'promoted' || (row.KIND === 'proposed' && entryOf(row)?.promotedAt))
    .lastIndexOf(true);
  const own =
    last >= 0 && rows[last]?.KIND === 'promoted' && rows[last]?.SUBJECT === champion ? rows[last] : undefined;
  return {
    proposed: waiting ? { version: String(waiting.SUBJECT), day: String(waiting.DAY) } : null,
    turns: rows
      .slice(last + 1)
      .filter(({ KIND }) => KIND === 'retraining' || KIND === 'rolled back')
      .map((row) =>
        row.KIND === 'rolled back'
          ? { day: String(row.DAY), reason: 'roll back' as const, refusal: null }
          : { day: String(row.DAY), reason: String(row.REASON) as Reason, refusal: refusalOf(row.RUN) },
      ),
    promotedOn: own ? String(own.DAY) : null,
  };
}

/** Opens a training. Its event is written in the same transaction: the end of a training is only reported where its start was. */
function* retrain(
  plan: WatchPlan,
  day: string,
  { why, reason, recentDays, ask }: Extract<Decision, { what: 'retrain' }>,
): Work<WatchEvent[]> {
  const options = {
    [ask === null ? 'promote' : 'propose']: true,
    ...(recentDays === null ? {} : { recentDays }),
  };
  return yield* transaction(function* () {
    const opened = yield* callProcedure<{ run: string } | null>(
      plan,
      'TRAIN_MODEL',
      'PARSE_JSON(?)::OBJECT',
      [JSON.stringify(options)],
    );
    if (!opened?.run) throw new Refused('TRAIN_MODEL opened no run.', 'Look at LOS_TRAINING_RUNS.');
    const event: WatchEvent = {
      kind: 'retraining',
      severity: 'info',
      subject: plan.contract.name,
      message: `A training has begun${recentDays === null ? '' : `, on the last ${recentDays} days alone`}. Why: ${why}`,
      next: `Nothing yet: ${ask === null ? 'it is promoted if it passes the gates' : `if it passes the gates it is proposed, and a person decides (${ask})`}. LOS_TRAINING_RUNS shows how far it is.`,
      details: { run: opened.run, why, reason, ask },
    };
    const same = { where: "t.KIND = 'retraining' AND t.DETAILS:run::VARCHAR = ?", binds: [opened.run] };
    return (yield* emitUnless(plan, day, event, same)) ? [event] : [];
  });
}

/** How the former champion would have answered, beside what was answered. */
interface Former {
  /** Whether it would have been significantly better; null: not known. */
  readonly better: boolean | null;
  /** In figures, or why there are none. */
  readonly finding: string;
}

/** Has the former champion predict what the champion has predicted, and compares. */
function* askFormer(
  plan: WatchPlan,
  champion: string,
  former: string,
  followed: FollowedPeriod,
): Work<Former> {
  try {
    yield* callProcedure(plan, 'SHADOW_MODEL', '?', [former]);
  } catch (error) {
    // Its endpoint may be gone. What was found of the champion is to be acted on all the same.
    const { message } = withoutValues(error);
    const refusal = refusalIn(message);
    return {
      better: null,
      finding: `${former}, the previous champion, could not be asked: ${refusal ? refusal.message : message}`,
    };
  }
  const comparison = yield* comparePaired(plan, champion, former, followed);
  if (comparison === null)
    return {
      better: null,
      finding: `${former}, the previous champion, could be asked about too few of them.`,
    };
  const { gain, low, rows } = comparison;
  const share = (of: number) => `${Math.round(Math.abs(of) * 100)} %`;
  return {
    better: low > 0,
    finding:
      low > 0
        ? `${former}, the previous champion, would have had a ${share(gain)} lower error (at least ${share(low)} with 99 % confidence, ${rows} admissions).`
        : `${former}, the previous champion, would not have been significantly better (error ${share(gain)} ${gain < 0 ? 'higher' : 'lower'}, ${rows} admissions).`,
  };
}

/**
 * Lets the former champion answer again. Switching functions ends a transaction, so it is told once that is done; that it was
 * about to be done is written down before, and a watch that was killed in between is told of by the next (conclusions.ts).
 * @param events takes what is told
 */
function* rollBack(
  plan: WatchPlan,
  day: string,
  champion: string,
  why: string,
  events: WatchEvent[],
): Work<Decision> {
  if (!(yield* beginRollback(plan, day, champion, why)))
    return {
      what: 'nothing',
      why: `Within the last hour a monitoring run began to roll ${champion} back. If it failed, CALL ROLL_BACK_MODEL().`,
    };
  const back = yield* callProcedure<{ version: string }>(plan, 'ROLL_BACK_MODEL');
  const event = rollbackEvent(champion, back.version, why);
  if (yield* emitUnless(plan, day, event, withinADay(event))) events.push(event);
  return { what: 'roll back', why };
}

/** What a procedure answers. @param args SQL of its arguments */
function* callProcedure<T>(
  { place }: WatchPlan,
  procedure: string,
  args = '',
  binds: readonly Bind[] = [],
): Work<T> {
  const row = (yield* queryFirst(`CALL ${qualify(place, procedure)}(${args})`, binds)) || {};
  return variant<T>(row[Object.keys(row)[0] as string]);
}
