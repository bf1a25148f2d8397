import { count } from '../text/count.js';

/** A ward on a night: beds that are expected to be needed, and those that it has. */
export interface WardNeed {
  readonly unit: string;
  readonly needed: number;
  readonly capacity: number | null;
}

/** Beds that wards lack together. */
export interface Shortage {
  /** Over all wards that lack beds. */
  readonly short: number;
  readonly wards: number;
  /** Shortage for which no ward of the group has a bed: patients whom nothing places. */
  readonly beyond: number;
}

/** A ward that lacks less than half a bed lacks none. */
const LEAST = 0.5;

/**
 * Beds that wards lack, and what is left of that where wards of a group (`wardGroups` of the contract) take each other's patients.
 * A ward in no group has its own beds alone.
 */
export function shortage(needs: readonly WardNeed[], groups: readonly (readonly string[])[]): Shortage {
  const lacks = needs.flatMap(({ unit, needed, capacity }) =>
    capacity === null ? [] : [{ unit, lack: needed - capacity }],
  );
  const lacking = lacks.filter(({ lack }) => lack >= LEAST);
  const short = lacking.reduce((sum, { lack }) => sum + lack, 0);
  const placed = groups.map((group) => {
    const own = lacks.filter(({ unit }) => group.includes(unit));
    const free = own.reduce((sum, { lack }) => sum + Math.max(0, -lack), 0);
    const missing = own.reduce((sum, { lack }) => sum + (lack >= LEAST ? lack : 0), 0);
    return Math.min(free, missing);
  });
  return { short, wards: lacking.length, beyond: short - placed.reduce((sum, each) => sum + each, 0) };
}

/** The same in words, `5 short in 2 wards, 3 of them beyond what their groups have free`; undefined: no ward lacks a bed. */
export function shortageWords(
  needs: readonly WardNeed[],
  groups: readonly (readonly string[])[],
): string | undefined {
  const { short, wards, beyond } = shortage(needs, groups);
  if (wards === 0) return undefined;
  const words = `${Math.round(short)} short in ${count(wards, 'ward')}`;
  if (groups.length === 0) return words;
  return Math.round(beyond) === 0
    ? `${words}, for which wards of their groups have beds`
    : `${words}, ${Math.round(beyond)} of them beyond what their groups have free`;
}
