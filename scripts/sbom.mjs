// Writes sbom.cdx.json: what a production install has, by the lock file, in CycloneDX. `npm pack` calls it, so that every release
// brings its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = [
  'sbom',
  '--sbom-format',
  'cyclonedx',
  '--sbom-type',
  'application',
  '--omit',
  'dev',
  '--package-lock-only',
];
// Under `npm run` this is the very npm that the user called, which need not be the one on PATH.
const npm = process.env.npm_execpath;
const [command, ...first] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
const { status, stdout, stderr } = spawnSync(command, [...first, ...args], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 26,
});
if (status !== 0) {
  console.error(stderr);
  process.exit(1);
}
const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const bom = JSON.parse(stdout);
// npm calls it by its folder where it reads the lock file alone.
Object.assign(bom.metadata.component, { name, version });
const file = process.argv[2] ?? join(root, 'sbom.cdx.json');
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.error(`${file}: ${bom.components.length} packages`);
