import type { Contract } from '../dataset/contract.js';
import { finiteFeature } from '../dataset/feature-sql.js';
import { describeLeak, isKnown, LEAKS, type Leak, leakRefusal, namesOf } from '../dataset/leak.js';
import { foldOf, hashBelow } from '../fitting/split.js';
import { flatMap, sortBy } from '../ground/lists.js';
import type { PlaceValues } from '../ground/plan.js';
import { query, type Row, type Work } from '../ground/work.js';
import { type Half, linearLeak } from './linear-leak.js';

/** Source of the stays and their features. */
export interface LeakSource {
  /** Text after FROM: the contract's features and LOS. */
  readonly rows: string;
  /** Condition on the rows that are asked. */
  readonly which: string;
  /** Number of these rows. */
  readonly count: number;
  /** A text of sql/leaks/ with its placeholders filled in. */
  text<N extends 'each' | 'feature' | 'sample' | 'together'>(
    name: N,
    values: PlaceValues<`sql/leaks/${N}.sql`>,
  ): string;
}

/** More stays than these tell nothing more of a leak. */
const SAMPLE = 20_000;
/** Groups that numbers are divided into: each of so many rows, within these bounds. */
const GROUP_ROWS = 25;
const [FEWEST_GROUPS, MOST_GROUPS] = [5, 32];
/** Numbers that are looked at together: a pair of each is one of their products. */
const MOST_TOGETHER = 40;

/**
 * Features that reveal the stay, each by itself and numbers as a sum, the worst first. What a person has said to be known on admission is
 * none. Asked are at most 20,000 stays, so that it takes as long of millions. A share is of rows that it was not learned from.
 */
export function* findLeaks(contract: Contract, source: LeakSource): Work<Leak[]> {
  const names = Object.keys(contract.features);
  const told = yield* eachAlone(contract, source, names);
  const numbers = names.filter((name) => (contract.features[name] as { type: string }).type === 'numeric');
  const most = sortBy(numbers, (a, b) => strength(told, b) - strength(told, a)).slice(0, MOST_TOGETHER);
  const halves = most.length > 0 ? yield* products(contract, source, most) : [];
  const leaks: Leak[] = [];
  names.forEach((name) => {
    if (isKnown(contract, name)) return;
    const { order, days } = told.get(name) as Share;
    const line = most.indexOf(name) < 0 ? 0 : linearLeak(halves, [most.indexOf(name)]).days;
    const shares = { order, days: Math.max(days, line) };
    const over = (['order', 'days'] as const).filter((by) => shares[by] >= LEAKS[by]);
    const by = sortBy(over, (a, b) => shares[b] - shares[a])[0];
    if (by) leaks.push({ features: [name], share: shares[by], by });
  });
  // Once these are out, the others are asked again.
  const together = leaks.length === 0 ? leakTogether(contract, most, halves) : undefined;
  return sortBy(together ? [together] : leaks, (a, b) => b.share - a.share);
}

/** @throws Refused, by name, where a feature reveals the stay */
export function* refuseLeaks(contract: Contract, source: LeakSource): Work<void> {
  const leaks = yield* findLeaks(contract, source);
  if (leaks.length > 0) throw leakRefusal(namesOf(leaks), leaks.map(describeLeak));
}

interface Share {
  readonly order: number;
  readonly days: number;
}

function strength(told: ReadonlyMap<string, Share>, name: string): number {
  const { order, days } = told.get(name) as Share;
  return Math.max(order, days);
}

function sampleOf(
  contract: Contract,
  { rows, which, count, text }: LeakSource,
  names: readonly string[],
): string {
  const some = count > SAMPLE ? ` AND ${hashBelow(contract.id, SAMPLE / count, 'sample')}` : '';
  const value = (name: string) =>
    (contract.features[name] as { type: string }).type === 'numeric'
      ? `${finiteFeature(contract, name)}::FLOAT`
      : name;
  return text('sample', {
    columns: names.map((name, i) => `${value(name)} AS F${i}`).join(', '),
    values: names.map((_, i) => `F${i}`).join(', '),
    fold: foldOf(contract),
    source: rows,
    which: `${which}${some}`,
  });
}

