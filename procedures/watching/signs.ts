import { percent } from '../ground/percent.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { graphSteps } from '../scoring/graph-tasks.js';
import type { InputFinding } from './measures/inputs.js';
import type { Judgement } from './measures/performance.js';
import { isUnusual, type PipeMeasure, type PipeMeasureName } from './measures/pipe.js';

/** Something that is not as it should be, found by one watch. An alarm is a sign that lasts. */
export interface Sign {
  readonly kind:
    | 'inputs'
    | 'performance'
    | 'groups'
    | 'discharges'
    | 'volume'
    | 'scoring'
    | 'tasks'
    | 'unreadable'
    | 'source'
    | 'tables'
    | 'objects'
    | 'budget';
  /** A feature, group or measure; with the kind it tells alarms apart. */
  readonly subject: string;
  readonly severity: 'warning' | 'critical';
  /** One sentence or two, whole; no figure in it is about fewer than ten patients. */
  readonly message: string;
  /** What to do, in whole sentences, where that can be said; the page says more. */
  readonly next?: string;
  /** The page of docs/runbook/ that says what to do. */
  readonly lookAt: string;
}

const GRAPH_TASKS: readonly string[] = graphSteps.map(({ task }) => task);

/** Subject of the alarm that the scoring graph fails again and again. */
export const GRAPH_RUNS = 'task graph runs';

/**
 * Signs without those that only follow from others: while the graph fails or a table cannot be read, people wait and changes stay unread,
 * and one alarm is enough. One that is open already stays.
 * @param open the alarms that last
 * @param kinds that were looked for to the end: an open alarm of them without a sign is over
 */
export function withoutConsequences(
  signs: readonly Sign[],
  open: readonly Sign[],
  kinds: readonly Sign['kind'][],
): readonly Sign[] {
  const isCause = ({ kind, subject }: Sign) =>
    kind === 'unreadable' ||
    (kind === 'scoring' && subject === GRAPH_RUNS) ||
    (kind === 'tasks' && GRAPH_TASKS.indexOf(subject) >= 0);
  const lasts = (sign: Sign) => kinds.indexOf(sign.kind) < 0 && isCause(sign);
  if (!signs.some(isCause) && !open.some(lasts)) return signs;
  const isConsequence = ({ kind, subject }: Sign) =>
    kind === 'scoring' && (subject === 'waiting' || subject === 'task graph');
  return signs.filter(
    (sign) =>
      !isConsequence(sign) ||
      open.some(({ kind, subject }) => kind === sign.kind && subject === sign.subject),
  );
}

/** Signs about inputs that the window calls flagged. @param window in words, e.g. `the week from 2018-05-07` */
export function inputSigns(findings: readonly InputFinding[], window: string): Sign[] {
  return findings
    .filter(({ flagged }) => flagged)
    .map((one) => ({
      kind: 'inputs',
      subject: one.kind === 'missing' ? `${one.feature} (missing)` : one.feature,
      severity: 'warning',
      message: `${inputWords(one)} (${one.rows} admissions of ${window} against ${one.referenceRows} training rows).`,
      lookAt: 'inputs',
    }));
}

function inputWords(one: InputFinding): string {
  if (one.kind === 'missing')
    return `${one.feature} is missing in ${shareWords(one.missing, one.rows)} of admissions, in training in ${shareWords(one.referenceMissing, one.referenceRows)}`;
  if (one.kind === 'numeric')
    return one.moved !== null && Math.abs(one.moved) >= 0.05
      ? `${one.feature} is ${one.moved > 0 ? 'higher' : 'lower'} by ${Math.abs(one.moved).toFixed(2)} standard deviations than in training`
      : `${one.feature} is distributed differently than in training (distribution functions up to ${percent(one.shift)} apart)`;
  const unseen =
    one.unseen >= 0.01
      ? `; ${shareWords(one.unseen, one.rows)} of admissions have a level that is new or was rare in training`
      : '';
  return one.level === null
    ? `Levels of ${one.feature} have different shares than in training, by up to ${points(one.shift)}${unseen}`
    : `${one.feature}: the share of ${one.level} has changed by ${points(one.shift)} since training${unseen}`;
}

/** A share that tells no count of fewer than ten, nor that of all others. */
export function shareWords(share: number, rows: number): string {
  const few = FEWEST_PATIENTS / rows;
  if (share > 0 && share < few) return `under ${percent(few, 0)}`;
  if (share < 1 && share > 1 - few) return `over ${percent(1 - few, 0)}`;
  return percent(share, 0);
}

/** Whether two groups are the same patients, as where a region is never told: summed up in any order, so not to the last digit. */
function sameRows(one: Judgement, other: Judgement): boolean {
  return (
    one.rows === other.rows &&
    one.gone === other.gone &&
    Math.abs(one.expectedGone - other.expectedGone) < 1e-6 * one.rows
  );
}

