import type { StepCost } from './demo.js';

/** What is held of each step. */
export const MEASURES = ['processor', 'idle', 'statements'] as const;
export type Measure = (typeof MEASURES)[number];

/** A step costs at most 10 % more than the reference, times what the committed file says it may cost. */
const TOLERANCE = 1.1;
/**
 * What a step may cost beyond that, in seconds or statements: clocks count in hundredths, a collection of garbage falls
 * into one step or the next, and who waits for an answer asks once more or less; a client that finds its connection closed
 * asks again after half a second.
 */
const SLACK: Readonly<Record<Measure, number>> = { processor: 0.25, idle: 1, statements: 3 };

/** Prices by demo and step, as bench/steps/prices.json has them: how many times the reference a step may cost, and why. */
export type Prices = Readonly<
  Record<string, Readonly<Record<string, Partial<Record<Measure, number>> & { readonly why: string }>>>
>;

/** A run of one side: demo → step → cost. */
export type Run = ReadonlyMap<string, ReadonlyMap<string, StepCost>>;

/** A step that costs more than it may, and how much. */
export interface Excess {
  readonly demo: string;
  readonly step: string;
  readonly measure: Measure;
  readonly cost: number;
  readonly reference: number;
  /** The most that it may cost. */
  readonly limit: number;
}

/**
 * Holds each step's cheapest run against the reference's cheapest: other programs make a run dearer, none cheaper, so
 * with every further pair the two come nearer to what the steps cost by themselves.
 * @returns the steps beyond their limits; a step that the reference does not have has none
 */
export function findExcess(runs: readonly Run[], references: readonly Run[], prices: Prices): Excess[] {
  const [first] = runs;
  if (!first || references.length === 0) throw new Error('There is no run to judge');
  const found: Excess[] = [];
  for (const [demo, steps] of first)
    for (const step of steps.keys())
      for (const measure of MEASURES) {
        const reference = cheapest(references, demo, step, measure);
        const cost = cheapest(runs, demo, step, measure);
        const price = prices[demo]?.[step]?.[measure] ?? 1;
        const limit = reference * price * TOLERANCE + SLACK[measure];
        if (cost > limit) found.push({ demo, step, measure, cost, reference, limit });
      }
  return found;
}

/** @returns Infinity where no run has the step */
function cheapest(runs: readonly Run[], demo: string, step: string, measure: Measure): number {
  return Math.min(...runs.map((run) => run.get(demo)?.get(step)?.[measure] ?? Number.POSITIVE_INFINITY));
}
