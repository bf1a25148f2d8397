import { datasetNames } from '../../dataset/names.js';
import { literal, qualify } from '../../ground/names.js';
import { percent } from '../../ground/percent.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../../ground/small-groups.js';
import { queryFirst, type Row, type Work } from '../../ground/work.js';
import { coarseFigures, daysInWords } from '../../publishing/rounding.js';
import { emitUnless, type WatchEvent } from '../events.js';
import type { WatchPlan } from '../plan.js';

/** Figures that a silent period would have shown, as DETAILS of its event has it; means in days, shares from 0 to 1. */
export interface Silence {
  readonly from: string;
  readonly to: string;
  readonly admissions: number;
  readonly ended: number;
  /** Figures of stays that have ended; null: of fewer than ten patients. */
  readonly stays: {
    readonly meanStay: number;
    readonly predicted: number;
    readonly mae: number;
    readonly coverage: number;
  } | null;
  /** Figures of tonight's forecasts of the hospital's beds; null: of fewer than ten nights. */
  readonly nights: { readonly count: number; readonly mae: number; readonly coverage: number } | null;
}

/**
 * Tells once, when a silent period is over, what it would have shown. That predictions are shown from then on a person decides, by the settings.
 * @param day the last one that is over, YYYY-MM-DD
 * @returns the event, where this has written it down
 */
export function* concludeSilence(plan: WatchPlan, day: string): Work<WatchEvent[]> {
  if (plan.silent === null) return [];
  const found = yield* measureSilence(plan, plan.silent);
  if (found === null || day < found.to) return [];
  const event = silenceEvent(found, plan.silent);
  const isNews = yield* emitUnless(plan, day, event, {
    where: "t.KIND = 'silence over' AND t.DETAILS:from::VARCHAR = ?",
    binds: [found.from],
  });
  return isNews ? [event] : [];
}

/** Measures the period that begins with the first prediction; null: there is none yet. */
function* measureSilence(plan: WatchPlan, days: number): Work<Silence | null> {
  const { contract, place, zone } = plan;
  const dataset = literal(contract.name);
  const row = yield* queryFirst(
    sqlText(plan, 'watching/silent', {
      ...{ dataset, zone: literal(zone), days: String(days), id: contract.id },
      log: qualify(place, 'LOS_PREDICTION_LOG'),
      features: qualify(place, datasetNames(contract).features),
      patient: patientOf({
        id: `f.${contract.id}`,
        ...(contract.patient && { patient: `f.${contract.patient}` }),
      }),
    }),
  );
  if (!row?.FROM_DAY) return null;
  const [from, to] = [String(row.FROM_DAY), String(row.TO_DAY)];
  const nights = yield* queryFirst(
    sqlText(plan, 'watching/silent-nights', { dataset, errors: qualify(place, 'LOS_BED_ERRORS') }),
    [from, to],
  );
  const ended = Number(row.ENDED);
  const count = Number(nights?.NIGHTS);
  return {
    ...{ from, to, admissions: Number(row.ADMISSIONS), ended },
    stays:
      Number(row.PATIENTS) < FEWEST_PATIENTS
        ? null
        : coarseFigures(
            {
              meanStay: Number(row.MEAN_STAY),
              predicted: Number(row.PREDICTED),
              mae: Number(row.MAE),
              coverage: Number(row.COVERAGE),
            },
            ended,
          ),
    nights:
      nights === undefined || count < FEWEST_PATIENTS
        ? null
        : { count, ...coarseFigures(numbersOf(nights), count) },
  };
}

function numbersOf({ MAE, COVERAGE }: Row) {
  return { mae: Number(MAE), coverage: Number(COVERAGE) };
}

function silenceEvent(found: Silence, days: number): WatchEvent {
  const { from, to, admissions, ended, stays, nights } = found;
  const inDays = (value: number) => daysInWords(value, ended);
  const sentences = [
    `The silent period of ${days} days is over (${from} to ${to}). ${admissions} admissions were predicted; ${ended} of their stays have ended.`,
    stays === null
      ? 'These are of fewer than ten patients, so there is no figure of them.'
      : `For these, predictions averaged ${inDays(stays.predicted)} days; the stays lasted ${inDays(stays.meanStay)}. The median was ${inDays(stays.mae)} days off, and ${percent(stays.coverage)} were inside their 80 % interval. Stays that last are not among them.`,
    ...(nights === null
      ? []
      : [
          `On ${nights.count} nights the forecast of tonight's beds was ${nights.mae} beds off on average, and ${percent(nights.coverage)} were inside the band.`,
        ]),
  ];
  return {
    ...{ kind: 'silence over', severity: 'info', subject: `silent period from ${from}` },
    message: sentences.join(' '),
    next: 'Predictions stay hidden until a person decides: remove tasks.silent from the settings and run los apply.',
    details: found,
  };
}
