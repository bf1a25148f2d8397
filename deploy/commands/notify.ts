import { AT_ONCE } from '../../procedures/notifying/outbox.js';
import { count } from '../../report/text/count.js';
import { type NotifyResult, notify } from '../watching/notify.js';
import type { Command } from './command.js';

export const command: Command<object, NotifyResult> = {
  finishes: true,
  unattended: true,
  options: {},
  examples: [['los notify', 'mail alarms and what the loop did; from cron, every few minutes']],
  run: (ctx) => ctx.progress.step('Mail unsent events', () => notify(ctx)),
  print: ({ mails, events, waiting }) => [
    events === 0 ? 'There is nothing to tell.' : `${count(events, 'event')} in ${count(mails, 'mail')}.`,
    ...(waiting === undefined
      ? []
      : [
          `${count(waiting, 'more waits', 'more wait')}: los notify takes ${AT_ONCE} at a time, the oldest first.`,
        ]),
  ],
};
