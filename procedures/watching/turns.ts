import { qualified, shared } from '../ground/names.js';
import { first, query, Refused, type Row, together, variant, type Work } from '../ground/work.js';
import type { ShadowResult } from '../judging/shadow.js';
import { openRuns, type Run, runOf } from '../training/run.js';
import { type Happening, tell } from './events.js';
import type { WatchPlan } from './plan.js';
import type { Decision, Reason, Situation } from './retraining.js';
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

/** What the story says of the turns so far. @param champion the version that answers */
export function* turnsOf(
  { contract, place }: WatchPlan,
  champion: string,
): Work<Pick<Situation, 'turns' | 'promotedOn' | 'training'>> {
  const events = qualified(place, shared.events);
  const rows = yield* query<Row>(
    `SELECT TO_VARCHAR(DAY, 'YYYY-MM-DD') AS DAY, KIND, SUBJECT, DETAILS:reason::VARCHAR AS REASON FROM ${events}
WHERE DATASET = ? AND KIND IN ('retraining', 'rolled back', 'promoted') ORDER BY HAPPENED_AT`,
    [contract.name],
  );
  const last = rows.map(({ KIND }) => KIND).lastIndexOf('promoted');
  const own = last >= 0 && rows[last]?.SUBJECT === champion ? rows[last] : undefined;
  return {
    turns: rows.slice(last + 1).map((row) => ({
      day: String(row.DAY),
      reason: row.KIND === 'rolled back' ? 'roll back' : (String(row.REASON) as Reason),
    })),
    promotedOn: own ? String(own.DAY) : null,
    training: (yield* openRuns(place, contract.name)).length > 0,
  };
}

/** Opens a training, as anybody would. @returns what was told */
export function* retrain(
  plan: WatchPlan,
  day: string,
  { why, reason, recentDays }: Extract<Decision, { what: 'retrain' }>,
): Work<Happening> {
  const options = recentDays === null ? { promote: true } : { promote: true, recentDays };
  const row = yield* first(`CALL ${qualified(plan.place, 'TRAIN_MODEL')}(PARSE_JSON(?)::OBJECT)`, [
    JSON.stringify(options),
  ]);
  const opened = variant<{ run: string }>(Object.keys(row || {}).map((name) => (row as Row)[name])[0]);
  if (!opened?.run) throw new Refused('TRAIN_MODEL opened no run.', 'Look at LOS_TRAINING_RUNS.');
  const event: Happening = {
    kind: 'retraining',
    severity: 'info',
    subject: plan.contract.name,
    message: `A training has begun${recentDays === null ? '' : `, on the last ${recentDays} days alone`}. Why: ${why}`,
    next: 'Nothing: it is promoted if it passes the gates. LOS_TRAINING_RUNS shows how far it is.',
    details: { run: opened.run, why, reason },
  };
  yield* together(() => tell(plan, day, event));
  return event;
}

/** How the former champion would have answered, beside what was answered. */
export interface Former {
  readonly version: string;
  /** Whether it would surely have been better; null: too few stays are known. */
  readonly better: boolean | null;
  /** In figures. */
  readonly finding: string;
}

/** Asks the former champion about what was logged since it was trained, and compares on the stays that are known by now. */
export function* askFormer(plan: WatchPlan, version: string): Work<Former> {
  const row = yield* first(`CALL ${qualified(plan.place, 'SHADOW_MODEL')}(?)`, [version]);
  const { comparison } = variant<ShadowResult>(Object.keys(row || {}).map((name) => (row as Row)[name])[0]);
  if (comparison === null)
    return {
      version,
      better: null,
      finding: `Too few stays are known that ${version} could have predicted.`,
    };
  const { maeGain, rows } = comparison;
  const [low, high] = maeGain.confidence;
  return {
    version,
    better: low > 0,
    finding: `${version} would have been ${maeGain.days.toFixed(2)} days nearer on average, on ${rows} stays (95 % confidence: ${low.toFixed(2)} to ${high.toFixed(2)}).`,
  };
}

/** Lets the former champion answer again. @returns what was told */
export function* takeBack(plan: WatchPlan, day: string, champion: string, why: string): Work<Happening> {
  const row = yield* first(`CALL ${qualified(plan.place, 'ROLL_BACK_MODEL')}()`);
  const back = variant<{ version: string }>(Object.keys(row || {}).map((name) => (row as Row)[name])[0]);
  const event: Happening = {
    kind: 'rolled back',
    severity: 'critical',
    subject: champion,
    message: `${why} predict_los answers from ${back.version} again.`,
    next: `los model show ${champion} and LOS_WATCH_PERFORMANCE say more.`,
    details: { version: champion, back: back.version },
  };
  yield* together(() => tell(plan, day, event));
  return event;
}
