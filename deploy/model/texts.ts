import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project.js';

/** Folders of sql/ with what training, judging and promoting need. */
const FOLDERS = ['calibration', 'evaluation', 'features', 'leaks', 'stay', 'training'];

/** Their names: `training/ordered`. */
export function textNames(): string[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(projectRoot, 'sql', folder))
      .filter((file) => file.endsWith('.sql'))
      .map((file) => `${folder}/${file.replace(/\.sql$/, '')}`),
  );
}

/** Comments are for readers of the file. */
export function readText(name: string): string {
  return (
    readFileSync(join(projectRoot, 'sql', `${name}.sql`), 'utf8')
      .replace(/^ *--.*\n/gm, '')
      // A procedure's body may have 100 KB.
      .replace(/^ +/gm, '')
      .trim()
  );
}
