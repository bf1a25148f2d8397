import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import { datasetNames } from '../dataset/names.js';
import { literal, modelMarker, qualify } from '../ground/names.js';
import { type Plan, sqlText } from '../ground/plan.js';
import { execute, query, queryFirst, type Work } from '../ground/work.js';
import type { Version } from '../versions/version.js';
import { requireLines } from './answers.js';
import { errorOf, type PermutationErrors, SCREEN_TRAIN_ROWS } from './selection.js';
import { hashBelow, type SplitResult } from './split.js';
import {
  addressOf,
  encodeRowsSql,
  lineSql,
  placesWritten,
  trainingRowsSql,
  unload,
} from './training-file.js';

/** Folder, below the version's own, of what the screen is trained on and asked. */
const FOLDER = 'screening';

/**
 * Writes what the screening model is trained on: a sample of the training rows. No rows validate it, for it does not stop early.
 * @returns s3:// address of the folder; train/ is in it
 */
export function* writeScreeningFiles(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  split: SplitResult,
): Work<string> {
  const share = Math.min(1, SCREEN_TRAIN_ROWS / split.train);
  // The statistics of a row come from all rows of the other folds: the sample is taken after them.
  const sample = share < 1 ? hashBelow('CASE_ID', share, 'sample') : 'TRUE';
  const rows = trainingRowsSql(plan, features, 'train', split, sample);
  yield* unload(plan, `${version.folder}/${FOLDER}/train`, `SELECT LINE FROM (${rows}) ORDER BY CASE_ID`);
  return addressOf(plan, `${version.folder}/${FOLDER}`);
}

/**
 * Writes the lines that the screening model is asked: the sample as it is, and with each feature permuted.
 * @param rows of the sample
 */
export function* writePermutedLines(
  plan: Plan,
  version: Version,
  features: readonly FeatureCode[],
  rows: number,
): Work<void> {
  yield* drawSample(plan, features, rows);
  yield* unload(plan, permutationPath(version), permutationLinesSql(plan, features, rows));
}

/** Puts the sample into a table, encoded: what each feature puts into a line in columns P0, P1 … */
export function* drawSample(plan: Plan, features: readonly FeatureCode[], rows: number): Work<void> {
  const { contract, settings } = plan;
  const written = placesWritten(features);
  const sample = sqlText(plan, 'training/screening-rows', {
    id: contract.id,
    values: written.map((i) => `, ${(features[i] as FeatureCode).name} AS F${i}`).join(''),
    set: qualify(settings, datasetNames(contract).trainingSet),
    rows: String(rows),
  });
  yield* execute(
    sqlText(plan, 'training/screening-sample', {
      table: sampleTable(plan),
      comment: literal(modelMarker(settings.prefix, contract.name)),
      parts: written.map((i) => `, P${i}`).join(''),
      rows: encodeRowsSql(plan, features, 'validation', sample),
    }),
  );
}

/** SELECT of the permuted lines of a sample that has been drawn. */
export function permutationLinesSql(plan: Plan, features: readonly FeatureCode[], rows: number): string {
  return sqlText(plan, 'training/permuted-lines', {
    table: sampleTable(plan),
    numbers: `(0), ${features.map((_, i) => `(${i + 1})`).join(', ')}`,
    line: lineSql(features, (i) => `IFF(p.NUMBER = ${i + 1}, o.P${i}, p.P${i})`),
    rows: String(rows),
  });
}

/** Folder of the exchange stage with the permuted lines. */
export function permutationPath(version: Version): string {
  return `${version.folder}/${FOLDER}/permuted`;
}

/**
 * Cost of permuting each feature, from the answers of the screen's batch transform.
 * @param run whose answers they are
 * @param candidate under which they were loaded
 */
export function* permutationErrors(
  plan: Plan,
  features: readonly FeatureCode[],
  rows: number,
  split: Pick<SplitResult, 'trainMean'>,
  answers: { readonly run: string; readonly candidate: string },
): Work<PermutationErrors> {
  const { settings } = plan;
  const table = sampleTable(plan);
  const found = yield* query(
    sqlText(plan, 'training/permutation-costs', {
      rows: String(rows),
      answers: qualify(settings, 'LOS_CANDIDATE_PREDICTIONS'),
      table,
    }),
    [answers.run, answers.candidate],
  );
  const lines = found.reduce((sum, row) => sum + Number(row.LINES), 0);
  requireLines('the screen', lines, rows * (features.length + 1));
  const measured = errorOf(settings.training.chooseBy);
  const errors = found.map((row) => Number(row[measured]));
  const spread = yield* queryFirst(
    `SELECT SUM(WEIGHT * POWER(LOS - ${split.trainMean}, 2)) / SUM(WEIGHT) AS SQUARED FROM ${table}`,
  );
  const permuted: Record<string, number> = {};
  const noise: Record<string, number> = {};
  features.forEach(({ name }, i) => {
    permuted[name] = errors[i + 1] as number;
    noise[name] = Number(found[i + 1]?.[`${measured}_NOISE`]);
  });
  const unexplained = Number(found[0]?.SQUARED) / Number(spread?.SQUARED);
  return { asIs: errors[0] as number, permuted, noise, explained: 1 - unexplained };
}

/** Drops what only the screening needed. */
export function* endScreening(plan: Plan): Work<void> {
  yield* execute(`DROP TABLE IF EXISTS ${sampleTable(plan)}`);
}

function sampleTable({ contract, settings }: Plan): string {
  return qualify(settings, datasetNames(contract).screening);
}
