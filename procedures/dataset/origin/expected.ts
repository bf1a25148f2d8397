import type { Place } from '../../ground/names.js';
import type { Contract } from '../contract.js';
import type { RelationColumn } from './feeds.js';
import { clockTime, columnSql, relationSql } from './relation.js';

/** Finds what a schema cannot say of `expectedDischarge:` and `readyForDischarge:`. */
export function* expectedProblems(contract: Contract): Generator<string, void> {
  for (const key of ['expectedDischarge', 'readyForDischarge'] as const)
    if (contract[key] !== undefined && contract.admission === undefined)
      yield `${key}: it needs admission and discharge, which dates are held against`;
}

/** Tells whether teams write anything that a discharge huddle goes by. */
export function hasHuddle({
  expectedDischarge,
  readyForDischarge,
}: Pick<Contract, 'expectedDischarge' | 'readyForDischarge'>): boolean {
  return expectedDischarge !== undefined || readyForDischarge !== undefined;
}

/** A code is no longer. What is longer is free text, which may name a patient and is never read. */
const LONGEST_CODE = 60;

const code = (column: RelationColumn | undefined) => {
  if (column === undefined) return 'NULL::VARCHAR';
  const text = `TRIM(TO_VARCHAR(${columnSql(column)}))`;
  return `IFF(LENGTH(${text}) BETWEEN 1 AND ${LONGEST_CODE}, ${text}, NULL)`;
};

/**
 * SELECT of the dates that people expect by our names: STAY, EXPECTED_DAY, RECORDED, WRITER, CONFIRMED, REASON.
 * @param zone the hospital's, by whose clock moments are read
 */
export function dischargeDateRows(
  { expectedDischarge }: Pick<Contract, 'expectedDischarge'>,
  place: Place,
  zone: string,
): string {
  if (expectedDischarge === undefined) return '';
  const { stay, day, recorded, by, confirmed, reason } = expectedDischarge;
  return `SELECT TO_VARCHAR(${columnSql(stay)}) AS STAY, TO_DATE(${clockTime(day, zone)}) AS EXPECTED_DAY, ${clockTime(recorded, zone)} AS RECORDED, ${code(by)} AS WRITER,
  ${confirmed === undefined ? 'FALSE' : `COALESCE(${columnSql(confirmed)}::BOOLEAN, FALSE)`} AS CONFIRMED, ${code(reason)} AS REASON
FROM ${relationSql(expectedDischarge, place)}
WHERE ${columnSql(stay)} IS NOT NULL AND ${columnSql(recorded)} IS NOT NULL`;
}

/**
 * SELECT of who is fit to leave by our names: STAY, SINCE, RECORDED, REASON.
 * @param zone the hospital's, by whose clock moments are read
 */
export function readyRows(
  { readyForDischarge }: Pick<Contract, 'readyForDischarge'>,
  place: Place,
  zone: string,
): string {
  if (readyForDischarge === undefined) return '';
  const { stay, since, recorded, reason } = readyForDischarge;
  return `SELECT TO_VARCHAR(${columnSql(stay)}) AS STAY, ${clockTime(since, zone)} AS SINCE, ${clockTime(recorded, zone)} AS RECORDED, ${code(reason)} AS REASON
FROM ${relationSql(readyForDischarge, place)}
WHERE ${columnSql(stay)} IS NOT NULL AND ${columnSql(recorded)} IS NOT NULL`;
}
