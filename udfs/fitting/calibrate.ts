import type { Curve } from '../curve/curve.js';
import type { Band, Ends, Margin, Model, MondrianMargin, TranslatorData } from '../model.js';
import { describe } from '../prediction/detail.js';
import type { FunctionObject } from '../signature.js';
import judgeCurve from './evaluate-curve.js';
import { fitResiduals } from './fit.js';
import { fitIntervals, type IntervalRow } from './intervals.js';
import { type GroupMargins, marginIn, mondrianMargins } from './mondrian-margins.js';
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
 * is its fold; how far the stay lies from the
 * middle of what was predicted, in what ends are told in; and the values of `columns` as text, empty where there is none.
 */
export type ValidatedRow = readonly [
  id: string,
  days: number,
  stay: number,
  weight: number,
  patient: number,
  error: number,
  ...values: string[],
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

/** What is asked for. */
export interface CalibrationInput {
  /** Features whose values stand in the rows. */
  readonly columns: readonly string[];
  /** Features that make a group together, each of them among the columns. */
  readonly groups: readonly (readonly string[])[];
  readonly ends?: Ends;
  /** Rows are mornings (ValidatedMorning), without columns and groups. */
  readonly mornings?: true;
  /** What of a model of days its curves are made of; left out: its spread is not wanted, and nothing is said of the rows. */
  readonly model?: Pick<Model, 'version' | 'floor' | 'longStay'>;
}

/** Case, both intervals, probability of a long stay, median of the curve, and what evaluate-curve.ts says of it. */
export type RowFigures = readonly [id: string, ...figures: (number | null)[]];

export interface Calibration {
  /** What the version is calibrated by. */
  readonly fitted: { readonly bands: Band[]; readonly widenings: MondrianMargin[] } & Pick<Model, 'spread'>;
  /** What predict_los_detail would say of the rows then, and how that compares with their stays. */
  readonly rows: readonly RowFigures[];
}

/**
 * Calibrates a version on its validation rows, inside Snowflake, for these are single patients' stays: the intervals of its predictions
 * (intervals.ts), and of a model of days the spread of stays around them (fit.ts). Says what the version makes of these rows then.
 * @param validated validation rows
 * @param given what is asked for
 * @example
 * SELECT LOS_CALIBRATE(
 *   [['4711', 5.2, 6, 1, 0, 0.8, 'surgery'], ['4712', 11.8, 9, 1, 1, -2.8, 'cardiology']],
 *   {'columns': ['DEPARTMENT'], 'groups': [['DEPARTMENT']]}
 * );
 */
export default function calibrate(
  validated: readonly (ValidatedRow | ValidatedMorning)[],
  given: CalibrationInput,
): Calibration {
  if (given.mornings) {
    const bands = fitStayBands((validated as readonly ValidatedMorning[]).map(morningOf));
    return { fitted: { bands, widenings: [] }, rows: [] };
  }
  const admissions = validated as readonly ValidatedRow[];
  const { columns, groups, ends, model } = given;
  const places = groups.map((features) => features.map((name) => FIXED + columns.indexOf(name)));
  const rows = admissions.map(
    (row): IntervalRow => ({ ...intervalRow(row), keys: places.map((of) => keyOf(row, of)) }),
  );
  const { bands, wide } = fitIntervals(rows, groups.length, ends);
  const fitted = { bands, widenings: mondrianMargins(groups, wide) };
  if (!model || admissions.length === 0) return { fitted, rows: [] };
  const { spread } = fitResiduals(admissions.map((row): FitRow => [row[1], row[2], row[3], row[4]]));
  return {
    fitted: { ...fitted, spread },
    rows: describeRows(admissions, marginsOf(rows, wide), { ...model, bands, spread }),
  };
}

function intervalRow([id, predicted, , weight, patient, error]:
  | ValidatedRow
  | ValidatedMorning): IntervalRow {
  return { id, predicted, error, weight, patient, keys: [] };
}

function morningOf(row: ValidatedMorning): MorningRow {
  return { ...intervalRow(row), day: row[6], curve: row[7] };
}

/** Places of a row before its values. */
const FIXED = 6;

/** The name of a row's group, as `groupKey` in ../curve/widening.ts puts it together. */
function keyOf(row: ValidatedRow, places: readonly number[]): string {
  let key = row[places[0] as number] as string;
  for (let i = 1; i < places.length; i++) key += `|${row[places[i] as number]}`;
  return key;
}

/** By how much rows' intervals are wider, by their places; rows of no group that needs it are left out. */
function marginsOf(rows: readonly IntervalRow[], wide: readonly GroupMargins[]): Record<number, Margin> {
  const margins: Record<number, Margin> = {};
  rows.forEach(({ keys }, i) => {
    const margin = marginIn(wide, keys);
    if (margin[0] > 0 || margin[1] > 0) margins[i] = margin;
  });
  return margins;
}

/** Of a model of days, from its days alone. */
function describeRows(
  validated: readonly ValidatedRow[],
  margins: Readonly<Record<number, Margin>>,
  model: Pick<Model, 'version' | 'floor' | 'longStay' | 'bands' | 'spread'>,
): RowFigures[] {
  const data: TranslatorData = { ...model, rows: [], margins };
  return validated.map((row, i): RowFigures => {
    const { low, high, low95, high95, long_stay, median, curve } = describe({ days: row[1] }, data, i);
    const judged = (curve && judgeCurve(curve, row[2])) || [null, null, null];
    return [row[0], low, high, low95, high95, long_stay, median, ...judged];
  });
}
