import { perform, speak } from '../ground/inside.js';
import { Refused } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { type NotifySettings, notifyPlan } from './make-plan.js';
import { type EventMessage, type Scope, takeEvents } from './outbox.js';
import type { NotifyPlan } from './plan.js';
import { type Report, recordReport } from './record.js';

declare const PLAN: NotifyPlan;

export const object = {
  signature: {
    name: 'LOS_LEASE_EVENTS',
    args: [
      ['LEASE', 'VARCHAR'],
      ['SCOPE', 'VARCHAR'],
      ['REPORT', 'OBJECT'],
    ],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  formerly: ['LOS_TAKE_EVENTS(VARCHAR)'],
  plan: (from: PlanSource<NotifySettings>) => ({ PLAN: notifyPlan(from) }),
} as const satisfies ProcedureObject<typeof take>;

/**
 * Writes down what `los` reports, then takes what has not been sent and is due, for los to send over SMTP.
 * @param lease a word that only the sender has
 * @param scope command, notify or last (outbox.ts)
 * @param report {} for none
 * @example
 * CALL LOS_LEASE_EVENTS('c81d4e2e-bcf2-4ab6-a71f-8d0b9d4f6e15', 'notify', {});
 */
export default function take(lease: string, scope: string, report: object): EventMessage[] {
  try {
    if (scope !== 'command' && scope !== 'notify' && scope !== 'last')
      throw new Refused('SCOPE is command, notify or last.', 'Leave the sending of mails to los.');
    if ('id' in report) perform(PLAN.place, recordReport(PLAN, lease, report as Report));
    return perform(PLAN.place, takeEvents(PLAN, lease, scope as Scope));
  } catch (error) {
    return speak(error);
  }
}
