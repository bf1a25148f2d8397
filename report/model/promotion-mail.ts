import type { PromoteResult } from '../../procedures/promoting/promote.js';
import type { MailSender } from '../mail/sender.js';

/** Mails that another version answers now, and what it had to pass. */
export async function mailPromotion(
  { mail }: { readonly mail: MailSender },
  { version, previous, gates, reason }: PromoteResult,
): Promise<void> {
  await mail.send('promotion', {
    version,
    previous,
    key: [
      {
        label: 'gates passed',
        value: `${gates.filter(({ passed }) => passed).length} of ${gates.length}`,
      },
      { label: 'former champion', value: previous ?? 'none' },
    ],
    summary: `${version} answers every prediction from now on. ${
      previous ? `${previous} stays callable until it is retired.` : 'It is the first version.'
    }${reason ? ` A person promoted it over gates: ${reason}` : ''}`,
    tables: [
      {
        title: 'Gates',
        columns: ['gate', 'passed', 'finding'],
        rows: gates.map(({ name, passed, finding }) => [name, passed ? 'yes' : 'overridden', finding]),
      },
    ],
    ...(previous
      ? {
          next: 'To roll back, if predictions become worse:',
          commands: ['CALL ROLL_BACK_MODEL();', 'los model rollback'],
        }
      : {
          next: 'Ask it about an admission:',
          commands: ['SELECT predict_los(OBJECT_CONSTRUCT(*)) AS DAYS FROM LOS_FEATURES LIMIT 5;'],
        }),
  });
}
