import { qualify } from '../../procedures/ground/names.js';
import { AT_ONCE } from '../../procedures/notifying/outbox.js';
import { count } from '../../report/text/count.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

export interface NotifyResult {
  readonly mails: number;
  readonly events: number;
  /** That wait for the next call, where there were more than one takes; those among them that are not due yet too. */
  readonly waiting?: number;
}

/**
 * Mails over SMTP what is due and has not been sent. Each event is written down once the server has taken its mail; if that server is
 * down, events wait in Snowflake for the next call. A copy has the Message-ID of the first.
 * @throws UserError where a mail does not leave
 */
export async function notify(ctx: Context): Promise<NotifyResult> {
  const { mails, sent, taken } = await ctx.mail.deliver();
  if (sent.length < taken)
    throw new UserError(
      `${taken - sent.length} of ${count(taken, 'event')} ${taken - sent.length === 1 ? 'was' : 'were'} not sent, and ${taken - sent.length === 1 ? 'waits' : 'wait'} in LOS_EVENTS.`,
      {
        next: 'Mend the mail server or mail.to in the settings, then run los notify again.',
      },
    );
  return { mails, events: sent.length, ...(taken < AT_ONCE ? {} : await whatWaits(ctx)) };
}

async function whatWaits({ snowflake, settings }: Context): Promise<{ waiting?: number }> {
  const [row] = await snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${qualify(settings, 'LOS_EVENTS')} WHERE SENT_AT IS NULL`,
  );
  const waiting = Number(row?.N ?? 0);
  return waiting > 0 ? { waiting } : {};
}
