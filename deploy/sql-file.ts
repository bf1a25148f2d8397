import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill, type PlaceValues, type SqlPath } from '../procedures/ground/plan.js';
import { findNearest } from './ground/suggest.js';
import { projectRoot } from './project.js';

/**
 * Reads a text of sql/ and fills in its `{{placeholders}}`.
 * @param file path below the project root, e.g. `sql/monitor.sql`
 * @throws Error when the text has a placeholder without a value
 */
export function sqlFile<P extends SqlPath>(file: P, values: PlaceValues<P>): string {
  return fillFile(file, values);
}

/** The same of a file that is known only when it runs. @param values placeholder → text; what the text does not use is ignored */
export function fillFile(file: string, values: Readonly<Record<string, string>>): string {
  const text = readSql(file);
  const missing = placesIn(text).find((place) => values[place] === undefined);
  if (missing === undefined) return fill(text, values);
  const near = findNearest(missing, Object.keys(values));
  throw new Error(
    `${file} has a placeholder {{${missing}}} without a value${near ? `. Did you mean {{${near}}}?` : ''}`,
  );
}

/** The text of a .sql file without its lines of comment, which are for readers of the file. */
export function readSql(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8')
    .replace(/^ *--.*\n/gm, '')
    .trim();
}

/** Names of the placeholders of a text, each once. */
export function placesIn(text: string): string[] {
  return [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, place]) => String(place)))];
}
