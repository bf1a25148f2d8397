import { type Block, bootstrap, total } from '../../procedures/ground/bootstrap.js';

/** What two versions came to on the same stay. */
export interface Pair {
  /** Stays of one patient are drawn together. */
  readonly patient: string;
  /** Scores of the version without and of the one with what is tried, in days; lower is better. */
  readonly without: number;
  readonly with: number;
}

/** How much smaller the mean score is with it, and the 95 % interval of that over patients. */
export interface Gain {
  readonly gain: number;
  readonly low: number;
  readonly high: number;
}

/** Paired bootstrap: the same patients are drawn for both versions. */
export function gainOf(pairs: readonly Pair[]): Gain {
  const blocks = new Map<string, { N: number; D: number }>();
  for (const { patient, without, with: own } of pairs) {
    const block = blocks.get(patient) ?? { N: 0, D: 0 };
    blocks.set(patient, { N: block.N + 1, D: block.D + without - own });
  }
  const all = [...blocks.values()];
  const mean = (sums: Block) => sums.D! / sums.N!;
  const [low, high] = bootstrap(all, { mean }).mean!;
  return { gain: mean(total(all)), low, high };
}
