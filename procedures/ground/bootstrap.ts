import { flatMap, fromEntries } from './lists.js';
import { random } from './random.js';
import type { Row } from './work.js';

/** Sums over the rows of one block, by name. */
export type Block<Sum extends string = string> = Readonly<Record<Sum, number>>;

/** Statistics of a summed block, by name; some may be left out. */
type Statistics<Sum extends string> = Readonly<Record<string, ((sums: Block<Sum>) => number) | undefined>>;

/** Lower and upper end of a 95 % confidence interval. */
export type Interval = readonly [low: number, high: number];

const REPLICATES = 1000;

/** A block of what Snowflake returns. @param names of the columns that are sums */
export function blockOf<Sum extends string>(row: Row, names: readonly Sum[]): Block<Sum> {
  return fromEntries(names.map((name): [string, number] => [name, Number(row[name])])) as Block<Sum>;
}

/**
 * Percentile bootstrap over blocks (replicates).
 * @param statistics name → function of the summed block
 * @returns name → 95 % interval
 */
export function bootstrap<Sum extends string, S extends Statistics<Sum>>(
  blocks: readonly Block<Sum>[],
  statistics: S,
  seed = 1,
): { readonly [Name in keyof S]: Interval } {
  const values = replicates(blocks, statistics, seed);
  return fromEntries(
    Object.keys(values).map((name): [string, Interval] => [name, intervalOf(values[name] ?? [])]),
  ) as { readonly [Name in keyof S]: Interval };
}

/** The 95 % interval of a statistic's replicates, by percentiles. */
export function intervalOf(values: readonly number[]): Interval {
  const sorted = values.slice().sort((a, b) => a - b);
  const quantileAt = (share: number) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return [quantileAt(0.025), quantileAt(0.975)];
}

/**
 * A thousand replicates of statistics: each draws as many blocks as there are, with replacement, adds
 * their sums up and computes all statistics. Blocks are made by a hash of the patient (or the admission), so
 * that the stays of one patient stay together and no row leaves Snowflake.
 * @param statistics name → function of the summed block
 * @returns name → its value in each replicate
 */
export function replicates<Sum extends string, S extends Statistics<Sum>>(
  blocks: readonly Block<Sum>[],
  statistics: S,
  seed = 1,
): { readonly [Name in keyof S]: number[] } {
  const names = Object.keys(blocks[0] ?? {}) as Sum[];
  // Arrays: a thousand replicates of objects' properties take six times as long.
  const rows = blocks.map((block) => names.map((name) => block[name]));
  const draws = flatMap(Object.keys(statistics), (name) => {
    const statistic = statistics[name];
    return statistic ? [{ name, statistic, values: [] as number[] }] : [];
  });
  const next = random(seed);
  const drawn = new Float64Array(names.length);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < rows.length; i++) add(drawn, rows[Math.floor(next() * rows.length)]);
    const sums = fromEntries(
      names.map((name, i): [string, number] => [name, Number(drawn[i])]),
    ) as Block<Sum>;
    for (const { statistic, values } of draws) values.push(statistic(sums));
  }
  return fromEntries(draws.map(({ name, values }): [string, number[]] => [name, values])) as {
    readonly [Name in keyof S]: number[];
  };
}

function add(sums: Float64Array, row: readonly number[] = []): void {
  row.forEach((value, i) => {
    sums[i] = Number(sums[i]) + value;
  });
}

/** All blocks in one. */
export function total<Sum extends string>(blocks: readonly Block<Sum>[]): Block<Sum> {
  const names = Object.keys(blocks[0] ?? {}) as Sum[];
  return fromEntries(
    names.map((name): [string, number] => [name, blocks.reduce((sum, block) => sum + block[name], 0)]),
  ) as Block<Sum>;
}
