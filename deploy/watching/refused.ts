import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** That events were set aside because SYSTEM$SEND_EMAIL does not take their mails, in a sentence; undefined: none was. */
export async function describeRefusedEvents(ctx: Context, contract: Contract): Promise<string | undefined> {
  const [row] = await showOrNothing(
    ctx,
    `SELECT COUNT(*) AS N, MIN_BY(SUBJECT, HAPPENED_AT) AS SUBJECT, MIN_BY(DETAILS:refused::VARCHAR, HAPPENED_AT) AS REFUSAL
FROM ${qualify(ctx.settings, 'LOS_EVENTS')}
WHERE DATASET = ${literal(contract.name)} AND SENT_AT IS NULL AND DETAILS:refused IS NOT NULL`,
  );
  const events = Number(row?.N ?? 0);
  if (!row || events === 0) return undefined;
  const [what, first] = events === 1 ? ['1 event was', 'It'] : [`${events} events were`, 'The first'];
  return `${what} not sent, as SYSTEM$SEND_EMAIL refuses the mail. ${first} is about ${row.SUBJECT}: ${String(row.REFUSAL).split('\n')[0]} los notify mails by SMTP instead.`;
}
