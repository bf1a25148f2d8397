import { loadSettings } from '../../dist/deploy/settings/load.js';
import { buildStack } from '../../dist/deploy/stack/index.js';
import { filesIn, headOf, read } from './markdown.mjs';

/** Everything that apply makes by the default settings, with what is made only where settings ask for it. */
export async function everything() {
  const defaults = loadSettings('/dev/null', {});
  const settings = {
    ...defaults,
    mail: { ...defaults.mail, verified: ['oncall@example.org'] },
    tasks: { ...defaults.tasks, challenger: 'health-v2' },
  };
  const { resources } = await buildStack({
    settings,
    aws: { region: 'us-east-1', accountId: '123456789012' },
  });
  return resources;
}

/**
 * What the file says on top whose text, with its places filled in, is this statement.
 * @throws Error where two files could be it: a page would describe one object by another's words
 */
export function describedIn(folder, statement) {
  const wanted = statement.trim();
  const files = filesIn(folder, '.sql').filter((path) => asPattern(read(path)).test(wanted));
  if (files.length > 1) throw new Error(`${files.join(' and ')} are alike: ${wanted.slice(0, 80)}`);
  return files[0] && headOf(read(files[0]));
}

/** An SQL text as a pattern of what becomes of it (procedures/ground/plan.ts, fill). */
function asPattern(text) {
  const parts = text
    .replace(/^--.*\n/gm, '')
    .trim()
    .split(/\{\{\w+\}\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`);
}
