import { mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { transform } from 'esbuild';

/**
 * Compiles a TypeScript file, unless what is there was made of it as it is now. The compiled file bears the time that its
 * source had before it was read: one that is saved meanwhile has another, and so is compiled by the next build.
 * @throws Error of esbuild, for what is no TypeScript
 */
export async function compile(source, target) {
  // Times are set to the millisecond, and read as that or a fraction less.
  const saved = Math.ceil(statSync(source).mtimeMs);
  const made = statSync(target, { throwIfNoEntry: false });
  if (made && Math.round(made.mtimeMs) === saved) return;
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
  writeFileSync(half, `${code}//# sourceMappingURL=${basename(target)}.map\n`, { mode });
  utimesSync(half, saved / 1000, saved / 1000);
  renameSync(half, target);
}
