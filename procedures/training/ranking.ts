import type { Metric } from '../fitting/candidates.js';
import { sortBy } from '../ground/lists.js';
import type { CandidateRun } from './run.js';

/** The best by the metric of the settings comes first; one that diverged has no number and comes last. */
export function rank(runs: readonly CandidateRun[], by: Metric): CandidateRun[] {
  const score = (one: CandidateRun) => {
    const value = scoreOf(one, by);
    return value === null ? Number.MAX_VALUE : value;
  };
  // Equal ones in the order of their names.
  return sortBy(runs, (a, b) => score(a) - score(b) || (a.candidate.name < b.candidate.name ? -1 : 1));
}

/** Its error in days; null where it diverged, as JSON makes of what is no number in the run's row. */
export function scoreOf(one: Pick<CandidateRun, Metric>, by: Metric): number | null {
  const value = one[by];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
