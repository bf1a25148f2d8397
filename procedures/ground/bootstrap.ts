import { flatMap, fromEntries } from './lists.js';
import { random } from './random.js';

/** Sums over the rows of one block, as Snowflake returns them. */
export type Block = Readonly<Record<string, number>>;

/** Lower and upper end of a 95 % confidence interval. */
export type Interval = readonly [low: number, high: number];

const REPLICATES = 1000;

/**
 * Percentile bootstrap over blocks (replicates).
 * @param statistics name → function of the summed block
 * @returns name → 95 % interval
 */
export function bootstrap(
  blocks: readonly Block[],
  statistics: Readonly<Record<string, (sums: Block) => number>>,
  seed = 1,
): Record<string, Interval> {
  return fromEntries(
    Object.entries(replicates(blocks, statistics, seed)).map(([name, values]): [string, Interval] => [
      name,
      intervalOf(values),
    ]),
  );
}

/** The 95 % interval of a statistic's replicates, by percentiles. */
export function intervalOf(values: readonly number[]): Interval {
  const sorted = values.slice().sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return [at(0.025), at(0.975)];
}

/**
 * A thousand replicates of statistics: each draws as many blocks as there are, with replacement, adds
 * their sums up and computes all statistics. Blocks are made by a hash of the patient (or the admission), so
 * that the stays of one patient stay together and no row leaves Snowflake.
 * @param statistics name → function of the summed block
 * @returns name → its value in each replicate
 */
export function replicates(
  blocks: readonly Block[],
  statistics: Readonly<Record<string, (sums: Block) => number>>,
  seed = 1,
): Record<string, number[]> {
  const columns = Object.keys(blocks[0] ?? {});
  // Block after block in one array: a thousand replicates of objects' properties take six times as long.
  const values = Float64Array.from(flatMap(blocks, (block) => columns.map((column) => block[column]!)));
  const draws = Object.entries(statistics).map(([name, statistic]) => ({
    name,
    statistic,
    values: [] as number[],
  }));
  const next = random(seed);
  const drawn = new Float64Array(columns.length);
  for (let replicate = 0; replicate < REPLICATES; replicate++) {
    drawn.fill(0);
    for (let i = 0; i < blocks.length; i++) {
      const from = Math.floor(next() * blocks.length) * columns.length;
      for (let c = 0; c < columns.length; c++) drawn[c]! += values[from + c]!;
    }
    const sums = fromEntries(columns.map((column, c): [string, number] => [column, drawn[c]!]));
    for (const draw of draws) draw.values.push(draw.statistic(sums));
  }
  return fromEntries(draws.map(({ name, values }): [string, number[]] => [name, values]));
}

/** All blocks in one. */
export function total(blocks: readonly Block[]): Block {
  const sums: Record<string, number> = {};
  for (const block of blocks)
    for (const [name, value] of Object.entries(block)) sums[name] = (sums[name] ?? 0) + value;
  return sums;
}
