import { setTimeout as sleep } from 'node:timers/promises';
import type { Action } from '../../report/results/deployment.js';
import { localTime } from '../../report/text/local-time.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { isSparing } from './actions.js';
import { ask, type Claim, close, type Holder, noteLost, renew, take } from './entries.js';
import { isGone } from './machine.js';
import { requireRelease } from './release.js';

/** Seconds until what waits for another gives up; a training is not waited for at all. */
const PATIENCE = 900;

export interface Recording {
  readonly action: Action;
  /** The version or file that it is about. */
  readonly subject?: string | undefined;
  /** Seconds to wait for another; default 900. */
  readonly patience?: number;
  /** Seconds of silence after which its process counts as gone; default by action. */
  readonly seconds?: number;
  /** Makes the history and what holds it, where they do not exist. Left out: that is an error. */
  ground?(): Promise<void>;
  /** True when the work is done all the same where there is no history. */
  readonly without?: boolean;
}

/** Progress that the work can record. */
export interface Record {
  /**
   * Writes the end down before the work has ended: for one that removes what the history needs.
   * @param linger seconds for which it still excludes others
   */
  recordEnd(message: string, linger: number): Promise<void>;
}

/**
 * Does what must not run beside its like: waits for its turn, keeps it while it works, and writes down in
 * LOS_DEPLOYMENT_LOG who did what and what came of it. A process that was killed blocks others for no longer than its
 * lifetime (actions.ts).
 * @param work gets a context whose signal is also aborted when the lease is lost
 * @param outcome the result in a few words
 * @throws UserError when another does not end in time
 */
export async function recordWork<T>(
  ctx: Context,
  recording: Recording,
  work: (ctx: Context, record: Record) => Promise<T>,
  outcome: (result: T) => string,
): Promise<T> {
  const claim = await begin(ctx, recording);
  if (!claim) return await work(ctx, { recordEnd: async () => {} });
  const life = new Life(ctx, claim);
  let said = false;
  const record: Record = {
    async recordEnd(message, linger) {
      said = true;
      life.stop();
      await tryRecord(ctx, () => close(ctx, claim, 'SUCCEEDED', message, linger));
    },
  };
  let result: T;
  try {
    result = await work({ ...ctx, signal: AbortSignal.any([ctx.signal, life.lossSignal]) }, record);
  } catch (error) {
    life.stop();
    const taken = life.lossSignal.aborted ? leaseError(claim, error) : undefined;
    await tryRecord(ctx, () => close(ctx, claim, 'FAILED', messageOf(error)));
    throw taken ?? error;
  }
  life.stop();
  if (!said) await tryRecord(ctx, () => close(ctx, claim, 'SUCCEEDED', outcome(result)));
  return result;
}

/** Destroy and apply follow each other no more often during one wait. */
const MOST_ROUNDS = 20;

/** Waits for its turn; undefined where there is no history and the work does not need one. */
async function begin(ctx: Context, recording: Recording): Promise<Claim | undefined> {
  const { action, subject = null, seconds, patience = PATIENCE, ground, without } = recording;
  for (let round = 1; ; round++) {
    try {
      const claim = await ask(ctx, action, subject, seconds);
      // false: a destroy that was waited for has taken the history with it.
      if (await turn(ctx, claim, patience)) return claim;
    } catch (error) {
      if (!isGroundless(error) || round === MOST_ROUNDS) throw error;
      if (without) return undefined;
      if (!ground)
        throw new UserError(
          `los ${action} has no LOS_DEPLOYMENT_LOG to write to: nothing is deployed, or an earlier release of los deployed it.`,
          { next: 'Run los apply first.', cause: error },
        );
      await ground();
    }
  }
}

/**
 * Waits until nothing is under way that excludes this.
 * @returns false when the history has gone meanwhile
 */
