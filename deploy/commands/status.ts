import { statusLines } from '../../report/operations/status.js';
import type { Status } from '../../report/results/operation.js';
import { UTC } from '../../report/text/local-time.js';
import { type Heartbeat, heartbeat } from '../operate/heartbeat.js';
import { status } from '../operate/status.js';
import type { Command } from './command.js';

export const command: Command<{ heartbeat?: boolean }, Status | Heartbeat> = {
  options: {
    heartbeat: {
      type: 'boolean',
      describe:
        'only what wakes no warehouse: the last sign of life, and whether tasks and warehouse are there',
    },
  },
  examples: [
    [
      'los status',
      'versions, endpoints, tasks, who waits; ends with 1 when scoring does not do what it should',
    ],
    ['los status --target cloud --json', 'the same of the real clouds, for a script'],
    ['los status --target cloud --heartbeat', 'for cron, every hour'],
  ],
  run: (ctx, args) =>
    args.heartbeat ? heartbeat(ctx, Date.now()) : ctx.progress.step('Look at both clouds', () => status(ctx)),
  print: (found, { timeZone } = { timeZone: UTC }) =>
    'health' in found
      ? statusLines(found, timeZone)
      : [`Alive      ${found.alive ?? 'no sign of it'}`, ...found.problems],
  exitCode: (found) => (('health' in found ? found.health : found).problems.length > 0 ? 1 : 0),
};
