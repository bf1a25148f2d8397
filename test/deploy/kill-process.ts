import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning } from '@local-cloud/kit/process.js';

/**
 * Kills a process that is no child of this one, and waits until it is gone: a large one goes on taking connections for
 * moments after the signal.
 */
export async function killProcess(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isRunning({ pid, started: '' })) await sleep(10);
}
