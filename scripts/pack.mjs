// Packs what people install: npm run pack [-- --out DIR] [--as-built]
// The package asks for every package of a production install in the one version that the lock file has, also for those that only
// others need: so a release installs in a year as it was tested. A shrinkwrap would say the same, but npm (11) reads none of a
// tarball, and by one from a registry it installs the binaries of all platforms (1.2 GB in place of 354 MB).
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: { out: { type: 'string', default: root }, 'as-built': { type: 'boolean', default: false } },
});
const npm = (args, cwd) =>
  execFileSync('npm', [...args, '--silent'], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const pack = (cwd, out) => {
  const printed = npm(['pack', '--ignore-scripts', '--pack-destination', out], cwd);
  return join(out, printed.trim().split('\n').at(-1));
};

if (!values['as-built']) for (const script of ['build', 'sbom']) npm(['run', script], root);
const folder = join(root, 'dist/packages/predict-los');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
execFileSync('tar', ['-xzf', pack(root, folder), '-C', folder]);
const manifest = join(folder, 'package/package.json');
writeFileSync(manifest, `${JSON.stringify(pinned(JSON.parse(readFileSync(manifest, 'utf8'))), null, 2)}\n`);
const out = resolve(values.out);
mkdirSync(out, { recursive: true });
console.log(pack(dirname(manifest), out));

/** Asks for exact versions: optional ones only of what it names itself, for those bring what belongs to one platform. */
function pinned({ devDependencies: _, workspaces: __, scripts: ___, ...own }) {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const versionOf = (name) => packages[`node_modules/${name}`].version;
  const needed = Object.entries(packages)
    .filter(([path, { dev, optional, link }]) => path && !dev && !optional && !link)
    .map(([path]) => path.replace(/^node_modules\//, ''))
    .filter((name) => packages[`node_modules/${name}`] && !name.includes('/node_modules/'));
  const exact = (names) => Object.fromEntries(names.sort().map((name) => [name, versionOf(name)]));
  return {
    ...own,
    dependencies: exact(needed),
    optionalDependencies: exact(Object.keys(own.optionalDependencies)),
  };
}
