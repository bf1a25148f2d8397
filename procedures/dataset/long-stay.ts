import type { Contract } from './contract.js';

/** From how many days on a stay is long where neither contract nor settings say it: three weeks. */
export const USUAL_LONG_STAY = 21;

/** Fewest patients for a proposal: of fewer, the tenth with the longest stays would be fewer than ten. */
export const FEWEST_FOR_PROPOSAL = 100;

/**
 * From how many days on a stay is long: the settings' word before the contract's.
 * @param given `training.longStayDays` of the settings; null: they leave it to the contract
 */
export function longStayDaysOf(
  { longStayDays }: Pick<Contract, 'longStayDays'>,
  given: number | null,
): number {
  return given ?? longStayDays ?? USUAL_LONG_STAY;
}

/**
 * Proposes where a long stay begins in a hospital, from its own stays: about one in ten is that long. From two weeks on in whole weeks, so that
 * the sentence which people read says "nine weeks or longer" and not "61 days or longer".
 * @param p90 ninetieth percentile of the stays that have ended, in days
 * @returns days, 2 at least: a stay of one day is long nowhere
 */
export function proposeLongStay(p90: number): number {
  const days = p90 < 14 ? Math.ceil(p90) : 7 * Math.round(p90 / 7);
  return Math.min(3650, Math.max(2, days));
}

/** Judgement, from a share of long stays, of where they begin. */
export type LongStayFit = 'fits' | 'hardly ever' | 'mostly';

/** @param share of the stays that are long, 0 to 1 */
export function longStayFit(share: number): LongStayFit {
  if (share < 0.01) return 'hardly ever';
  return share > 0.5 ? 'mostly' : 'fits';
}

/** Why a threshold that fits no stays is worth changing; undefined where it fits. @param share of the stays that are long */
export function longStayMisfit(share: number, days: number, proposed: number | null): string | undefined {
  const fit = longStayFit(share);
  if (fit === 'fits' || proposed === days) return undefined;
  const found =
    fit === 'mostly'
      ? `${Math.round(100 * share)} % of the stays count as long (${days} days and more), so the probability of a long stay hardly distinguishes patients.`
      : `Fewer than 1 % of the stays count as long (${days} days and more), so the probability of a long stay means little.`;
  return `${found} ${proposed === null ? 'los dataset check says what longStayDays: of the contract would fit.' : `About one in ten lasts ${proposed} days or more: write longStayDays: ${proposed} into the contract.`}`;
}
