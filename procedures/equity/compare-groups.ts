import { flatMap } from '../ground/lists.js';
import type { StatedTolerance } from '../ground/plan.js';
import { normalTail } from '../statistics/tests.js';

/** A mean over the stays of a group, and its standard error, which allows for patients with several stays. */
export interface Estimate {
  readonly mean: number;
  readonly error: number;
}

/** A group of stays, and how the predictions of a version turned out. */
export interface Group {
  /** `all`, or the contract's columns joined by ×. */
  readonly groupedBy: string;
  readonly level: string;
  readonly rows: number;
  /** Admissions that the rows stand for, and how many rows of equal weight would say as much. */
  readonly admissions: number;
  readonly effectiveRows: number;
  /** In days. */
  readonly meanStay: number;
  /** Prediction less stay, in days. */
  readonly bias: Estimate;
  /**
   * The same, where an error larger than the RMSE of all stays counts as that (Huber, Annals of Mathematical Statistics 35, 1964, 73). A few
   * long stays rule the mean of errors; without them a bias of many stays shows with half as many.
   */
  readonly bounded: Estimate;
  /** Share in the 80 % interval. */
  readonly coverage: Estimate;
  /** Share that curves expect to be gone by the end of day 7, and of day 14, less the share that was; null: not measured. */
  readonly goneBy7: Estimate | null;
  readonly goneBy14: Estimate | null;
}

/** How far off a group may be. */
export interface Tolerance {
  /** Days of bias; null: a twentieth of the group's mean stay. */
  readonly bias: number | null;
  /** Share by which coverage may differ from 80 %, and an expected share of discharges from the actual one. */
  readonly coverage: number;
}

/** What groups are held against where the settings state none. */
export const UNSTATED: Tolerance = { bias: null, coverage: 0.05 };

/** What the settings state, and in place of what they do not state the usual. */
export function toleranceOf(stated: StatedTolerance | undefined): Tolerance {
  return {
    bias: stated ? stated.bias : UNSTATED.bias,
    coverage: stated && stated.coverage !== null ? stated.coverage : UNSTATED.coverage,
  };
}

/** Findings by which a stated tolerance refuses a version: of what it states. */
export function isStated({ bias, coverage }: StatedTolerance, { kind }: Pick<Finding, 'kind'>): boolean {
  return (kind === 'bias' || kind === 'pair' ? bias : coverage) !== null;
}

const RELATIVE_BIAS = 0.05;

/** Groups of fewer effective rows are not compared: they could show nothing but the coarsest bias. */
const FEWEST_ROWS = 100;

/** Chance that anything is found where nothing is, over all comparisons of a version. */
const CHANCE = 0.02;
/** Parts of it. Bias gets most: coverage is far less noisy, and pairs repeat what groups say. */
const PARTS = { bias: 0.8, coverage: 0.1, pair: 0.1 } as const;
/** Two-sided 95 %. */
const Z95 = 1.959963984540054;
/** What an 80 % interval covers. */
const COVERED = 0.8;

/** What a finding is about; `pair`: the biases of two groups differ. */
export type FindingKind = 'bias' | 'coverage' | 'day 7' | 'day 14' | 'pair';

/** A group, or a pair, that is off beyond chance and by more than the tolerance. */
export interface Finding extends Pick<Group, 'groupedBy' | 'level' | 'rows'> {
  readonly kind: FindingKind;
  /** The second group of a pair. */
  readonly other?: string;
  /** Days of bias (of a pair: by which the first has more), the coverage, or expected less actual share of discharges. */
  readonly value: number;
  /** How likely so much is by chance in any of all comparisons. */
  readonly p: number;
}

/** How groups compare. */
export interface GroupComparison {
  readonly findings: readonly Finding[];
  /** Groups of too few patients to tell: neither found nor, with 95 % confidence, within the tolerance. */
  readonly unclear: readonly Group[];
  /** How many groups and pairs were compared. */
  readonly groups: number;
  readonly pairs: number;
}

/** The 95 % interval of an estimate. */
export function interval95({ mean, error }: Estimate): readonly [low: number, high: number] {
  return [mean - Z95 * error, mean + Z95 * error];
}

/** Days of bias that a group may have. */
export function biasAllowed({ bias }: Tolerance, { meanStay }: Pick<Group, 'meanStay'>): number {
  return bias === null ? RELATIVE_BIAS * meanStay : bias;
}

/**
 * Compares how predictions turned out between groups of stays. A group is found where it is off by more than the tolerance,
 * and otherwise than all others beyond chance: what all share is no matter of groups. The chance of a finding is shared out by the square root of rows, so that
 * what concerns more patients is found sooner (weighted Bonferroni; Genovese, Roeder, Wasserman, Biometrika 93, 2006, 509).
 * @param all everybody
 * @param groups of all groupings; of pairs only those of one column are compared
 * @example
 * compareGroups(all, groups, { bias: 0.5, coverage: 0.05 }).findings;
 */
