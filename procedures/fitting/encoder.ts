import type { FeatureCode, PackedCode } from '../../udfs/encoding/encoding.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames } from '../dataset/names.js';
import { flatMap, fromEntries, sortBy } from '../ground/lists.js';
import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { FEWEST_PATIENTS, patientOf } from '../ground/small-groups.js';
import { query, type Row, type Work } from '../ground/work.js';
import { bytesOf, constantText } from '../versions/constant.js';
import { differBeyondMeans, type Level, priorWeight, SMOOTHING } from './level-statistics.js';

/** Up to this many levels a category is one-hot encoded, above it by target statistic. */
const MAX_ONE_HOT = 12;
/** Above so many levels a category is a code whose levels are packed, and their statistics ordered (training-file.ts). */
const MAX_LEVELS = 1000;
/** Size that the packed levels of all codes may take of the translator, in bytes: it is read whenever the model is asked. */
const PACKED_SIZE = 50_000;
/** Size that packed levels and those with a statistic of their own may take together: where it is less, more codes are packed. */
const TABLES_SIZE = 65_000;
/** A statistic in a table and a number of rows, with colon and commas. */
const STATISTIC_SIZE = 14;
/** Statistics that a packed code tells apart: more would be below the noise of so rare levels. */
const PACKED_GROUPS = 128;

/** Number of patients that the levels of fewer than ten have together, and how many of these have a value. */
export interface RarePatients {
  readonly all: number;
  readonly withValue: number;
}

interface LevelRow extends Row {
  readonly FEATURE: string;
  readonly LEVEL: string | null;
}

/**
 * Computes the encoder in Snowflake from the training side only; no row leaves it. A level is one of the encoder where at least ten
 * patients of all training rows had it. Inner folds and orders of rows keep that choice (training-file.ts): a model must be asked about
 * the levels that it was fitted to.
 */
export function* fitEncoder({ contract, settings }: Plan, overallMean: number): Work<FeatureCode[]> {
  const table = qualify(settings, datasetNames(contract).trainingSet);
  const categories = flatMap(Object.entries(contract.features), ([name, { type }]) =>
    type === 'categorical' ? [name] : [],
  );
  if (categories.length === 0) return featureCodes(contract, [], {}, overallMean);
  const person = patientOf(contract);
  const ofEach = (names: readonly string[], sql: (name: string) => string) =>
    names.map((name) => `SELECT ${literal(name)} AS FEATURE, ${sql(name)}`).join('\nUNION ALL\n');
  const rows = yield* query<LevelRow>(
    ofEach(
      categories,
      (
        name,
      ) => `${name} AS LEVEL, SUM(ROW_WEIGHT) AS LEVEL_ROWS, COUNT(DISTINCT ${person}) AS PATIENTS, SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS MEAN_LOS,
  SUM(ROW_WEIGHT * LOS * LOS) / SUM(ROW_WEIGHT) - POWER(SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT), 2) AS SPREAD,
  SUM(IFF(LOS <= ${overallMean}, ROW_WEIGHT, 0)) / SUM(ROW_WEIGHT) AS SHORT, SUM(IFF(LOS <= ${overallMean}, ROW_WEIGHT * LOS, 0)) / SUM(ROW_WEIGHT) AS SHORT_DAYS
FROM ${table} WHERE ROW_SIDE = 'train' GROUP BY ${name}`,
    ),
  );
  const levels = rows.map((row) => ({
    feature: row.FEATURE,
    level: row.LEVEL,
    rows: Number(row.LEVEL_ROWS),
    patients: Number(row.PATIENTS),
    mean: Number(row.MEAN_LOS),
    variance: Math.max(0, Number(row.SPREAD)),
    short: { share: Number(row.SHORT), days: Number(row.SHORT_DAYS) },
  }));
  // A patient may have several rare levels, so their patients cannot be added up.
  const withRare = categories.filter((name) =>
    levels.some(({ feature, patients }) => feature === name && patients < FEWEST_PATIENTS),
  );
  if (withRare.length === 0) return featureCodes(contract, levels, {}, overallMean);
  const together = yield* query<Row & { FEATURE: string }>(
    ofEach(
      withRare,
      (
        name,
      ) => `COUNT(DISTINCT PERSON) AS PATIENTS, COUNT(DISTINCT IFF(LEVEL IS NULL, NULL, PERSON)) AS WITH_VALUE
FROM (SELECT LEVEL, PERSON, COUNT(*) OVER (PARTITION BY LEVEL) AS PATIENTS
  FROM (SELECT ${name} AS LEVEL, ${person} AS PERSON FROM ${table} WHERE ROW_SIDE = 'train' GROUP BY 1, 2))
WHERE PATIENTS < ${FEWEST_PATIENTS}`,
    ),
  );
  const rare = fromEntries(
    together.map((row): [string, RarePatients] => [
      row.FEATURE,
      { all: Number(row.PATIENTS), withValue: Number(row.WITH_VALUE) },
    ]),
  );
  return featureCodes(contract, levels, rare, overallMean);
}

