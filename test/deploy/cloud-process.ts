import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../../deploy/project.js';
import type { LocalCloud } from './local-context.js';

/** A local cloud as a process of its own, found by its state folder like any other, that may be killed and started again. */
export class CloudProcess {
  private child: ChildProcess | undefined;
  private ahead = 0;

  /** @param faults that each of its lives begins with */
  constructor(
    private readonly cloud: LocalCloud,
    private readonly faults: readonly string[] = [],
  ) {}

  async start(): Promise<void> {
    const main = fileURLToPath(new URL('./cloud-main.js', import.meta.url));
    const child = spawn(
      process.execPath,
      [main, join(this.cloud.folder, 'state'), String(this.ahead), ...this.faults],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    this.child = child;
    child.stdin.on('error', () => undefined);
    const [first] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    if (String(first).trim() !== 'ready') throw new Error(`the local cloud ended with ${first}`);
  }

  /** Lets time pass for it, as long as it lives and in its next life. */
  advance(ms: number): void {
    this.ahead += ms;
    this.child?.stdin?.write(`${ms}\n`);
  }

  async kill(): Promise<void> {
    await killed(this.child!);
  }
}

/** Ends a process as an accident does. @returns false: it had ended before */
export async function killed(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
  return child.signalCode === 'SIGKILL';
}

/** The command line as a process of its own. */
export function los(cloud: LocalCloud, ...args: string[]) {
  const child = spawn(
    process.execPath,
    [join(projectRoot, 'dist', 'deploy', 'cli.js'), ...args, '--config', cloud.config, '--json'],
    { cwd: cloud.folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const said: Record<'stdout' | 'stderr', string> = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (text) => {
      said[name] += String(text);
    });
  return {
    child,
    said,
    /** Its exit code; null: it was killed. */
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}
