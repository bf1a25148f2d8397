import { FEWEST_PATIENTS } from '../ground/small-groups.js';
import { execute, first, query, type Work } from '../ground/work.js';
import type { Grouping } from './groupings.js';

/** A table is given up where more than this share of the stays would count among its small groups. */
const MOST_SMALL = 0.1;

export interface Checked extends Grouping {
  /** Left out of everything where it is given up. */
  readonly optional: boolean;
}

interface Group {
  readonly PLACE: number;
  readonly GROUPED: number;
  readonly N: number;
  readonly PATIENTS: number;
}

/** Fills in sql/exploring/small-groups.sql. */
type Text = (values: Readonly<Record<string, string>>) => string;

/**
 * The rule of ten for all tables at once. A stay that is in a group of fewer than ten patients in one table counts among the
 * small groups in every one: so all tables are about the same stays, and nothing that follows from two of them is about
 * fewer than ten patients. If those set aside are fewer than ten patients themselves, the smallest other group joins them.
 * @param stays the table, whose column SMALL this sets
 * @returns places of the groupings that are given up, and how many stays are set aside
 */
export function* markTooSmall(
  text: Text,
  stays: string,
  groupings: readonly Checked[],
  all: number,
): Work<{ givenUp: readonly number[]; small: number }> {
  const givenUp: number[] = [];
  for (;;) {
    const places = groupings.map((_, place) => place).filter((place) => !givenUp.includes(place));
    const found = yield* tooSmall(text, groupings, places);
    const before = givenUp.length;
    for (const place of places) {
      const share = found.filter(({ PLACE }) => PLACE === place).reduce((sum, { N }) => sum + N, 0) / all;
      if ((groupings[place] as Checked).optional && share > MOST_SMALL) givenUp.push(place);
    }
    const marked = found.filter(({ PLACE }) => !givenUp.includes(PLACE));
    if (marked.length > 0) {
      yield* mark(stays, groupings, marked);
      continue;
    }
    if (givenUp.length > before) continue;
    const row = yield* first(
      `SELECT COUNT_IF(SMALL) AS N, COUNT_IF(NOT SMALL) AS OTHERS, COUNT(DISTINCT IFF(SMALL, PATIENT, NULL)) AS PATIENTS FROM ${stays}`,
    );
    const small = Number(row?.N || 0);
    if (small === 0 || Number(row?.PATIENTS) >= FEWEST_PATIENTS || Number(row?.OTHERS) === 0)
      return { givenUp, small };
    const next = yield* smallest(text, groupings, places);
    if (next === undefined) return { givenUp, small };
    yield* mark(stays, groupings, [next]);
  }
}

/**
 * Groups of fewer than ten patients. First stays are counted, which is quick and never too many; where they are too few,
 * patients.
 */
function* tooSmall(text: Text, groupings: readonly Grouping[], places: readonly number[]): Work<Group[]> {
  const keyOf = (place: number) => (groupings[place] as Grouping).key;
  const ask = (some: readonly number[], patients: string, among: (place: number) => string) =>
    query<never>(
      some
        .map((place) =>
          text({
            place: String(place),
            key: keyOf(place),
            patients,
            among: among(place),
            which: `HAVING ${patients} < ${FEWEST_PATIENTS}`,
          }),
        )
        .join('\nUNION ALL\n'),
    );
  if (places.length === 0) return [];
  const suspects = groupsOf(yield* ask(places, 'COUNT_IF(IS_FIRST)', () => ''));
  const suspected = places.filter((place) => suspects.some(({ PLACE }) => PLACE === place));
  if (suspected.length === 0) return [];
  const alone = (place: number) => {
    const keys = suspects.filter(({ PLACE }) => PLACE === place).map(({ GROUPED }) => GROUPED);
    return `AND ${keyOf(place)} IN (${keys.join(', ')})`;
  };
  return groupsOf(yield* ask(suspected, 'COUNT(DISTINCT PATIENT)', alone));
}

function* smallest(
  text: Text,
  groupings: readonly Grouping[],
  places: readonly number[],
): Work<Group | undefined> {
  const each = places.map((place) =>
    text({
      place: String(place),
      key: (groupings[place] as Grouping).key,
      patients: 'COUNT(DISTINCT PATIENT)',
      among: '',
      which: '',
    }),
  );
  const rows = yield* query<never>(
    `SELECT * FROM (${each.join('\nUNION ALL\n')}) ORDER BY PATIENTS, N, PLACE, GROUPED LIMIT 1`,
  );
  return groupsOf(rows)[0];
}

function groupsOf(rows: readonly Readonly<Record<string, unknown>>[]): Group[] {
  return rows.map((row) => ({
    PLACE: Number(row.PLACE),
    GROUPED: Number(row.GROUPED),
    N: Number(row.N),
    PATIENTS: Number(row.PATIENTS),
  }));
}

function* mark(stays: string, groupings: readonly Grouping[], groups: readonly Group[]): Work<void> {
  const places = Array.from(new Set(groups.map(({ PLACE }) => PLACE)));
  const conditions = places.map((place) => {
    const keys = groups.filter(({ PLACE }) => PLACE === place).map(({ GROUPED }) => GROUPED);
    return `${(groupings[place] as Grouping).key} IN (${keys.join(', ')})`;
  });
  yield* execute(`UPDATE ${stays} SET SMALL = TRUE WHERE NOT SMALL AND (${conditions.join(' OR ')})`);
}
