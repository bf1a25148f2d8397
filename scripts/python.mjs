// A virtual environment for the peers in Python of bench/ and test/conformance, with pip's newest packages: run before
// either (package.json). Where it cannot be made they use the Pythons of the system, and skip what none of them has.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** As bench/python.ts finds it. */
const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'predict-los', 'python');
const python = join(folder, 'bin', 'python3');
const stamp = join(folder, 'packages.txt');
const packages = [
  process.platform === 'linux' ? 'xgboost-cpu' : 'xgboost',
  'numpy',
  'pandas',
  'scipy',
  'sqlglot',
  'boto3',
  'moto[server]',
];
/** Packages are asked for anew when they are older than this. */
const DAYS = 7;

const list = `${packages.join('\n')}\n`;
const say = (message) => console.error(`python: ${message}`);

function isFresh() {
  if (!existsSync(python) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== list) return false;
  return Date.now() - statSync(stamp).mtimeMs < DAYS * 86_400_000;
}

function run(command, args) {
  const env = { ...process.env, PIP_USER: '0', PIP_DISABLE_PIP_VERSION_CHECK: '1' };
  return spawnSync(command, args, { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** The newest packages into the environment, made where there is none that works. */
function renew() {
  if (!run(python, ['-m', 'pip', '--version'])) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const made = [process.env.PYTHON, 'python3', '/usr/bin/python3']
      .filter((name) => !!name)
      .some((name) => run(name, ['-m', 'venv', '--clear', folder]));
    if (!made) return false;
  }
  if (!run(python, ['-m', 'pip', 'install', '--quiet', '--upgrade', '--retries', '2', ...packages]))
    return false;
  writeFileSync(stamp, list);
  return true;
}

if (!isFresh()) {
  say(`fetching ${packages.join(', ')} by pip into ${folder}`);
  const had = existsSync(stamp);
  if (!renew()) {
    say(had ? 'they stay as they are' : 'that did not work; the Pythons of the system are used');
    // Half of an environment is worse than none.
    if (!had) rmSync(folder, { recursive: true, force: true });
  }
}
