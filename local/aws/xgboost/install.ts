/** How XGBoost's C library gets onto a machine that has none: for setup, which does it, and for people, who are told. */
import { spawnSync } from 'node:child_process';
import { ownFolder, WHEEL_VERSION } from './find.js';
import { refusalOf } from './versions.js';

const ON_MAC = process.platform === 'darwin';
/** The wheel without code for GPUs, of 6 MB instead of 130; for macOS there is only the other one. */
export const WHEEL = `${ON_MAC ? 'xgboost' : 'xgboost-cpu'}==${WHEEL_VERSION}`;
export const APT_PACKAGE = 'libxgboost0';

/**
 * pip's arguments for the wheel in a folder, in which nothing else is: the user's Python stays as it is.
 * Of the wheel only the C library is used, so that it may need a newer Python than there is.
 */
export function wheelArguments(folder: string): string[] {
  const options = ['--no-deps', '--ignore-requires-python', '--only-binary=:all:'];
  return ['install', ...options, '--target', folder, WHEEL];
}

const succeeds = (command: string, ...args: string[]) =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;
const has = (command: string) => succeeds('sh', '-c', `command -v ${command}`);

/**
 * The version of the library that apt would install, as refusalOf() wants it.
 * @returns `none` where its lists have none, undefined where there is no apt
 */
export function aptVersion(): readonly [number, number, number] | 'none' | undefined {
  if (process.platform !== 'linux' || !has('apt-get')) return undefined;
  const { stdout } = spawnSync('apt-cache', ['policy', APT_PACKAGE], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  const parts = /Candidate: (?:\d+:)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(stdout ?? '');
  return parts ? [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 0)] : 'none';
}

/**
 * The one command that a person types here.
 * @param without what was tried and did not help: then another is named, if there is one
 */
export function installAdvice(without: { pip?: boolean } = {}): string {
  if (ON_MAC) return 'brew install xgboost';
  const wheel = `python3 -m pip ${wheelArguments(ownFolder()).map(quote).join(' ')}`;
  const pip = succeeds('python3', '-m', 'pip', '--version');
  if (pip && !without.pip) return wheel;
  const offered = aptVersion();
  if (offered === 'none') return `sudo sh -c 'apt-get update && apt-get install -y ${APT_PACKAGE}'`;
  if (offered && !refusalOf(offered)) return `sudo apt-get install -y ${APT_PACKAGE}`;
  if (pip) return wheel;
  for (const manager of ['apt-get', 'dnf', 'yum', 'zypper'])
    if (has(manager)) return `sudo ${manager} install -y python3-pip && ${wheel}`;
  return `Python 3 with pip by the system's package manager, then ${wheel}`;
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
