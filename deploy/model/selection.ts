import { LEAK } from '../../procedures/dataset/leak.js';
import type { FeatureCode } from '../../udfs/encoding.js';
import { columnNames } from '../../udfs/encoding.js';
import type { Table } from '../mail/events.js';
import type { Screen } from './screens.js';

/** Which features a version is made of, and why. */
export interface Selection {
  readonly screens: readonly Screen[];
  /** A feature stays when its share of the gain reaches this in one of the screens. */
  readonly leastShare: number;
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
  /** Features that give the stay away, the worst first. */
  readonly suspects: readonly Suspect[];
}

/** A feature that explains more of the stays than what is known on admission does. */
export interface Suspect {
  readonly feature: string;
  readonly screen: Screen['name'];
  /** Its share of the screen's gain. */
  readonly share: number;
  /** Share of the variance of the validation rows' stays that the screen explains. */
  readonly explained: number;
}

/** The endpoint's container cannot tell the delimiter of a CSV with a single column. */
const FEWEST_COLUMNS = 2;

/**
 * The union of what the screens found useful.
 * @param spread RMSE on the validation rows of predicting the training rows' mean, in days
 */
export function selectFeatures(
  features: readonly FeatureCode[],
  screens: readonly Screen[],
  leastShare: number,
  spread: number,
): Selection {
  const best = (name: string) => Math.max(...screens.map(({ shares }) => shares[name] ?? 0));
  const ranked = features.toSorted((a, b) => best(b.name) - best(a.name));
  const kept = new Set<string>();
  let columns = 0;
  for (const code of ranked) {
    // Where no split was worth it, nothing is known of any feature, and all stay.
    if (best(code.name) < leastShare && columns >= FEWEST_COLUMNS && best(ranked[0]!.name) > 0) break;
    kept.add(code.name);
    columns += columnNames([code]).length;
  }
  const names = features.map(({ name }) => name);
  return {
    screens,
    leastShare,
    kept: names.filter((name) => kept.has(name)),
    dropped: names.filter((name) => !kept.has(name)),
    suspects: suspects(names, screens, spread),
  };
}

function suspects(names: readonly string[], screens: readonly Screen[], spread: number): Suspect[] {
  // Of the variance that the screen explains on rows it was not fitted to, the feature's part.
  const carried = ({ share, explained }: Suspect) => share * explained;
  return names
    .flatMap((feature): Suspect[] => {
      const [worst] = screens
        .map(({ name: screen, rmse, shares }) => ({
          feature,
          screen,
          share: shares[feature] ?? 0,
          explained: Math.max(0, 1 - (rmse / spread) ** 2),
        }))
        .sort((a, b) => carried(b) - carried(a));
      return worst && carried(worst) > LEAK ? [worst] : [];
    })
    .sort((a, b) => carried(b) - carried(a));
}

/** Why a feature is suspected, in one clause. */
export function describeSuspect({ feature, screen, share, explained }: Suspect): string {
  return `${feature} carries ${percent(share)} of the gain of the ${screen} screen, which explains ${percent(explained)} of the variance of stays`;
}

/** What was dropped, in one sentence. */
export function describeSelection({ screens, kept, dropped, leastShare }: Selection): string {
  if (screens.every(({ shares }) => Object.values(shares).every((share) => share === 0)))
    return `neither screen found a split worth making, so all ${kept.length} features stay`;
  const threshold = `${(leastShare * 100).toLocaleString('en-US')} % of the gain`;
  return dropped.length === 0
    ? `all ${kept.length} features carry at least ${threshold} in a screen`
    : `${dropped.length} of ${kept.length + dropped.length} features dropped, each below ${threshold} in both screens: ${dropped.join(', ')}`;
}

/** The features' shares, the strongest first, for mails and the model card. */
export function selectionTable({ screens, kept, dropped }: Selection): Table {
  const shares = (name: string) => screens.map((screen) => screen.shares[name] ?? 0);
  return {
    title: 'Features by their share of the gain in the screens',
    columns: [
      'Feature',
      ...screens.map(({ name }) => `${name[0]!.toUpperCase()}${name.slice(1)} screen`),
      'Used',
    ],
    rows: [...kept, ...dropped]
      .sort((a, b) => Math.max(...shares(b)) - Math.max(...shares(a)))
      .map((name) => [
        name,
        ...shares(name).map((share) => percent(share, 2)),
        kept.includes(name) ? 'yes' : 'dropped',
      ]),
  };
}

function percent(share: number, decimals = 1): string {
  return `${(share * 100).toFixed(decimals)} %`;
}