/** How many columns make a group. */
function columnsOf({ groupedBy }: Judgement): number {
  return groupedBy.split(' × ').length;
}

/** Signs about predictions; of a group that other columns describe as well, only by the fewest. */
export function performanceSigns(judgements: readonly Judgement[]): Sign[] {
  return judgements
    .filter(
      (one) =>
        one.verdict !== 'fine' &&
        !judgements.some((other) => columnsOf(other) < columnsOf(one) && sameRows(one, other)),
    )
    .map((one): Sign => {
      const who = one.groupedBy === 'all' ? 'all patients' : `${one.groupedBy} ${one.level}`;
      const size = `${one.rows} admissions of the last four weeks`;
      if (one.verdict === 'paced')
        return {
          kind: 'performance',
          subject: `stays of ${who}`,
          severity: 'warning',
          message: `${Math.round(Math.abs(one.pace) * 100)} % ${one.pace > 0 ? 'more' : 'fewer'} patients were discharged than their curves expected: stays of ${who} are ${one.pace > 0 ? 'shorter' : 'longer'} than predicted (${one.gone} discharges, ${Math.round(one.expectedGone)} expected, ${size}).`,
          lookAt: 'performance',
        };
      return {
        kind: 'performance',
        subject: who,
        severity: one.verdict === 'much worse' && one.groupedBy === 'all' ? 'critical' : 'warning',
        message: `Predictions for ${who} are ${Math.round((one.ratio - 1) * 100)} % worse than their own curves promise (score so far against the expected one, at least ${Math.round((one.low - 1) * 100)} % with 99 % confidence, ${size}).`,
        lookAt: 'performance',
      };
    });
}

/** Signs about the pipeline. Only counts of the operation are in them. */
export function pipeSigns(measures: readonly PipeMeasure[]): Sign[] {
  return measures.filter(isUnusual).map((one) => PIPE_SIGNS[one.measure](one, Math.round(one.value)));
}

/** Each measure's sign. @param n its value, rounded */
const PIPE_SIGNS: Readonly<Record<PipeMeasureName, (one: PipeMeasure, n: number) => Sign>> = {
  admissions: (one, n) => ({
    kind: 'volume',
    subject: 'admissions',
    severity: n === 0 ? 'critical' : 'warning',
    message: `${n} ${n === 1 ? 'admission' : 'admissions'} on this day; on this weekday ${Math.round(one.usual || 0)} are usual (${Math.round(one.least || 0)} to ${Math.round(one.most || 0)}).`,
    lookAt: 'volume',
  }),
  'withdrawn at once': (one, n) => ({
    kind: 'volume',
    subject: 'withdrawals',
    severity: 'warning',
    message: `${n} admissions were withdrawn within a day: their rows are gone from the hospital’s table. More than ${Math.round(one.most || 0)} are unusual here.`,
    lookAt: 'source',
  }),
  'days without a discharge': (_, n) => ({
    kind: 'discharges',
    subject: 'discharges',
    severity: 'critical',
    message: `No discharge has been recorded for ${n} days: actual stays are missing, and free beds count as occupied.`,
    lookAt: 'volume',
  }),
  'hours unread': (_, n) => ({
    kind: 'scoring',
    subject: 'task graph',
    severity: 'critical',
    message: `Changes of the admissions’ table have not been read for ${n} hours: the task graph is suspended or does not start. New admissions get no prediction.`,
    lookAt: 'scoring',
  }),
  waiting: (one, n) =>
    scoringSign(
      one,
      'critical',
      `${n} ${n === 1 ? 'admission has' : 'admissions have'} waited for a prediction for longer than the schedule explains.`,
    ),
  quarantined: (one, n) =>
    scoringSign(
      one,
      'warning',
      `${n} ${n === 1 ? 'admission is' : 'admissions are'} in quarantine: the model refused ${n === 1 ? 'it' : 'them'} (LOS_QUARANTINE).`,
    ),
  'no prediction': (one, n) =>
    scoringSign(
      one,
      'critical',
      `${n} admissions of the last day got no prediction: too few of the model's important inputs are known (REASON in LOS_PREDICTION_LOG). A column may no longer be filled.`,
    ),
};

/** A sign about scoring that is called as its measure is. */
function scoringSign(one: PipeMeasure, severity: Sign['severity'], message: string): Sign {
  return { kind: 'scoring', subject: one.measure, severity, message, lookAt: 'scoring' };
}

/** Whole points: what a single admission changes of a week is less. */
function points(share: number): string {
  return `${Math.round(share * 100)} points`;
}
