import { datasetOption, forDataset } from '../dataset/context.js';
import { mailingFailure } from '../mail/failure.js';
import { type PromoteResult, promote } from '../model/promote.js';
import type { Command } from './command.js';

export const command: Command<{ model?: string; dataset?: string; force?: boolean }, PromoteResult> = {
  finishes: true,
  // Not called version: that is what --version asks for.
  positional: { model: { type: 'string', describe: 'such as health-v3; left out: the newest' } },
  options: {
    ...datasetOption,
    force: { type: 'boolean', default: false, describe: 'promote although a gate says no; says which' },
  },
  examples: [
    ['los promote health-v2', 'let predict_los answer from version 2, if it passes the gates'],
    ['los promote health-v2 --force', 'also if it does not'],
  ],
  run: (context, args) => {
    const { ctx, contract } = forDataset(context, args.dataset);
    return mailingFailure(ctx, 'los promote', () =>
      promote(ctx, contract, args.model, { force: args.force === true }),
    );
  },
  print: promoted,
};

/** What a promotion or rollback did, in words. */
export function promoted({ version, previous, gates }: PromoteResult): string[] {
  return [
    ...gates.map(({ name, passed, finding }) => `${passed ? 'yes' : 'NO '} ${name}: ${finding}`),
    `predict_los answers from ${version} now${previous ? `, before: ${previous}` : ''}.`,
  ];
}
