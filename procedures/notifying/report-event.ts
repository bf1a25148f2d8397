import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifyPlan, type NotifySettings, notifyPlan } from './make-plan.js';
import { type EventMessage, leaseOf, requireScope, takeEvents } from './outbox.js';
import { type Report, recordReport } from './record.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_REPORT_EVENT',
    args: [
      ['LEASE', 'VARCHAR'],
      ['SCOPE', 'VARCHAR'],
      ['REPORT', 'OBJECT'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof report>;

/**
 * Writes down what `los` reports, then takes it with what else is due. A report is a mail in words of its caller, with commands to
 * paste: only who deploys writes one.
 * @param lease a word that only the sender has
 * @param scope command, notify or last (outbox.ts)
 * @example
 * CALL LOS_REPORT_EVENT('c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15', 'command', OBJECT_CONSTRUCT_KEEP_NULL(
 *   'id', '5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'thread', '5f2c9a1e-7d40-4b8e-9c63-2a1f0e8b7d44', 'kind', 'deploy',
 *   'severity', 'info', 'subject', 'Deployed', 'message', 'Deployed.', 'next', NULL, 'mail', OBJECT_CONSTRUCT()));
 */
export default function report(lease: string, scope: string, reported: object): EventMessage[] {
  try {
    const known = requireScope(scope);
    const own = perform(PLAN.place, leaseOf(lease));
    perform(PLAN.place, recordReport(PLAN, own, reported as Report));
    return perform(PLAN.place, takeEvents(PLAN, own, known));
  } catch (error) {
    return speak(error);
  }
}
