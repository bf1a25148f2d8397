import { apply, describeApplied } from '../operate/apply.js';
import type { ApplyResult } from '../resources/apply.js';
import type { Command } from './command.js';

export const command: Command<{ plan?: string }, ApplyResult> = {
  finishes: true,
  unattended: true,
  dataset: true,
  positional: {
    plan: { type: 'string', describe: 'a plan that los plan --out wrote; without it a new one is made' },
  },
  examples: [
    ['los apply', 'deploy to the local cloud'],
    ['los apply plan.json', 'do exactly what los plan --out plan.json found, or nothing'],
    ['los apply --target cloud', 'deploy with connections.toml and the AWS credential chain'],
  ],
  run: (ctx, args) => apply(ctx, args.plan),
  print: (applied) => [`${describeApplied(applied)}.`],
};
