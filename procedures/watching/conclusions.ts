import { qualify } from '../ground/names.js';
import { query, queryFirst, type Row, transaction, type Work } from '../ground/work.js';
import { type Run, runOf } from '../training/run.js';
import { versions } from '../versions/registry.js';
import { emitEvent, type WatchEvent } from './events.js';
import type { WatchPlan } from './plan.js';

/** Reports trainings that monitoring began and whose end is not yet reported. @returns what was reported */
export function* concludeTrainings(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  const { contract, place } = plan;
  const rows = yield* query<Row>(
    `SELECT DETAILS:run::VARCHAR AS RUN FROM ${qualify(place, 'LOS_EVENTS')} AS e
WHERE DATASET = ? AND KIND = 'retraining' AND NOT EXISTS (
  SELECT 1 FROM ${qualify(place, 'LOS_EVENTS')} AS o
  WHERE o.DATASET = e.DATASET AND o.KIND IN ('promoted', 'not promoted', 'retraining failed') AND o.DETAILS:run = e.DETAILS:run)`,
    [contract.name],
  );
  const told: WatchEvent[] = [];
  for (const { RUN } of rows) {
    const run = yield* runOf(place, String(RUN));
    if (!run || run.status === 'OPEN') continue;
    const event = conclusion(run);
    yield* transaction(() => emitEvent(plan, day, event));
    told.push(event);
  }
  return told;
}

/** What is written down before a version is taken back. @param why as whole sentences */
export function rollbackStartEvent(champion: string, why: string): WatchEvent {
  return {
    kind: 'rolling back',
    severity: 'info',
    subject: champion,
    message: `${why} The previous champion is about to answer again.`,
    details: { version: champion, why },
    quiet: true,
  };
}

/** What is told once it has been. */
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
  yield* transaction(() => emitEvent(plan, day, event));
  return [event];
}

/** What is told of a training that is over. */
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
  const { promotion, metrics } = run.data;
  const figures = metrics
    ? ` On stays it never saw its mean absolute error is ${metrics.mae.toFixed(2)} days.`
    : '';
  if (promotion?.promoted)
    return {
      kind: 'promoted',
      severity: 'info',
      subject: String(run.version),
      message: `predict_los answers from ${run.version}${promotion.previous ? `, before: ${promotion.previous}` : ''}.${figures} It is on probation.`,
      details,
    };
  return {
    kind: 'not promoted',
    severity: 'info',
    subject: String(run.version),
    message: `${promotion?.refusal ? promotion.refusal : `${run.version} was trained and not promoted.`}${figures} The champion stays.`,
    next: `los model compare ${run.version}, or CALL PROMOTE_MODEL('${run.version}', OBJECT_CONSTRUCT('force', TRUE)), if you know better.`,
    details,
  };
}
