import type { ApplyResult } from '../../report/results/deployment.js';
import { apply, describeApplied } from '../operate/apply.js';
import { ACCEPT_LOSS } from './accept-loss.js';
import type { Command } from './command.js';

export const command: Command<{ plan?: string; acceptLoss?: string[] }, ApplyResult> = {
  finishes: true,
  owns: true,
  unattended: true,
  dataset: true,
  positional: {
    plan: { type: 'string', describe: 'a plan that los plan --out wrote; without it a new one is made' },
  },
  options: ACCEPT_LOSS,
  examples: [
    ['los apply', 'deploy to the local cloud'],
    ['los apply plan.json', 'do exactly what los plan --out plan.json found, or nothing'],
    ['los apply --target cloud', 'deploy with connections.toml and the AWS credential chain'],
  ],
  run: (ctx, args) => apply(ctx, args.plan, { acceptLoss: args.acceptLoss ?? [] }),
  print: (applied) => [`${describeApplied(applied)}.`],
};
