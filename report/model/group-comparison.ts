import { type Contract, isKnownOnAdmission } from '../../procedures/dataset/contract.js';
import {
  compareGroups,
  type Estimate,
  type Group,
  interval95,
  toleranceOf,
} from '../../procedures/equity/compare-groups.js';
import { findingSentences } from '../../procedures/equity/words.js';
import { percent } from '../../procedures/ground/percent.js';
import type { StatedTolerance } from '../../procedures/ground/plan.js';
import { groupsOf, type Measure } from '../../procedures/judging/measures.js';
import { daysInWords } from '../../procedures/publishing/rounding.js';
import type { Table } from '../mail/events.js';

/** Groups of a version compared, as its card shows them. */
export interface ShownComparison {
  readonly count: number;
  readonly pairs: number;
  /** How far off groups may be, in words. */
  readonly tolerance: string;
  readonly share: string;
  readonly sentences: readonly string[];
  readonly table: Table;
}

/**
 * Compares the groups of a version.
 * @param stated what the settings allow; undefined: a version of 0.8.0 or before
 * @returns undefined: the version was measured without what groups are compared by
 */
export function groupComparison(
  measures: readonly Measure[],
  contract: Contract,
  stated: StatedTolerance | undefined,
): ShownComparison | undefined {
  const measured = groupsOf(measures);
  if (measured === null || measured.groups.length === 0) return undefined;
  const tolerance = toleranceOf(stated);
  const compared = compareGroups(measured.all, measured.groups, tolerance);
  return {
    count: compared.groups,
    pairs: compared.pairs,
    tolerance: tolerance.bias === null ? '5 % of its mean stay' : `${tolerance.bias} days`,
    share: `${tolerance.coverage * 100} points`,
    sentences: findingSentences(compared, (groupedBy) => !isKnownOnAdmission(contract, groupedBy)),
    table: {
      title: 'Groups compared',
      columns: [
        'Group',
        'Stays',
        'Predicted less actual days',
        'In 80 %',
        'Gone by day 7, expected less actual',
        'Gone by day 14, expected less actual',
      ],
      rows: measured.groups.map((group) => [
        `${group.groupedBy} ${group.level}`,
        group.rows,
        ...figures(group),
      ]),
    },
  };
}

/** Figures of a group with as many digits as its stays allow (procedures/publishing/rounding.ts). */
function figures({ rows, bias, coverage, goneBy7, goneBy14 }: Group): string[] {
  const days = (value: number) => daysInWords(value, rows);
  const share = (value: number) => percent(value, Math.min(1, String(rows).length - 2));
  return [
    withInterval(bias, days),
    withInterval(coverage, share),
    ...[goneBy7, goneBy14].map((gone) => (gone === null ? '' : withInterval(gone, share))),
  ];
}

function withInterval(estimate: Estimate, text: (value: number) => string): string {
  const [low, high] = interval95(estimate);
  return `${text(estimate.mean)} (${text(low)} to ${text(high)})`;
}
