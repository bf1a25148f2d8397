// Using a local cloud from another process: the one that already serves a state folder, or one started for the time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readState } from '@local-cloud/kit/state-file.js';
import { holderOf, IN_USE } from '@local-cloud/kit/state-lock.js';
import type { Connection } from './cloud.js';
import { connectionFile } from './connection-file.js';

export type { Connection } from './cloud.js';

export interface Attached {
  connection: Connection;
  /** Whether it still serves; one that is too busy to answer does, one that is about to end does not. */
  isAlive(): Promise<boolean>;
  /** Ends the cloud if this call started it; leaves one alone that was there before. */
  close(): Promise<void>;
}

/** Bytes of local.log from which on it begins anew. */
const LONGEST_LOG = 1_000_000;

/**
 * Pools that glibc takes memory from, at most. By itself it makes up to eight for each core, one a thread, and what is freed in one is
 * of no use to the others: some 200 MB of a demo.
 */
const ARENAS = '2';

/**
 * Longest wait for a cloud to start and to end, in milliseconds: some hundred times what it takes, for on a busy machine it
 * is late, not lost.
 */
const PATIENCE = 180_000;

/** Between two looks at what another process is about to do, in milliseconds. */
const GLANCE = 50;

/**
 * Attaches to the local cloud of a state folder, or starts one that ends on close(), or with this process at the
 * latest. What it says goes to `local.log` in the folder.
 */
export async function attachOrStart(options: { stateDir: string; region?: string }): Promise<Attached> {
  const stateDir = resolve(options.stateDir);
  const end = performance.now() + PATIENCE;
  for (;;) {
    const connection = await findRunning(stateDir);
    if (connection)
      return { connection, isAlive: () => serves(stateDir, connection), close: async () => undefined };
    const holder = holderOf(stateDir);
    const started = holder ? undefined : await start(stateDir, options.region);
    if (started) return started;
    // Another process was quicker and is about to say where it listens, or is about to end.
    if (performance.now() > end)
      throw new Error(
        `the local cloud of ${stateDir} is held by a process${holder ? ` (${holder.pid})` : ''} that does not say where it listens; see local.log there, or end it`,
      );
    await sleep(GLANCE);
  }
}

/** The connection of the cloud that serves a state folder, or undefined. */
export async function findRunning(stateDir: string): Promise<Connection | undefined> {
  const connection = readState<Connection>(connectionFile(stateDir));
  return connection && (await serves(stateDir, connection)) ? connection : undefined;
}

/**
 * Ends the cloud that serves a state folder, also one that another process started, and waits until it has written what it keeps.
 * @throws Error when it does not end
 */
export async function endRunning(stateDir: string): Promise<void> {
  const holder = holderOf(stateDir);
  if (!holder) return;
  process.kill(holder.pid, 'SIGTERM');
  const end = performance.now() + PATIENCE;
  while (holderOf(stateDir)?.pid === holder.pid) {
    if (performance.now() > end) throw new Error(`the local cloud (process ${holder.pid}) does not end`);
    await sleep(GLANCE);
  }
}

/** Whether this cloud has the folder still and listens. That it answers is not asked: it may be busy. */
async function serves(stateDir: string, { pid, aws }: Connection): Promise<boolean> {
  return (
    holderOf(stateDir)?.pid === pid &&
    readState<Connection>(connectionFile(stateDir))?.pid === pid &&
    (await listens(aws.endpoint))
  );
}

/** False only where nothing listens: a process that is killed loses its ports before its number. */
function listens(endpoint: string): Promise<boolean> {
  const { hostname, port } = new URL(endpoint);
  return new Promise((done) => {
    const socket = connect(Number(port), hostname);
    const end = (listening: boolean) => {
      socket.destroy();
      done(listening);
    };
    socket
      .on('connect', () => end(true))
      .on('error', ({ code }: NodeJS.ErrnoException) => end(code !== 'ECONNREFUSED'));
  });
}

async function start(stateDir: string, region: string | undefined): Promise<Attached | undefined> {
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const logFile = join(stateDir, 'local.log');
  // What went wrong in an earlier run is looked for after it.
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  const log = openSync(logFile, size > LONGEST_LOG ? 'w' : 'a', 0o600);
  const main = fileURLToPath(new URL('./main.js', import.meta.url));
  const child = spawn(
    process.execPath,
    [
      '--enable-source-maps',
      // Rows come and go by the hundred thousand: what is young a little longer is copied less.
      '--max-semi-space-size=32',
      // See garbage.ts of the local Snowflake.
      '--expose-gc',
      main,
      '--state',
      stateDir,
      '--json',
      '--with-parent',
      ...(region ? ['--region', region] : []),
    ],
    // A group of its own: Ctrl-C in the terminal is for the command, which then closes the cloud in order.
    { stdio: ['pipe', 'pipe', log], detached: true, env: { MALLOC_ARENA_MAX: ARENAS, ...process.env } },
  );
  closeSync(log);
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  const lines = createInterface({ input: child.stdout! });
  const first = once(lines, 'line') as Promise<[string]>;
  const outcome = await Promise.race([
    first.then(([line]) => ({ connection: JSON.parse(line) as Connection })),
    exited.then(([code, signal]) => ({ code, signal })),
  ]);
  if ('connection' in outcome) {
    // The cloud must not keep this process alive.
    child.unref();
    (child.stdin as unknown as { unref?(): void }).unref?.();
    (child.stdout as unknown as { unref?(): void }).unref?.();
    return {
      connection: outcome.connection,
      isAlive: async () =>
        child.exitCode === null && child.signalCode === null && (await serves(stateDir, outcome.connection)),
      async close() {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.ref();
        child.kill('SIGTERM');
        const ended = await Promise.race([exited.then(() => true), sleep(PATIENCE, false, { ref: false })]);
        if (!ended) {
          child.kill('SIGKILL');
          await exited;
        }
      },
    };
  }
  if (outcome.code === IN_USE) return undefined;
  const said = readFileSync(logFile, 'utf8').trim().split('\n').slice(-15).join('\n');
  throw new Error(
    `the local cloud did not start (${outcome.signal ?? `status ${outcome.code}`}). Its log, ${logFile}, ends:\n${said}`,
  );
}
