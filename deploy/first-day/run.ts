import { resolve } from 'node:path';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Context } from '../context.js';
import { messageOf, UserError } from '../errors.js';
import { writeOut } from '../ground/out-file.js';
import { accountChecks } from './account.js';
import { type Answer, type FirstDayCheck, open } from './check.js';
import { deploymentChecks } from './deployment.js';
import { endpointChecks } from './endpoint.js';
import { lookAround, makeGround, removeGround } from './ground.js';
import { javascriptChecks } from './javascript.js';
import { jobChecks } from './jobs.js';
import { leaseChecks } from './leases.js';
import { mailChecks } from './mails.js';
import { masker } from './mask.js';
import { parameterChecks } from './parameters.js';
import { procedureChecks } from './procedures.js';
import { sqlChecks } from './sql.js';
import { tableChecks } from './table.js';
import { taskChecks } from './tasks.js';

/** All of them, cheap ones first. */
export const firstDayChecks: readonly FirstDayCheck[] = [
  ...accountChecks,
  ...parameterChecks,
  ...javascriptChecks,
  ...sqlChecks,
  ...procedureChecks,
  ...leaseChecks,
  ...mailChecks,
  ...tableChecks,
  ...deploymentChecks,
  ...taskChecks,
  ...jobChecks,
  ...endpointChecks,
];

export interface Settled extends Answer {
  readonly name: string;
  readonly question: string;
}

/** What it costs at most, in words: said before anything is begun. */
export const COST =
  'It wakes an XSMALL warehouse for some five minutes (0.09 credits) and, where a version is promoted, calls its endpoint 23 times (less than a cent) and runs a batch transform of ten rows (some five minutes of an instance: two or three cents). What it makes (a database, for a moment an integration, a model and files) it removes again; it trains and changes nothing.';

/**
 * Asks the accounts what no vendor's page says, one question after the other, and removes what it made, also after a
 * failure. A check that fails is open, with what it failed with; nothing that identifies account or patient is kept.
 */
export async function settle(
  ctx: Context,
  contract: Contract,
  onCheck: (name: string) => void = () => {},
  checks: readonly FirstDayCheck[] = firstDayChecks,
): Promise<Settled[]> {
  const mask = masker(ctx);
  const before = await makeGround(ctx);
  try {
    const day = await lookAround(ctx, contract);
    const settled: Settled[] = [];
    for (const { name, question, look } of checks) {
      ctx.signal.throwIfAborted();
      onCheck(name);
      const { verdict, saw, means } = await look(day).catch(failed);
      settled.push({ name, question, verdict, saw: mask(saw), means });
    }
    return settled;
  } finally {
    await removeGround(ctx, before);
  }
}

/** What a cloud refuses leaves a question open; a mistake of our own goes on. */
function failed(error: unknown): Answer {
  const refused =
    error instanceof UserError ||
    (error instanceof Error && (error.name === 'SnowflakeError' || '$metadata' in error));
  if (!refused) throw error;
  return open(
    `it failed: ${messageOf(error).split('\n').slice(0, 2).join(' ')}`,
    'The question could not be asked. Send this file back.',
  );
}

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

/** Asks a real account what the vendors' documentation leaves open, and writes the answers into a file. */
export async function firstDay(
  ctx: Context,
  { yes, out }: { readonly yes: boolean; readonly out: string },
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
