import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

/** Where drivers from other registries are kept between runs. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'predict-los', 'clients');
const PROGRAMS = join(projectRoot, 'test/conformance');

/** What runs a client's program: a command, its arguments, and what it reads. */
export interface ClientProgram {
  readonly command: string;
  readonly args: readonly string[];
  readonly input?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).status === 0;

/** JDBC's releases of 2026-12-02 and of a year before. */
const JDBC = { today: '4.4.1', before: '3.28.0' };

/** A JDBC driver of Maven's registry: `today`'s, with LOS_NEWEST_CLIENTS=1 the newest. A text says why there is none. */
export function jdbcDriver(when: keyof typeof JDBC = 'today'): { jar: string } | string {
  if (!runs('java', '-version') || !runs('mvn', '--version')) return 'java or mvn is not there';
  const newest = when === 'today' && process.env.LOS_NEWEST_CLIENTS;
  const folder = join(CACHE, newest ? 'jdbc-newest' : `jdbc-${JDBC[when]}`);
  const jar = (): string | undefined => {
    const found = existsSync(folder) ? readdirSync(folder).find((name) => name.endsWith('.jar')) : undefined;
    return found && join(folder, found);
  };
  const had = jar();
  if (had && !newest) return { jar: had };
  const fresh = `${folder}.${process.pid}`;
  mkdirSync(fresh, { recursive: true });
  const artifact = `-Dartifact=net.snowflake:snowflake-jdbc:${newest ? 'LATEST' : JDBC[when]}`;
  if (runs('mvn', '-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${fresh}`)) {
    if (newest) rmSync(folder, { recursive: true, force: true });
    // Another process may have fetched it meanwhile, and use it.
    if (!existsSync(folder)) renameSync(fresh, folder);
  }
  rmSync(fresh, { recursive: true, force: true });
  const now = jar();
  return now ? { jar: now } : 'Maven did not fetch net.snowflake:snowflake-jdbc';
}

/**
 * The program with the newest Go driver, compiled; a text says why there is none. Compiling takes two minutes of a
 * processor, so that it is done only where LOS_ALL_CLIENTS is set.
 */
export function goProgram(): { program: string } | string {
  const source = readFileSync(join(PROGRAMS, 'clients/clients.go'));
  const folder = join(CACHE, 'go', createHash('sha256').update(source).digest('hex').slice(0, 16));
  const program = join(folder, 'clients');
  if (existsSync(program)) return { program };
  if (!process.env.LOS_ALL_CLIENTS) return 'LOS_ALL_CLIENTS is not set, and it is not compiled yet';
  if (!runs('go', 'version')) return 'go is not there';
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(PROGRAMS, 'clients/clients.go'), join(folder, 'main.go'));
  writeFileSync(join(folder, 'go.mod'), 'module clients\n\ngo 1.24\n');
  for (const args of [
    ['get', 'github.com/snowflakedb/gosnowflake@latest'],
    ['build', '-o', 'clients', '.'],
  ]) {
    const { status, stderr } = spawnSync('go', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) return `go ${args[0]} ended with ${status}: ${stderr.slice(-500)}`;
  }
  return { program };
}

/** A program with JDBC; its Java file is compiled as it starts. @param folder with what it reads */
export function jdbcProgram(jar: string, source: string, folder: string): ClientProgram {
  // Arrow's library for Java reaches into java.nio.
  const opened = '--add-opens=java.base/java.nio=ALL-UNNAMED';
  return {
    command: 'java',
    args: [opened, `-Djava.io.tmpdir=${folder}`, '-cp', jar, join(PROGRAMS, source), folder],
  };
}

export const pythonProgram = (python: string, script: string, input: unknown): ClientProgram => ({
  command: python,
  args: [join(PROGRAMS, script)],
  input,
});

/**
 * Runs a client's program to its end; the event loop stays free, because the server is in this process.
 * @returns what it printed
 * @throws Error with its complaint where it fails
 */
export async function outputOf({ command, args, input, env }: ClientProgram): Promise<string> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    // No client shall look for a cloud around it.
    env: {
      ...process.env,
      ...{
        NO_PROXY: '127.0.0.1',
        PYTHONDONTWRITEBYTECODE: '1',
        SNOWFLAKE_DISABLE_PLATFORM_DETECTION: 'true',
      },
      ...{ SNOWFLAKE_DISABLE_MINICORE: 'true', SF_TELEMETRY_DISABLE_CONNECTION_SHAPE: 'true' },
      ...env,
    },
  });
  let [output, complaint] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    complaint = (complaint + chunk).slice(-4000);
  });
  child.stdin.end(input === undefined ? '' : JSON.stringify(input));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0)
    throw new Error(
      `${command} ${args.join(' ')} ended with status ${code}:\n${complaint}${output.slice(-2000)}`,
    );
  return output;
}

/** The JSON values that a client's program prints, one a line. @throws Error where it fails */
export async function runProgram<T>(program: ClientProgram): Promise<T[]> {
  const lines = (await outputOf(program)).split('\n').filter((line) => line.startsWith('{'));
  return lines.map((line) => JSON.parse(line) as T);
}
