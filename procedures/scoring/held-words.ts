/** An open row of LOS_HELD_CHANGES: counts of the operation, and since when. */
export interface HeldRow {
  /** Table of the hospital. */
  readonly table: string;
  /** Kinds, with commas between (plausibility.ts). */
  readonly what: string;
  /** By the clock of the hospital, `2026-11-29 02:15`. */
  readonly since: string;
  readonly withdrawn: number;
  readonly withdrawnIn: number;
  readonly discharged: number;
  readonly reopened: number;
  readonly moved: number;
  readonly reused: number;
  readonly inHospital: number;
  readonly known: number;
  /** Wards that have lost half of their admissions or more, with commas between; '': none. */
  readonly emptied: string;
}

/** SELECT of the open row, with the names of HeldRow. @param table LOS_HELD_CHANGES @param dataset, @param zone literals */
export function heldRowSql(table: string, dataset: string, zone: string): string {
  return `SELECT TABLE_NAME AS "table", WHAT AS "what", TO_VARCHAR(CONVERT_TIMEZONE(${zone}, SINCE), 'YYYY-MM-DD HH24:MI') AS "since", SINCE AS "sinceMoment",
  WITHDRAWN AS "withdrawn", WITHDRAWN_IN_HOSPITAL AS "withdrawnIn", DISCHARGED AS "discharged", REOPENED AS "reopened", MOVED AS "moved", COALESCE(REUSED, 0) AS "reused",
  IN_HOSPITAL AS "inHospital", KNOWN AS "known", COALESCE(EMPTIED, '') AS "emptied"
FROM ${table} WHERE DATASET = ${dataset} AND ENDED_AT IS NULL`;
}

/**
 * Describes in a sentence what has changed.
 * @example
 * describeHeld({ table: 'HEALTH_ADMISSIONS', what: 'withdrawals', since: '2026-11-29 02:15', withdrawn: 20000, withdrawnIn: 232,
 *   discharged: 0, reopened: 0, moved: 0, reused: 0, inHospital: 232, known: 20000, emptied: '' });
 * // 'Changes of HEALTH_ADMISSIONS are held since 2026-11-29 02:15: 20,000 of 20,000 admissions are gone (232 of 232 patients in hospital).'
 */
export function describeHeld(held: HeldRow): string {
  const kinds = held.what.split(',');
  const said: string[] = [];
  if (kinds.indexOf('withdrawals') >= 0)
    said.push(
      `${number(held.withdrawn)} of ${number(held.known)} admissions are gone (${number(held.withdrawnIn)} of ${number(held.inHospital)} patients in hospital)${held.emptied === '' ? '' : `, half or more of ${held.emptied}`}`,
    );
  if (kinds.indexOf('discharges') >= 0)
    said.push(
      `${number(held.discharged)} of ${number(held.inHospital)} patients in hospital are said to have left`,
    );
  if (kinds.indexOf('reopened') >= 0)
    said.push(
      `${number(held.reopened)} patients who had left are said to be in hospital, where ${number(held.inHospital)} were`,
    );
  if (kinds.indexOf('dates') >= 0) said.push(`${number(held.moved)} admissions have other dates`);
  if (kinds.indexOf('reused') >= 0)
    said.push(
      `ids of ended stays (${number(held.reused)}) have come again with an admission after the discharge`,
    );
  return `Changes of ${held.table} are held since ${held.since}: ${said.join('; ')}.`;
}

/** The statement to paste where it is meant. */
export function acceptance({ table }: HeldRow): string {
  return `CALL ACCEPT_CHANGES('${table.split("'").join("''")}');`;
}

/** Advises what to do, by what is likely. */
export function adviceOnHeld(held: HeldRow): string {
  const reused =
    held.what.split(',').indexOf('reused') < 0
      ? ''
      : 'An id must be of one stay: let a query: of the contract add the day of admission to it, and the new stays are predicted too. Accept corrected dates only: with them the outcomes of before go. ';
  return `${reused}Load the table again; the next run sees that the rows are back. If it is meant: ${acceptance(held)}`;
}

function number(n: number): string {
  return String(n).replace(/\B(?=(\d{3})+$)/g, ',');
}
