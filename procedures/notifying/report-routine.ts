import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifyPlan, type NotifySettings, notifyPlan } from './make-plan.js';
import { recordRoutine } from './record.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_REPORT_ROUTINE',
    args: [
      ['KIND', 'VARCHAR'],
      ['ADMISSIONS', 'FLOAT'],
    ],
    returns: 'FLOAT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof reportRoutine>;

/**
 * Writes down for the mail of the day that work which repeats went well.
 * @param kind scoring or deploy
 * @param admissions how many were scored
 * @returns 1
 * @example
 * CALL LOS_REPORT_ROUTINE('scoring', 40);
 */
export default function reportRoutine(kind: string, admissions: number): number {
  try {
    perform(PLAN.place, recordRoutine(PLAN, kind, admissions));
    return 1;
  } catch (error) {
    return speak(error);
  }
}
