import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';

/**
 * Waits for a suite that writes a report in JSON, and removes its folder.
 * @param child leads a process group of its own, which is ended after so many seconds
 * @param run what it is called in an error, its folder and the report in it
 * @throws Error with its last words where it ends without a report: a crash, or too long
 */
export async function reportOf<T>(
  child: ChildProcess,
  run: { readonly file: string; readonly folder: string; readonly report: string },
  seconds: number,
): Promise<T> {
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      said = (said + chunk).slice(-4000);
    });
  const tooLong = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), seconds * 1000);
  try {
    await once(child, 'exit');
    if (!existsSync(run.report)) throw new Error(`${run.file} ended without a report. It said:\n${said}`);
    return JSON.parse(readFileSync(run.report, 'utf8')) as T;
  } finally {
    clearTimeout(tooLong);
    rmSync(run.folder, { recursive: true, force: true });
  }
}
