import { count } from '../../report/text/count.js';
import { type DestroyResult, destroy } from '../operate/destroy.js';
import type { Command } from './command.js';

export const command: Command<{ yes: boolean; purgeData: boolean }, DestroyResult> = {
  finishes: true,
  options: {
    yes: { type: 'boolean', default: false, describe: 'do it; without this the objects are only listed' },
    'purge-data': {
      type: 'boolean',
      default: false,
      describe: 'also remove tables, database and bucket (the local target always does)',
    },
  },
  examples: [
    ['los destroy', 'list what would go'],
    ['los destroy --yes', 'remove the local deployment with its data and the local cloud'],
    ['los destroy --target cloud --yes --purge-data', 'remove everything from the real clouds'],
  ],
  run: (ctx, args) => destroy(ctx, args),
  print: ({ removed, kept }) => [
    `${count(removed.length, 'object')} removed.`,
    ...(kept.length ? [`Kept: ${kept.join(', ')}`] : []),
  ],
};