/** Measures what each tells by itself of the order and the days of stays. */
function* eachAlone(
  contract: Contract,
  source: LeakSource,
  names: readonly string[],
): Work<ReadonlyMap<string, Share>> {
  const groups = Math.min(
    MOST_GROUPS,
    Math.max(FEWEST_GROUPS, Math.floor(Math.min(source.count, SAMPLE) / GROUP_ROWS)),
  );
  const pieces = names.map((name, i) =>
    source.text('feature', {
      place: String(i),
      group:
        (contract.features[name] as { type: string }).type === 'numeric'
          ? `IFF(F${i} IS NULL, -1, LEAST(FLOOR(PERCENT_RANK() OVER (PARTITION BY IFF(F${i} IS NULL, 1, 0) ORDER BY F${i}) * ${groups}), ${groups - 1}))`
          : `F${i}`,
    }),
  );
  const rows = yield* query(
    source.text('each', { sample: sampleOf(contract, source, names), features: pieces.join('\n') }),
  );
  const rowAt = (place: number) => rows.find((row) => Number(row.PLACE) === place) as Row;
  const all = rowAt(-1);
  const share = (of: Row, what: 'IN_ORDER' | 'IN_DAYS') =>
    Number(all[what]) > 0 ? Math.max(0, Number(of[what]) / Number(all[what])) : 0;
  return new Map(
    names.map((name, i): [string, Share] => [
      name,
      { order: share(rowAt(i), 'IN_ORDER'), days: share(rowAt(i), 'IN_DAYS') },
    ]),
  );
}

/** Products of numbers: what any sum of them tells follows from these. */
function* products(contract: Contract, source: LeakSource, names: readonly string[]): Work<Half[]> {
  // The stay's order and days come last.
  const each = names.map((_, i) => `Z${i}`).concat('O', 'D');
  const pairs = flatMap(each, (_, i) => each.slice(0, i + 1).map((_each, j): [number, number] => [i, j]));
  const rows = yield* query(
    source.text('together', {
      products: each
        .map((name, i) => `SUM(${name}) AS S${i}`)
        .concat(pairs.map(([i, j]) => `SUM(${each[i]} * ${each[j]}) AS P${i}_${j}`))
        .join(', '),
      standardized: names
        .map(
          (_, i) =>
            `COALESCE((F${i} - AVG(F${i}) OVER ()) / NULLIF(STDDEV_POP(F${i}) OVER (), 0), 0)::FLOAT AS Z${i}`,
        )
        .join(', '),
      sample: sampleOf(contract, source, names),
    }),
  );
  return rows.map((row) => {
    const n = Number(row.N);
    const mean = (i: number) => Number(row[`S${i}`]) / n;
    return {
      numbers: names.length,
      covariance: (i: number, j: number) =>
        Number(row[`P${Math.max(i, j)}_${Math.min(i, j)}`]) / n - mean(i) * mean(j),
    };
  });
}

/** The fewest numbers that together reveal the stay, where not all of these are known to be honest. */
function leakTogether(
  contract: Contract,
  names: readonly string[],
  halves: readonly Half[],
): Leak | undefined {
  const all = names.map((_, i) => i);
  const known = all.filter((i) => isKnown(contract, names[i] as string));
  const linearShare = (some: readonly number[]): Share => linearLeak(halves, some);
  for (const by of ['days', 'order'] as const) {
    if (linearShare(all)[by] < LEAKS.together || linearShare(known)[by] >= LEAKS.together) continue;
    let left = all;
    for (;;) {
      // Whatever can be spared most easily goes first; an honest one rather than one that is not known to be.
      const without = left
        .map((spared) => left.filter((i) => i !== spared))
        .map((some) => ({ some, share: linearShare(some)[by] }));
      const best = sortBy(without, (a, b) => b.share - a.share)[0];
      if (!best || best.share < LEAKS.together) break;
      left = best.some;
    }
    const unknown = left.filter((i) => known.indexOf(i) < 0);
    if (unknown.length > 0)
      return {
        features: unknown.map((i) => names[i] as string),
        others: left.filter((i) => known.indexOf(i) >= 0).map((i) => names[i] as string),
        share: linearShare(left)[by],
        by,
      };
  }
  return undefined;
}
