import { qualified, shared } from '../ground/names.js';
import { query, type Row, together, type Work } from '../ground/work.js';
import { type Run, runOf } from '../training/run.js';
import { type Happening, tell } from './events.js';
import type { WatchPlan } from './plan.js';

/** Trainings that a watch began and of whose end nobody has been told: tells it. @returns what was told */
export function* concludeTrainings(plan: WatchPlan, day: string): Work<Happening[]> {
  const { contract, place } = plan;
  const rows = yield* query<Row>(
    `SELECT DETAILS:run::VARCHAR AS RUN FROM ${qualified(place, shared.events)} AS e
WHERE DATASET = ? AND KIND = 'retraining' AND NOT EXISTS (
  SELECT 1 FROM ${qualified(place, shared.events)} AS o
  WHERE o.DATASET = e.DATASET AND o.KIND IN ('promoted', 'not promoted', 'retraining failed') AND o.DETAILS:run = e.DETAILS:run)`,
    [contract.name],
  );
  const told: Happening[] = [];
  for (const { RUN } of rows) {
    const run = yield* runOf(place, String(RUN));
    if (!run || run.status === 'OPEN') continue;
    const event = conclusion(run);
    yield* together(() => tell(plan, day, event));
    told.push(event);
  }
  return told;
}

/** What is told of a training that is over. */
export function conclusion(run: Run): Happening {
  const details = { run: run.id, version: run.version };
  if (run.status === 'FAILED')
    return {
      kind: 'retraining failed',
      severity: 'warning',
      subject: String(run.version || run.id),
      message: `The training failed in ${run.state}: ${run.message || 'no reason is known'}`,
      next: run.next || `CALL TRAIN_MODEL(OBJECT_CONSTRUCT('resume', '${run.id}')) goes on with it.`,
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
    next: `los compare ${run.version}, or CALL PROMOTE_MODEL('${run.version}', OBJECT_CONSTRUCT('force', TRUE)), if you know better.`,
    details,
  };
}
