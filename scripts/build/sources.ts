import { readdirSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { projectRoot } from '../../deploy/project.js';

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

/** True if a file was made of sources whose last change was at this time. */
export function isMadeOf(path: string, newest: number): boolean {
  return Math.round(lastChange([path])) === Math.ceil(newest);
}

/**
 * Writes what was made of sources: whole or not at all, as half of it would pass for made.
 * @param newest when the last of the sources was changed, seen before they were read: the file bears that time, to the
 *   millisecond, so that a source which was saved meanwhile is newer for the next build
 */
export function writeMade(path: string, text: string, newest: number): void {
  const half = `${path}.${process.pid}`;
  writeFileSync(half, text);
  const seconds = Math.ceil(newest) / 1000;
  utimesSync(half, seconds, seconds);
  renameSync(half, path);
}
