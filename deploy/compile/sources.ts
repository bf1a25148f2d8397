import { readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../project.js';

/** All that is in folders of the project, relative to it. */
export function filesOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(projectRoot, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      join(folder, file),
    ),
  );
}

/** When the last of these files was changed, in milliseconds since 1970; one that does not exist: 0. */
export function lastChange(files: readonly string[]): number {
  return Math.max(
    ...files.map((file) => statSync(resolve(projectRoot, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  );
}

/** Writes a file whole or not at all: half of one would be newer than its sources, and so stay. */
export function writeWhole(path: string, text: string): void {
  const half = `${path}.${process.pid}`;
  writeFileSync(half, text);
  renameSync(half, path);
}
