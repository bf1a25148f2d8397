// Sees to XGBoost's C library, which the local SageMaker trains and serves with: an installed one that will do, else
// the wheel of SageMaker's version by pip into a folder of its own, else apt's, else the one command to type.
// Only Node's own modules and compiled files of local/aws.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline/promises';

const say = (message) => console.error(`setup: ${message}`);

/** Runs a command with its output on stderr; true when it succeeded. */
function run([command, ...args], env = {}) {
  const stdin = process.stdin.isTTY ? 'inherit' : 'ignore';
  return spawnSync(command, args, { stdio: [stdin, 2, 2], env: { ...process.env, ...env } }).status === 0;
}

const quiet = (command, ...args) => spawnSync(command, args, { stdio: 'ignore' }).status === 0;

/**
 * Makes sure that there is a library.
 * @param options.wheel of SageMaker's version, also where another is installed that will do
 * @returns undefined, or what a person has to do
 */
export async function provideXgboost({ wheel = false } = {}) {
  const { loadXgboost, XgboostMissing } = await import('../dist/local/aws/xgboost/library.js');
  const { installAdvice } = await import('../dist/local/aws/xgboost/install.js');
  /** Describes the problem; undefined: nothing. */
  const problem = () => {
    try {
      loadXgboost();
      return undefined;
    } catch (error) {
      if (!(error instanceof XgboostMissing)) throw error;
      return error;
    }
  };
  if (wheel && !process.env.LIBXGBOOST && !(await hasWheel()) && !(await byPip(problem)))
    say('SageMaker’s version could not be fetched; what is installed will have to do');
  const before = problem();
  if (!before) return undefined;
  // What a person has set is theirs to mend.
  if (process.env.LIBXGBOOST) return before.message;
  const pip = await byPip(problem);
  if (pip && !problem()) return undefined;
  if ((await byApt()) && !problem()) return undefined;
  return problem().with(installAdvice({ pip: true })).message;
}

async function hasWheel() {
  const { ownFolder } = await import('../dist/local/aws/xgboost/find.js');
  return existsSync(ownFolder());
}

/** The wheel, by pip. False where that did not work or there is no pip; what pip has to say stands on stderr. */
async function byPip(problem) {
  const { ownFolder } = await import('../dist/local/aws/xgboost/find.js');
  const { WHEEL, wheelArguments } = await import('../dist/local/aws/xgboost/install.js');
  const folder = ownFolder();
  let part;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    part = mkdtempSync(`${folder}.`);
  } catch (error) {
    say(`${WHEEL} cannot be put into ${folder}: ${error.message}`);
    return false;
  }
  try {
    const pip = pipIn(part);
    if (!pip) return false;
    say(`fetching XGBoost's C library (${WHEEL}) by pip into ${folder}`);
    const wheel = join(part, 'wheel');
    // Whatever the user's pip.conf says of users and virtual environments: here nothing of theirs is touched.
    const env = {
      PIP_USER: '0',
      PIP_REQUIRE_VIRTUALENV: '0',
      PIP_ROOT_USER_ACTION: 'ignore',
      PIP_DISABLE_PIP_VERSION_CHECK: '1',
    };
    if (!run([...pip, ...wheelArguments(wheel), '--quiet', '--retries', '2'], env)) return false;
    // Into its place at once, whole. What is there already is another process's, unless it is no good.
    if (existsSync(folder) && problem()) rmSync(folder, { recursive: true, force: true });
    if (!existsSync(folder)) renameSync(wheel, folder);
    const still = problem();
    if (!still) return true;
    say(`the wheel does not work here: ${still.why}`);
    rmSync(folder, { recursive: true, force: true });
    return false;
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}

/** A pip that works: Python's own, or one in a virtual environment made for this in `folder`. */
function pipIn(folder) {
  if (quiet('python3', '-m', 'pip', '--version')) return ['python3', '-m', 'pip'];
  const venv = join(folder, 'venv');
  return quiet('python3', '-m', 'venv', venv) ? [join(venv, 'bin', 'python3'), '-m', 'pip'] : undefined;
}

/**
 * True if a package of the system may be installed: a person at a terminal is asked; root and a build server have
 * been told by who runs them. Elsewhere sudo is for the user to type.
 */
async function mayInstall(what) {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const ask = createInterface({ input: process.stdin, output: process.stderr });
    const answer = await ask.question(`setup: ${what} Go on? [y/N] `);
    ask.close();
    return /^y(es)?$/i.test(answer.trim());
  }
  say(what);
  return process.getuid() === 0 || Boolean(process.env.CI) || process.argv.includes('--yes');
}

/** Debian's or Ubuntu's package, as root or through sudo, where its version will do. */
async function byApt() {
  const { APT_PACKAGE, aptVersion } = await import('../dist/local/aws/xgboost/install.js');
  const { refusalOf, versionText } = await import('../dist/local/aws/xgboost/versions.js');
  if (aptVersion() === undefined) return false;
  const isRoot = process.getuid() === 0;
  // -n: never wait for a password, except on a terminal.
  const sudo = isRoot
    ? []
    : quiet('sudo', '-V')
      ? process.stdin.isTTY
        ? ['sudo']
        : ['sudo', '-n']
      : undefined;
  if (!sudo) return false;
  const asked = `XGBoost's C library is missing, and pip cannot fetch it: ${[...sudo, 'apt-get'].join(' ')} would install the system's package ${APT_PACKAGE}.`;
  if (!(await mayInstall(asked))) return false;
  const apt = (...args) => run([...sudo, 'env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', ...args]);
  // The lists of a fresh machine may be empty, or older than what the servers have.
  for (const fresh of [false, true]) {
    if (fresh && !apt('update')) return false;
    const offered = aptVersion();
    if (offered === 'none') continue;
    const refusal = refusalOf(offered);
    if (refusal) {
      say(`${APT_PACKAGE} ${versionText(offered)} of apt ${refusal}`);
      return false;
    }
    say(`installing XGBoost's C library (${APT_PACKAGE} ${versionText(offered)} of apt)`);
    if (apt('install', '-y', '--no-install-recommends', APT_PACKAGE)) return true;
  }
  return false;
}
