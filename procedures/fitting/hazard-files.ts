import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import type { Hazards } from '../../udfs/model.js';
import { datasetNames } from '../dataset/names.js';
import { literal, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { hashBelow, type SplitResult } from './split.js';
import { addressOf, SIDES, trainingRowsSql, unload } from './training-file.js';

/** Lines that a model of hazards is fitted to, about; where stays would make more, outlived periods are sampled. */
const MOST_LINES = 500_000;
/** At least this share of outlived periods is kept. */
const LEAST_KEPT = 0.25;

/** Which rows of a side files are made of, in SQL over CASE_ID. */
export interface Sample {
  readonly train: string;
  readonly validation: string;
}

export const everything: Sample = { train: 'TRUE', validation: 'TRUE' };

/**
 * Writes what a model of hazards is fitted to and what it is asked, as writeTrainingFiles does for a model of days: a line
 * for each row and each period that its stay reaches. The row is encoded once and the period appended.
 * @param folder below the version's own folder
 * @returns the folder's s3:// address; train/, validation/ and lines/ are in it
 */
export function* writeHazardFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted'>,
  hazards: Hazards,
  folder: string,
  sample: Sample = everything,
): Work<string> {
  const rows = (side: (typeof SIDES)[number]) => trainingRowsSql(plan, features, side, split, sample[side]);
  for (const side of SIDES)
    yield* unload(
      plan,
      `${version.folder}/${folder}/${side}`,
      yield* hazardLines(plan, rows(side), hazards, sample.train),
    );
  yield* unload(
    plan,
    `${version.folder}/${folder}/lines`,
    sqlText(plan, 'training/hazard-questions', {
      rows: rows('validation'),
      periods: periodsSql(plan, hazards),
    }),
  );
  return addressOf(plan, `${version.folder}/${folder}`);
}

/** SELECT of the periods: K, and what tells the model each. */
export function periodsSql(plan: Plan, { suffixes }: Hazards): string {
  return sqlText(plan, 'training/periods', { suffixes: literal(JSON.stringify(suffixes)) });
}

/**
 * SELECT of the lines that a model of hazards is fitted to.
 * @param rows SELECT of the rows that they are made of, as trainingRowsSql gives them
 * @param train which training rows there are, in SQL over CASE_ID: how many lines they have says which share of them is kept
 * @param ended whether their stays have; if not, their lines are the periods that they have outlived
 */
export function* hazardLines(
  plan: Plan,
  rows: string,
  hazards: Hazards,
  train: string,
  ended = true,
): Work<string> {
  const last = hazards.ends.map((end) => `IFF(CEIL(LOS) > ${end}, 1, 0)`).join(' + ');
  const kept = yield* shareToKeep(plan, last, train);
  return sqlText(plan, 'training/hazard-lines', {
    last,
    rows,
    periods: periodsSql(plan, hazards),
    weight: String(Math.round(1e4 / kept) / 1e4),
    kept: [
      kept < 1 ? `(p.K = r.LAST OR ${hashBelow("r.CASE_ID || ' ' || p.K", kept, 'period')})` : 'TRUE',
      ...(ended ? [] : ['p.K < r.LAST']),
    ].join(' AND '),
  });
}

/** The share of outlived periods that is kept, so that there are not too many lines. */
function* shareToKeep({ contract, settings }: Plan, last: string, condition: string): Work<number> {
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS N, SUM(LAST) AS OUTLIVED FROM (
  SELECT ${contract.id} AS CASE_ID, ${last} AS LAST FROM ${qualify(settings, datasetNames(contract).trainingSet)} WHERE ROW_SIDE = 'train'
) WHERE ${condition}`,
  );
  const outlived = Number(row?.OUTLIVED || 0);
  return Math.min(1, Math.max(LEAST_KEPT, (MOST_LINES - Number(row?.N || 0)) / outlived));
}

/** Bytes of the longest encoded validation row. */
export function* longestLine(
  plan: Plan,
  features: readonly FeatureCode[],
  split: Pick<SplitResult, 'weighted'>,
): Work<number> {
  const row = yield* queryFirst(
    `SELECT MAX(LENGTH(ENCODED)) AS BYTES FROM (${trainingRowsSql(plan, features, 'validation', split)})`,
  );
  return Number(row?.BYTES || 0);
}
