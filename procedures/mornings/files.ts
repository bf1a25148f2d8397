import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import { REPEATED, repeatText } from '../../udfs/encoding/stay.js';
import type { Hazards } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { periodsSql } from '../fitting/hazard-files.js';
import { periodsOf } from '../fitting/periods.js';
import { hashBelow, type SplitResult } from '../fitting/split.js';
import { addressOf, type OtherSide, type Side, trainingRowsSql, unload } from '../fitting/training-file.js';
import { flatMap } from '../ground/lists.js';
import { qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { query, queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';

/** Lines that a model is fitted to, about; where there would be more, outlived periods are sampled, down to a quarter of them. */
const MOST_LINES = 400_000;
const LEAST_KEPT = 0.25;
const MOST_PERIODS = 16;
/** The first period counts no more than so many times as much as another. */
const MOST_FIRST = 8;

/** Sources of the files of a model of stays. */
export interface StayFiles {
  readonly features: readonly FeatureCode[];
  readonly split: Pick<SplitResult, 'weighted' | 'unsettled'>;
  readonly hazards: Hazards;
}

/** The periods of the rests of stays; null where there cannot be two. */
export function* fitRestPeriods({ contract, settings }: Plan): Work<Hazards | null> {
  const rows = yield* query(
    `SELECT R AS DAY, SUM(WEIGHT) AS W, COUNT_IF(PLACE = 1) AS PATIENTS
FROM (SELECT R, WEIGHT, ROW_NUMBER() OVER (PARTITION BY PATIENT ORDER BY R DESC) AS PLACE
  FROM ${qualify(settings, datasetNames(contract).stayDays)} WHERE SIDE = 'train') GROUP BY 1 ORDER BY 1`,
  );
  const hazards = periodsOf(
    rows.map((row) => ({ day: Number(row.DAY), weight: Number(row.W), patients: Number(row.PATIENTS) })),
    MOST_PERIODS,
  );
  // Each begins with a comma.
  return (
    hazards && { ...hazards, suffixes: hazards.suffixes.map((suffix) => `,${repeatText(suffix.slice(1))}`) }
  );
}

/**
 * Weight of the first period against each of the others: mornings of a stay, on average. That a stay ends is told by all of its mornings
 * before, of each as another period, and what is known of the day that begins by one alone, which is what beds ask first (bench/notes/stay.md).
 */
function* firstWeight({ contract, settings }: Plan): Work<number> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) / COUNT(DISTINCT CASE_ID) AS MORNINGS FROM ${qualify(settings, datasetNames(contract).stayDays)}`,
  );
  return Math.round(Math.min(MOST_FIRST, Math.max(1, Number(row?.MORNINGS || 1))) * 10) / 10;
}

/** Writes what a model of stays is fitted to and what stops it. @returns the folder's s3:// address */
export function* writeStayFiles(plan: Plan, version: Version, files: StayFiles): Work<string> {
  const folder = `${version.folder}/stay`;
  const first = yield* firstWeight(plan);
  for (const side of ['train', 'validation'] as const)
    yield* unload(
      plan,
      `${folder}/${side}`,
      yield* linesOf(plan, restRows(plan, version, files, [side]), files.hazards, first, [side]),
    );
  return addressOf(plan, folder);
}

/** Patients of one of the sixteen folds stop the rounds of a refit. */
const STOPPING = "ROW_FOLD = 'f'";

/** Writes what it is fitted to once more: the mornings of every side, and those of patients who are still in hospital. */
export function* writeStayRefit(plan: Plan, version: Version, files: StayFiles): Work<string> {
  const folder = `${version.folder}/stay-refit`;
  const first = yield* firstWeight(plan);
  const isWhole = files.split.unsettled === true;
  const ended = ['train', 'others', ...(isWhole ? (['late'] as const) : [])] as const;
  for (const [channel, which] of [
    ['train', `NOT ${STOPPING}`],
    ['validation', STOPPING],
  ] as const) {
    const path = `${folder}/${channel}`;
    yield* unload(
      plan,
      path,
      yield* linesOf(plan, restRows(plan, version, files, ended, which), files.hazards, first, ended),
    );
    if (isWhole)
      yield* unload(
        plan,
        path,
        yield* linesOf(
          plan,
          restRows(plan, version, files, ['open'], which),
          files.hazards,
          first,
          ['open'],
          false,
        ),
        'open',
      );
  }
  return addressOf(plan, folder);
}

/** SELECT of mornings as trainingRowsSql gives admissions: what these are encoded as, the day of stay, and the events. */
function restRows(
  plan: Plan,
  version: Version,
  { features, split }: StayFiles,
  sides: readonly (Side | OtherSide)[],
  which?: string,
): string {
  const { contract, settings } = plan;
  const admissions = sides
    .map((side) => trainingRowsSql(plan, features, side, split, which))
    .join('\n  UNION ALL ');
  return `SELECT d.CASE_ID || ' ' || d.DAY AS CASE_ID, d.R AS LOS, ROUND(d.WEIGHT, 4) AS WEIGHT,
    IFF(a.ENCODED = '', '', a.ENCODED || ',') || ${new Array(REPEATED).fill('d.DAY').join(" || ',' || ")} || ',' || ${qualify(settings, version.stayEncoder)}(d.EVENTS) AS ENCODED
  FROM ${qualify(settings, datasetNames(contract).stayDays)} AS d
  JOIN (${admissions}) AS a ON TO_VARCHAR(a.CASE_ID) = d.CASE_ID`;
}

/** SELECT of the lines of mornings. @param ended whether their stays have; if not, their lines are the periods that they have outlived */
function* linesOf(
  plan: Plan,
  rows: string,
  hazards: Hazards,
  first: number,
  sides: readonly (Side | OtherSide)[],
  ended = true,
): Work<string> {
  const last = hazards.ends.map((end) => `IFF(LOS > ${end}, 1, 0)`).join(' + ');
  const kept = yield* shareToKeep(plan, last, sides);
  return sqlText(plan, 'stay/lines', {
    last,
    rows,
    periods: periodsSql(plan, hazards),
    weight: `${Math.round(1e4 / kept) / 1e4}`,
    first: String(first),
    kept: [
      kept < 1
        ? `(p.K = r.LAST OR p.K = 0 OR ${hashBelow("r.CASE_ID || ' ' || p.K", kept, 'period')})`
        : 'TRUE',
      ...(ended ? [] : ['p.K < r.LAST']),
    ].join(' AND '),
  });
}

/** The share of outlived periods that is kept, so that there are not too many lines. */
function* shareToKeep(
  { contract, settings }: Plan,
  last: string,
  sides: readonly (Side | OtherSide)[],
): Work<number> {
  const of = flatMap(sides, (side) =>
    side === 'others' ? ["SIDE NOT IN ('train', 'late', 'open')"] : [`SIDE = '${side}'`],
  ).join(' OR ');
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N, SUM(LAST) AS OUTLIVED
FROM (SELECT ${last} AS LAST FROM (SELECT R AS LOS FROM ${qualify(settings, datasetNames(contract).stayDays)} WHERE ${of}))`,
  );
  const outlived = Number(row?.OUTLIVED || 0);
  return outlived > 0 ? Math.min(1, Math.max(LEAST_KEPT, (MOST_LINES - Number(row?.N || 0)) / outlived)) : 1;
}
