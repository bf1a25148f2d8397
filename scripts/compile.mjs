import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Names of the workspaces under local/ become paths between compiled files, so that what is compiled finds them wherever it is
 * laid: in a checkout, in a worktree that borrows another's node_modules, in the packed product. No registry has these names.
 * @param code as esbuild writes it
 * @param target the file that it is written to, absolute
 */
export function linkWorkspaces(code, target) {
  return code.replace(
    /\b(from |import |import\(|import\.meta\.resolve\()"@local-cloud\/(\w+)\/([^"\n]+)"/g,
    (_, how, name, path) => {
      const file = relative(dirname(target), join(root, 'dist/local', name, path));
      return `${how}${JSON.stringify(file.startsWith('.') ? file : `./${file}`)}`;
    },
  );
}

/**
 * Compiles a TypeScript file, unless what is there was made of it as it is now. The compiled file bears the time that its
 * source had before it was read: one that is saved meanwhile has another, and so is compiled by the next build.
 * @param afresh compile it whatever is there
 * @throws Error of esbuild, for what is no TypeScript
 */
export async function compile(source, target, afresh = false) {
  // Times are set to the millisecond, and read as that or a fraction less.
  const saved = Math.ceil(statSync(source).mtimeMs);
  const made = statSync(target, { throwIfNoEntry: false });
  if (!afresh && made && Math.round(made.mtimeMs) === saved) return;
  const { code, map } = await transform(readFileSync(source, 'utf8'), {
    loader: 'ts',
    format: 'esm',
    target: 'node20',
    sourcemap: true,
    sourcefile: relative(dirname(target), source),
  });
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(`${target}.map`, map);
  // Whole or not at all: half a file would pass for made.
  const half = `${target}.${process.pid}`;
  // npx runs the command line as a program of its own.
  const mode = code.startsWith('#!') ? 0o755 : 0o644;
  writeFileSync(half, `${linkWorkspaces(code, target)}//# sourceMappingURL=${basename(target)}.map\n`, {
    mode,
  });
  utimesSync(half, saved / 1000, saved / 1000);
  renameSync(half, target);
}
