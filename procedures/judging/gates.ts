import { type Contract, isKnownOnAdmission } from '../dataset/contract.js';
import { compareGroups, isStated, toleranceOf } from '../equity/compare-groups.js';
import { findingWords } from '../equity/words.js';
import { flatMap } from '../ground/lists.js';
import { percent } from '../ground/percent.js';
import type { StatedTolerance } from '../ground/plan.js';
import type { StayMetrics } from '../mornings/judging.js';
import { daysInWords } from '../publishing/rounding.js';
import type { Comparison } from './compare.js';
import { groupsOf, isOfThePrediction, type Measure } from './measures.js';
import type { Metrics, Refit } from './metrics.js';
import type { Gain, Newest } from './newest.js';

/** One condition for promotion. */
export interface Gate {
  readonly name: string;
  readonly passed: boolean;
  /** Finding in figures. */
  readonly finding: string;
}

/** Groups below this size are too noisy to stop a promotion. */
const GROUP_ROWS = 200;
/** Share by which a group's RMSE and CRPS may exceed the champion's, beside its noise. */
const WORSE = 0.05;
const LEAST_GROUP_COVERAGE = 0.74;

/** Evidence that a version is judged by. */
export interface Evidence {
  readonly metrics: Metrics;
  readonly measures: readonly Measure[];
  /** The version against the champion of today; null when there is none or it is of another dataset. */
  readonly comparison: Comparison | null;
  /** The same on the newest admissions; null where they do not say enough, a text where the champion could not be asked about them. */
  readonly newest: Newest | string | null;
  readonly chooseBy: 'crps' | 'rmse' | 'mae';
  /** Tolerance that the settings state of groups; left out: nothing. */
  readonly equity?: StatedTolerance | undefined;
  /** Why a champion that there is was left out of account, as a sentence. */
  readonly alone?: string | undefined;
}

/** The gate that a version passes without the champion, as that does not answer. */
export const ON_ITS_OWN = 'a champion to be compared with';

/** The gate that a person passes a version through by a reason alone. */
export const EQUITY = 'groups within the stated tolerance';

/** Judges a version for promotion. Every gate allows for the noise of a holdout of that size. */
export function judge(contract: Contract, evidence: Evidence): Gate[] {
  const { metrics, measures, comparison, chooseBy, alone, equity } = evidence;
  return [
    ...(alone === undefined ? [] : [{ name: ON_ITS_OWN, passed: true, finding: alone }]),
    ...(comparison ? championGates(comparison, chooseBy) : [beatsConstant(metrics, chooseBy)]),
    covers(0.8, 0.02, metrics, 'coverage', comparison === null),
    covers(0.95, 0.01, metrics, 'coverage95', comparison === null),
    coversGroups(contract, measures),
    ...(equity && (equity.bias !== null || equity.coverage !== null)
      ? [holdsGroups(contract, measures, equity)]
      : []),
    ...(metrics.stay && metrics.stay.from !== null ? [coversDays(metrics.stay)] : []),
    ...(metrics.refit ? [answersLikeJudge(metrics.refit)] : []),
    ...(comparison
      ? [noGroupWorse(measures, comparison.b.version), holdsForNewest(evidence.newest, comparison.b.version)]
      : []),
  ];
}

/**
 * Better beyond noise by what the settings choose by, and not worse beyond noise otherwise: a better distribution must not
 * come with worse means, nor better means with a worse distribution.
 */
function championGates(comparison: Comparison, chooseBy: Evidence['chooseBy']): Gate[] {
  const { a, b, rows } = comparison;
  const days = (value: number) => daysInWords(value, rows);
  const other = chooseBy === 'crps' ? 'rmse' : 'crps';
  const gainBy = (error: Evidence['chooseBy']) => {
    const gain = comparison[`${error}Gain`];
    const [low, high] = gain.confidence;
    const finding = `${error.toUpperCase()} ${days(a[error])}, ${b.version} has ${days(b[error])} on the same ${rows} rows: ${days(gain.days)} days gained (95 % confidence: ${days(low)} to ${days(high)})`;
    return { low, high, finding };
  };
  const [decisive, otherwise] = [gainBy(chooseBy), gainBy(other)];
  return [
    { name: 'better than the champion', passed: decisive.low > 0, finding: decisive.finding },
    {
      name: `not significantly worse by ${other.toUpperCase()}`,
      passed: otherwise.high >= 0,
      finding: otherwise.finding,
    },
  ];
}

