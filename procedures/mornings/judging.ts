import { BUCKETS, bucketOf } from '../../udfs/encoding/stay.js';
import type { Calibration, CalibrationInput } from '../../udfs/fitting/calibrate.js';
import type { Model } from '../../udfs/model.js';
import { featureObject } from '../dataset/feature-sql.js';
import { datasetNames } from '../dataset/names.js';
import { hashBelow } from '../fitting/split.js';
import { type Block, blockOf, bootstrap, type Interval, total } from '../ground/bootstrap.js';
import { flatMap } from '../ground/lists.js';
import { literal, modelMarker, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { execute, query, queryFirst, variant, type Work } from '../ground/work.js';
import { markColumns } from '../records/mark-columns.js';
import type { Version } from '../versions/version.js';

/** Mornings of a side that are asked about, about: more only cost requests. */
const ASKED = 12_000;
/** Mornings of a statement. */
const AT_ONCE = 3_000;

/** A range of days of stay on the holdout: how near the model of stays came, and how near the admission's curve, given that the patient is still in. */
export interface StayDays {
  /** `6-7`; ranges of too few patients are in the one before. */
  readonly days: string;
  readonly mornings: number;
  readonly crps: number;
  readonly admissionCrps: number;
  /** Mean absolute error of the median, in days. */
  readonly mae: number;
  readonly admissionMae: number;
  /** Share of rests inside their 80 % interval. */
  readonly coverage: number;
}

/** Figures of a version's model of stays beside the admission's curve on the same mornings. */
export interface StayMetrics {
  readonly mornings: number;
  readonly stays: number;
  /** Day of stay from which on it serves; null: it does not. */
  readonly from: number | null;
  /** Days of CRPS by which it is nearer from that day on (or over all days, where it does not serve), with a 95 % bootstrap interval by patient. */
  readonly gain: number;
  readonly confidence: Interval;
  readonly days: readonly StayDays[];
}

/** Empties the table of answers. */
export function* openAnswers(plan: Plan): Work<void> {
  const { contract, settings } = plan;
  const answers = qualify(settings, datasetNames(contract).stayAnswers);
  yield* execute(`CREATE OR REPLACE TRANSIENT TABLE ${answers} (
  CASE_ID VARCHAR, DAY NUMBER, BUCKET VARCHAR, SIDE VARCHAR, PATIENT VARCHAR, PATIENT_NUMBER NUMBER, WEIGHT FLOAT, R FLOAT, DAYS FLOAT, MEDIAN FLOAT,
  LOW FLOAT, HIGH FLOAT, CURVE OBJECT, CRPS FLOAT, GONE_BEFORE FLOAT, GONE_BY FLOAT, ADMISSION_MEDIAN FLOAT, ADMISSION_CRPS FLOAT
) COMMENT = ${literal(modelMarker(settings.prefix, contract.name))}`);
  yield* markColumns(plan, answers, {
    CASE_ID: 'identifier',
    PATIENT: 'identifier',
    PATIENT_NUMBER: 'identifier',
  });
}

/** Temporary table of the admission's curves. */
const CURVES = 'LOS_ADMISSION_CURVES_TMP';

/**
 * Asks a version's model of stays about the mornings of a side, through its own external function.
 * @param count how many the side has
 * @param withAdmission whether the admission's model is asked as well
 */
export function* predictDays(
  plan: Plan,
  version: Version,
  side: 'validation' | 'holdout',
  count: number,
  withAdmission: boolean,
): Work<void> {
  const { contract, settings } = plan;
  const names = datasetNames(contract);
  const [answers, set, curves] = [names.stayAnswers, names.trainingSet, CURVES].map((name) =>
    qualify(settings, name),
  ) as [string, string, string];
  const features = `SELECT TO_VARCHAR(${contract.id}) AS ADMISSION_ID, ${featureObject(contract)} AS FEATURES FROM ${set} WHERE ROW_SIDE = ${literal(side)}`;
  yield* execute(`DELETE FROM ${answers} WHERE SIDE = ?`, [side]);
  if (withAdmission)
    yield* execute(
      `CREATE OR REPLACE TEMPORARY TABLE ${curves} AS
SELECT ADMISSION_ID, GET(${qualify(settings, version.predict)}(FEATURES), 'curve')::OBJECT AS CURVE FROM (${features})`,
    );
  const share = Math.min(1, ASKED / count);
  const parts = Math.ceil((count * share) / AT_ONCE) || 1;
  for (let part = 0; part < parts; part++) {
    const hashSql = (n: number) => hashBelow('d.CASE_ID', (share * n) / parts, 'part');
    yield* execute(
      sqlText(plan, 'stay/answers', {
        answers,
        side: literal(side),
        judge: qualify(settings, 'LOS_EVALUATE_CURVE'),
        predict: qualify(settings, version.predictStay),
        days: qualify(settings, names.stayDays),
        features,
        gone_on: withAdmission
          ? `${qualify(settings, 'PREDICT_LOS_REMAINING')}(c.CURVE, (d.DAY - 1)::FLOAT)`
          : 'NULL::OBJECT',
        curves: withAdmission ? `\n    JOIN ${curves} AS c ON c.ADMISSION_ID = d.CASE_ID` : '',
        which: [
          part < parts - 1 || share < 1 ? ` AND ${hashSql(part + 1)}` : '',
          part > 0 ? ` AND NOT ${hashSql(part)}` : '',
        ].join(''),
      }),
    );
  }
  if (withAdmission) yield* execute(`DROP TABLE IF EXISTS ${curves}`);
}

/** Fits the intervals of a model of stays to the mornings that validate. */
export function* fitStayIntervals(
  plan: Plan,
): Work<Pick<Model, 'bands' | 'ends'> & { readonly mornings: number }> {
  const { contract, settings } = plan;
  const answers = qualify(settings, datasetNames(contract).stayAnswers);
  const given: CalibrationInput = { mornings: true };
  const row = yield* queryFirst(
    sqlText(plan, 'stay/calibrated', {
      calibrate: qualify(settings, 'LOS_CALIBRATE'),
      given: literal(JSON.stringify(given)),
      answers,
    }),
  );
  const { bands } = variant<Calibration>(row?.CALIBRATED).fitted;
  const counted = yield* queryFirst(`SELECT COUNT(*) AS N FROM ${answers} WHERE SIDE = 'validation'`);
  return { bands, ends: 'curve', mornings: Number(counted?.N || 0) };
}

const SUMS = ['N', 'CRPS', 'ADMISSION_CRPS', 'MAE', 'ADMISSION_MAE', 'INSIDE'] as const;
type Sums = Block<(typeof SUMS)[number]>;

/** Sums of one block of patients in one range of days. */
interface Part {
  readonly bucket: string;
  readonly sums: Sums;
}

/** Measures a version's model of stays on the holdout, and says from which day on it serves. */
export function* judgeDays(plan: Plan): Work<StayMetrics> {
  const { contract, settings } = plan;
  const from = `FROM ${qualify(settings, datasetNames(contract).stayAnswers)} WHERE SIDE = 'holdout' AND ADMISSION_CRPS IS NOT NULL`;
  const counts = yield* query(
    `SELECT BUCKET, COUNT(*) AS N, COUNT(DISTINCT PATIENT) AS PATIENTS ${from} GROUP BY BUCKET`,
  );
  const rows = yield* query(
    `SELECT BUCKET, SUBSTR(MD5('block ' || PATIENT), 1, 2) AS BLOCK, SUM(WEIGHT) AS N, SUM(WEIGHT * CRPS) AS CRPS, SUM(WEIGHT * ADMISSION_CRPS) AS ADMISSION_CRPS,
  SUM(WEIGHT * ABS(MEDIAN - R)) AS MAE, SUM(WEIGHT * ABS(ADMISSION_MEDIAN - R)) AS ADMISSION_MAE, SUM(IFF(R BETWEEN LOW AND HIGH, WEIGHT, 0)) AS INSIDE
${from} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const all = yield* queryFirst(`SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS STAYS ${from}`);
  const parts = rows.map((row) => ({
    bucket: String(row.BUCKET),
    block: String(row.BLOCK),
    sums: blockOf(row, SUMS),
  }));
  const ranges = mergeRanges(
    counts.map((row) => ({
      bucket: String(row.BUCKET),
      mornings: Number(row.N),
      patients: Number(row.PATIENTS),
    })),
  );
  const gainOf = (s: Sums) => (s.ADMISSION_CRPS - s.CRPS) / s.N;
  const gainFrom = (first: number) => {
    const later = flatMap(ranges.slice(first), ({ buckets }) => buckets);
    const blocks = sumBlocks(parts.filter(({ bucket }) => later.indexOf(bucket) >= 0));
    return { gain: gainOf(total(blocks)), confidence: bootstrap(blocks, { gain: gainOf }).gain };
  };
  const days = ranges.map((range): StayDays => {
    const s = total(sumBlocks(parts.filter(({ bucket }) => range.buckets.indexOf(bucket) >= 0)));
    return {
      days: range.days,
      mornings: range.mornings,
      crps: s.CRPS / s.N,
      admissionCrps: s.ADMISSION_CRPS / s.N,
      mae: s.MAE / s.N,
      admissionMae: s.ADMISSION_MAE / s.N,
      coverage: s.INSIDE / s.N,
    };
  });
  const judged = { mornings: Number(all?.N || 0), stays: Number(all?.STAYS || 0), days };
  if (ranges.length === 0) return { ...judged, from: null, gain: 0, confidence: [0, 0] };
  for (let i = 0; i < ranges.length; i++) {
    const { crps, admissionCrps } = days[i] as StayDays;
    const found = gainFrom(i);
    if (found.confidence[0] > 0 && crps < admissionCrps)
      return { ...judged, from: (ranges[i] as Range).from, ...found };
  }
  return { ...judged, from: null, ...gainFrom(0) };
}

interface Range {
  /** First day. */
  readonly from: number;
  readonly days: string;
  readonly buckets: readonly string[];
  readonly mornings: number;
}

/** Ranges of days in their order, each of ten patients at least: smaller ones join the one before, or after. */
export function mergeRanges(
  counts: readonly { readonly bucket: string; readonly mornings: number; readonly patients: number }[],
): Range[] {
  const ranges: { from: number; buckets: string[]; mornings: number; patients: number }[] = [];
  for (const from of BUCKETS) {
    const found = counts.find(({ bucket }) => bucket === bucketOf(from));
    if (!found) continue;
    const before = ranges[ranges.length - 1];
    if (before && (before.patients < FEWEST_PATIENTS || found.patients < FEWEST_PATIENTS)) {
      before.buckets.push(found.bucket);
      before.mornings += found.mornings;
      before.patients = Math.max(before.patients, found.patients);
    } else ranges.push({ from, buckets: [found.bucket], mornings: found.mornings, patients: found.patients });
  }
  return ranges
    .filter(({ patients }) => patients >= FEWEST_PATIENTS)
    .map(({ from, buckets, mornings }) => ({ from, buckets, mornings, days: joinDays(buckets) }));
}

/** `3` and `4-5` → `3-5`. */
function joinDays(buckets: readonly string[]): string {
  const first = (buckets[0] as string).split(/[-+]/)[0] as string;
  const last = buckets[buckets.length - 1] as string;
  if (buckets.length === 1) return last;
  return last.slice(-1) === '+' ? `${first}+` : `${first}-${last.split('-').pop()}`;
}

function sumBlocks(parts: readonly (Part & { readonly block: string })[]): Sums[] {
  const blocks: Record<string, Sums> = {};
  for (const { block, sums } of parts) {
    const before = blocks[block];
    blocks[block] = before ? total([before, sums]) : sums;
  }
  return Object.keys(blocks).map((block) => blocks[block] as Sums);
}
