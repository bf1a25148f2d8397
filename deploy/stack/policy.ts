import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { projectRoot } from '../project.js';

/**
 * Renders templates/iam/<name>.json.hbs.
 * @throws Error when a value is missing: a policy with an empty part could allow too much
 */
export function renderPolicy(name: string, values: Readonly<Record<string, string>>): object {
  const source = readFileSync(join(projectRoot, 'templates', 'iam', `${name}.json.hbs`), 'utf8');
  const template = Handlebars.compile(source, { strict: true, noEscape: true });
  return JSON.parse(template(values)) as object;
}
