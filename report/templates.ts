import { readFileSync } from 'node:fs';

/** @param file path below templates/. Compiled code lies in dist/report/, one folder deeper than its source. */
export function template(file: string): string {
  return readFileSync(new URL(`../../templates/${file}`, import.meta.url), 'utf8');
}
