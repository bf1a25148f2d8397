import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { execute, query, queryFirst, type Work } from '../ground/work.js';
import type { Grouping } from './groupings.js';
import type { OwnValues } from './measure.js';

/** A table is given up where more than this share of the stays would count among its small groups. */
const MOST_SMALL = 0.1;
const FIRST_STAYS = 'COUNT_IF(IS_FIRST)';
const PATIENTS = 'COUNT(DISTINCT PATIENT)';

export interface CheckedGrouping extends Grouping {
  /** Left out of everything where it is given up. */
  readonly optional: boolean;
}

/** A group of the grouping at this place, without what is set aside. */
export interface Group {
  readonly PLACE: number;
  readonly GROUPED: number;
  readonly N: number;
  readonly PATIENTS: number;
}

/** Fills in sql/exploring/small-groups.sql. */
type Text = (values: OwnValues<'small-groups'>) => string;

export interface SetAside {
  /** Places of the groupings that are given up. */
  readonly givenUp: readonly number[];
  /** Stays that are set aside. */
  readonly small: number;
  /** Rest in each group; patients may be known as "at least". */
  readonly groups: readonly Group[];
}

/**
 * Small-cell suppression for all tables at once. A stay that is in a group of fewer than ten patients in one table counts among the
 * small groups in every one: so all tables are about the same stays, and nothing that follows from two of them is about
 * fewer than ten patients. If those set aside are fewer than ten patients themselves, some of large groups join them, as
 * procedures/ground/small-groups.ts has it, or else the smallest other group.
 * Groups are counted once; from then on what is set aside, which is little, is counted and taken off.
 * @param stays the table, whose column SMALL this sets
 */
export function* markTooSmall(
  text: Text,
  stays: string,
  groupings: readonly CheckedGrouping[],
  all: number,
): Work<SetAside> {
  const ask = (places: readonly number[], patients: string, rows: (place: number) => string) =>
    countGroups(text, groupings, places, patients, rows);
  const givenUp: number[] = [];
  const every = groupings.map((_, place) => place);
  const whole = yield* ask(every, FIRST_STAYS, () => 'TRUE');
  let groups: readonly Group[] = whole;
  for (;;) {
    const places = every.filter((place) => !givenUp.includes(place));
    const found = yield* findSmallGroups(ask, groupings, groups, places);
    const before = givenUp.length;
    for (const place of places) {
      const share = found.filter(({ PLACE }) => PLACE === place).reduce((sum, { N }) => sum + N, 0) / all;
      if ((groupings[place] as CheckedGrouping).optional && share > MOST_SMALL) givenUp.push(place);
    }
    let marked: readonly Group[] = found.filter(({ PLACE }) => !givenUp.includes(PLACE));
    if (marked.length === 0) {
      if (givenUp.length > before) continue;
      const row = yield* queryFirst(
        `SELECT COUNT_IF(SMALL) AS N, COUNT_IF(NOT SMALL) AS OTHERS, COUNT(DISTINCT IFF(SMALL, PATIENT, NULL)) AS PATIENTS FROM ${stays}`,
      );
      const small = Number(row?.N || 0);
      const ended = { givenUp, small, groups };
      if (small === 0 || Number(row?.PATIENTS) >= FEWEST_PATIENTS || Number(row?.OTHERS) === 0) return ended;
      const rest = yield* ask(places, PATIENTS, () => 'NOT SMALL');
      if (rest.length === 0) return ended;
      const wanted = FEWEST_PATIENTS - Number(row?.PATIENTS);
      const fragile = rest.filter((group) => group.PATIENTS < FEWEST_PATIENTS + wanted);
      if ((yield* execute(drawPatients(stays, groupings, fragile, wanted))) === 0)
        marked = [rest.reduce((least, group) => (precedes(group, least) ? group : least))];
    }
    if (marked.length > 0) yield* mark(stays, groupings, marked);
    groups = without(whole, yield* ask(every, FIRST_STAYS, () => 'SMALL'));
  }
}

