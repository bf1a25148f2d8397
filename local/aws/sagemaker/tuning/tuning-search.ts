/** How a tuning job chooses the next combination of hyperparameters: Random, Grid and Bayesian search. */
import { GaussianProcess, improvements } from './gaussian-process.js';
import { combination, combinations, type Dimension } from './tuning-space.js';

export type Strategy = 'Random' | 'Grid' | 'Bayesian';
export type Combination = Record<string, string>;

/** A combination that was tried; without an objective while its job runs or after it failed. */
export interface Trial {
  values: Combination;
  /** The smaller the better. */
  objective?: number;
}

/** Bayesian search looks at so many of the latest trials, to stay quick: its work grows with the cube. */
const MOST_OBSERVED = 150;
const CANDIDATES = 400;
/** Of the candidates, one in so many is a neighbour of the best trial. */
const LOCAL_SHARE = 4;
const ATTEMPTS = 200;

/**
 * The combination to try next, different from all that were tried, or undefined when the space is used up.
 *
 * @param random numbers in [0, 1); with equal numbers and trials the choice is the same
 */
export function nextCombination(
  strategy: Strategy,
  dimensions: Dimension[],
  trials: Trial[],
  random: () => number,
): Combination | undefined {
  const total = combinations(dimensions);
  if (strategy === 'Grid') return trials.length < total ? combination(dimensions, trials.length) : undefined;
  const tried = new Set(trials.map((trial) => keyOf(trial.values)));
  if (tried.size >= total) return undefined;
  if (strategy === 'Bayesian') {
    const chosen = bayesian(dimensions, trials, tried, random);
    if (chosen) return chosen;
  }
  return drawUntried(dimensions, tried, random);
}

/** Numbers in [0, 1) from a seed (the mulberry32 generator). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function keyOf(values: Combination): string {
  return JSON.stringify(values);
}

function sample(dimensions: Dimension[], random: () => number): Combination {
  return Object.fromEntries(dimensions.map((dimension) => [dimension.name, dimension.at(random())]));
}

/** A random combination that was not tried; the caller knows that there is one. */
function drawUntried(dimensions: Dimension[], tried: Set<string>, random: () => number): Combination {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const values = sample(dimensions, random);
    if (!tried.has(keyOf(values))) return values;
  }
  // Only a small space is hit so often: the first combination left over.
  for (let n = 0; ; n += 1) {
    const values = combination(dimensions, n);
    if (!tried.has(keyOf(values))) return values;
  }
}

/**
 * Model-based search: a Gaussian process over the trials so far, and the candidate with the largest expected
 * improvement over the best of them. Trials without an outcome count as average ones, so that parallel jobs spread.
 */
function bayesian(
  dimensions: Dimension[],
  trials: Trial[],
  tried: Set<string>,
  random: () => number,
): Combination | undefined {
  const recent = trials.slice(-MOST_OBSERVED);
  const observed = recent.filter((trial) => trial.objective !== undefined);
  // The first few are random: a model of fewer trials than dimensions knows nothing.
  if (observed.length < Math.max(3, dimensions.length + 1)) return undefined;
  const place = (values: Combination) =>
    dimensions.flatMap((dimension) => dimension.coordinates(values[dimension.name]!));
  const outcomes = observed.map((trial) => trial.objective!);
  const mean = outcomes.reduce((sum, value) => sum + value, 0) / outcomes.length;
  const model = GaussianProcess.fit(
    recent.map((trial) => place(trial.values)),
    recent.map((trial) => trial.objective ?? mean),
  );

  const best = observed.reduce((a, b) => (b.objective! < a.objective! ? b : a));
  const candidates: Combination[] = [];
  for (let i = 0; i < CANDIDATES; i += 1) {
    const values =
      i % LOCAL_SHARE === 0 ? neighbour(dimensions, best.values, random) : sample(dimensions, random);
    if (!tried.has(keyOf(values))) candidates.push(values);
  }
  if (candidates.length === 0) return undefined;
  const gains = improvements(model, candidates.map(place), best.objective!);
  return candidates[gains.indexOf(Math.max(...gains))];
}

/** A combination near another: each number moved a little, now and then another category. */
function neighbour(dimensions: Dimension[], values: Combination, random: () => number): Combination {
  return Object.fromEntries(
    dimensions.map((dimension) => {
      const value = values[dimension.name]!;
      if (dimension.kind === 'categorical')
        return [dimension.name, random() < 0.2 ? dimension.at(random()) : value];
      const moved = dimension.coordinates(value)[0]! + (random() - 0.5) * 0.2;
      return [dimension.name, dimension.at(Math.min(1 - Number.EPSILON, Math.max(0, moved)))];
    }),
  );
}
