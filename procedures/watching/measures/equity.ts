import { compareGroups, type Group, isStated, toleranceOf } from '../../equity/compare-groups.js';
import { findingWords } from '../../equity/words.js';
import { flatMap } from '../../ground/lists.js';
import { qualify } from '../../ground/names.js';
import type { StatedTolerance } from '../../ground/plan.js';
import { queryFirst, type Work } from '../../ground/work.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Compared, Performance } from './performance.js';

/** Tells whether the settings state anything that monitoring holds groups to. */
export function holdsGroups(stated: StatedTolerance | undefined): stated is StatedTolerance {
  return stated !== undefined && (stated.bias !== null || stated.coverage !== null);
}

/** Columns of sql/watching/performance.sql that groups are compared by; stays count as those of different patients, as nearly all of four weeks are. */
export function noiseSql(bound: number): string {
  const error = 'x.PREDICTED - x.STAY';
  const mean = (value: string) => `SUM(x.WEIGHT * (${value})) / SUM(x.WEIGHT)`;
  const noise = (value: string) => {
    const squares = `SUM(POWER(x.WEIGHT * (${value}), 2)) - 2 * ${mean(value)} * SUM(x.WEIGHT * x.WEIGHT * (${value}))`;
    return `SQRT(GREATEST(0, ${squares} + POWER(${mean(value)}, 2) * SUM(x.WEIGHT * x.WEIGHT))) / SUM(x.WEIGHT)`;
  };
  const bounded = `LEAST(GREATEST(${error}, -${bound}), ${bound})`;
  const inside = 'IFF(x.STAY BETWEEN x.LOW_LOS AND x.HIGH_LOS, 1, IFF(x.STAY IS NULL, NULL, 0))';
  return `,
  ${noise(error)} AS BIAS_ERROR, ${mean(bounded)} AS BOUNDED_BIAS, ${noise(bounded)} AS BOUNDED_BIAS_ERROR,
  ${noise(inside)} AS COVERAGE_80_ERROR, SUM(x.WEIGHT * x.STAY) / SUM(x.WEIGHT) AS MEAN_STAY`;
}

/** The grouping whose only level are all stays of four weeks: weeks by themselves are not yet known as long as groups are. */
export const EVERYBODY = 'everybody';

/** Days of which the first admissions of a window of four weeks can show a stay at its end, and weeks by which it may lie back. */
const SHOWN_DAYS = 27;
const MOST_WEEKS_BACK = 14;

/**
 * How many weeks back the four weeks end by which groups are judged: as few as it takes for 95 % of stays to be known.
 * @param longest days in which 95 % of the version's holdout had left
 * @returns null: even stays of four months are not
 * @example
 * weeksBack(12); // 0
 * weeksBack(40); // 2
 */
export function weeksBack(longest: number): number | null {
  const weeks = Math.max(0, Math.ceil((longest - SHOWN_DAYS) / 7));
  return weeks <= MOST_WEEKS_BACK ? weeks : null;
}

/** The same of a version, by its holdout; null also where nothing is stated. @param notes takes what a reader has to know */
export function* weeksBackOf(
  { place, settings }: WatchPlan,
  version: string,
  notes: string[],
): Work<number | null> {
  if (!holdsGroups(settings.equity)) return null;
  const row = yield* queryFirst(
    `SELECT PERCENTILE_CONT(0.95) WITHIN GROUP (ORDER BY LOS) AS DAYS FROM ${qualify(place, 'LOS_EVALUATION')} WHERE VERSION = ? AND SIDE = 'holdout'`,
    [version],
  );
  const weeks = weeksBack(Number(row?.DAYS));
  if (weeks === null)
    notes.push('Groups are not held to training.equity: one stay in twenty lasts for more than four months.');
  return weeks;
}

/** Signs of groups that were off by more than is stated, in the four weeks by which they are judged. */
export function equitySigns(stated: StatedTolerance | undefined, found: readonly Performance[]): Sign[] {
  if (!holdsGroups(stated)) return [];
  const months = flatMap(found, (one) =>
    one.compared ? [{ ...groupOf(one, one.compared), fromDay: one.fromDay }] : [],
  );
  const all = months.find(({ groupedBy }) => groupedBy === EVERYBODY);
  if (all === undefined) return [];
  const { fromDay } = all;
  const groups = months.filter(
    (one) => one.fromDay === fromDay && one.groupedBy !== EVERYBODY && one.groupedBy !== 'all',
  );
  return compareGroups(all, groups, toleranceOf(stated))
    .findings.filter((finding) => isStated(stated, finding))
    .map((finding) => ({
      kind: 'groups',
      subject: `${finding.kind} of ${finding.groupedBy} ${finding.level}${finding.other ? ` and ${finding.other}` : ''}`,
      severity: 'warning',
      message: `${findingWords(finding)}: more than training.equity allows, and beyond chance, over the admissions of four weeks from ${fromDay} on, the last of which 95 % of stays are known.`,
      lookAt: 'groups',
    }));
}

function groupOf({ groupedBy, level, rows, ended }: Performance, compared: Compared): Group {
  return {
    ...{ groupedBy, level, rows, admissions: rows, effectiveRows: ended },
    ...{ ...compared, goneBy7: null, goneBy14: null },
  };
}
