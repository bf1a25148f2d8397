// Writes sbom.cdx.json: what a production install has, by the lock file, in CycloneDX. `npm run pack` calls it, so that every release
// brings its own.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'];
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
// With --omit dev npm leaves out what a package for development needs too; the lock file marks what only such packages need.
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const nameOf = (path, entry) => `${entry.name ?? path.split('node_modules/').at(-1)}@${entry.version}`;
const namesOf = (dev) =>
  Object.entries(packages).flatMap(([path, entry]) => (!!entry.dev === dev ? [nameOf(path, entry)] : []));
const needed = new Set(namesOf(false));
const dropped = new Set(namesOf(true).filter((name) => !needed.has(name)));
const kept = bom.components.filter(
  ({ group, name: part, version: of }) => !dropped.has(`${group ? `${group}/` : ''}${part}@${of}`),
);
const refs = new Set([bom.metadata.component, ...kept].map((part) => part['bom-ref']));
bom.components = kept;
bom.dependencies = bom.dependencies
  .filter(({ ref }) => refs.has(ref))
  .map(({ dependsOn = [], ...rest }) => ({ ...rest, dependsOn: dependsOn.filter((ref) => refs.has(ref)) }));
// npm calls it by its folder where it reads the lock file alone.
Object.assign(bom.metadata.component, { name, version });
const file = process.argv[2] ?? join(root, 'sbom.cdx.json');
writeFileSync(file, `${JSON.stringify(bom, null, 2)}\n`);
console.error(`${file}: ${bom.components.length} packages`);
