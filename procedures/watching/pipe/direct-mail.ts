import { qualify, SUBJECT_PREFIX } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { errorLine } from '../../ground/without-values.js';
import { execute, query, type Work } from '../../ground/work.js';
import type { DirectMail, WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';

/** How a mail without LOS_EVENTS came out. */
export type DirectMailing = 'sent' | 'sent before' | 'no address' | { readonly refusal: string };

/**
 * Mails signs straight by SYSTEM$SEND_EMAIL, for what cannot be written into LOS_EVENTS is mailed by no one else. Each subject once a
 * day, whichever monitor finds it.
 * @param monitor the task that mails
 * @param because why LOS_EVENTS does not serve
 */
export function* mailDirectly(
  plan: WatchPlan,
  monitor: string,
  signs: readonly Sign[],
  because: string,
): Work<DirectMailing> {
  const { mail, place, contract } = plan;
  const [first] = signs;
  if (mail === null || first === undefined) return 'no address';
  const table = qualify(place, 'LOS_DIRECT_MAILS');
  const before = yield* mailOfToday(plan, mail);
  const news = signs.filter(({ subject }) => before.indexOf(subject) < 0);
  if (news.length === 0) return 'sent before';
  const [title] = first.message.split(/[:;]/);
  const others = signs.length > 1 ? `, and ${signs.length - 1} more` : '';
  const text = signs
    .map(({ message, next }) => `${message}\n${next === undefined ? '' : `Next: ${next}\n`}`)
    .concat(
      `${monitor} of ${contract.name} sends this itself, because events cannot be written down: ${because} No other mail leaves until that is mended. It comes once a day.`,
    )
    .join('\n');
  try {
    yield* execute(`CALL SYSTEM$SEND_EMAIL(?, ?, ?, ?)`, [
      mail.integration,
      mail.recipients.join(', '),
      `${SUBJECT_PREFIX} ALARM: ${title}${others}`.trim(),
      text,
    ]);
  } catch (error) {
    return { refusal: errorLine(error) };
  }
  for (const { subject } of news)
    yield* execute(
      `INSERT INTO ${table} (DATASET, SUBJECT, MONITOR, SENT_AT) SELECT ?, ?, ?, CURRENT_TIMESTAMP()`,
      [contract.name, subject, monitor],
    );
  return 'sent';
}

/** The subjects that were mailed within a day. Without the table that knows it a mail would leave every hour, so it is made. */
function* mailOfToday({ contract, place }: WatchPlan, { restore }: DirectMail): Work<string[]> {
  const ask = () =>
    query(
      `SELECT SUBJECT FROM ${qualify(place, 'LOS_DIRECT_MAILS')} WHERE DATASET = ? AND SENT_AT > DATEADD(hour, -24, CURRENT_TIMESTAMP())`,
      [contract.name],
    );
  try {
    return (yield* ask()).map(({ SUBJECT }) => String(SUBJECT));
  } catch (error) {
    if (!isGone(errorLine(error))) throw error;
    yield* execute(restore);
    return [];
  }
}
