import { resolve } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { COST, type Settled, settle } from '../first-day/run.js';
import { writeOut } from '../ground/out-file.js';
import type { Command } from './command.js';

/** What is sent back: no name of account, user or host, nothing of a patient. */
export interface FirstDayReport {
  readonly target: string;
  /** ISO date of the day. */
  readonly date: string;
  readonly region: string;
  /** Snowflake's own version. */
  readonly snowflake: string;
  readonly checks: readonly Settled[];
  /** File that it was written to. */
  readonly out: string;
}

interface Args {
  readonly yes: boolean;
  readonly out: string;
}

/** Asks a real account what the vendors' documentation leaves open, and writes the answers into a file. */
export async function firstDay(
  ctx: Context,
  { yes, out }: Args,
  contract: Contract,
): Promise<FirstDayReport> {
  if (!yes)
    throw new UserError(`los first-day asks both accounts what the vendors' pages leave open. ${COST}`, {
      next: 'Run los first-day --yes to do it.',
    });
  const checks = await ctx.progress.step('Ask what no page answers', (step) =>
    settle(ctx, contract, (name) => step.update(name)),
  );
  const [row] = await ctx.snowflake.query('SELECT CURRENT_VERSION() AS VERSION');
  const report: FirstDayReport = {
    target: ctx.target.name,
    date: new Date().toISOString().slice(0, 10),
    region: ctx.aws.region,
    snowflake: String(row?.VERSION),
    checks,
    out: resolve(out),
  };
  const { out: _, ...sent } = report;
  writeOut(report.out, `${JSON.stringify(sent, null, 2)}\n`);
  return report;
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
