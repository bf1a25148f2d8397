import { type PromoteResult, promote } from '../../model/promote.js';
import type { Command } from '../command.js';

export const command: Command<{ model?: string; force?: boolean; reason?: string }, PromoteResult> = {
  finishes: true,
  dataset: true,
  mailsFailure: true,
  // Not called version: that is what --version asks for.
  positional: { model: { type: 'string', describe: 'such as health-v3; left out: the newest' } },
  options: {
    force: { type: 'boolean', default: false, describe: 'promote although a gate says no; says which' },
    reason: {
      type: 'string',
      describe: 'with --force: why; kept with the version, in its card and the history',
    },
  },
  examples: [
    ['los model promote health-v2', 'let predict_los answer from version 2, if it passes the gates'],
    ['los model promote health-v2 --force --reason "Ward B is rebuilt"', 'also if it does not'],
  ],
  run: (ctx, { model, force, reason }, contract) =>
    promote(ctx, contract, model, { force: force === true, ...(reason === undefined ? {} : { reason }) }),
  print: promotionLines,
};

/** Outcome of a promotion or rollback, in words. */
export function promotionLines({ version, previous, gates }: PromoteResult): string[] {
  return [
    ...gates.map(({ name, passed, finding }) => `${passed ? 'yes' : 'NO '} ${name}: ${finding}`),
    `predict_los answers from ${version} now${previous ? `, before: ${previous}` : ''}.`,
  ];
}
