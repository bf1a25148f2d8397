// Brings a fresh clone to the point where it runs: npm packages, XGBoost's C library, compiled files.
// --yes: installs XGBoost's package of the system, where pip has none, without asking (as root and where CI is set).
// --dev: what tests need, too; --wheel: XGBoost of SageMaker's version, whatever is installed.
// Called by `npm start` and `npm test`; does nothing, in well under a second, when nothing is missing.
// Only Node's own modules here: it runs before there are any packages. All output goes to stderr, so that
// `npm start -- --json` keeps stdout for its result.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { provideXgboost } from './xgboost.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dev = process.argv.includes('--dev');

function stop(message) {
  console.error(`setup: ${message}`);
  process.exit(1);
}

/** Runs a command with its output on stderr; true when it succeeded. */
function run(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2] }).status === 0;
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    stop(
      `Node ${process.versions.node} is too old; 20.19 or newer is needed. Install one from https://nodejs.org.`,
    );
}

/** The first package that is missing or of another version than the lock file says; undefined if none is. */
function missingPackage() {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installedFile = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return 'node_modules';
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  const ownOptional = Object.keys(lock[''].optionalDependencies ?? {}).map((name) => `node_modules/${name}`);
  for (const [path, wanted] of Object.entries(lock)) {
    // The project itself, its workspaces, and the links to them.
    if (!path.includes('node_modules/') || wanted.link) continue;
    if (!dev && (wanted.dev || wanted.devOptional)) continue;
    // Builds for other platforms are rightly absent; the packages that the local cloud needs are not.
    if ((wanted.optional || wanted.devOptional) && !ownOptional.includes(path)) continue;
    if (installed[path]?.version !== wanted.version) return path.slice('node_modules/'.length);
  }
  return undefined;
}

function installPackages() {
  const missing = missingPackage();
  if (!missing) return;
  console.error(`setup: installing npm packages (${missing} is missing or not the locked version)`);
  const args = ['ci', '--no-audit', '--no-fund', ...(dev ? ['--include=dev'] : ['--omit=dev'])];
  // Under `npm run` this is the very npm that the user called, which need not be the one on PATH.
  const npm = process.env.npm_execpath;
  const installed = npm?.endsWith('.js') ? run(process.execPath, [npm, ...args]) : run('npm', args);
  if (!installed) stop('npm ci failed; its own messages above say why. Mend that and run the command again.');
  const still = missingPackage();
  if (still)
    stop(
      `npm ci ended without installing ${still}. If it is not offered for ${process.platform}-${process.arch}, the local cloud cannot run on this machine; los --target cloud still can.`,
    );
}

function build() {
  if (!run(process.execPath, [join(root, 'scripts/build.mjs')]))
    stop('The TypeScript files could not be compiled; see above.');
}

checkNode();
installPackages();
build();
const toDo = await provideXgboost({ wheel: process.argv.includes('--wheel') }).catch(
  ({ message }) => message,
);
if (toDo) stop(toDo);
