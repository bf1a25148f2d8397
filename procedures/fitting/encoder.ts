import type { FeatureCode, PackedCode } from '../../udfs/encoding/encoding.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { fromEntries } from '../ground/lists.js';
import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';
import { bytesOf, constantText } from '../versions/constant.js';

/** Up to this many levels a category is one-hot encoded, above it by target statistic. */
const MAX_ONE_HOT = 12;
/** Weight of the overall mean in a level's statistic, in rows: rare levels stay near it. */
export const SMOOTHING = 20;
/** Above so many levels a category is a code whose levels are packed, and their statistics ordered (training-file.ts). */
const MAX_LEVELS = 1000;
/** What the packed levels of all codes may take of the translator, in bytes: Snowflake keeps bodies up to 100 KB. */
const PACKED_SIZE = 50_000;
/** What packed levels and those with a statistic of their own may take together: where it is less, more codes are packed. */
const TABLES_SIZE = 65_000;
/** A statistic in a table, with its colon and comma. */
const STATISTIC_SIZE = 9;
/** Statistics that a packed code tells apart: more would be below the noise of so rare levels. */
const PACKED_GROUPS = 128;
/** Bounds of a prior's weight, in rows. */
const PRIOR = [1, 500] as const;

/** A level of a category among the training rows. */
export interface Level {
  readonly feature: string;
  /** null: the rows without a value. */
  readonly level: string | null;
  readonly rows: number; // summed weights, where rows are weighted
  /** Mean stay in days. */
  readonly mean: number;
  /** Variance of the stays within the level, in days²; needed of codes with thousands of levels. */
  readonly variance?: number;
}

interface LevelRow extends Row {
  readonly FEATURE: string;
  readonly LEVEL: string | null;
}

/** Computes the encoder in Snowflake from the training side only; no row leaves it. */
export function* fitEncoder({ contract, settings }: Plan, overallMean: number): Work<FeatureCode[]> {
  const table = qualify(settings, datasetNames(contract).trainingSet);
  const categories = Object.entries(contract.features).filter(
    ([, feature]) => feature.type === 'categorical',
  );
  const statement = categories
    .map(
      ([
        name,
      ]) => `SELECT ${literal(name)} AS FEATURE, ${name} AS LEVEL, SUM(ROW_WEIGHT) AS LEVEL_ROWS, SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS MEAN_LOS,
  SUM(ROW_WEIGHT * LOS * LOS) / SUM(ROW_WEIGHT) - POWER(SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT), 2) AS SPREAD
FROM ${table} WHERE ROW_SIDE = 'train' GROUP BY ${name}`,
    )
    .join('\nUNION ALL\n');
  const rows: readonly LevelRow[] = categories.length === 0 ? [] : yield* query<LevelRow>(statement);
  const levels = rows.map((row) => ({
    feature: row.FEATURE,
    level: row.LEVEL,
    rows: Number(row.LEVEL_ROWS),
    mean: Number(row.MEAN_LOS),
    variance: Math.max(0, Number(row.SPREAD)),
  }));
  return featureCodes(contract, levels, overallMean);
}

/** The encoder that levels found among the training rows ask for; pure, and the same whatever their order. */
export function featureCodes(
  contract: Contract,
  levels: readonly Level[],
  overallMean: number,
): FeatureCode[] {
  const packed = featuresToPack(contract, levels);
  return Object.entries(contract.features).map(([name, feature]): FeatureCode => {
    if (feature.type === 'numeric') return { kind: 'numeric', name };
    if (feature.type === 'ordered') return { kind: 'ordered', name, levels: feature.levels || [] };
    const mine = levels.filter((level) => level.feature === name);
    const present = mine
      .filter((level): level is Level & { level: string } => level.level !== null)
      .sort((a, b) => b.rows - a.rows || (a.level < b.level ? -1 : 1));
    if (present.length <= MAX_ONE_HOT)
      return { kind: 'onehot', name, levels: present.map((level) => level.level).sort() };
    const absent = mine.find((level) => level.level === null);
    const unseen = round4(overallMean);
    if (packed.includes(name))
      return packCode(name, present, absent, overallMean, PACKED_SIZE / packed.length);
    return {
      kind: 'target',
      name,
      levels: fromEntries(
        present.map((level): [string, number] => [level.level, smooth(level, overallMean)]),
      ),
      unseen,
      missing: absent ? smooth(absent, overallMean) : unseen,
    };
  });
}

