import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { qualify } from '../../procedures/ground/names.js';
import type { Action, Entry, Status } from '../../report/results/deployment.js';
import { requireValue } from '../../udfs/require-value.js';
import { withoutQuotes } from '../clients/redact.js';
import type { Context } from '../context.js';
import { ownRelease } from '../project.js';
import { fillFile } from '../sql-file.js';
import { excludes, lifetime } from './actions.js';
import { commitOf } from './commit.js';
import { currentPlace } from './machine.js';

/** Action that excludes a new one. */
export interface Holder {
  readonly id: string;
  readonly action: Action;
  readonly user: string;
  readonly host: string | null;
  readonly process: string | null;
  readonly commit: string | null;
  /** UTC, `YYYY-MM-DD HH:MM:SS`. */
  readonly since: string;
}

/** Facts that an action needs before it begins. */
export interface Look {
  /** Actions that hold the lease; nothing: the lease is held. */
  readonly ahead: readonly Holder[];
  /** True if processes have said nothing for too long. */
  readonly silent: boolean;
  /** Releases of los that have begun to apply. */
  readonly releases: readonly string[];
}

/** One row of the history, and the lease that goes with it, as its process handles it. */
export interface Claim {
  readonly id: string;
  readonly action: Action;
  /** Seconds after which it is lost unless renewed. */
  readonly seconds: number;
}

/** Enters the queue. */
export async function ask(
  ctx: Context,
  action: Action,
  subject: string | null,
  seconds = lifetime[action],
): Promise<Claim> {
  const claim = { id: randomUUID(), action, seconds };
  const { host, process } = currentPlace();
  const commit = await commitOf(ctx.settings.folder);
  const binds = [claim.id, action, subject, seconds, host, process, commit, ownRelease];
  await ctx.snowflake.execute(sql(ctx, 'ask'), binds);
  return claim;
}

/** Milliseconds, at most, after which one that has stepped back tries again: two that meet soon come one after the other. */
const STEP_BACK = 400;

/**
 * Takes the lease if nothing stands in the way. Not in a transaction that locks the rows first, as leaseRows does: a client that is
 * killed within one leaves its lock behind, and all others wait for five minutes until Snowflake takes it back
 * (docs.snowflake.com/en/sql-reference/transactions#aborting-transactions). It writes that it has it, then looks whether another wrote the same: of two, the
 * one that commits second sees the first, whatever its own UPDATE saw, and steps back; so there is never more than one.
 * @returns what does; undefined: the row is gone with its table
 */
export async function take(ctx: Context, { id, action, seconds }: Claim): Promise<Look | undefined> {
  const excluded = excludes[action].map((name) => `'${name}'`).join(', ');
  const values = { excluded, releases: sql(ctx, 'releases') };
  for (;;) {
    await ctx.snowflake.execute(sql(ctx, 'take', values), [seconds, id]);
    const rows = await ctx.snowflake.query(sql(ctx, 'look', values), [id]);
    const own = rows.find((row) => row.ID === id);
    if (!own) return undefined;
    const ahead = rows.filter((row) => row.ID !== id).map(holderOf);
    const found = { ahead, silent: Number(own.SILENT) > 0, releases: own.RELEASES as string[] };
    if (own.STATUS === 'RUNNING') {
      if (ahead.length === 0) return found;
      await ctx.snowflake.execute(sql(ctx, 'wait'), [seconds, id]);
      // Both may have stepped back, so that nothing is in the way any more.
      await sleep(Math.random() * STEP_BACK);
      continue;
    }
    // A machine that slept finds itself counted as lost.
    if (own.STATUS === 'LOST') await ctx.snowflake.execute(sql(ctx, 'wait'), [seconds, id]);
    // Else what stood in the way has ended since it was looked for.
    if (ahead.length) return found;
  }
}

/** Says that the process lives. @returns false when the lease is another's by now */
export async function renew(ctx: Context, { id, seconds }: Claim): Promise<boolean> {
  return (await ctx.snowflake.execute(sql(ctx, 'renew'), [seconds, id])) > 0;
}

/**
 * Writes down how it ended and lets go of the lease.
 * @param linger seconds for which it still excludes others
 */
export async function close(
  ctx: Context,
  { id }: Claim,
  status: 'SUCCEEDED' | 'FAILED' | 'REFUSED',
  message: string,
  linger = 0,
): Promise<void> {
  await ctx.snowflake.execute(sql(ctx, 'close'), [status, withoutQuotes(message), linger, id]);
}

/**
 * Closes the rows of processes that are gone: of those that are silent for too long, and of this one.
 * @returns how many
 */
export async function noteLost(ctx: Context, id: string | null): Promise<number> {
  return await ctx.snowflake.execute(sql(ctx, 'lost'), [id, id]);
}

/** The latest entries, the newest first. */
export async function entries(ctx: Context, limit: number): Promise<Entry[]> {
  const rows = await ctx.snowflake.query<Record<string, string | null>>(
    sql(ctx, 'list', { limit: String(limit) }),
  );
  return rows.map((row) => ({
    id: requireValue(row.ID, 'the id of an entry'),
    action: row.ACTION as Action,
    subject: row.SUBJECT ?? null,
    status: row.STATE as Status,
    asked: requireValue(row.ASKED, 'when an entry was asked for'),
    started: row.STARTED ?? null,
    finished: row.FINISHED ?? null,
    user: requireValue(row.USER_NAME, 'the user of an entry'),
    host: row.HOST ?? null,
    commit: row.COMMIT_ID ?? null,
    release: row.RELEASE ?? null,
    message: row.MESSAGE ?? null,
  }));
}

function holderOf(row: Record<string, unknown>): Holder {
  const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
  return {
    id: String(row.ID),
    action: row.ACTION as Action,
    user: String(row.USER_NAME),
    host: text(row.HOST),
    process: text(row.PROCESS),
    commit: text(row.COMMIT_ID),
    since: String(row.SINCE),
  };
}

function sql(ctx: Context, name: string, values: Readonly<Record<string, string>> = {}): string {
  return fillFile(`sql/history/${name}.sql`, {
    history: qualify(ctx.settings, 'LOS_DEPLOYMENT_LOG'),
    ...values,
  });
}
