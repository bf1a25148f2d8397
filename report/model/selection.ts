import type { Selection } from '../../procedures/fitting/selection.js';
import { percent } from '../../procedures/ground/percent.js';
import type { Table } from '../mail/events.js';

/** Describes which features were dropped. */
export function describeSelection({
  kept,
  dropped,
  leastShare,
  fromFeatures = 0,
  shares,
}: Selection): string {
  const all = kept.length + dropped.length;
  if (all < fromFeatures) return `all ${all} features stay, as there are fewer than ${fromFeatures}`;
  if (Object.values(shares).every((share) => share === 0))
    return `nothing told one feature from another, so all ${all} stay`;
  const threshold = `${(leastShare * 100).toLocaleString('en-US')} % of what permuting all features costs`;
  return dropped.length === 0
    ? `none of ${all} features is clearly below ${threshold}`
    : `${dropped.length} of ${all} features dropped, each clearly below ${threshold}: ${dropped.join(', ')}`;
}

/** The features' shares, the strongest first, for mails and the model card. */
export function selectionTable({ kept, dropped, shares }: Selection): Table {
  return {
    title: 'Features by their share of the permutation cost',
    columns: ['Feature', 'Share', 'Used'],
    rows: [...kept, ...dropped]
      .map((name): [string, number] => [name, shares[name] ?? 0])
      .sort(([, a], [, b]) => b - a)
      .map(([name, share]) => [name, percent(share, 2), kept.includes(name) ? 'yes' : 'dropped']),
  };
}
