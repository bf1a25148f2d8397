import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifyPlan, type NotifySettings, notifyPlan } from './make-plan.js';
import { type EventMessage, leaseOf, requireScope, takeEvents } from './outbox.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_LEASE_EVENTS',
    args: [
      ['LEASE', 'VARCHAR'],
      ['SCOPE', 'VARCHAR'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  formerly: ['LOS_LEASE_EVENTS(VARCHAR, VARCHAR, OBJECT)'],
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof take>;

/**
 * Takes what has not been sent and is due, for los to send over SMTP. Who takes an event can keep its mail from leaving: it is for
 * those who may also suspend the tasks that watch and mail.
 * @param lease a word that only the sender has
 * @param scope command, notify or last (outbox.ts)
 * @example
 * CALL LOS_LEASE_EVENTS('c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15', 'notify');
 */
export default function take(lease: string, scope: string): EventMessage[] {
  try {
    const known = requireScope(scope);
    return perform(PLAN.place, takeEvents(PLAN, perform(PLAN.place, leaseOf(lease)), known));
  } catch (error) {
    return speak(error);
  }
}
