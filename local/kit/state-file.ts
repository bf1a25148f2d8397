// Small state as JSON files. A write goes to a new file that then takes the old one's place, so that a process
// killed at any moment leaves either the old state or the new.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Reads a JSON file; undefined where there is none. A file that cannot be parsed is an error, not an empty state. */
export function readState<T>(path: string): T | undefined {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as T;
  } catch (error) {
    throw new Error(
      `the local cloud's state file ${path} is damaged (${(error as Error).message}); remove its folder to start afresh`,
    );
  }
}

/** Writes a JSON file atomically, readable by its owner only. */
export function writeState(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = `${path}.new`;
  writeFileSync(temporary, JSON.stringify(value, null, 1), { mode: 0o600 });
  renameSync(temporary, path);
}
