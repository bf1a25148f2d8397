import { compareGroups, type Group, isStated, toleranceOf } from '../../equity/compare-groups.js';
import { findingWords } from '../../equity/words.js';
import { flatMap } from '../../ground/lists.js';
import type { StatedTolerance } from '../../ground/plan.js';
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

/** Signs of groups that were off in the last four weeks by more than is stated. */
export function equitySigns(stated: StatedTolerance | undefined, found: readonly Performance[]): Sign[] {
  if (!holdsGroups(stated)) return [];
  const months = flatMap(found, (one) => (one.compared ? [groupOf(one, one.compared)] : []));
  const all = months.find(({ groupedBy }) => groupedBy === EVERYBODY);
  if (all === undefined) return [];
  const groups = months.filter(({ groupedBy }) => groupedBy !== EVERYBODY && groupedBy !== 'all');
  return compareGroups(all, groups, toleranceOf(stated))
    .findings.filter((finding) => isStated(stated, finding))
    .map((finding) => ({
      kind: 'groups',
      subject: `${finding.kind} of ${finding.groupedBy} ${finding.level}${finding.other ? ` and ${finding.other}` : ''}`,
      severity: 'warning',
      message: `${findingWords(finding)}: more than training.equity allows, and beyond chance, over the admissions of the last four weeks.`,
      lookAt: 'groups',
    }));
}

function groupOf({ groupedBy, level, rows, ended }: Performance, compared: Compared): Group {
  return {
    ...{ groupedBy, level, rows, admissions: rows, effectiveRows: ended },
    ...{ ...compared, goneBy7: null, goneBy14: null },
  };
}
