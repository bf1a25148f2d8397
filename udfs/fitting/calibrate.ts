import type { Curve } from '../curve/curve.js';
import type { Band, Model, TranslatorData } from '../model.js';
import { describe } from '../prediction/detail.js';
import type { FunctionObject } from '../signature.js';
import judgeCurve from './evaluate-curve.js';
import { fitResiduals } from './fit.js';
import { fitBands, type IntervalRow } from './intervals.js';
import type { FitRow } from './spots.js';
import { fitStayBands, type MorningRow } from './stay-bands.js';

export const object = {
  signature: {
    name: 'LOS_CALIBRATE',
    args: [
      ['VALIDATED', 'ARRAY'],
      ['GIVEN', 'OBJECT'],
    ],
    returns: 'OBJECT',
    volatility: 'IMMUTABLE',
    nullInput: 'RETURNS NULL ON NULL INPUT',
  },
  readers: 'run',
} as const satisfies FunctionObject<typeof calibrate>;

/**
 * A row that a version has predicted: its case, days, its stay, how many admissions it stands for, a number of its patient, whose remainder
 * is its fold; and how far the stay lies from the middle of what was predicted, in what ends are told in.
 */
export type ValidatedRow = readonly [
  id: string,
  days: number,
  stay: number,
  weight: number,
  patient: number,
  error: number,
];

/** The same of a morning of a stay that has begun: the day of stay and the curve that the version predicted. */
export type ValidatedMorning = readonly [
  id: string,
  days: number,
  rest: number,
  weight: number,
  patient: number,
  error: number,
  day: number,
  curve: Curve,
];

/** Input of a calibration. */
export interface CalibrationInput {
  /** Rows are mornings (ValidatedMorning). */
  readonly mornings?: true;
  /** Part of a model of days from which curves are made; left out: its spread is not wanted, and nothing is said of the rows. */
  readonly model?: Pick<Model, 'version' | 'floor' | 'longStay'>;
}

/** Case, both intervals, probability of a long stay, median of the curve, and what evaluate-curve.ts says of it. */
export type RowFigures = readonly [id: string, ...figures: (number | null)[]];

export interface Calibration {
  /** Parameters of the calibration. */
  readonly fitted: { readonly bands: Band[] } & Pick<Model, 'spread'>;
  /** Predictions of the rows with the calibrated version, beside their stays. */
  readonly rows: readonly RowFigures[];
}

/**
 * Calibrates a version on its validation rows, inside Snowflake, for these are single patients' stays: the intervals of its predictions
 * (intervals.ts), and of a model of days the spread of stays around them (fit.ts). Says what the version makes of these rows then.
 * @param validated validation rows
 * @param given what is asked for
 * @example
 * SELECT LOS_CALIBRATE(
 *   [['4711', 5.2, 6, 1, 0, 0.8], ['4712', 11.8, 9, 1, 1, -2.8]], {'model': {'version': 'health-v1', 'floor': 1}}
 * );
 */
export default function calibrate(
  validated: readonly (ValidatedRow | ValidatedMorning)[],
  given: CalibrationInput,
): Calibration {
  if (given.mornings) {
    const bands = fitStayBands((validated as readonly ValidatedMorning[]).map(morningOf));
    return { fitted: { bands }, rows: [] };
  }
  const admissions = validated as readonly ValidatedRow[];
  const { model } = given;
  const { bands } = fitBands(admissions.map(intervalRow));
  if (!model || admissions.length === 0) return { fitted: { bands }, rows: [] };
  const { spread } = fitResiduals(admissions.map((row): FitRow => [row[1], row[2], row[3], row[4]]));
  return { fitted: { bands, spread }, rows: describeRows(admissions, { ...model, bands, spread }) };
}

function intervalRow([id, predicted, , weight, patient, error]:
  | ValidatedRow
  | ValidatedMorning): IntervalRow {
  return { id, predicted, error, weight, patient };
}

function morningOf(row: ValidatedMorning): MorningRow {
  return { ...intervalRow(row), day: row[6], curve: row[7] };
}

/** Describes rows of a model of days, from its days alone. */
function describeRows(
  validated: readonly ValidatedRow[],
  model: Pick<Model, 'version' | 'floor' | 'longStay' | 'bands' | 'spread'>,
): RowFigures[] {
  const data: TranslatorData = { ...model, rows: [] };
  return validated.map((row, i): RowFigures => {
    const { low, high, low95, high95, long_stay, median, curve } = describe({ days: row[1] }, data, i);
    const judged = (curve && judgeCurve(curve, row[2])) || [null, null, null];
    return [row[0], low, high, low95, high95, long_stay, median, ...judged];
  });
}
