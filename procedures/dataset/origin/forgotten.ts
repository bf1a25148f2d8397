import { literal, type Place, qualify } from '../../ground/names.js';
import type { Contract } from '../contract.js';
import { originRows } from '../raw.js';

/** Mark in LOS_FORGOTTEN for a patient: no id of an admission has this hash. @param patient SQL of the id as text */
export const patientHash = (patient: string) => `SHA2('patient ' || ${patient})`;

/** @param rows alias of rows of others, by the contract's names */
function isForgotten({ name, patient }: Contract, place: Place, rows: string): string {
  return `SELECT 1 FROM ${qualify(place, 'LOS_FORGOTTEN')} AS p WHERE p.DATASET = ${literal(name)} AND p.ID_HASH = ${patientHash(`TO_VARCHAR(${rows}.${patient})`)}`;
}

/** Conditions that leave out rows of patients who were erased, whenever these come, where rows are others' and name their patient. */
export function withoutForgotten(contract: Contract, place: Place) {
  const { origin, id, patient } = contract;
  if (origin === undefined || patient === undefined) return { rows: '', stays: '' };
  return {
    /** Condition on rows of others, `r`. */
    rows: `\nAND NOT EXISTS (${isForgotten(contract, place, 'r')})`,
    /** Condition on events during stays, `e`, whose own rows name no patient. */
    stays: `\nAND NOT EXISTS (SELECT 1 FROM (
SELECT TO_VARCHAR(r.${id}) AS STAY FROM (${originRows(contract, origin)}) AS r WHERE EXISTS (${isForgotten(contract, place, 'r')})
) AS o WHERE o.STAY = e.STAY)`,
  };
}