function beatsConstant(metrics: Metrics, chooseBy: Evidence['chooseBy']): Gate {
  const error = chooseBy === 'mae' ? 'mae' : 'rmse';
  const constant = error === 'rmse' ? metrics.meanRmse : metrics.medianMae;
  const high = metrics.confidence[error]?.[1] ?? Number.NaN;
  const { crps, noFeaturesCrps } = metrics;
  const days = (value: number) => daysInWords(value, metrics.rows);
  const scored = chooseBy === 'crps';
  return {
    name: `better than predicting the ${error === 'rmse' ? 'mean' : 'median'}`,
    passed: metrics[error] < constant && (!scored || crps < noFeaturesCrps),
    finding: `${error.toUpperCase()} ${days(metrics[error])} (up to ${days(high)} at 95 % confidence) against ${days(constant)}${scored ? `, CRPS ${days(crps)} against ${days(noFeaturesCrps)} of all training stays for everybody` : ''}`,
  };
}

/** By how much a refit's bed-days may differ from those of the model that was judged, beside noise: it knows newer months. */
const OTHER_DAYS = 0.25;

/**
 * Checks the refit. What serves was fitted once more, after all that was chosen, calibrated and judged on another fit: a job that went wrong shows here. On
 * rows that it has learned from it is no worse than that, and it predicts about as many days.
 */
function answersLikeJudge({ rows, bedDays, crps, judgeCrps }: Refit): Gate {
  const noise = 1 / Math.sqrt(rows);
  return {
    name: 'the refit answers like the model that was judged',
    passed: crps <= judgeCrps * (1 + noise) && Math.abs(bedDays - 1) <= OTHER_DAYS + noise,
    finding: `on ${rows} holdout stays, which it has learned from, it predicts ${percent(bedDays)} of the bed-days that were predicted before it, CRPS ${daysInWords(crps, rows)} (before ${daysInWords(judgeCrps, rows)})`,
  };
}

/**
 * The holdout is as noisy as its bootstrap interval says, and the intervals as the rows they were taken from.
 * @param isFirst whether no champion answers: intervals that are too wide tell patients less than they could, but keep what they
 *   promise, and without the version there are none at all
 */
function covers(
  share: number,
  tolerance: number,
  metrics: Metrics,
  name: 'coverage' | 'coverage95',
  isFirst: boolean,
): Gate {
  const [low, high] = metrics.confidence[name] ?? [Number.NaN, Number.NaN];
  const allowed = tolerance + Math.sqrt((share * (1 - share)) / metrics.calibrationRows);
  const [least, most] = [share - allowed, share + allowed];
  const wide = isFirst && low > most ? '; wider than they need be, which keeps no first version away' : '';
  return {
    name: `${Math.round(share * 100)} % intervals cover as many`,
    passed: high >= least && (isFirst || low <= most),
    finding: `${percent(metrics[name])} of the holdout (95 % confidence: ${percent(low)} to ${percent(high)}), wanted ${percent(least)} to ${percent(most)}${wide}`,
  };
}

/** Holds groups to what the settings state, also of a first version: a champion is no measure of it. */
function holdsGroups(contract: Contract, measures: readonly Measure[], stated: StatedTolerance): Gate {
  const measured = groupsOf(measures);
  if (measured === null)
    return {
      name: EQUITY,
      passed: false,
      finding: 'it was measured before groups were compared: train again',
    };
  const known = measured.groups.filter(({ groupedBy }) => isKnownOnAdmission(contract, groupedBy));
  const { findings, groups, pairs } = compareGroups(measured.all, known, toleranceOf(stated));
  const off = findings.filter((finding) => isStated(stated, finding));
  return {
    name: EQUITY,
    passed: off.length === 0,
    finding: off.length
      ? off.map(findingWords).join('; ')
      : `of ${groups} groups and ${pairs} pairs none is off beyond chance and by more than that`,
  };
}

