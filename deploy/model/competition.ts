import type { Gain } from '../../procedures/fitting/candidate-scores.js';
import type { Competition } from '../../procedures/training/run.js';

/** What a version's lineage says of models of hazards beside those of days; older versions say nothing. */
export interface KnownCompetition {
  readonly competition?: Competition | null;
  readonly look?: Gain | null;
}

/** Whether the costlier way of predicting was worth it, for the card; undefined where it did not take part. */
export function describeCompetition({ competition, look }: KnownCompetition): string | undefined {
  if (competition) {
    const { hazard, days, by, gain } = competition;
    const wins = gain.confidence[0] > 0;
    return `On the same validation rows ${hazard}, which is asked once for each period of a stay, has ${told(gain, by)} than ${days}, which is asked once. ${wins ? 'That is beyond noise, so it was chosen.' : 'That is within noise, and it costs more, so it was not chosen.'}`;
  }
  if (look)
    return `Rows are many, so hazards were tried on a sample first: there they have ${told(look, 'crps')} than a model of days. That did not promise enough to train them on all rows.`;
  return undefined;
}

function told({ days, confidence: [low, high] }: Gain, by: string): string {
  return `a ${by.toUpperCase()} ${Math.abs(days).toFixed(3)} days ${days >= 0 ? 'lower' : 'higher'} (90 % interval of the gain: ${low.toFixed(3)} to ${high.toFixed(3)})`;
}
