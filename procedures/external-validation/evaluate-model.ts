import type { Contract } from '../dataset/contract.js';
import { perform, speak } from '../ground/inside.js';
import type { Plan } from '../ground/plan.js';
import type { ProcedureObject } from '../object.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { type ExternalValidation, validateExternally } from './external-validation.js';

/** Compiled in. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'EVALUATE_MODEL',
    args: [
      ['VERSION', 'VARCHAR'],
      ['CONTRACT', 'OBJECT'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  plan: ({ version }) =>
    version(['evaluation/external-validation', 'evaluation/measures', 'features/history']),
} as const satisfies ProcedureObject<typeof evaluateModel>;

/**
 * Tries a version on another hospital's table, which it was not trained on: what it predicts of the ended stays beside
 * what came, as on its own holdout. Nothing is kept; only figures of ten patients and more come out.
 * @param version a version's name; NULL: the champion
 * @param contract the other hospital's contract, as JSON (los model evaluate reads it from a file)
 * @returns {version, dataset, patients, before, missing: {features, columns}, unseen, measures, home}
 * @throws Refused where the table says nothing of any input, lacks what tells stays, or has fewer than ten patients
 * @example
 * CALL EVALUATE_MODEL('health-v3', {
 *   'name': 'clinic', 'table': 'CLINIC_ADMISSIONS', 'id': 'CASE_ID', 'patient': 'PATIENT_ID',
 *   'admission': 'ADMITTED_ON', 'discharge': 'DISCHARGED_ON', 'afterAdmission': ['DISCHARGED_ON'],
 *   'columns': {
 *     'CASE_ID': 'VARCHAR', 'PATIENT_ID': 'VARCHAR', 'ADMITTED_ON': 'DATE', 'DISCHARGED_ON': 'DATE',
 *     'AGE': 'VARCHAR', 'DEPARTMENT': 'VARCHAR'
 *   },
 *   'features': {'AGE': {'type': 'categorical'}, 'DEPARTMENT': {'type': 'categorical'}},
 *   'groups': [['DEPARTMENT']], 'holdBack': 0.2
 * });
 */
export default function evaluateModel(version: string | null, contract: Contract): ExternalValidation {
  try {
    perform(PLAN.settings, refuseHiddenTables(PLAN.settings, PLAN.contract));
    return perform(PLAN.settings, validateExternally(PLAN, version || null, contract));
  } catch (error) {
    return speak(error);
  }
}
