import type { MailSender } from '../mail/sender.js';
import type { ApplyResult } from '../results/deployment.js';

/**
 * Mails what an apply made, by kinds, or by names where they are few.
 * @param champion that the version in service does not answer, in a sentence
 */
export async function mailApply(
  { mail }: { readonly mail: MailSender },
  applied: ApplyResult,
  routine: boolean,
  champion: string | undefined,
): Promise<void> {
  const { unchanged } = applied;
  const done = (['created', 'renamed', 'updated', 'removed'] as const)
    .map((what) => ({ what, ids: applied[what] }))
    .filter(({ ids }) => ids.length > 0);
  await mail.send(
    'deploy',
    {
      changes: done.map(({ what, ids }) => `${ids.length} ${what}`).join(', '),
      key: [
        ...done.map(({ what, ids }) => ({ label: what, value: ids.length })),
        ...(unchanged > 0 ? [{ label: 'unchanged', value: unchanged }] : []),
      ],
      summary: `Snowflake and AWS ${done.length > 0 ? 'now' : 'already'} match the settings${applied.leftOut.length > 0 ? ', except for what is named here' : ''}.`,
      sentences: [
        ...done.map(
          ({ what, ids }) => `${what.charAt(0).toUpperCase()}${what.slice(1)}: ${nameResources(ids)}.`,
        ),
        ...applied.leftOut,
        ...(applied.lost ?? []),
        ...(champion === undefined ? [] : [champion]),
      ],
      next: 'The current state, and who deployed when:',
      commands: ['los status', 'los history'],
    },
    { routine: routine && done.length === 0 && applied.leftOut.length === 0 && champion === undefined },
  );
}

/** So many objects, and kinds of them, are named in a mail. */
const NAMED = 5;

function nameResources(ids: readonly string[]): string {
  if (ids.length <= NAMED) return ids.map((id) => id.slice(id.indexOf('.') + 1).replace(':', ' ')).join(', ');
  const kinds = new Map<string, number>();
  for (const id of ids) {
    const kind = id
      .replace(/^\w+\./, '')
      .replace(/:.*/s, '')
      .replaceAll('-', ' ');
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  const most = [...kinds].sort(([, a], [, b]) => b - a).slice(0, NAMED);
  const others = ids.length - most.reduce((sum, [, count]) => sum + count, 0);
  const words = most.map(
    ([kind, count]) => `${count} ${kind}${count === 1 || kind.endsWith('s') ? '' : 's'}`,
  );
  return `${words.join(', ')}${others > 0 ? ` and ${others} others` : ''}`;
}
