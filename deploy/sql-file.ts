import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fill } from '../procedures/ground/plan.js';
import { projectRoot } from './project.js';

/**
 * Reads a .sql file of the project and fills in its `{{placeholders}}`.
 * @param file path below the project root, e.g. `tasks/score.sql`
 * @param values placeholder → text; what the file does not use is ignored
 * @throws Error when the file has a placeholder without a value
 */
export function sqlFile(file: string, values: Readonly<Record<string, string>>): string {
  try {
    return fill(readSql(file), values);
  } catch (error) {
    throw new Error(`${file} cannot be filled in`, { cause: error });
  }
}

/** The text of a .sql file without its lines of comment, which are for readers of the file. */
export function readSql(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8')
    .replace(/^ *--.*\n/gm, '')
    .trim();
}
