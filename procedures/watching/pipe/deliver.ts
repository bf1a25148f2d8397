import type { Outcome } from '../../ground/together.js';
import { errorLine } from '../../ground/without-values.js';
import type { Work } from '../../ground/work.js';
import { type Alarm, type AlarmsChanged, alarmEvent, holdAlarms, openAlarms } from '../alarms.js';
import { emitUnless, withinADay } from '../events.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Checked } from './checks.js';
import { mailDirectly } from './direct-mail.js';
import { type UnreadableTable, unreadableSigns, unreadableTables } from './unreadable.js';

/**
 * Holds the alarms to what a monitor has found, and names what it could not look at, by whatever way is left: without LOS_ALARMS each sign is
 * an event, once a day; without LOS_EVENTS the monitor mails it itself.
 * @param monitor the task that has looked
 * @param known the alarms that have not ended; left out: they are asked for
 * @param tables that cannot be read; left out: they are looked for where something failed
 * @throws Error where no event can tell of it
 */
export function* report(
  plan: WatchPlan,
  day: string,
  monitor: string,
  { signs, kinds, failures }: Checked,
  known?: Outcome<readonly Alarm[]>,
  tables?: readonly UnreadableTable[],
): Work<AlarmsChanged> {
  const unread = tables || (failures.length > 0 ? yield* unreadableTables(plan) : []);
  const all = unreadableSigns(plan, unread, failures).concat(signs);
  try {
    const open = known || { result: yield* openAlarms(plan) };
    return yield* holdAlarms(plan, day, all, kinds, open);
  } catch (error) {
    return yield* deliverOtherwise(plan, day, all, monitor, errorLine(error));
  }
}

/** @param because why alarms cannot be held */
function* deliverOtherwise(
  plan: WatchPlan,
  day: string,
  signs: readonly Sign[],
  monitor: string,
  because: string,
): Work<AlarmsChanged> {
  const delivery = { raised: [] as Sign[], ended: [], open: signs };
  const all =
    signs.length > 0
      ? signs
      : [
          {
            kind: 'unreadable' as const,
            subject: 'alarms',
            severity: 'critical' as const,
            message: `Alarms cannot be written down: ${because}`,
            lookAt: 'unreadable',
          },
        ];
  try {
    for (const sign of all) {
      const event = alarmEvent(sign);
      if (yield* emitUnless(plan, day, event, withinADay(event))) delivery.raised.push(sign);
    }
    return delivery;
  } catch (error) {
    const why = errorLine(error);
    const mailing = yield* mailDirectly(plan, monitor, all, why);
    const told =
      mailing === 'no address'
        ? 'mail.verified names no address, so no mail tells of it.'
        : 'A mail tells of it, once a day.';
    const mailed = typeof mailing === 'object' ? `No mail leaves either: ${mailing.refusal}` : told;
    throw new Error(
      `Events cannot be written down: ${why} ${mailed} It would have been: ${all.map(({ message }) => message).join(' ')}`,
    );
  }
}
