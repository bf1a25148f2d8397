// Compiles every TypeScript file to dist/ (one to one, with source maps), only those that changed.
// Type checking is `npm run typecheck`; this stays under a second so that `npm start` is quick.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from './compile.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folders = [
  'scripts',
  'udfs',
  'procedures',
  'report',
  'deploy',
  'contracts',
  'doctor',
  'first-day',
  'safety',
  'demo',
  'local',
  'test',
  'bench',
];
const targetOf = (folder) => join(root, 'dist', folder);

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
      // npm's, and what an earlier build left beside the sources.
      if (ending === '.ts' && ['dist', 'node_modules'].includes(entry.name)) continue;
      yield* files(path, ending);
    }
    if (entry.isFile() && entry.name.endsWith(ending) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

// What another compiler made is recreated.
const stamp = join(root, 'dist', '.compiler');
const compiler = readFileSync(new URL('./compile.mjs', import.meta.url), 'utf8');
const afresh = !existsSync(stamp) || readFileSync(stamp, 'utf8') !== compiler;

const wanted = new Set();
let failed = false;
/** Errors that were told; of every file the same, it is said once. */
const said = new Set();
await Promise.all(
  folders
    .flatMap((folder) => [...files(join(root, folder), '.ts')].map((source) => [folder, source]))
    .map(async ([folder, source]) => {
      const target = join(targetOf(folder), relative(join(root, folder), source)).replace(/\.ts$/, '.js');
      wanted.add(target);
      try {
        await compile(source, target, afresh);
      } catch (error) {
        failed = true;
        said.add(String(error.message ?? error));
      }
    }),
);
for (const problem of said) console.error(problem);
if (afresh && !failed) {
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, compiler);
}

// Where an earlier build laid the compiled files of local/: nothing may go on running those.
for (const name of ['kit', 'snowflake', 'aws', 'cloud'])
  rmSync(join(root, 'local', name, 'dist'), { recursive: true, force: true });

// A file whose source is gone must not go on being run as a test.
for (const folder of folders)
  for (const target of files(targetOf(folder), '.js'))
    if (!wanted.has(target)) {
      rmSync(target);
      rmSync(`${target}.map`, { force: true });
    }

// What runs inside Snowflake is bundled here, and schemas become code, so that no command waits for it.
if (!failed) {
  try {
    const { makeChecks } = await import('../dist/scripts/build/checks.js');
    makeChecks();
    const { makePlaces } = await import('../dist/scripts/build/sql-places.js');
    makePlaces();
    const { makeBundles } = await import('../dist/scripts/build/bundling.js');
    await makeBundles();
  } catch (error) {
    failed = true;
    console.error(String(error.message ?? error));
  }
}
if (failed) process.exitCode = 1;
