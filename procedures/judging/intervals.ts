import type { Calibration, CalibrationInput } from '../../udfs/fitting/calibrate.js';
import type { Ends, Model } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { patientNumber } from '../fitting/split.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, queryFirst, variant, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Temporary table of what a version is calibrated by, and of what it says of its validation rows then. */
const CALIBRATED = 'LOS_CALIBRATED_TMP';

/** The intervals of a version that has predicted its validation rows. */
export interface Intervals extends Pick<Calibration['fitted'], 'bands'> {
  readonly ends: Ends | undefined;
}

/**
 * Intervals by band of the prediction, fitted inside Snowflake (udfs/fitting/intervals.ts).
 * @param ends `curve` where curves are the model's own: they tell how uncertain a patient's stay is among those of the same mean
 */
export function* fitIntervals(plan: Plan, version: Version, ends?: Ends): Work<Intervals> {
  const row = yield* queryFirst(calibrationRowsSql(plan, version, ends));
  const { bands } = variant<Calibration>(row?.CALIBRATED).fitted;
  return { bands, ends };
}

/**
 * Calibrates a version of days on its validation rows: its intervals, and how stays spread around its predictions. Both are fitted inside
 * Snowflake, and what the version says of these rows then is written beside them, without asking it again; only what it is calibrated by
 * comes out.
 * @param model what else of it its curves are made of
 */
export function* calibrateDays(
  plan: Plan,
  version: Version,
  model: NonNullable<CalibrationInput['model']>,
): Work<Intervals & Pick<Model, 'spread'>> {
  const { settings } = plan;
  const calibrated = qualify(settings, CALIBRATED);
  yield* execute(
    `CREATE OR REPLACE TEMPORARY TABLE ${calibrated} AS ${calibrationRowsSql(plan, version, undefined, model)}`,
  );
  try {
    const row = yield* queryFirst(`SELECT GET(CALIBRATED, 'fitted') AS FITTED FROM ${calibrated}`);
    yield* execute(
      sqlText(plan, 'calibration/described', {
        evaluation: qualify(settings, 'LOS_EVALUATION'),
        calibrated,
      }),
      [version.name],
    );
    const { bands, spread } = variant<Calibration['fitted']>(row?.FITTED);
    return { bands, ends: undefined, spread };
  } finally {
    yield* execute(`DROP TABLE IF EXISTS ${calibrated}`);
  }
}

function calibrationRowsSql(
  plan: Plan,
  version: Version,
  ends?: Ends,
  model?: CalibrationInput['model'],
): string {
  const { contract, settings } = plan;
  const given: CalibrationInput = model ? { model } : {};
  return sqlText(plan, 'calibration/calibrated', {
    calibrate: qualify(settings, 'LOS_CALIBRATE'),
    given: literal(JSON.stringify(given)),
    error: errorSql(ends),
    evaluation: qualify(settings, 'LOS_EVALUATION'),
    version: literal(version.name),
    id: contract.id,
    patient: patientNumber(contract),
    set: qualify(settings, datasetNames(contract).trainingSet),
  });
}

/**
 * Distance of an actual stay from the middle of what was predicted, in what the ends of intervals are told in, as SQL over a row of
 * LOS_EVALUATION: days beside the prediction, or the log-odds of its place on its own curve (udfs/curve/ends.ts).
 */
function errorSql(ends: Ends | undefined): string {
  if (ends === undefined) return 'LOS - PREDICTED_LOS';
  const gone = 'GONE_BEFORE + (GONE_BY - GONE_BEFORE) * (LOS - CEIL(LOS) + 1)';
  const kept = `LEAST(GREATEST(${gone}, 0.0001), 0.9999)`;
  return `LN(${kept} / (1 - ${kept}))`;
}