function coversGroups(contract: Contract, measures: readonly Measure[]): Gate {
  const isInputGroup = (groupedBy: string) => groupedBy.split(' × ').every((name) => contract.features[name]);
  // Groups that are known only after admission cannot be allowed for by a prediction on admission.
  const low = flatMap(measures, ({ predictor, groupedBy, level, coverage, rows, effectiveRows }) =>
    predictor === 'model' &&
    isInputGroup(groupedBy) &&
    rows >= GROUP_ROWS &&
    coverage !== null &&
    coverage + 2 * Math.sqrt(0.16 / effectiveRows) < LEAST_GROUP_COVERAGE
      ? [`${groupedBy} ${level}: ${percent(coverage)} of ${rows}`]
      : [],
  );
  return {
    name: 'no group outside its 80 % intervals',
    passed: low.length === 0,
    finding: low.length
      ? low.join('; ')
      : `no group of ${GROUP_ROWS} rows or more is clearly below ${percent(LEAST_GROUP_COVERAGE)}`,
  };
}

/** The same of the model of stays that have begun, by day of stay. A stay has one morning a day, so mornings of a range of days are as many as stays, about. */
function coversDays({ days: ranges, from }: StayMetrics): Gate {
  const low = ranges.filter(
    ({ days: range, mornings, coverage }) =>
      Number.parseInt(range, 10) >= (from || 0) &&
      mornings >= GROUP_ROWS &&
      coverage + 2 * Math.sqrt(0.16 / mornings) < LEAST_GROUP_COVERAGE,
  );
  return {
    name: 'no day of stay outside its 80 % intervals',
    passed: low.length === 0,
    finding: low.length
      ? low
          .map(({ days: range, mornings, coverage }) => `day ${range}: ${percent(coverage)} of ${mornings}`)
          .join('; ')
      : `no range of days with ${GROUP_ROWS} mornings or more is clearly below ${percent(LEAST_GROUP_COVERAGE)}`,
  };
}

function noGroupWorse(measures: readonly Measure[], champion: string): Gate {
  const of = (predictor: string) => measures.filter((measure) => measure.predictor === predictor);
  const before = of(champion);
  const worse = flatMap(of('model'), (mine) => {
    const earlier = before.find((m) => m.groupedBy === mine.groupedBy && m.level === mine.level);
    if (!earlier || mine.rows < GROUP_ROWS || isOfThePrediction(mine.groupedBy)) return [];
    const allowed = 1 + WORSE + 1 / Math.sqrt(mine.effectiveRows);
    const findings = (error: string, own: number | null, before: number | null) =>
      own !== null && before !== null && own > before * allowed
        ? [
            `${mine.groupedBy} ${mine.level}: ${error} ${daysInWords(own, mine.rows)}, before ${daysInWords(before, mine.rows)}`,
          ]
        : [];
    return [...findings('RMSE', mine.rmse, earlier.rmse), ...findings('CRPS', mine.crps, earlier.crps)];
  });
  const finding = before.length
    ? `RMSE and CRPS of every group of ${GROUP_ROWS} rows or more is within 5 % and its noise of ${champion}`
    : `${champion} was not champion when this version was measured, so groups were not compared`;
  return {
    name: 'no group much worse than before',
    passed: worse.length === 0,
    finding: worse.join('; ') || finding,
  };
}

/** Checks the newest days, as what was learnt may have been passing: the latest must not differ significantly from the holdout. */
function holdsForNewest(newest: Evidence['newest'], champion: string): Gate {
  const name = 'better for the newest admissions too';
  if (newest === null)
    return { name, passed: true, finding: 'too few have come of whom both could be asked' };
  if (typeof newest === 'string') return { name, passed: true, finding: newest };
  const { gain, late, rows } = newest;
  const gainText = (of: Gain) => `${daysInWords(of.days, rows)} ± ${daysInWords(of.noise, rows)}`;
  return {
    name,
    passed: gain.days > 0 && (late === null || late.days > -late.noise),
    finding: `against ${champion} the score so far of ${rows} admissions of the last ${newest.days} days is smaller by ${gainText(gain)} days${late === null ? '' : `, of the last ${newest.lateDays} days by ${gainText(late)}`}`,
  };
}
