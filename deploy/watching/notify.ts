import { randomUUID } from 'node:crypto';
import { headline, titleOf } from '../../procedures/notifying/html.js';
import { type Letter, letters, type Told } from '../../procedures/notifying/outbox.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

/** What los notify sent. */
export interface NotifyResult {
  readonly mails: number;
  readonly events: number;
}

/**
 * Mails what has not been told yet over SMTP. Each mail is written down once the server has taken it; if that server is
 * down, events wait in Snowflake for the next call. A copy has the Message-ID of the first.
 * @throws UserError where a mail does not leave
 */
export async function notify(ctx: Context): Promise<NotifyResult> {
  const lease = randomUUID();
  const taken = await callProcedure<Told[]>(ctx, 'LOS_TAKE_EVENTS', [lease]);
  let mails = 0;
  const sent: string[] = [];
  const waiting = letters(taken);
  try {
    for (const letter of waiting) {
      ctx.signal.throwIfAborted();
      if (!(await ctx.mail.send('events', mailOf(letter), { messageId: messageId(letter) }))) break;
      mails++;
      const ids = letter.events.map(({ id }) => id);
      sent.push(...ids);
    }
  } finally {
    if (taken.length > 0) await callProcedure(ctx, 'LOS_EVENTS_SENT', [lease, { array: sent }, 'los notify']);
  }
  if (mails < waiting.length)
    throw new UserError(
      `${taken.length - sent.length} of ${taken.length} events were not sent; they wait in LOS_EVENTS.`,
      { next: 'Mend the mail server or mail.to in the settings, then run los notify again.' },
    );
  return { mails, events: sent.length };
}

function mailOf(letter: Letter) {
  const { events } = letter;
  return {
    title: titleOf(letter),
    summary:
      events.length === 1
        ? events[0]!.message
        : `${events.length} events, the oldest of ${events[0]!.day}. None of them is critical.`,
    events: events.map((event) => ({ ...event, headline: headline(event), alone: events.length === 1 })),
  };
}

/** The same for the same events, whoever sends them when. */
function messageId({ events }: Letter): string {
  return `<${events[0]!.id}.${events.length}@predict-los>`;
}
