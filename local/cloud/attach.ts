// Using a local cloud from another process: the one that already serves a state folder, or one started for the time.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, readFileSync, statSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readState } from '@local-cloud/kit/state-file.js';
import { IN_USE, isAlive } from '@local-cloud/kit/state-lock.js';
import type { Connection } from './cloud.js';

export type { Connection } from './cloud.js';

export interface Attached {
  connection: Connection;
  /** Whether its process still runs; one that is too busy to answer does. */
  alive(): boolean;
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

/** Longest wait for a cloud to start and to end, in milliseconds. */
const PATIENCE = 30_000;

/**
 * Attaches to the local cloud of a state folder, or starts one that ends on close(), or with this process at the
 * latest. What it says goes to `local.log` in the folder.
 */
export async function attachOrStart(options: { stateDir: string; region?: string }): Promise<Attached> {
  const stateDir = resolve(options.stateDir);
  const end = Date.now() + PATIENCE;
  for (;;) {
    const running = await findRunning(stateDir);
    if (running)
      return { connection: running, alive: () => isAlive(running.pid), close: async () => undefined };
    const started = await start(stateDir, options.region);
    if (started) return started;
    // Another process was quicker and is about to say where it listens.
    if (Date.now() > end)
      throw new Error(
        `the local cloud of ${stateDir} is held by a process that does not answer; see local.lock there`,
      );
    await sleep(100);
  }
}

/** The connection of the live cloud of a state folder, or undefined. */
export async function findRunning(stateDir: string): Promise<Connection | undefined> {
  const connection = readState<Connection>(join(stateDir, 'local.json'));
  if (!connection || !isAlive(connection.pid)) return undefined;
  // A process id may have passed on to some other program.
  return (await answers(connection.aws.endpoint)) ? connection : undefined;
}

function answers(endpoint: string): Promise<boolean> {
  return new Promise((done) => {
    const request = get(endpoint, { timeout: 2000 }, (response) => {
      response.resume();
      done(response.headers['x-amzn-requestid'] !== undefined);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => done(false));
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
      alive: () => child.exitCode === null && child.signalCode === null,
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
