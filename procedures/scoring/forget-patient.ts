import { speak } from '../ground/inside.js';
import { Refused } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { admissionsOf, forget } from './forget.js';
import type { ForgetPlan } from './plans.js';
import { type ForgetSettings, planErasure } from './statements/forget.js';

/** Derived from the dataset contract (statements/forget.ts) and compiled in. */
declare const PLAN: ForgetPlan;

export const object = {
  signature: {
    name: 'FORGET_PATIENT',
    args: [['PATIENT', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: (source: PlanSource<ForgetSettings>) => ({ PLAN: planErasure(source) }),
} as const satisfies ProcedureObject<typeof forgetPatient>;

/**
 * Erases all admissions of a patient, by the contract's patient column, as FORGET_ADMISSION erases one. Admissions are looked for in the
 * hospital's table and in what was made of it; those that neither has any more are erased by their own ids. Where rows are others', the
 * patient is remembered as a hash: what comes of them later, or was left out of the query that day, is left out for good.
 * @returns {admissions, rows, erased: {table: rows}, versions: [{version, status, sides}] they had a part in, stays: [what cannot be found by id, and until when it stays], run}
 * @throws Refused where the contract names no patient column
 * @example
 * CALL FORGET_PATIENT('1234');
 */
export default function forgetPatient(patient: string | null) {
  if (!patient || patient.trim() === '') throw new Error('FORGET_PATIENT needs the id of a patient.');
  const { admissions, dataset } = PLAN;
  if (!admissions)
    speak(
      new Refused(
        `The contract ${dataset} names no patient column, so los cannot tell which admissions belong to one patient.`,
        'Call FORGET_ADMISSION for each of them, or name the column (patient:) in the contract and run los apply.',
      ),
    );
  return forget(PLAN, () => {
    const ids = admissionsOf(admissions, patient);
    return { ids, patient, more: { admissions: ids.length } };
  });
}
