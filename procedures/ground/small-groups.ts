import { flatMap } from './lists.js';
import { execute, queryFirst, type Work } from './work.js';

/**
 * Small-cell suppression: no figure about the stays or characteristics of fewer patients in a mail, report, table or
 * terminal. Counts of the operation (waiting, failed, beds occupied) are not such figures.
 */
export const FEWEST_PATIENTS = 10;

/** SQL of whom a row is of, to count patients: without a patient column its admission. Rows that name none count as one. */
export function patientOf({ patient, id }: { readonly patient?: string; readonly id: string }): string {
  return `COALESCE(TO_VARCHAR(${patient ?? id}), '')`;
}

/** The line of a table that stands for all of its groups that are too small to be shown. */
export const SMALL_GROUPS = '(small groups, together)';

/** Columns by which one table of figures groups admissions. */
export type Grouping = readonly string[];

/**
 * Which tables could give a small group away by subtraction: those that share a column, directly or over others.
 * Where DEPARTMENT and REGION × DEPARTMENT are both shown, a department's line minus its regions' lines is what was
 * left out of these.
 * @returns places in `groupings`, in order, each in exactly one part
 * @example
 * linkGroupings([['DEPARTMENT'], ['AGE'], ['REGION', 'DEPARTMENT']]); // [[1], [0, 2]]
 */
export function linkGroupings(groupings: readonly Grouping[]): number[][] {
  const parts: { members: number[]; columns: Set<string> }[] = [];
  for (const [i, columns] of groupings.entries()) {
    const touched = parts.filter((part) => columns.some((column) => part.columns.has(column)));
    const merged = {
      members: flatMap(touched, ({ members }) => members)
        .concat(i)
        .sort((a, b) => a - b),
      columns: new Set(flatMap(touched, (part) => Array.from(part.columns)).concat(columns)),
    };
    for (const part of touched) parts.splice(parts.indexOf(part), 1);
    parts.push(merged);
  }
  return parts.map(({ members }) => members);
}

/** SQL that a grouped table needs, by the place of the grouping. */
export interface GroupedColumns {
  /** Text of the group that a row belongs to. */
  key(grouping: number): string;
  /** Condition by which the row counts in the line of small groups instead. */
  isSmallSql(grouping: number): string;
  /** Name that the row is counted under in the grouping's table: its group or SMALL_GROUPS. */
  level(grouping: number): string;
}

/** The column that marks the rows of small groups in a part of linked groupings. */
function smallColumn(part: number): string {
  return `SMALL_${part}`;
}

/** Names of the columns that `groupSelect` makes. */
export function groupColumns(groupings: readonly Grouping[]): GroupedColumns {
  const parts = linkGroupings(groupings);
  const isSmallSql = (grouping: number) => smallColumn(parts.findIndex((part) => part.includes(grouping)));
  const key = (grouping: number) => `KEY_${grouping}`;
  return { key, isSmallSql, level: (i) => `IFF(${isSmallSql(i)}, '${SMALL_GROUPS}', ${key(i)})` };
}

/**
 * Columns that a SELECT must hold so that `markSmallGroups` can work on the table made of it.
 * @param patient SQL of what stands for a patient: the patient column, or without one the admission's id
 * @param column SQL of a grouping's column
 */
export function groupSelect(
  groupings: readonly Grouping[],
  patient: string,
  column: (name: string) => string = (name) => name,
): string[] {
  return [
    // Rows without a patient count as one, as training takes them.
    `COALESCE(TO_VARCHAR(${patient}), '') AS PATIENT`,
    ...groupings.map(
      (names, i) =>
        `${names.map((name) => `COALESCE(TO_VARCHAR(${column(name)}), '(missing)')`).join(` || ' × ' || `)} AS KEY_${i}`,
    ),
    ...linkGroupings(groupings).map((_, part) => `FALSE AS ${smallColumn(part)}`),
  ];
}

/**
 * Marks the rows of small groups, inside Snowflake. A row is marked in all linked tables as soon as its group is too
 * small in one of them, so these tables are about the same rows and no difference between them says anything of a
 * small group. The total minus all other lines is about the marked rows: where these are of too few patients, some more join them, drawn
 * from large groups, so that three whose sex is unknown do not take all men with them; only where no group is large enough
 * the next smallest one joins them as a whole.
 * @param table with the columns of `groupSelect`, which this changes; a temporary one
 * @example
 * const groupings = [['DEPARTMENT'], ['AGE']];
 * yield* execute(`CREATE TEMPORARY TABLE T AS SELECT LOS, ${groupSelect(groupings, 'PATIENT_ID').join(', ')} FROM ${admissions}`);
 * yield* markSmallGroups('T', groupings);
 */
