// Compiles every TypeScript file to dist/ (one to one, with source maps), only those that changed. What is in one of the
// workspaces under local/ goes to the workspace's own dist/.
// Type checking is `npm run typecheck`; this stays under a second so that `npm start` is quick.
import { lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packages = ['kit', 'snowflake', 'aws', 'cloud'].map((name) => join('local', name));
const folders = ['deploy', 'udfs', 'procedures', 'test', 'bench', ...packages];

/** Where a folder's files are compiled to. */
const targetOf = (folder) =>
  packages.includes(folder) ? join(root, folder, 'dist') : join(root, 'dist', folder);

function* files(folder, ending) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      // A workspace's own.
      if (ending === '.ts' && ['dist', 'node_modules'].includes(entry.name)) continue;
      yield* files(path, ending);
    }
    if (entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

const wanted = new Set();
let failed = false;
await Promise.all(
  folders
    .flatMap((folder) => [...files(join(root, folder), '.ts')].map((source) => [folder, source]))
    .map(async ([folder, source]) => {
      const target = join(targetOf(folder), relative(join(root, folder), source)).replace(/\.ts$/, '.js');
      wanted.add(target);
      try {
        await compile(source, target);
      } catch (error) {
        failed = true;
        console.error(String(error.message ?? error));
      }
    }),
);
// A file whose source is gone must not go on being run as a test.
for (const folder of folders)
  for (const target of files(targetOf(folder), '.js'))
    if (!wanted.has(target)) {
      rmSync(target);
      rmSync(`${target}.map`, { force: true });
    }

// A worktree that borrows another checkout's node_modules would get that one's local cloud; its own is found first.
if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
  for (const nearer of ['dist', 'local']) {
    const scope = join(root, nearer, 'node_modules', '@local-cloud');
    mkdirSync(scope, { recursive: true });
    for (const folder of packages) {
      const link = join(scope, relative('local', folder));
      if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(join(root, folder), link, 'dir');
    }
  }

// What runs inside Snowflake is bundled here, and schemas become code, so that no command waits for it.
if (!failed) {
  try {
    const { makeChecks } = await import('../dist/deploy/compile/checks.js');
    makeChecks();
    const { makeBundles } = await import('../dist/deploy/compile/bundling.js');
    await makeBundles();
  } catch (error) {
    failed = true;
    console.error(String(error.message ?? error));
  }
}
if (failed) process.exitCode = 1;