/**
 * The encoder that levels found among the training rows ask for; pure, and the same whatever their order. No number in it is about
 * fewer than ten patients, nor is what the overall mean leaves when all others are taken from it.
 * @param rare by feature, whom the levels of fewer than ten patients are of together; left out: there are none
 */
export function featureCodes(
  contract: Contract,
  levels: readonly Level[],
  rare: Readonly<Record<string, RarePatients>>,
  overallMean: number,
): FeatureCode[] {
  const parted = fromEntries(
    flatMap(Object.entries(contract.features), ([name, { type }]): [string, Parted][] =>
      type === 'categorical'
        ? [
            [
              name,
              partLevels(
                levels.filter(({ feature }) => feature === name),
                rare[name],
              ),
            ],
          ]
        : [],
    ),
  );
  const packed = featuresToPack(parted);
  return Object.entries(contract.features).map(([name, feature]): FeatureCode => {
    if (feature.type === 'numeric') return { kind: 'numeric', name };
    if (feature.type === 'ordered') return { kind: 'ordered', name, levels: feature.levels || [] };
    const mine = parted[name] as Parted;
    const { own } = mine;
    if (own.length <= MAX_ONE_HOT)
      return {
        kind: 'onehot',
        name,
        levels: own.map(({ level }) => level).sort(),
        ...(mine.other ? { other: true as const } : {}),
      };
    if (packed.indexOf(name) >= 0) return packCode(name, mine, overallMean, PACKED_SIZE / packed.length);
    const { unseen, missing } = others(mine, mine.rest, overallMean);
    const statistics = fromEntries(own.map((one): [string, number] => [one.level, smooth(one, overallMean)]));
    const rows = fromEntries(own.map((one): [string, number] => [one.level, Math.round(one.rows)]));
    return {
      kind: 'target',
      name,
      levels: statistics,
      ...(differBeyondMeans(own) && {
        rows: Object.keys(statistics)
          .sort()
          .map((level) => rows[level] as number),
      }),
      unseen,
      missing,
    };
  });
}

type NamedLevel = Level & { readonly level: string };

/** The levels of a feature. */
interface Parted {
  /** Those of at least ten patients each, the most frequent first. */
  readonly own: readonly NamedLevel[];
  /** The rows without a value, where they are of as many. */
  readonly absent: Level | undefined;
  /** All others: they are one level. */
  readonly rest: readonly Level[];
  /** At least ten patients have a level that is among these. */
  readonly other: boolean;
}

/**
 * Parts levels by whether ten patients had them. Where those of the rare ones are fewer than ten even together, the smallest other level
 * joins them: its statistic would tell theirs, as what the overall mean leaves when all others are taken from it.
 */
