import { checks } from '../../../doctor/hops/checks.js';
import type { Case } from './cases.js';

/** Everything that a check needs, directly or through others. */
function needsOf(name: string): Set<string> {
  const direct = checks.find((check) => check.name === name)?.needs ?? [];
  return new Set(direct.flatMap((need) => [need, ...needsOf(need)]));
}

/** Whether the doctor finds both when both are broken: neither stands in the other's shadow. */
function together(a: Case, b: Case): boolean {
  return (
    !(a.alone || b.alone || a.mend || b.mend) &&
    a.check !== b.check &&
    !needsOf(a.check).has(b.check) &&
    !needsOf(b.check).has(a.check)
  );
}

/** Cases that are broken at the same time, so that one look and one apply do for all of them. */
export function grouped(cases: readonly Case[]): Case[][] {
  const groups: Case[][] = [];
  for (const one of cases) {
    const group = groups.find((members) => members.every((member) => together(member, one)));
    if (group) group.push(one);
    else groups.push([one]);
  }
  return groups;
}

/** The check of a group that comes first on the way from SQL to the model. */
export function firstOf(group: readonly Case[]): string | undefined {
  return checks.find(({ name }) => group.some(({ check }) => check === name))?.name;
}