export function compareGroups(all: Group, groups: readonly Group[], tolerance: Tolerance): GroupComparison {
  const compared = groups.filter(({ effectiveRows }) => effectiveRows >= FEWEST_ROWS);
  // What a comparison with all others is worth.
  const root = ({ effectiveRows, admissions }: Group) =>
    Math.sqrt(effectiveRows * Math.max(0, 1 - admissions / all.admissions));
  const roots = compared.reduce((sum, group) => sum + root(group), 0);
  const findings = flatMap(compared, (group) => groupFindings(all, group, tolerance, root(group) / roots));
  const isFound = ({ groupedBy, level }: Group) =>
    findings.some((one) => one.groupedBy === groupedBy && one.level === level);
  const pairs = pairsOf(compared);
  const differences = flatMap(pairs, ([one, other]) =>
    isFound(one) || isFound(other) ? [] : pairFindings(one, other, tolerance, 1 / pairs.length),
  );
  const isWithin = (group: Group) =>
    interval95(group.bias).every((end) => Math.abs(end) <= biasAllowed(tolerance, group));
  return {
    findings: findings.concat(differences),
    unclear: groups.filter((group) => !isFound(group) && !isWithin(group)),
    groups: compared.length,
    pairs: pairs.length,
  };
}

type Measured = 'bounded' | 'coverage' | 'goneBy7' | 'goneBy14';

/** The chance of such a difference in any of all comparisons, of which this one has a part. */
function chanceOf({ mean, error }: Estimate, part: number): number {
  return error > 0 ? Math.min(1, normalTail(mean / error) / part) : 1;
}

/** By how much a group is off otherwise than all others. */
function differenceFromOthers(all: Group, group: Group, measured: Measured): Estimate {
  const [whole, part] = [all[measured], group[measured]];
  const weight = all.admissions - group.admissions;
  if (!whole || !part || !(weight > 0)) return { mean: 0, error: 0 };
  const variance = (whole.error * all.admissions) ** 2 - (part.error * group.admissions) ** 2;
  const others = (whole.mean * all.admissions - part.mean * group.admissions) / weight;
  return {
    mean: part.mean - others,
    error: Math.sqrt(part.error ** 2 + Math.max(0, variance) / weight ** 2),
  };
}

/** Whether a group is off by more than is allowed, with 95 % confidence that it is at all, and in the direction in which it differs from others. */
function isOff({ mean, error }: Estimate, right: number, allowed: number, difference: number): boolean {
  const off = mean - right;
  return Math.abs(off) > Math.max(allowed, Z95 * error) && off * difference > 0;
}

/** @param share of the chance that this group has among all */
function groupFindings(all: Group, group: Group, tolerance: Tolerance, share: number): Finding[] {
  const { groupedBy, level, rows } = group;
  const finding = (kind: FindingKind, { mean }: Estimate, p: number): Finding[] =>
    p <= CHANCE ? [{ kind, groupedBy, level, rows, value: mean, p }] : [];
  const moved = differenceFromOthers(all, group, 'bounded');
  const p = chanceOf(moved, PARTS.bias * share);
  const missed = differenceFromOthers(all, group, 'coverage');
  const isBiased = isOff(group.bias, 0, biasAllowed(tolerance, group), moved.mean);
  const isMissed = isOff(group.coverage, COVERED, tolerance.coverage, missed.mean);
  // Parts of the same curves: they are looked at where these are off as a whole, which takes no chance of its own.
  const dischargeFinding = (kind: FindingKind, measured: 'goneBy7' | 'goneBy14') => {
    const gone = group[measured];
    const { mean } = differenceFromOthers(all, group, measured);
    return gone !== null && isOff(gone, 0, tolerance.coverage, mean) ? finding(kind, gone, p) : [];
  };
  return [
    ...(isBiased ? finding('bias', group.bias, p) : []),
    ...(isMissed ? finding('coverage', group.coverage, chanceOf(missed, PARTS.coverage * share)) : []),
    ...dischargeFinding('day 7', 'goneBy7'),
    ...dischargeFinding('day 14', 'goneBy14'),
  ];
}

function pairsOf(groups: readonly Group[]): (readonly [Group, Group])[] {
  return flatMap(groups, (one, i) =>
    groups
      .slice(i + 1)
      .filter(({ groupedBy }) => groupedBy === one.groupedBy && groupedBy.indexOf(' × ') < 0)
      .map((other) => [one, other] as const),
  );
}

/** A patient's stays in both groups count as those of two, which makes the difference look less certain than it is. */
function pairFindings(one: Group, other: Group, tolerance: Tolerance, share: number): Finding[] {
  const difference = (measured: 'bounded' | 'bias'): Estimate => ({
    mean: one[measured].mean - other[measured].mean,
    error: Math.sqrt(one[measured].error ** 2 + other[measured].error ** 2),
  });
  const moved = difference('bounded');
  const p = chanceOf(moved, PARTS.pair * share);
  const bias = difference('bias');
  const allowed = Math.max(biasAllowed(tolerance, one), biasAllowed(tolerance, other));
  if (p > CHANCE || !isOff(bias, 0, allowed, moved.mean)) return [];
  const { groupedBy, level } = one;
  return [
    { kind: 'pair', groupedBy, level, other: other.level, rows: one.rows + other.rows, value: bias.mean, p },
  ];
}
