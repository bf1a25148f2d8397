import type { Command } from '../deploy/commands/command.js';
import { firstDayLines } from '../doctor/lines.js';
import { type FirstDayReport, firstDay } from './settle.js';

interface Args {
  readonly yes: boolean;
  readonly out: string;
}

export const command: Command<Args, FirstDayReport> = {
  finishes: true,
  owns: true,
  dataset: true,
  options: {
    yes: { type: 'boolean', default: false, describe: 'do it; without this only the cost is said' },
    out: {
      type: 'string',
      default: 'los-first-day.json',
      describe: 'file to send back: verdicts without names of accounts, secrets or patient data',
    },
  },
  examples: [
    ['los first-day --target cloud', 'what it would do and cost'],
    ['los first-day --target cloud --yes', 'ask a real account what no vendor’s page answers'],
  ],
  run: firstDay,
  print: firstDayLines,
  exitCode: ({ checks }) => (checks.some(({ verdict }) => verdict === 'breaks') ? 1 : 0),
};