async function turn(ctx: Context, claim: Claim, patience: number): Promise<boolean> {
  try {
    let found = await take(ctx, claim);
    if (found?.ahead[0]) {
      ctx.progress.note(`Waiting for ${describeHolder(found.ahead[0], ctx.settings.timeZone)}`);
      found = await ctx.progress.step('Wait for another to end', () => waitForTurn(ctx, claim, patience));
    }
    if (!found) return false;
    await requireRelease(ctx, claim.action, found.releases);
    if (found.silent) await noteLost(ctx, null);
    return true;
  } catch (error) {
    if (isGroundless(error)) return false;
    await tryRecord(ctx, () => close(ctx, claim, 'REFUSED', messageOf(error)));
    throw error;
  }
}

/** Asks again every second; what `take` gives when nothing is in the way any more. */
async function waitForTurn(ctx: Context, claim: Claim, patience: number): ReturnType<typeof take> {
  const end = performance.now() + patience * 1000;
  const life = new Life(ctx, claim);
  try {
    for (;;) {
      const found = await take(ctx, claim);
      const holder = found?.ahead[0];
      if (!holder) return found;
      if (isGone(holder.process) && (await noteLost(ctx, holder.id)) > 0) continue;
      const refuseTurn = (reason: string) => refuse(claim, holder, reason, ctx.settings.timeZone);
      if (ctx.signal.aborted) throw refuseTurn('was interrupted while it waited');
      // A training takes hours.
      if (holder.action === 'train') throw refuseTurn('does not wait');
      if (performance.now() > end) throw refuseTurn('does not wait any longer');
      await sleep(1000, undefined, { signal: ctx.signal }).catch(() => undefined);
    }
  } finally {
    life.stop();
  }
}

/** Says every few seconds that the process lives. */
class Life {
  private readonly gone = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private until: number;

  constructor(ctx: Context, claim: Claim) {
    const lifetime = claim.seconds * 1000;
    this.until = performance.now() + lifetime;
    // Half of a lifetime is left for tries when it speaks at last.
    const silent = isSparing(claim.action) ? lifetime / 2 : lifetime;
    let under = false;
    this.timer = setInterval(() => {
      if (under || this.until - performance.now() > silent) return;
      under = true;
      const sent = performance.now();
      renew(ctx, claim)
        .then(
          (held) => {
            if (held) this.until = sent + lifetime;
            else this.gone.abort();
          },
          // Tried again: what matters is whether one of them arrives in time.
          () => {
            if (performance.now() > this.until) this.gone.abort();
          },
        )
        .finally(() => {
          under = false;
        });
    }, lifetime / 5).unref();
  }

  /** Aborted when the lease is another's by now, or may be. */
  get lossSignal(): AbortSignal {
    return this.gone.signal;
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** Who has been at it since when, for a person. */
function describeHolder({ action, user, host, since, commit }: Holder, zone: string): string {
  return `los ${action}, which ${user} has been running${host ? ` on ${host}` : ''} since ${localTime(since, zone)} ${zone}${
    commit ? ` (commit ${commit.slice(0, 12)})` : ''
  }`;
}

function refuse({ action, seconds }: Claim, holder: Holder, reason: string, zone: string): UserError {
  return new UserError(`los ${action} ${reason} for ${describeHolder(holder, zone)}. Nothing was changed.`, {
    next: `Run it again when that has ended (los history); if its process is gone, it counts as ended after ${Math.max(seconds, 75)} seconds.`,
  });
}

function leaseError({ action, seconds }: Claim, cause: unknown): UserError {
  return new Failure(
    `los ${action} stopped: for ${seconds} seconds it could not tell Snowflake that it is alive, and another may have begun.`,
    { next: `Look at los history, then run los ${action} again: it continues where it stopped.`, cause },
  );
}

/** The history must not hide how the work itself ended. */
async function tryRecord(ctx: Context, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isGroundless(error)) ctx.progress.warn(`This was not written into the history: ${messageOf(error)}`);
  }
}

/** The table, what it is in, or the warehouse to write it with does not exist (any more), or the table is an earlier release's. */
function isGroundless(error: unknown): boolean {
  return (
    error instanceof SnowflakeError && (error.missingObject || error.missingColumn || error.code === '000606')
  );
}
