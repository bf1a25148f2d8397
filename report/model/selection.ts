import type { Table } from '../../deploy/mail/events.js';
import { describeSuspect as describePermuted, type Selection } from '../../procedures/fitting/selection.js';
import { percent } from '../../procedures/ground/percent.js';

/** How versions up to November 2026 chose: by the share of the gain in two screens. */
interface GainSelection {
  readonly screens: readonly { readonly name: string; readonly shares: Readonly<Record<string, number>> }[];
  readonly leastShare: number;
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
  readonly suspects: readonly GainSuspect[];
}

interface GainSuspect {
  readonly feature: string;
  readonly screen: string;
  readonly share: number;
  readonly explained: number;
}

/** What the lineage of a version says of the choice of its features, whenever that was made. */
export type KnownSelection = Selection | GainSelection;

/** Why a feature is suspected, in one clause. */
export function describeSuspect(suspect: KnownSelection['suspects'][number]): string {
  const { feature, share, explained } = suspect;
  if ('screen' in suspect)
    return `${feature} carries ${percent(share)} of the gain of the ${suspect.screen} screen, which explains ${percent(explained)} of the variance of stays`;
  return describePermuted(suspect);
}

/** How features were weighed, in one sentence. */
export function describeWeighing(selection: KnownSelection): string {
  return 'screens' in selection
    ? 'A decision tree and a small boosted model were trained first; what each feature gained in them was read from their artifacts.'
    : 'A small boosted model was trained first, and predicted validation rows once as they are and once with each feature permuted; what that cost is the feature’s share.';
}

/** What was dropped, in one sentence. */
export function describeSelection(selection: KnownSelection): string {
  const { kept, dropped, leastShare } = selection;
  const all = kept.length + dropped.length;
  if (bestShares(selection).every(([, share]) => share === 0))
    return `nothing told one feature from another, so all ${all} stay`;
  const threshold = `${(leastShare * 100).toLocaleString('en-US')} % of ${'screens' in selection ? 'the gain' : 'what permuting all features costs'}`;
  return dropped.length === 0
    ? `all ${all} features have at least ${threshold}`
    : `${dropped.length} of ${all} features dropped, each below ${threshold}: ${dropped.join(', ')}`;
}

/** The features' shares, the strongest first, for mails and the model card. */
export function selectionTable(selection: KnownSelection): Table {
  return {
    title:
      'screens' in selection
        ? 'Features by their share of the gain in the screens'
        : 'Features by their share of what permuting them costs',
    columns: ['Feature', 'Share', 'Used'],
    rows: bestShares(selection)
      .sort(([, a], [, b]) => b - a)
      .map(([name, share]) => [name, percent(share, 2), selection.kept.includes(name) ? 'yes' : 'dropped']),
  };
}

function bestShares(selection: KnownSelection): [string, number][] {
  const share = (name: string) =>
    'screens' in selection
      ? Math.max(...selection.screens.map(({ shares }) => shares[name] ?? 0))
      : (selection.shares[name] ?? 0);
  return [...selection.kept, ...selection.dropped].map((name) => [name, share(name)]);
}