/** Which of two groups joins those set aside first. */
function precedes(a: Group, b: Group): boolean {
  const difference = a.PATIENTS - b.PATIENTS || a.N - b.N || a.PLACE - b.PLACE || a.GROUPED - b.GROUPED;
  return difference < 0;
}

/**
 * Groups of fewer than ten patients. First stays are counted, which is quick and never too many; where they are too few,
 * patients.
 */
function* findSmallGroups(
  ask: (
    places: readonly number[],
    patients: string,
    rows: (place: number) => string,
  ) => Work<readonly Group[]>,
  groupings: readonly Grouping[],
  groups: readonly Group[],
  places: readonly number[],
): Work<readonly Group[]> {
  const suspects = groups.filter((group) => group.PATIENTS < FEWEST_PATIENTS);
  const suspected = places.filter((place) => suspects.some(({ PLACE }) => PLACE === place));
  const exact = yield* ask(suspected, PATIENTS, (place) => {
    const keys = suspects.filter(({ PLACE }) => PLACE === place).map(({ GROUPED }) => GROUPED);
    return `NOT SMALL AND ${keyOf(groupings, place)} IN (${keys.join(', ')})`;
  });
  return exact.filter((group) => group.PATIENTS < FEWEST_PATIENTS);
}

/** Rest of groups once these parts of them have been taken off. */
function without(groups: readonly Group[], parts: readonly Group[]): Group[] {
  const name = ({ PLACE, GROUPED }: Group) => `${PLACE} ${GROUPED}`;
  const off = new Map(parts.map((part): [string, Group] => [name(part), part]));
  return groups
    .map((group) => {
      const part = off.get(name(group));
      return part === undefined
        ? group
        : { ...group, N: group.N - part.N, PATIENTS: group.PATIENTS - part.PATIENTS };
    })
    .filter(({ N }) => N > 0);
}

function* countGroups(
  text: Text,
  groupings: readonly Grouping[],
  places: readonly number[],
  patients: string,
  rows: (place: number) => string,
): Work<readonly Group[]> {
  if (places.length === 0) return [];
  const each = places.map((place) =>
    text({ place: String(place), key: keyOf(groupings, place), patients, rows: rows(place) }),
  );
  const found = yield* query<never>(each.join('\nUNION ALL\n'));
  return found.map((row: Readonly<Record<string, unknown>>) => ({
    PLACE: Number(row.PLACE),
    GROUPED: Number(row.GROUPED),
    N: Number(row.N),
    PATIENTS: Number(row.PATIENTS),
  }));
}

function* mark(stays: string, groupings: readonly Grouping[], groups: readonly Group[]): Work<void> {
  yield* execute(
    `UPDATE ${stays} SET SMALL = TRUE WHERE NOT SMALL AND (${groupCondition(groupings, groups)})`,
  );
}

/** SQL: whether a stay is in one of the groups. */
function groupCondition(groupings: readonly Grouping[], groups: readonly Group[]): string {
  const places = Array.from(new Set(groups.map(({ PLACE }) => PLACE)));
  const conditions = places.map((place) => {
    const keys = groups.filter(({ PLACE }) => PLACE === place).map(({ GROUPED }) => GROUPED);
    return `${keyOf(groupings, place)} IN (${keys.join(', ')})`;
  });
  return conditions.length > 0 ? conditions.join(' OR ') : 'FALSE';
}

/** UPDATE that sets all stays of so many patients aside, always the same ones. @param fragile groups that would become too small by it */
function drawPatients(
  stays: string,
  groupings: readonly Grouping[],
  fragile: readonly Group[],
  patients: number,
): string {
  return `UPDATE ${stays} SET SMALL = TRUE
WHERE NOT SMALL AND PATIENT IN (
  SELECT PATIENT FROM ${stays} WHERE COALESCE(TO_VARCHAR(PATIENT), '') <> ''
  GROUP BY PATIENT HAVING COUNT_IF(SMALL OR ${groupCondition(groupings, fragile)}) = 0
  ORDER BY COUNT(*), MD5('small ' || TO_VARCHAR(PATIENT)) LIMIT ${patients})`;
}

function keyOf(groupings: readonly Grouping[], place: number): string {
  return (groupings[place] as Grouping).key;
}
