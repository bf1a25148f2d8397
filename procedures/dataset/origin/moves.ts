import type { Place } from '../../ground/names.js';
import { isDate } from '../column-rules.js';
import type { Contract } from '../contract.js';
import { clockTime, columnSql, relationSql } from './relation.js';

/** Finds what a schema cannot say of `moves:`. */
export function* moveProblems(contract: Contract): Generator<string, void> {
  const { moves, admission, ward, columns } = contract;
  if (moves === undefined) return;
  if (admission === undefined) yield 'moves: they need admission and discharge, between which they happen';
  if (ward === undefined)
    yield 'moves: they need ward:, where a patient lies until the first of them, and by which wards are called';
  if (!isDate(columns[admission || ''] || 'DATE')) yield 'moves: admission has to be a date';
}

/**
 * SELECT of the feed by our names: STAY, AT, WARD, RECORDED, CANCELLED.
 * @param zone the hospital's, by whose clock moments are read
 */
export function moveRows({ moves }: Pick<Contract, 'moves'>, place: Place, zone: string): string {
  if (moves === undefined) return '';
  const { stay, from, ward, recorded, cancelled } = moves;
  return `SELECT TO_VARCHAR(${columnSql(stay)}) AS STAY, ${clockTime(from, zone)} AS AT, NULLIF(TRIM(TO_VARCHAR(${columnSql(ward)})), '') AS WARD,
  ${recorded === undefined ? 'NULL::TIMESTAMP_NTZ' : clockTime(recorded, zone)} AS RECORDED,
  ${cancelled === undefined ? 'FALSE' : `COALESCE(${columnSql(cancelled)}::BOOLEAN, FALSE)`} AS CANCELLED
FROM ${relationSql(moves, place)}`;
}

/** SQL of the moment from which on the patient is no longer in: of a day, its end. @param column SQL of the discharge */
export function endOfStay({ columns, discharge }: Contract, column: string): string {
  return /^DATE/.test(columns[discharge || ''] || '')
    ? `DATEADD(day, 1, ${column})::TIMESTAMP_NTZ`
    : `${column}::TIMESTAMP_NTZ`;
}
