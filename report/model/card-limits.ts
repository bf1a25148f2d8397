import { changeSentences } from '../../procedures/dataset/changed-inputs.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { describeSuspect, type Selection } from '../../procedures/fitting/selection.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Overview } from './overview.js';

/** Limits of a version that a reader must know; drawn from the figures, so that no card is silent about its own. */
export function limits({ record }: Overview): string[] {
  const { metrics, lineage } = record;
  const { contract, selection, split } = lineage as {
    contract?: Contract;
    selection?: Selection | null;
    split?: Pick<SplitResult, 'changes'>;
  };
  const weighted = metrics.admissions !== undefined && metrics.admissions > metrics.rows;
  return [
    ...(selection?.suspects ?? []).map(
      (suspect) =>
        `Suspected leak: ${describeSuspect(suspect)}. If it is not known on admission, no figure of this card holds for patients who have just been admitted.`,
    ),
    ...(split?.changes ? changeSentences(split.changes) : []),
    `It explains ${percent(Math.max(0, metrics.r2))} of the variance of stays; most of what decides a stay is not known on admission. Read the interval, not the number alone.`,
    ...(contract && !contract.admission
      ? [
          'The data has no dates: the holdout is no later than the training rows, so a change over time does not show.',
        ]
      : []),
    ...(weighted
      ? [
          'Weights represent stays missing at the cut-off, but not stays longer than any admission of a period could show. The bootstrap takes the weights as given.',
        ]
      : []),
    ...longStayLimits(metrics),
    'Groups that the dataset does not record (for many hospitals: language, disability, income) could not be looked at.',
    'It learned from past practice, including practice that did not serve patients.',
  ];
}

/** Least gain in mean squared error over the share of long stays. */
const LEAST_GAIN = 0.02;

/** That the probability of a long stay says next to nothing, where it is so. */
function longStayLimits({ brier, longStays }: Overview['record']['metrics']): string[] {
  const constant = longStays * (1 - longStays);
  if (!(constant > 0 && brier >= constant * (1 - LEAST_GAIN))) return [];
  return [
    `The probability of a long stay says little about a patient: its Brier score is ${brier.toFixed(4)}, and the share of long stays, given to every patient, scores ${constant.toFixed(4)}. Decide nothing by it; at most, its levels rank patients.`,
  ];
}
