import type { Outcome } from '../../ground/together.js';
import { errorLine } from '../../ground/without-values.js';
import type { Work } from '../../ground/work.js';
import { type Alarm, type AlarmsChanged, alarmEvent, holdAlarms, openAlarms } from '../alarms.js';
import { emitUnless, withinADay } from '../events.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import { mailDirectly } from './direct-mail.js';

/** What became of the alarms. */
export interface Delivery extends AlarmsChanged {
  /** Why no event tells of it, in a sentence, and whether a mail does; null: events tell. */
  readonly silent: string | null;
}

/**
 * Holds the alarms to what a monitor has found, by whatever way is left: without LOS_ALARMS each sign is an event, once a day; without
 * LOS_EVENTS the monitor mails it itself.
 * @param kinds that were looked for to the end
 * @param monitor the task that has looked
 * @param known the alarms that have not ended; left out: they are asked for
 */
export function* deliver(
  plan: WatchPlan,
  day: string,
  signs: readonly Sign[],
  kinds: readonly Sign['kind'][],
  monitor: string,
  known?: Outcome<readonly Alarm[]>,
): Work<Delivery> {
  try {
    const open = known || { result: yield* openAlarms(plan) };
    return { ...(yield* holdAlarms(plan, day, signs, kinds, open)), silent: null };
  } catch (error) {
    return yield* deliverOtherwise(plan, day, signs, monitor, errorLine(error));
  }
}

/** @param because why alarms cannot be held */
function* deliverOtherwise(
  plan: WatchPlan,
  day: string,
  signs: readonly Sign[],
  monitor: string,
  because: string,
): Work<Delivery> {
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
    return { ...delivery, silent: null };
  } catch (error) {
    const why = errorLine(error);
    const mailing = yield* mailDirectly(plan, monitor, all, why);
    const told =
      mailing === 'no address'
        ? 'mail.verified names no address, so no mail tells of it.'
        : 'A mail tells of it, once a day.';
    const mailed = typeof mailing === 'object' ? `No mail leaves either: ${mailing.refusal}` : told;
    return {
      ...delivery,
      silent: `Events cannot be written down: ${why} ${mailed} It would have been: ${all.map(({ message }) => message).join(' ')}`,
    };
  }
}
