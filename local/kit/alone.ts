// One of the local clouds as a process of its own, without the others.
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { lockState } from './state-lock.js';

/** What a service prints when it listens, and how it ends. */
export interface Alone {
  /** How to connect. */
  readonly lines: readonly string[];
  close(): Promise<void>;
}

/**
 * Reads `--state DIR` (default .cloud) and `--port N` (default: any free one), starts the service on that folder, prints
 * how to connect, and serves until SIGINT or SIGTERM. One process at a time may use a folder.
 */
export async function runAlone(
  start: (options: { stateDir: string; port: number }) => Promise<Alone>,
): Promise<void> {
  const { values } = parseArgs({
    options: { state: { type: 'string', default: '.cloud' }, port: { type: 'string', default: '0' } },
  });
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535)
    throw new Error(`--port must be a number from 0 (any free one) to 65535, not ${values.port}`);
  const stateDir = resolve(values.state);
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  const unlock = lockState(stateDir);
  try {
    const stopped = new Promise<void>((done) => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => done());
    });
    const service = await start({ stateDir, port });
    for (const line of service.lines) console.log(line);
    await stopped;
    await service.close();
  } finally {
    unlock();
  }
}

/** Runs a program to its end: exit code 1 and the message alone where it fails. */
export function exitAfter(program: Promise<void>): void {
  program.then(
    // What is still running belongs to no process any more.
    () => process.exit(0),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    },
  );
}
