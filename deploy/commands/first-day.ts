import { type FirstDayReport, firstDay } from '../first-day/run.js';
import type { Command } from './command.js';

interface Args {
  readonly yes: boolean;
  readonly out: string;
}

const signs = { holds: 'holds ', breaks: 'BREAKS', open: 'open  ' } as const;

export const command: Command<Args, FirstDayReport> = {
  finishes: true,
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
  print: ({ checks, out }) => [
    ...checks.flatMap(({ verdict, name, question, saw, means }) => [
      `${signs[verdict]} ${name.padEnd(20)} ${question}`,
      `       ${saw}`,
      `       ${means}`,
    ]),
    '',
    `${checks.filter(({ verdict }) => verdict === 'holds').length} hold, ${checks.filter(({ verdict }) => verdict === 'breaks').length} break, ${checks.filter(({ verdict }) => verdict === 'open').length} open. Written to ${out}: please send it back.`,
  ],
  exitCode: ({ checks }) => (checks.some(({ verdict }) => verdict === 'breaks') ? 1 : 0),
};