export function* markSmallGroups(table: string, groupings: readonly Grouping[]): Work<void> {
  const { key } = groupColumns(groupings);
  const parts = linkGroupings(groupings);
  if (parts.length === 0) return;
  for (;;) {
    const found = (yield* queryFirst(sizesSql(table, parts, key))) || {};
    const number = (name: string) => Number(found[name] || 0);
    const size = (grouping: number) => found[`FEWEST_${grouping}`];
    const places = parts.map((_, place) => place);
    const isOpen = (grouping: number) => size(grouping) !== null && Number(size(grouping)) < FEWEST_PATIENTS;
    const open = places.filter((place) => (parts[place] as number[]).some(isOpen));
    // What was marked for one table may leave too few in a group of another.
    if (open.length > 0) {
      yield* execute(markSql(table, parts, open, key));
      continue;
    }
    const few = places.filter(
      (place) =>
        number(`SMALL_${place}`) > 0 &&
        number(`SMALL_${place}`) < FEWEST_PATIENTS &&
        number(`OTHERS_${place}`) > 0,
    );
    if (few.length === 0) return;
    for (const place of few) {
      const part = parts[place] as number[];
      const small = smallColumn(place);
      const draw = drawPatients(table, part, key, small, FEWEST_PATIENTS - number(`SMALL_${place}`));
      if ((yield* execute(draw)) > 0) continue;
      const smallest = key(yield* smallestGrouping(table, part, small, key));
      yield* execute(`UPDATE ${table} SET ${small} = TRUE
WHERE NOT ${small} AND ${smallest} IN (
  SELECT ${smallest} FROM ${table} WHERE NOT ${small} GROUP BY ${smallest} ORDER BY COUNT(DISTINCT PATIENT), MIN(PATIENT) LIMIT 1)`);
    }
  }
}

/** SELECT of one row: of how many patients each table's smallest group is, and each part's small groups together, and how many rows are in others. */
function sizesSql(table: string, parts: readonly (readonly number[])[], key: GroupedColumns['key']): string {
  const columns = flatMap(parts, (part, place) => {
    const small = smallColumn(place);
    return part
      .map(
        (i) =>
          `(SELECT MIN(PATIENTS) FROM (SELECT COUNT(DISTINCT PATIENT) AS PATIENTS FROM ${table} WHERE NOT ${small} GROUP BY ${key(i)})) AS FEWEST_${i}`,
      )
      .concat(
        `COUNT(DISTINCT IFF(${small}, PATIENT, NULL)) AS SMALL_${place}`,
        `COUNT_IF(NOT ${small}) AS OTHERS_${place}`,
      );
  });
  return `SELECT ${columns.join(',\n  ')} FROM ${table}`;
}

/** UPDATE that marks the groups that are too small. @param open which parts have some */
function markSql(
  table: string,
  parts: readonly (readonly number[])[],
  open: readonly number[],
  key: GroupedColumns['key'],
): string {
  const keys = flatMap(open, (place) => (parts[place] as number[]).map(key));
  const same = keys.concat(open.map(smallColumn));
  const marks = open.map((place) => {
    const small = smallColumn(place);
    const groups = (parts[place] as number[]).map(
      (i) => `COUNT(DISTINCT PATIENT) OVER (PARTITION BY ${small}, ${key(i)}) < ${FEWEST_PATIENTS}`,
    );
    return `${small} OR ${groups.join(' OR ')} AS NOW_${place}`;
  });
  return `UPDATE ${table} AS t SET ${open.map((place) => `${smallColumn(place)} = n.NOW_${place}`).join(', ')}
FROM (SELECT DISTINCT ${same.concat(marks).join(', ')} FROM ${table}) AS n
WHERE ${same.map((name) => `t.${name} = n.${name}`).join(' AND ')}`;
}

/**
 * UPDATE that marks all rows of so many patients, none of whom is in a group that would become too small by it. Always the same ones: who
 * measures twice must not learn more.
 */
function drawPatients(
  table: string,
  part: readonly number[],
  key: GroupedColumns['key'],
  own: string,
  patients: number,
): string {
  const fragile = part.map(
    (i) => `PATIENT NOT IN (SELECT PATIENT FROM ${table} WHERE NOT ${own} AND ${key(i)} IN (
      SELECT ${key(i)} FROM ${table} WHERE NOT ${own} GROUP BY ${key(i)} HAVING COUNT(DISTINCT PATIENT) < ${FEWEST_PATIENTS + patients}))`,
  );
  return `UPDATE ${table} SET ${own} = TRUE
WHERE NOT ${own} AND PATIENT IN (
  SELECT PATIENT FROM ${table} WHERE PATIENT <> '' AND PATIENT NOT IN (SELECT PATIENT FROM ${table} WHERE ${own})
    AND ${fragile.join('\n    AND ')}
  GROUP BY PATIENT ORDER BY COUNT(*), MD5('small ' || PATIENT) LIMIT ${patients})`;
}

/** The table of the part that has the smallest group. */
function* smallestGrouping(
  table: string,
  part: readonly number[],
  small: string,
  key: GroupedColumns['key'],
): Work<number> {
  const row = yield* queryFirst(
    `SELECT GROUPING_NO FROM (${part
      .map(
        (i) =>
          `SELECT ${i} AS GROUPING_NO, COUNT(DISTINCT PATIENT) AS PATIENTS FROM ${table} WHERE NOT ${small} GROUP BY ${key(i)}`,
      )
      .join(' UNION ALL ')}) ORDER BY PATIENTS, GROUPING_NO LIMIT 1`,
  );
  return Number(row?.GROUPING_NO);
}