/** Features whose levels are packed: codes of very many, and while the tables of the others are too large the largest of these. */
function featuresToPack({ features }: Contract, levels: readonly Level[]): string[] {
  const packed: string[] = [];
  let tables: { readonly name: string; readonly size: number }[] = [];
  for (const name of Object.keys(features).filter((one) => features[one]?.type === 'categorical')) {
    const own = levels.filter(({ feature, level }) => feature === name && level !== null);
    if (own.length > MAX_LEVELS) packed.push(name);
    else if (own.length > MAX_ONE_HOT)
      tables.push({
        name,
        size: own.reduce((sum, { level }) => sum + sizeOf(level as string) + STATISTIC_SIZE, 0),
      });
  }
  tables.sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  const totalSize = () =>
    tables.reduce((sum, { size }) => sum + size, 0) + (packed.length > 0 ? PACKED_SIZE : 0);
  while (tables.length > 0 && totalSize() > TABLES_SIZE) {
    packed.push((tables[0] as { name: string }).name);
    tables = tables.slice(1);
  }
  return packed;
}

/** Bytes of a level's name as it stands in a body. */
function sizeOf(level: string): number {
  return bytesOf(constantText(level));
}

/**
 * @param present levels, the most frequent first
 * @param size bytes that their names may take; the rarest beyond count as unseen
 */
function packCode(
  name: string,
  present: readonly (Level & { level: string })[],
  absent: Level | undefined,
  overallMean: number,
  size: number,
): PackedCode {
  const prior = priorWeight(present);
  const kept: [statistic: number, level: Level & { level: string }][] = [];
  let taken = 0;
  for (const level of present) {
    taken += sizeOf(level.level) + 1;
    if (taken > size) break;
    kept.push([smooth(level, overallMean, prior), level]);
  }
  kept.sort((a, b) => a[0] - b[0] || (a[1].level < b[1].level ? -1 : 1));
  const groups: [number, string[]][] = [];
  for (let group = 0; group < PACKED_GROUPS; group++) {
    const from = Math.floor((kept.length * group) / PACKED_GROUPS);
    const some = kept.slice(from, Math.floor((kept.length * (group + 1)) / PACKED_GROUPS));
    const rows = some.reduce((sum, [, level]) => sum + level.rows, 0);
    if (rows <= 0) continue;
    const statistic = some.reduce((sum, [own, level]) => sum + own * level.rows, 0) / rows;
    groups.push([round4(statistic), some.map(([, level]) => level.level)]);
  }
  const unseen = round4(overallMean);
  const missing = absent ? smooth(absent, overallMean, prior) : unseen;
  return { kind: 'packed', name, groups, unseen, missing, prior };
}

/**
 * How many rows' weight the overall mean has in the statistic of a level, so that its squared error is smallest: the variance
 * of stays within levels over that of the levels' means, by the method of moments for unequal levels (one-way random effects;
 * Searle, Casella, McCulloch, "Variance Components", 1992, 3.6). Where levels tell nothing, the most that is allowed.
 */
export function priorWeight(levels: readonly Pick<Level, 'rows' | 'mean' | 'variance'>[]): number {
  let rows = 0;
  let stays = 0;
  let squares = 0;
  let within = 0;
  for (const level of levels) {
    rows += level.rows;
    stays += level.rows * level.mean;
    squares += level.rows * level.rows;
    within += level.rows * (level.variance || 0);
  }
  const between = levels.reduce((sum, level) => sum + level.rows * (level.mean - stays / rows) ** 2, 0);
  const noise = within / (rows - levels.length);
  const spread = (between - (levels.length - 1) * noise) / (rows - squares / rows);
  const [least, most] = PRIOR;
  if (!(noise > 0) || !Number.isFinite(noise)) return SMOOTHING;
  return round4(spread > 0 ? Math.min(most, Math.max(least, noise / spread)) : most);
}

function smooth(level: Level, overallMean: number, prior = SMOOTHING): number {
  return round4((level.rows * level.mean + prior * overallMean) / (level.rows + prior));
}

/** Four decimals of a day are far below any noise, and keep the translator small. */
function round4(days: number): number {
  return Math.round(days * 1e4) / 1e4;
}
