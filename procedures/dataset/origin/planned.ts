import { literal, type Place } from '../../ground/names.js';
import { type Contract, columnsUnknownOnArrival } from '../contract.js';
import { quoteIdentifier } from '../raw.js';
import type { RelationColumn } from './feeds.js';
import { clockTime, columnMap, columnSql, relationSql } from './relation.js';

/** The lists of who will come: of planned admissions, and of decisions to admit. */
const LISTS = ['planned', 'decisions'] as const;

/** Finds what a schema cannot say of `planned:` and `decisions:`. */
export function* bookingProblems(contract: Contract): Generator<string, void> {
  for (const list of LISTS) yield* listProblems(contract, list);
}

function* listProblems(contract: Contract, list: (typeof LISTS)[number]): Generator<string, void> {
  const { [list]: planned, columns, admission, id, patient } = contract;
  if (planned === undefined) return;
  if (admission === undefined)
    yield `${list}: it needs admission and discharge, without which beds are not forecast`;
  for (const key of ['ward', 'department'] as const)
    if (planned[key] !== undefined && contract[key] === undefined)
      yield `${list}.${key}: the contract has no ${key} of admissions to compare it with`;
  if (planned.patient !== undefined && patient === undefined)
    yield `${list}.patient: the contract has no patient of admissions to compare it with`;
  if (planned.kind !== undefined && contract.admissionType === undefined)
    yield `${list}.kind: the contract has no admissionType to compare it with`;
  const late = columnsUnknownOnArrival(contract);
  for (const name of Object.keys(columnMap(planned.features))) {
    if (!(name in columns)) yield `${list}.features: ${name} is not one of the columns`;
    if (name === id || name === patient) yield `${list}.features: ${name} says who it is, and is no input`;
    if (late.indexOf(name) >= 0) yield `${list}.features: ${name} is known only after admission`;
  }
}

/**
 * SELECT of a list by our names: what a view of it is made of. FEATURES has what is known of the admission, by the contract's columns.
 * @param zone the hospital's, by whose clock moments are read
 */
export function bookingRows(
  contract: Contract,
  list: (typeof LISTS)[number],
  place: Place,
  zone: string,
): string {
  const planned = contract[list];
  if (planned === undefined) return '';
  const text = (column: RelationColumn | undefined) =>
    column === undefined ? 'NULL::VARCHAR' : `TO_VARCHAR(${columnSql(column)})`;
  const day = `TO_DATE(${clockTime(planned.day, zone)})`;
  const known: Record<string, string> = {};
  for (const [column, value] of [
    [contract.admission, day],
    [contract.ward, planned.ward && columnSql(planned.ward)],
    [contract.department, planned.department && columnSql(planned.department)],
    [contract.admissionType, planned.kind && columnSql(planned.kind)],
  ] as const)
    if (column !== undefined && value !== undefined) known[column] = value;
  const listed = columnMap(planned.features);
  for (const column of Object.keys(listed)) known[column] = quoteIdentifier(listed[column] as string);
  const features = Object.keys(known).map((column) => `${literal(column)}, ${known[column]}`);
  return `SELECT TO_VARCHAR(${columnSql(planned.id)}) AS STAY_ID, ${text(planned.patient)} AS PATIENT, ${day} AS PLANNED_DAY, ${clockTime(planned.recorded, zone)} AS RECORDED,
  ${planned.cancelled === undefined ? 'FALSE' : `COALESCE(${columnSql(planned.cancelled)}::BOOLEAN, FALSE)`} AS CANCELLED,
  ${text(planned.department)} AS DEPARTMENT, ${text(planned.ward)} AS WARD, ${text(planned.kind)} AS KIND,
  OBJECT_CONSTRUCT(${features.join(', ')}) AS FEATURES
FROM ${relationSql(planned, place)}
WHERE ${columnSql(planned.id)} IS NOT NULL AND ${columnSql(planned.day)} IS NOT NULL AND ${columnSql(planned.recorded)} IS NOT NULL`;
}
