import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** That events were set aside because SYSTEM$SEND_EMAIL does not take their mails, in a sentence; undefined: none was. */
export async function describeRefusedEvents(ctx: Context, contract: Contract): Promise<string | undefined> {
  const [row] = await showOrNothing(
    ctx,
    `SELECT REFUSED, REFUSED_ABOUT, REFUSAL FROM ${qualify(ctx.settings, 'LOS_OUTBOX')} WHERE DATASET = ${literal(contract.name)}`,
  );
  const events = Number(row?.REFUSED ?? 0);
  if (!row || events === 0) return undefined;
  const [what, first] = events === 1 ? ['1 event was', 'It'] : [`${events} events were`, 'The first'];
  return `${what} not sent, as SYSTEM$SEND_EMAIL refuses the mail. ${first} is about ${row.REFUSED_ABOUT}: ${String(row.REFUSAL).split('\n')[0]} los notify mails by SMTP instead.`;
}
