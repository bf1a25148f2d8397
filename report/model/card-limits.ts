import { changeSentences } from '../../procedures/dataset/changed-inputs.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { describeSuspect, type Selection } from '../../procedures/fitting/selection.js';
import type { SplitResult } from '../../procedures/fitting/split.js';
import { percent } from '../../procedures/ground/percent.js';
import { isOfThePrediction } from '../../procedures/judging/measures.js';
import { requireValue } from '../../udfs/require-value.js';
import type { Overview } from './overview.js';

/** Groups below this size are too noisy to be named. */
const GROUP_ROWS = 200;
/**
 * Least coverage of a group: so few stays of a group inside their 80 % intervals, and predictions so far off, as a
 * share of the group's mean stay.
 */
const LEAST_COVERAGE = 0.76;
const LEAST_BIAS = 0.1;

/**
 * Standard errors beyond which one of so many groups lies by chance in one card of twenty at most (Bonferroni, with the bound
 * 2 exp(−z²/2) of a normal distribution's tails).
 */
function errorsOfChance(groups: number): number {
  return Math.sqrt(2 * Math.log(40 * Math.max(1, groups)));
}

/** Limits of a version that a reader must know; drawn from the figures, so that no card is silent about its own. */
export function limits({ record, measures }: Overview): string[] {
  const { metrics, lineage } = record;
  const { contract, selection, split } = lineage as {
    contract?: Contract;
    selection?: Selection | null;
    split?: Pick<SplitResult, 'changes'>;
  };
  const weighted = metrics.admissions !== undefined && metrics.admissions > metrics.rows;
  const own = measures.filter(
    ({ predictor, groupedBy }) => predictor === 'model' && !isOfThePrediction(groupedBy),
  );
  const seen = own.filter(({ rows }) => rows >= GROUP_ROWS);
  const beyond = errorsOfChance(seen.length);
  const badly = seen.filter(
    ({ coverage, effectiveRows }) =>
      coverage !== null &&
      coverage < LEAST_COVERAGE &&
      coverage + beyond * Math.sqrt(0.16 / effectiveRows) < 0.8,
  );
  const biased = seen.filter(
    ({ bias, rmse, effectiveRows, bedDaysActual, admissions }) =>
      Math.abs(bias) > LEAST_BIAS * (bedDaysActual / admissions) &&
      Math.abs(bias) > (beyond * rmse) / Math.sqrt(effectiveRows),
  );
  return [
    ...(selection?.suspects ?? []).map(
      (suspect) =>
        `Suspected leak: ${describeSuspect(suspect)}. If it is not known on admission, no figure of this card holds for patients who have just been admitted.`,
    ),
    ...(split?.changes ? changeSentences(split.changes) : []),
    `It explains ${percent(Math.max(0, metrics.r2))} of the variance of stays; most of what decides a stay is not known on admission. Read the interval, not the number alone.`,
    ...(contract && !contract.admission
      ? [
          'The data has no dates: the holdout is not later than the training rows, and a change over time would not show.',
        ]
      : []),
    ...(weighted
      ? [
          'Weights represent stays missing at the cut-off, but not stays longer than any admission of a period could show. The bootstrap takes the weights as given.',
        ]
      : []),
    ...badly.map(
      (m) =>
        `${m.groupedBy} ${m.level}: only ${percent(requireValue(m.coverage, 'm.coverage'))} of ${m.rows} stays are inside their 80 % interval${isKnownOnAdmission(contract, m.groupedBy) ? '' : ' (the group is known only after admission)'}.`,
    ),
    ...biased.map(
      (m) =>
        `${m.groupedBy} ${m.level}: predictions are ${Math.abs(m.bias).toFixed(1)} days too ${m.bias > 0 ? 'long' : 'short'} on average.`,
    ),
    ...longStayLimits(metrics),
    'Groups that the dataset does not record (for many hospitals: language, disability, income) could not be looked at.',
    'It learned from past practice, also where that was not what patients needed.',
  ];
}

/** Least gain in mean squared error over the share of long stays. */
const LEAST_GAIN = 0.02;

/** That the probability of a long stay says next to nothing, where it is so. */
function longStayLimits({ brier, longStays }: Overview['record']['metrics']): string[] {
  const constant = longStays * (1 - longStays);
  if (!(constant > 0 && brier >= constant * (1 - LEAST_GAIN))) return [];
  return [
    `The probability of a long stay says next to nothing about a patient: its Brier score is ${brier.toFixed(4)}, and saying everybody the share of long stays gives ${constant.toFixed(4)}. Decide nothing by it; its levels rank patients at most.`,
  ];
}

function isKnownOnAdmission(contract: Contract | undefined, groupedBy: string): boolean {
  return groupedBy.split(' × ').every((name) => contract?.features[name]);
}
