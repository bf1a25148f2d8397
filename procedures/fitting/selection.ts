import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import { columnNames } from '../../udfs/encoding/encoding.js';
import { LEAKS } from '../dataset/leak.js';
import { fromEntries, sortBy } from '../ground/lists.js';
import { percent } from '../ground/percent.js';
import type { Metric } from './candidates.js';

/** Which features a version is made of, and why. */
export interface Selection {
  readonly screen: Screen;
  /** A feature is dropped when its share of what permuting all of them costs is below this by more than its standard error. */
  readonly leastShare: number;
  /** With fewer features none is dropped; left out by versions of 0.3.0 and before, whose features were dropped whatever their number. */
  readonly fromFeatures?: number;
  /** Feature → its share. */
  readonly shares: Readonly<Record<string, number>>;
  readonly kept: readonly string[];
  readonly dropped: readonly string[];
  /** Features that reveal the stay, the worst first. A training with some ends; versions of release 0.1.0 may have them. */
  readonly suspects: readonly Suspect[];
}

/** The small model whose only purpose is to say which features it needs. */
export interface Screen {
  readonly job: string;
  /** Validation rows that were predicted, once as they are and once for each feature. */
  readonly rows: number;
  /** Share of the variance of their stays that it explains. */
  readonly explained: number;
}

/** A feature that explains more of the stays than what is known on admission does. */
export interface Suspect {
  readonly feature: string;
  readonly share: number;
  readonly explained: number;
}

/** The screen's error on rows as they are, and by feature with that feature permuted; all of one measure (errorOf). */
export interface PermutationErrors {
  readonly asIs: number;
  readonly permuted: Readonly<Record<string, number>>;
  /** Standard error of what permuting a feature costs. */
  readonly noise: Readonly<Record<string, number>>;
  /** Share of the variance of stays that the screen explains. */
  readonly explained: number;
}

/**
 * The error by which features are weighed, after the metric that chooses: absolute where distributions or medians do, squared
 * where means do. Of a prediction of days the CRPS is the absolute error (Gneiting, Raftery, "Strictly Proper Scoring Rules,
 * Prediction, and Estimation", JASA 2007, 4.2). Squared errors are those of a few long stays: among 2,000 validation rows
 * the cost of a feature that matters to most stays is lost in their noise.
 */
export function errorOf(metric: Metric): 'ABSOLUTE' | 'SQUARED' {
  return metric === 'rmse' ? 'SQUARED' : 'ABSOLUTE';
}

/**
 * Sixty shallow trees, each on what the others left over, see what matters. They leave out no rows or columns by chance and
 * take no hyperparameters from the settings: the same rows give the same shares.
 */
export const SCREEN_HYPERPARAMETERS: Readonly<Record<string, string>> = {
  objective: 'reg:squarederror',
  eval_metric: 'rmse',
  tree_method: 'hist',
  min_child_weight: '20',
  seed: '42',
  num_round: '60',
  eta: '0.2',
  max_depth: '5',
};

/** Training rows that the screen is fitted to; more would not change what it needs. */
export const SCREEN_TRAIN_ROWS = 50_000;
/** Lines that it predicts at most, but no fewer than so many rows. */
const SCREEN_LINES = 60_000;
const FEWEST_SCREEN_ROWS = 1000;

/** Rows that are permuted, for so many features. */
export function screenRows(validationRows: number, features: number): number {
  return Math.min(validationRows, Math.max(FEWEST_SCREEN_ROWS, Math.floor(SCREEN_LINES / (features + 1))));
}

/** The endpoint's container cannot tell the delimiter of a CSV with a single column. */
const FEWEST_COLUMNS = 2;

/** When features are left out. */
export interface SelectionRule {
  /** Share of what permuting all of them costs. */
  readonly leastShare: number;
  /** With fewer features all stay; left out: however many there are. */
  readonly fromFeatures?: number;
}

/**
 * Leaves out what the screen does not need: features that cost nothing when their values are exchanged between rows (Breiman,
 * "Random Forests", 2001, 10; gains, the alternative, favour features with many levels: Strobl et al., BMC
 * Bioinformatics 2007, and no procedure can read them from a model file).
 *
 * That takes evidence: the screen is small, and on a thousand rows a feature that matters may cost nothing by chance. So its cost and the
 * standard error of that must be below the least share together. Boosted trees lose next to nothing by a few features of no use
 * (bench/notes/curve.md), so where there are not many, all stay, and the screen only looks for leaks.
 */
export function selectFeatures(
  features: readonly FeatureCode[],
  errors: PermutationErrors,
  { leastShare, fromFeatures = 0 }: SelectionRule,
  screen: Pick<Screen, 'job' | 'rows'>,
  known: (feature: string) => boolean = () => false,
): Selection {
  const cost = (name: string) => Math.max(0, (errors.permuted[name] as number) - errors.asIs);
  const names = features.map(({ name }) => name);
  const all = names.reduce((sum, name) => sum + cost(name), 0);
  const shares = fromEntries(
    names.map((name): [string, number] => [name, all > 0 ? Math.round((cost(name) / all) * 1e6) / 1e6 : 0]),
  );
  const share = (name: string) => shares[name] as number;
  /** The most that a feature may be worth. */
  const upperShare = (name: string) => (all > 0 ? (cost(name) + (errors.noise[name] as number)) / all : 0);
  const kept = new Set<string>();
  let columns = 0;
  for (const code of sortBy(features, (a, b) => upperShare(b.name) - upperShare(a.name))) {
    // Where nothing costs anything, nothing is known of any feature, and all stay.
    const stays = features.length < fromFeatures || all === 0 || columns < FEWEST_COLUMNS;
    if (upperShare(code.name) < leastShare && !stays) break;
    kept.add(code.name);
    columns += columnNames([code]).length;
  }
  const explained = Math.max(0, errors.explained);
  return {
    screen: { job: screen.job, rows: screen.rows, explained: Math.round(explained * 1e4) / 1e4 },
    leastShare,
    fromFeatures,
    shares,
    kept: names.filter((name) => kept.has(name)),
    dropped: names.filter((name) => !kept.has(name)),
    suspects: suspectsAmong(
      names.filter((name) => !known(name)).map((feature) => ({ feature, share: share(feature), explained })),
    ),
  };
}

/** A feature of a smaller share is not what makes a model too good. */
const LEAST_SUSPECT = 0.1;

/** Those that tell too much by themselves; where none does, those that do together. */
function suspectsAmong(unknown: readonly Suspect[]): Suspect[] {
  const ranked = sortBy(unknown, (a, b) => b.share - a.share);
  const alone = ranked.filter(({ share, explained }) => share * explained >= LEAKS.days);
  if (alone.length > 0) return alone;
  const together = ranked.reduce((sum, { share, explained }) => sum + share * explained, 0);
  return together >= LEAKS.together ? ranked.filter(({ share }) => share >= LEAST_SUSPECT) : [];
}

/** Why a feature is suspected, in one clause. */
export function describeSuspect({ feature, share, explained }: Suspect): string {
  return `permuting ${feature} has ${percent(share)} of what permuting all features costs a model that explains ${percent(explained)} of the variance of stays`;
}
