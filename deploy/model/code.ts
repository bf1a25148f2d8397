import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project.js';

/** The sources of what runs inside Snowflake: all that has a part in making a model. */
const FOLDERS = ['udfs', 'procedures', 'sql'].map((name) => join(projectRoot, name));

let known: string | undefined;

/** SHA-256 of predict-los as it runs: the same number, the same code. It does not change while a process runs. */
export function codeFingerprint(): string {
  known ??= fingerprint();
  return known;
}

function fingerprint(): string {
  const hash = createHash('sha256');
  for (const folder of FOLDERS)
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
      if (/\.(js|ts|sql)$/.test(file)) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex');
}
