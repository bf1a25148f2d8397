import { sortBy } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { query, queryFirst, type Row, type Work } from '../ground/work.js';
import { ON_ITS_OWN } from '../judging/gates.js';
import { daysInWords } from '../publishing/rounding.js';
import { type Run, runOf } from '../training/run.js';
import { versions } from '../versions/registry.js';
import { emitUnless, type WatchEvent, withinADay } from './events.js';
import type { WatchPlan } from './plan.js';

/** Kinds of events by which the end of a training that monitoring began is reported, in SQL. */
const ENDS = "('promoted', 'not promoted', 'proposed', 'retraining failed')";

/** Reports trainings that monitoring began and whose end is not yet reported. @returns what was reported */
export function* concludeTrainings(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  const { contract, place } = plan;
  const rows = yield* query<Row>(
    `SELECT DETAILS:run::VARCHAR AS RUN FROM ${qualify(place, 'LOS_EVENTS')} AS e
WHERE DATASET = ? AND KIND = 'retraining' AND NOT EXISTS (
  SELECT 1 FROM ${qualify(place, 'LOS_EVENTS')} AS o
  WHERE o.DATASET = e.DATASET AND o.KIND IN ${ENDS} AND o.DETAILS:run = e.DETAILS:run)`,
    [contract.name],
  );
  const told: WatchEvent[] = [];
  for (const { RUN } of rows) {
    const run = yield* runOf(place, String(RUN));
    if (!run || run.status === 'OPEN') continue;
    const ended = conclusion(run);
    const event =
      ended.kind === 'promoted' ? { ...ended, message: `${ended.message} It is on probation.` } : ended;
    const same = { where: `t.KIND IN ${ENDS} AND t.DETAILS:run::VARCHAR = ?`, binds: [run.id] };
    if (yield* emitUnless(plan, day, event, same)) told.push(event);
  }
  return told;
}

/** Trainings that ended longer ago are no news; a release that tells nothing of them may have run them. */
const NEWS_DAYS = 3;

/**
 * Reports trainings that ended and that nothing else reports: opened by SQL, or by a los train that did not see their end.
 * Those that monitoring began are concludeTrainings' until it has reported them. They have kinds of their own, as what
 * monitoring promoted is on probation, and what it had refused is not tried again soon.
 * @returns what was reported
 */
export function* reportTrainings(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  const { contract, place } = plan;
  const rows = yield* query<Row>(
    `SELECT r.RUN_ID AS RUN, DATE_PART(EPOCH_MILLISECOND, r.ENDED_AT) AS ENDED FROM ${qualify(place, 'LOS_TRAINING_RUNS')} AS r
LEFT JOIN (SELECT DETAILS:run::VARCHAR AS RUN, MAX(HAPPENED_AT) AS LAST, COUNT_IF(KIND = 'retraining') AS BEGUN, COUNT_IF(KIND IN ${ENDS}) AS ENDED
  FROM ${qualify(place, 'LOS_EVENTS')} WHERE DATASET = ? AND DETAILS:run IS NOT NULL GROUP BY RUN) AS e ON e.RUN = r.RUN_ID
LEFT JOIN ${qualify(place, 'LOS_DEPLOYMENT_LOG')} AS d ON d.ACTION = 'train' AND d.SUBJECT = r.DATASET AND d.STARTED_AT <= r.ENDED_AT
  AND (d.FINISHED_AT >= r.ENDED_AT OR (d.FINISHED_AT IS NULL AND d.ALIVE_UNTIL > CURRENT_TIMESTAMP()))
WHERE r.DATASET = ? AND r.STATUS <> 'OPEN' AND r.ENDED_AT > DATEADD(day, -${NEWS_DAYS}, CURRENT_TIMESTAMP())
  AND d.ID IS NULL AND (e.LAST IS NULL OR e.LAST < r.ENDED_AT) AND (COALESCE(e.BEGUN, 0) = 0 OR e.ENDED > 0)`,
    [contract.name, contract.name],
  );
  const reported: WatchEvent[] = [];
  for (const { RUN, ENDED } of sortBy(rows, (a, b) => Number(a.ENDED) - Number(b.ENDED))) {
    const run = yield* runOf(place, String(RUN));
    if (!run || run.status === 'OPEN') continue;
    const { kind, ...event } = conclusion(run);
    const ended: WatchEvent = {
      ...event,
      kind: kind === 'retraining failed' ? 'training failed' : 'training ended',
    };
    // Resumed, it ends once more.
    const same = {
      where: 't.DETAILS:run::VARCHAR = ? AND DATE_PART(EPOCH_MILLISECOND, t.HAPPENED_AT) >= ?',
      binds: [run.id, Number(ENDED)],
    };
    if (yield* emitUnless(plan, day, ended, same)) reported.push(ended);
  }
  return reported;
}

/** Minutes after which a version is tried to be taken back again, where the run that began it was killed or refused. */
const ATTEMPT_MINUTES = 60;

/**
 * Writes down that a version is about to be taken back. Two runs that did so at the same time would take it back and bring it back.
 * @param why as whole sentences
 * @returns false: another monitoring run has begun to
 */
