import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project.js';
import { readSql } from '../sql-file.js';

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

export function readText(name: string): string {
  return readSql(`sql/${name}.sql`);
}
