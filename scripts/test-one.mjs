// Builds and runs single test files: npm run test:one -- test/udfs/encoding/encoding.test.ts [MOCHA OPTIONS]
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const run = (...args) => spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' }).status ?? 1;
const args = process.argv
  .slice(2)
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
const built = run(join(root, 'scripts/build.mjs'));
// Conformance tests are files like any other here; see test/conformance for what they need.
process.exit(built || run(mocha, '--no-parallel', '--ignore', 'none', ...args));
