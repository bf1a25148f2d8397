import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { projectRoot } from '../deploy/project.js';

/** The real admissions that benchmarks read; LOS_HDHI_FILE names another file of the same shape, for months that are kept back. */
export function hdhiFile(): string {
  const given = process.env.LOS_HDHI_FILE;
  return given ? resolve(given) : join(projectRoot, '../shared/data/hdhi_admissions.csv.gz');
}

/** @returns its text, with a header in lower case @throws Error where it is not there */
export function hdhiCsv(): string {
  const file = hdhiFile();
  if (!existsSync(file)) throw new Error(`${file} is not there: this benchmark needs it.`);
  const bytes = readFileSync(file);
  return (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
