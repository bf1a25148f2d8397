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
  const port = parsePort(values.port);
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

/** What `--port` says: 0, any free one, or the number of the first of some ports. @throws Error for no such number */
export function parsePort(text: string, ports = 1): number {
  const port = Number(text);
  const last = 65536 - ports;
  if (text.trim() !== '' && Number.isInteger(port) && port >= 0 && port <= last) return port;
  throw new Error(`--port must be a number from 0 (any free one) to ${last}, not ${text}`);
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