export function* beginRollback(plan: WatchPlan, day: string, champion: string, why: string): Work<boolean> {
  const event: WatchEvent = {
    kind: 'rolling back',
    severity: 'info',
    subject: champion,
    message: `${why} The previous champion is about to answer again.`,
    details: { version: champion, why },
    quiet: true,
  };
  return yield* emitUnless(plan, day, event, {
    where: `t.KIND = 'rolling back' AND t.SUBJECT = ? AND t.HAPPENED_AT > DATEADD(minute, -${ATTEMPT_MINUTES}, CURRENT_TIMESTAMP())`,
    binds: [champion],
  });
}

/** Event about a rollback that has been made. */
export function rollbackEvent(champion: string, back: string, why: string): WatchEvent {
  return {
    kind: 'rolled back',
    severity: 'critical',
    subject: champion,
    message: `${why} predict_los answers from ${back} again.`,
    next: `los model show ${champion} and LOS_WATCH_PERFORMANCE say more.`,
    details: { version: champion, back },
  };
}

/** A version that a watch took back, and was killed before it could tell: tells it. @returns what was told */
export function* concludeRollback(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  const { contract, place } = plan;
  const events = qualify(place, 'LOS_EVENTS');
  const begun = yield* queryFirst<Row>(
    `SELECT SUBJECT, DETAILS:why::VARCHAR AS WHY FROM ${events} AS e
WHERE DATASET = ? AND KIND = 'rolling back' AND NOT EXISTS (
  SELECT 1 FROM ${events} AS o
  WHERE o.DATASET = e.DATASET AND o.KIND IN ('rolled back', 'promoted') AND o.HAPPENED_AT > e.HAPPENED_AT)
ORDER BY HAPPENED_AT DESC LIMIT 1`,
    [contract.name],
  );
  if (!begun) return [];
  const taken = String(begun.SUBJECT);
  const known = (yield* versions(place)).filter(({ dataset }) => dataset === contract.name);
  const now = known.find(({ status }) => status === 'CHAMPION');
  // Where it answers still, this watch decides again.
  if (!now || known.find(({ version }) => version === taken)?.status !== 'RETIRED') return [];
  const event = rollbackEvent(taken, now.version, String(begun.WHY));
  return (yield* emitUnless(plan, day, event, withinADay(event))) ? [event] : [];
}

/** Event about a training that is over. */
function conclusion(run: Run): WatchEvent {
  const details = { run: run.id, version: run.version };
  if (run.status === 'FAILED')
    return {
      kind: 'retraining failed',
      severity: 'warning',
      subject: String(run.version || run.id),
      message: `The training failed in ${run.state}: ${run.message || 'no reason is known'}`,
      next: run.next || `CALL TRAIN_MODEL(OBJECT_CONSTRUCT('resume', '${run.id}')) resumes it.`,
      details,
    };
  if (run.status === 'STOPPED')
    return {
      // As what was refused: a person did not want it, so it is not begun again soon.
      kind: 'not promoted',
      severity: 'info',
      subject: String(run.version || run.id),
      message: `The training was ended: ${run.message || 'stopped'}. The champion stays.`,
      next: `CALL TRAIN_MODEL(OBJECT_CONSTRUCT('resume', '${run.id}')) resumes it.`,
      details,
    };
  const { promotion, metrics, candidateRuns = [] } = run.data;
  const lost = candidateRuns.filter(({ stage }) => stage === 'lost').length;
  const figures = `${metrics ? ` On stays it never saw its mean absolute error is ${daysInWords(metrics.mae, metrics.rows)} days.` : ''}${
    lost > 0
      ? ` ${lost} of its ${candidateRuns.length} candidates were lost, as their jobs failed or were stopped.`
      : ''
  }`;
  if (promotion?.promoted) {
    const alone = promotion.gates
      .filter(({ name }) => name === ON_ITS_OWN)
      .map(({ finding }) => ` ${finding}.`);
    return {
      kind: 'promoted',
      severity: 'info',
      subject: String(run.version),
      message: `predict_los answers from ${run.version}${promotion.previous ? `, before: ${promotion.previous}` : ''}.${alone.join('')}${figures}`,
      details,
    };
  }
  if (promotion?.proposed)
    return {
      kind: 'proposed',
      severity: 'info',
      subject: String(run.version),
      message: `${run.version} passes the gates${promotion.previous ? ` beside ${promotion.previous}` : ''} and waits for a person to promote it.${figures}`,
      next: `CALL PROMOTE_MODEL('${run.version}') lets predict_los answer from it; los model show ${run.version} says how good it is. Without it the champion stays.`,
      details,
    };
  return {
    kind: 'not promoted',
    severity: 'info',
    subject: String(run.version),
    message: `${promotion?.refusal ? promotion.refusal : `${run.version} was trained and not promoted, as that was not asked for.`}${figures} The champion stays.`,
    next: promotion
      ? `los model compare ${run.version}, or CALL PROMOTE_MODEL('${run.version}', OBJECT_CONSTRUCT('force', TRUE, 'reason', 'why')), if you know better.`
      : `CALL PROMOTE_MODEL('${run.version}') promotes it, if it passes the gates.`,
    details,
  };
}
