import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../../deploy/project.js';

export { programOf, pythonWith, shareXgboost } from '../../bench/python.js';

/**
 * Runs a script of test/conformance with JSON on its standard input; resolves to what it printed, one JSON value a
 * line. The event loop stays free, because the script calls servers of this process.
 * @throws Error with the script's complaint when it fails
 */
export async function runPython<T>(
  python: string,
  script: string,
  input: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<T[]> {
  const child = spawn(python, [join(projectRoot, 'test/conformance', script)], {
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', NO_PROXY: '127.0.0.1', ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const values: T[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => values.push(JSON.parse(line) as T));
  child.stdin.end(JSON.stringify(input));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Error(`${script} ended with status ${code}:\n${complaint}`);
  return values;
}
