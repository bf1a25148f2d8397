import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './project.js';

/**
 * Reads a .sql file of the project and fills in its `{{placeholders}}`.
 * @param file path below the project root, e.g. `tasks/score.sql`
 * @param values placeholder → text; what the file does not use is ignored
 * @throws Error when the file has a placeholder without a value
 */
export function sqlFile(file: string, values: Readonly<Record<string, string>>): string {
  const text = readFileSync(join(projectRoot, file), 'utf8');
  return text
    .replace(/^--.*\n/gm, '')
    .trim()
    .replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
      const value = values[key];
      if (value === undefined) throw new Error(`${file} needs a value for {{${key}}}`);
      return value;
    });
}
