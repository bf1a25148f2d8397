import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The absolute path of a file. @param file below templates/. Compiled code lies in dist/report/, one folder deeper than its source. */
export function templatePath(file: string): string {
  return fileURLToPath(new URL(`../../templates/${file}`, import.meta.url));
}

/** @param file path below templates/ */
export function template(file: string): string {
  return readFileSync(templatePath(file), 'utf8');
}
