// The local cloud that has passed all of its tests: .ci/ground has the hash of its files, so that `.ci/run` need not run them again on
// another machine or another day.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const record = join(root, '.ci', 'ground');
/** Folders of the local cloud and its tests. */
export const GROUND = ['local', 'test/local'];
/** Packages that its tests need beside those of the product: others, such as what makes the site, change nothing for them. */
const TOOLS = ['chai', 'fast-check', 'mocha', 'typescript'];

/** @returns the hash of these files as they lie there, ignored ones left out; undefined without git */
function groundHash() {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', ...GROUND];
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (status !== 0) return undefined;
  const hash = createHash('sha256');
  for (const name of [...new Set(stdout.split('\0'))].filter(Boolean).sort())
    if (existsSync(join(root, name))) hash.update(`${name}\0`).update(readFileSync(join(root, name)));
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  for (const [path, { version, integrity, dev }] of Object.entries(packages))
    if (path.startsWith('node_modules/') && (!dev || TOOLS.includes(path.slice('node_modules/'.length))))
      hash.update(`${path} ${version} ${integrity}\0`);
  return hash.digest('hex');
}

/** True if these very files have passed before. */
export function hasPassed() {
  const hash = groundHash();
  return hash !== undefined && existsSync(record) && readFileSync(record, 'utf8').trim() === hash;
}

/** To be called once all of the local cloud's tests have passed; what it writes is committed. */
export function recordPass() {
  const hash = groundHash();
  if (hash !== undefined) writeFileSync(record, `${hash}\n`);
}
