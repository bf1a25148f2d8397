import { withoutQuotes } from '../clients/redact.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import type { Mailer } from './mailer.js';

/**
 * Runs a command's work; if it fails, that is mailed before the error goes on. What the user at the
 * keyboard did wrong, or stopped, is not mailed.
 * @param more what else the mail says
 */
export async function mailingFailure<T>(
  { mail, signal }: Pick<Context, 'mail' | 'signal'>,
  step: string,
  work: () => Promise<T>,
  more: { readonly summary?: string } = {},
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!signal.aborted && (error instanceof Failure || !(error instanceof UserError)))
      await mailFailure(mail, step, error, more);
    throw error;
  }
}

/** Mails that a step failed. @param step as it is typed, e.g. `los score` */
export async function mailFailure(
  mail: Mailer,
  step: string,
  error: unknown,
  { summary = `${step} did not finish. What it had done stays done.` }: { readonly summary?: string } = {},
): Promise<void> {
  const next = error instanceof UserError ? error.next : undefined;
  // It waits in a table that people read who must not see rows.
  const message = withoutQuotes(messageOf(error));
  await mail.send(
    'failure',
    {
      step,
      error: message,
      short: firstClause(message),
      summary,
      // What is to be done may be the same step, with what makes it go on.
      next: next?.includes(step)
        ? next
        : `${next ?? 'Find out what is broken.'} Then run it again: it continues where it stopped.`,
      commands: ['los doctor', step],
    },
    { once: true },
  );
}

/** Number of characters of a subject. */
const ROOM = 70;
/** Letters of what only says who speaks or of whom: `User: arn:aws:iam::…`. */
const NO_CLAUSE = 12;

/** The beginning of an error, to the end of its first clause or word that fits. */
export function firstClause(text: string): string {
  const clauses = text.split(/(\n|[.:;] | \(|\.$)/);
  let clause = clauses[0] ?? '';
  for (let i = 1; clause.length < NO_CLAUSE && i + 1 < clauses.length; i += 2)
    clause += `${clauses[i]}${clauses[i + 1]}`;
  clause = clause.replaceAll('\n', ' ');
  return clause.length <= ROOM ? clause : `${clause.slice(0, ROOM).replace(/\s+\S*$/, '')} …`;
}
