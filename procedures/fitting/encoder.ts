import type { FeatureCode } from '../../udfs/encoding.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { fromEntries } from '../ground/lists.js';
import { literal, qualified } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';

/** Up to this many levels a category is one-hot encoded, above it by target statistic. */
const MAX_ONE_HOT = 12;
/** Weight of the overall mean in a level's statistic, in rows: rare levels stay near it. */
export const SMOOTHING = 20;
/** Most frequent levels kept of one category, so that the translator stays below Snowflake's size limit. */
const MAX_LEVELS = 1000;

/** A level of a category among the training rows. */
export interface Level {
  readonly feature: string;
  /** null: the rows without a value. */
  readonly level: string | null;
  readonly rows: number; // summed weights, where rows are weighted
  /** Mean stay in days. */
  readonly mean: number;
}

interface LevelRow extends Row {
  readonly FEATURE: string;
  readonly LEVEL: string | null;
}

/** Computes the encoder in Snowflake from the training side only; no row leaves it. */
export function* fitEncoder({ contract, settings }: Plan, overallMean: number): Work<FeatureCode[]> {
  const table = qualified(settings, datasetNames(contract).trainingSet);
  const categories = Object.entries(contract.features).filter(
    ([, feature]) => feature.type === 'categorical',
  );
  const statement = categories
    .map(
      ([
        name,
      ]) => `SELECT ${literal(name)} AS FEATURE, ${name} AS LEVEL, SUM(ROW_WEIGHT) AS LEVEL_ROWS, SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS MEAN_LOS
FROM ${table} WHERE ROW_SIDE = 'train' GROUP BY ${name}`,
    )
    .join('\nUNION ALL\n');
  const rows: readonly LevelRow[] = categories.length === 0 ? [] : yield* query<LevelRow>(statement);
  const levels = rows.map((row) => ({
    feature: row.FEATURE,
    level: row.LEVEL,
    rows: Number(row.LEVEL_ROWS),
    mean: Number(row.MEAN_LOS),
  }));
  return featureCodes(contract, levels, overallMean);
}

/** The encoder that levels found among the training rows ask for; pure, and the same whatever their order. */
export function featureCodes(
  contract: Contract,
  levels: readonly Level[],
  overallMean: number,
): FeatureCode[] {
  return Object.entries(contract.features).map(([name, feature]): FeatureCode => {
    if (feature.type === 'numeric') return { kind: 'numeric', name };
    if (feature.type === 'ordered') return { kind: 'ordered', name, levels: feature.levels || [] };
    const mine = levels.filter((level) => level.feature === name);
    const present = mine
      .filter((level): level is Level & { level: string } => level.level !== null)
      .sort((a, b) => b.rows - a.rows || (a.level < b.level ? -1 : 1))
      .slice(0, MAX_LEVELS);
    if (present.length <= MAX_ONE_HOT)
      return { kind: 'onehot', name, levels: present.map((level) => level.level).sort() };
    const absent = mine.find((level) => level.level === null);
    const unseen = rounded(overallMean);
    return {
      kind: 'target',
      name,
      levels: fromEntries(
        present.map((level): [string, number] => [level.level, smoothed(level, overallMean)]),
      ),
      unseen,
      missing: absent ? smoothed(absent, overallMean) : unseen,
    };
  });
}

function smoothed(level: Level, overallMean: number): number {
  return rounded((level.rows * level.mean + SMOOTHING * overallMean) / (level.rows + SMOOTHING));
}

/** Four decimals of a day are far below any noise, and keep the translator small. */
function rounded(days: number): number {
  return Math.round(days * 1e4) / 1e4;
}
