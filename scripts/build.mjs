// Compiles every TypeScript file to dist/ (one to one, with source maps), only those that changed.
// Type checking is `npm run typecheck`; this stays under a second so that `npm start` is quick.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folders = ['deploy', 'local', 'udfs', 'procedures', 'test', 'bench'];

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
    if (entry.isDirectory()) yield* files(path, ending);
    else if (entry.name.endsWith(ending) && !entry.name.endsWith('.d.ts')) yield path;
  }
}

const wanted = new Set();
let failed = false;
await Promise.all(
  folders
    .flatMap((folder) => [...files(join(root, folder), '.ts')])
    .map(async (source) => {
      const target = join(root, 'dist', relative(root, source)).replace(/\.ts$/, '.js');
      wanted.add(target);
      const compiled = statSync(target, { throwIfNoEntry: false });
      if (compiled && compiled.mtimeMs >= statSync(source).mtimeMs) return;
      try {
        const { code, map } = await transform(readFileSync(source, 'utf8'), {
          loader: 'ts',
          format: 'esm',
          target: 'node20',
          sourcemap: true,
          sourcefile: relative(dirname(target), source),
        });
        mkdirSync(dirname(target), { recursive: true });
        const name = target.slice(target.lastIndexOf('/') + 1);
        writeFileSync(`${target}.map`, map);
        // npx runs the command line as a program of its own.
        const mode = code.startsWith('#!') ? 0o755 : 0o644;
        writeFileSync(target, `${code}//# sourceMappingURL=${name}.map\n`, { mode });
      } catch (error) {
        failed = true;
        console.error(String(error.message ?? error));
      }
    }),
);
// A file whose source is gone must not go on being run as a test.
for (const folder of folders)
  for (const target of files(join(root, 'dist', folder), '.js'))
    if (!wanted.has(target)) {
      rmSync(target);
      rmSync(`${target}.map`, { force: true });
    }
if (failed) process.exitCode = 1;
