// Builds and runs single test files: npm run test:one -- test/udfs/encoding/encoding.test.ts [--watch] [MOCHA OPTIONS]
// With --watch they are run again whenever a source file changes, until Ctrl-C.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** An editor saves several files, or one in several steps: milliseconds within which that is one change. */
const ONE_CHANGE = 200;

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const watches = process.argv.includes('--watch');
const args = process.argv
  .slice(2)
  .filter((arg) => arg !== '--watch')
  .map((arg) => (arg.endsWith('.ts') ? join('dist', arg.replace(/\.ts$/, '.js')) : arg));
if (!args.some((arg) => arg.endsWith('.js'))) {
  console.error('Name a test file: npm run test:one -- test/udfs/encoding/encoding.test.ts');
  process.exit(1);
}
const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
if (!existsSync(mocha)) {
  console.error('The packages of the tests are not installed: npm run setup -- --dev');
  process.exit(1);
}
// Conformance tests are files like any other here; see test/conformance for what they need.
const test = () =>
  run(join(root, 'scripts/build.mjs')) || run(mocha, '--no-parallel', '--ignore', 'none', ...args);

const status = test();
if (!watches) process.exit(status);
let timer;
const change = () => {
  clearTimeout(timer);
  timer = setTimeout(() => test(), ONE_CHANGE);
};
for (const { name } of readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory()))
  if (!/^(\.|dist$|node_modules$)/.test(name)) watch(join(root, name), { recursive: true }, change);
