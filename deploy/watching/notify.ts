import { createHash, randomUUID } from 'node:crypto';
import { qualified } from '../../procedures/ground/names.js';
import { type Letter, letters, mailOf } from '../../procedures/notifying/letter.js';
import { AT_ONCE, type Told } from '../../procedures/notifying/outbox.js';
import { errorPicture } from '../../report/watching/error-picture.js';
import { itemAt } from '../../udfs/required.js';
import { callProcedure } from '../clients/call.js';
import type { Context } from '../context.js';
import { forDataset } from '../dataset/context.js';
import { messageOf, UserError } from '../errors.js';

/** What los notify sent. */
export interface NotifyResult {
  readonly mails: number;
  readonly events: number;
  /** That wait for the next call, where there were more than one takes; those among them that are not due yet too. */
  readonly waiting?: number;
}

/**
 * Mails what has not been told yet over SMTP. Each mail is written down once the server has taken it; if that server is
 * down, events wait in Snowflake for the next call. A copy has the Message-ID of the first.
 * @throws UserError where a mail does not leave
 */
export async function notify(ctx: Context): Promise<NotifyResult> {
  const lease = randomUUID();
  const taken = await callProcedure<Told[]>(ctx, 'LOS_LEASE_EVENTS', [lease]);
  let mails = 0;
  const sent: string[] = [];
  const waiting = letters(taken);
  try {
    for (const letter of waiting) {
      ctx.signal.throwIfAborted();
      const kept = { messageId: messageId(letter), threads: threadsOf(letter) };
      const picture = isDigest(letter) ? await pictureOf(ctx) : undefined;
      // One that the server does not take holds up no other; a server that is down is not asked for each.
      if (!(await ctx.mail.send('events', { ...mailOf(letter), ...(picture ? { picture } : {}) }, { kept })))
        continue;
      mails++;
      const ids = letter.events.map(({ id }) => id);
      sent.push(...ids);
    }
  } finally {
    if (taken.length > 0)
      await callProcedure(ctx, 'LOS_MARK_EVENTS_SENT', [lease, { array: sent }, 'los notify']);
  }
  if (mails < waiting.length)
    throw new UserError(
      `${taken.length - sent.length} of ${taken.length} events were not sent; they wait in LOS_EVENTS.`,
      { next: 'Mend the mail server or mail.to in the settings, then run los notify again.' },
    );
  return { mails, events: sent.length, ...(taken.length < AT_ONCE ? {} : await whatWaits(ctx)) };
}

async function whatWaits({ snowflake, settings }: Context): Promise<{ waiting?: number }> {
  const [row] = await snowflake.query<{ N: number }>(
    `SELECT COUNT(*) AS N FROM ${qualified(settings, 'LOS_EVENTS')} WHERE SENT_AT IS NULL`,
  );
  const waiting = Number(row?.N ?? 0);
  return waiting > 0 ? { waiting } : {};
}

/** Nothing that goes wrong with a picture keeps a mail from leaving. */
async function pictureOf(ctx: Context) {
  try {
    return await errorPicture(ctx, forDataset(ctx).contract.name);
  } catch (error) {
    ctx.progress.warn(`The mail goes without its picture: ${messageOf(error)}`);
    return undefined;
  }
}

/** What can wait has room for a picture of how predictions turn out; who is woken at night has not. */
function isDigest({ events }: Letter): boolean {
  return events.every(({ severity }) => severity !== 'critical');
}

/** The same for the same events, whichever sender sends them when. */
function messageId({ events }: Letter): string {
  return `<${itemAt(events, 0).id}.${events.length}@predict-los>`;
}

/** Ids of mails that were never sent, one for each alarm and training: mails that answer the same are one conversation. */
function threadsOf({ events }: Letter): string[] {
  const ids = events.map(({ thread }) => createHash('sha256').update(thread).digest('hex').slice(0, 32));
  return [...new Set(ids)].map((id) => `<${id}@predict-los>`);
}
