import { literal, qualify } from '../../ground/names.js';
import { sqlText } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import { execute, queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import { type FollowedPeriod, makeStays } from './measuring.js';
import { ENOUGH, Z99 } from './performance.js';

/** Comparison: how much nearer another version would have been to the stays that one has predicted, as far as they are known. */
export interface PairedComparison {
  readonly rows: number;
  /** Share by which its score so far is smaller; negative: it is further off. */
  readonly gain: number;
  /** 99 % confidence. */
  readonly low: number;
}

/**
 * Compares by the score that predictions are watched by: it says something long before the last have left, and nothing about the
 * short stays that it does not say about the long ones. Each patient is asked about with the inputs of then, so the differences are
 * paired.
 * @param other whose predictions SHADOW_MODEL has written down
 * @returns null: there are too few of them
 */
export function* comparePaired(
  plan: WatchPlan,
  version: string,
  other: string,
  followed: FollowedPeriod,
): Work<PairedComparison | null> {
  const { contract, place } = plan;
  if (contract.admission === undefined) return null;
  const stays = yield* makeStays(plan, version, followed, []);
  const row = yield* queryFirst(
    sqlText(plan, 'watching/beside', {
      stays,
      so_far: qualify(place, 'LOS_EVALUATE_ONGOING_STAY'),
      shadow: qualify(place, 'LOS_SHADOW_LOG'),
      dataset: literal(contract.name),
      other: literal(other),
    }),
  );
  yield* execute(`DROP TABLE IF EXISTS ${stays}`);
  const of = (name: string) => Number(row?.[name] || 0);
  if (of('N') < ENOUGH || of('PATIENTS') < FEWEST_PATIENTS || of('OWN') === 0) return null;
  const gain = of('GAIN') / of('OWN');
  return { rows: of('N'), gain, low: gain - (Z99 * of('NOISE')) / of('OWN') };
}
