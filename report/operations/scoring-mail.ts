import type { MailSender } from '../mail/sender.js';
import type { GraphRun } from '../results/operation.js';

/** Mails what a run of the task graph did. @param version the champion; null: there is none */
export async function mailScoring(
  { mail }: { readonly mail: MailSender },
  version: string | null,
  run: GraphRun,
): Promise<void> {
  await mail.send(
    'scoring',
    {
      version,
      rows: run.scored,
      key: [
        { label: 'predictions logged', value: run.scored },
        { label: 'seconds', value: Math.round(run.seconds) },
      ],
      summary: version
        ? `${version} predicted. ${run.built} feature rows were new or had changed.`
        : `No version has been promoted, so nothing was predicted. ${run.built} feature rows were new or had changed.`,
      ...(version
        ? {
            next: 'What ran, and how it ended:',
            commands: ['SELECT * FROM LOS_RUN_LOG ORDER BY STARTED_AT DESC LIMIT 5;'],
          }
        : { next: 'To train and promote a version:', commands: ['los train --promote'] }),
    },
    { routine: version !== null },
  );
}
