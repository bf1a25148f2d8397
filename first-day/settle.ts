import { resolve } from 'node:path';
import type { Context } from '../deploy/context.js';
import { messageOf, UserError } from '../deploy/errors.js';
import { writeOut } from '../deploy/ground/out-file.js';
import { type Check, type Finding, open, type Verdict } from '../doctor/check.js';
import { run } from '../doctor/run.js';
import type { Contract } from '../procedures/dataset/contract.js';
import { firstDayChecks } from './checks.js';
import { masker } from './mask.js';
import { APPLIED, type FirstDay, lookAround, makeGround, PROMOTED } from './scene.js';

export interface CheckOutcome {
  readonly name: string;
  readonly question: string;
  readonly verdict: Verdict;
  /** Observation: types, counts, codes, seconds; nothing of a patient, no name of an account. */
  readonly saw: string;
  /** Consequence for a deployment. */
  readonly means: string;
}

/** Report that is sent back: no name of account, user or host, nothing of a patient. */
export interface FirstDayReport {
  readonly target: string;
  /** ISO date of the day. */
  readonly date: string;
  readonly region: string;
  /** Snowflake's own version. */
  readonly snowflake: string;
  readonly checks: readonly CheckOutcome[];
  /** File that it was written to. */
  readonly out: string;
}

/** Greatest cost, in words: said before anything is begun. */
export const COST =
  'It wakes an XSMALL warehouse for some five minutes (0.09 credits) and, where a version is promoted, calls its endpoint 23 times (less than a cent) and runs a batch transform of ten rows (some five minutes of an instance: two or three cents). What it makes (a database, for a moment two integrations, a model and files) it removes again; it trains and changes nothing.';

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

/**
 * Asks the accounts what no vendor's page says, one question after the other, and removes what it made, also after a
 * failure. A check that fails is open, with what it failed with; nothing that identifies account or patient is kept.
 */
export async function settle(
  ctx: Context,
  contract: Contract,
  onCheck: (name: string) => void = () => {},
  checks: readonly Check<FirstDay>[] = firstDayChecks,
): Promise<CheckOutcome[]> {
  const mask = masker(ctx);
  const removeGround = await makeGround(ctx);
  try {
    const findings = await answerAll(checks, await lookAround(ctx, contract), (name) => {
      ctx.signal.throwIfAborted();
      onCheck(name);
    });
    return findings.map((finding) => ({ ...finding, saw: mask(finding.saw) }));
  } finally {
    await removeGround();
  }
}

/** The answers to some checks in one account. */
export async function answerAll(
  checks: readonly Check<FirstDay>[],
  day: FirstDay,
  onCheck: (name: string) => void = () => {},
): Promise<CheckOutcome[]> {
  const findingOf = (name: string, is: boolean, saw: string): Finding => ({
    name,
    asks: '',
    ...(is ? { verdict: 'holds' } : open(saw)),
  });
  const settled = [
    findingOf(APPLIED, day.deployed, 'nothing is deployed here yet'),
    findingOf(PROMOTED, day.champion !== undefined, 'no version is promoted here yet'),
  ];
  const found = await run(checks, day, {
    settled,
    onCheck,
    // What a cloud refuses leaves a question open.
    refusal: (error) =>
      open(
        `it failed: ${messageOf(error).split('\n').slice(0, 2).join(' ')}`,
        'The question could not be asked. Send this file back.',
      ),
  });
  return found.map(({ name, asks, means = '', verdict, saw = '', next = '', because }) => {
    const words = (...parts: string[]) => parts.filter(Boolean).join(' ');
    const missing = settled.find((other) => other.name === because);
    return {
      name,
      question: asks,
      verdict,
      saw: missing?.saw ?? saw,
      means: missing ? words(means, `Run ${because}, then los first-day again.`) : words(means, next),
    };
  });
}
