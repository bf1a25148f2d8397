import { statusLines } from '../../report/operations/status.js';
import { UTC } from '../../report/text/local-time.js';
import { type Status, status } from '../operate/status.js';
import type { Command } from './command.js';

export const command: Command<Record<string, never>, Status> = {
  examples: [
    [
      'los status',
      'versions, endpoints, tasks, who waits; ends with 1 when scoring does not do what it should',
    ],
    ['los status --target cloud --json', 'the same of the real clouds, for a script'],
  ],
  run: (ctx) => ctx.progress.step('Look at both clouds', () => status(ctx)),
  print: (found, { timeZone } = { timeZone: UTC }) => statusLines(found, timeZone),
  exitCode: ({ health }) => (health.problems.length > 0 ? 1 : 0),
};