function partLevels(
  levels: readonly Level[],
  { all, withValue }: RarePatients = { all: 0, withValue: 0 },
): Parted {
  const sorted = sortBy(
    levels,
    (a, b) => b.rows - a.rows || b.patients - a.patients || (String(a.level) < String(b.level) ? -1 : 1),
  );
  const kept = sorted.filter(({ patients }) => patients >= FEWEST_PATIENTS);
  const rest = sorted.filter(({ patients }) => patients < FEWEST_PATIENTS);
  const named = kept.filter(({ level }) => level !== null).length;
  // With a column for each level there is no statistic that could tell.
  const joins = rest.length > 0 && all < FEWEST_PATIENTS && named > MAX_ONE_HOT ? kept.pop() : undefined;
  return {
    own: kept.filter((one): one is NamedLevel => one.level !== null),
    absent: kept.find(({ level }) => level === null),
    rest: joins ? rest.concat(joins) : rest,
    other: withValue >= FEWEST_PATIENTS || (joins !== undefined && joins.level !== null),
  };
}

/** Statistics of what has no level of its own: of every other level, and of no value. */
function others(
  { absent }: Parted,
  rest: readonly Level[],
  overallMean: number,
  prior?: number,
): { unseen: number; missing: number } {
  const rows = rest.reduce((sum, one) => sum + one.rows, 0);
  const stays = rest.reduce((sum, one) => sum + one.rows * one.mean, 0);
  const unseen = rows > 0 ? smooth({ rows, mean: stays / rows }, overallMean, prior) : round4(overallMean);
  return { unseen, missing: absent ? smooth(absent, overallMean, prior) : unseen };
}

/** Features whose levels are packed: codes of very many, and while the tables of the others are too large the largest of these. */
function featuresToPack(parted: Readonly<Record<string, Parted>>): string[] {
  const packed: string[] = [];
  let tables: { readonly name: string; readonly size: number }[] = [];
  for (const [name, { own }] of Object.entries(parted)) {
    if (own.length > MAX_LEVELS) packed.push(name);
    else if (own.length > MAX_ONE_HOT)
      tables.push({ name, size: own.reduce((sum, { level }) => sum + sizeOf(level) + STATISTIC_SIZE, 0) });
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

/** @param size bytes that the names of levels may take; the rarest beyond are no levels of their own */
function packCode(name: string, parted: Parted, overallMean: number, size: number): PackedCode {
  const { own } = parted;
  let taken = 0;
  const fits = own.filter(({ level }) => {
    taken += sizeOf(level) + 1;
    return taken <= size;
  });
  const prior = priorWeight(own);
  const kept = fits.map((level): [statistic: number, level: NamedLevel] => [
    smooth(level, overallMean, prior),
    level,
  ]);
  kept.sort((a, b) => a[0] - b[0] || (a[1].level < b[1].level ? -1 : 1));
  const groups: [number, string[]][] = [];
  for (let group = 0; group < PACKED_GROUPS; group++) {
    const from = Math.floor((kept.length * group) / PACKED_GROUPS);
    const some = kept.slice(from, Math.floor((kept.length * (group + 1)) / PACKED_GROUPS));
    const rows = some.reduce((sum, [, level]) => sum + level.rows, 0);
    if (rows <= 0) continue;
    const statistic =
      some.reduce((sum, [statisticOfOne, level]) => sum + statisticOfOne * level.rows, 0) / rows;
    groups.push([round4(statistic), some.map(([, level]) => level.level)]);
  }
  const rest = parted.rest.concat(own.slice(fits.length));
  return { kind: 'packed', name, groups, ...others(parted, rest, overallMean, prior), prior };
}

function smooth(level: Pick<Level, 'rows' | 'mean'>, overallMean: number, prior = SMOOTHING): number {
  return round4((level.rows * level.mean + prior * overallMean) / (level.rows + prior));
}

/** Four decimals of a day are far below any noise, and keep the translator small. */
function round4(days: number): number {
  return Math.round(days * 1e4) / 1e4;
}
