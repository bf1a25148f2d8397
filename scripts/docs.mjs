// Writes docs/reference/*.md from the code: commands, settings and everything that apply makes in Snowflake.
//
//   node scripts/docs.mjs [--check]      --check: fails if a page is another one, and names it
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accessPage } from './reference/access.mjs';
import { commandsPage } from './reference/commands.mjs';
import { mailsPage } from './reference/mails.mjs';
import { everything } from './reference/objects.mjs';
import { functionsPage, proceduresPage } from './reference/routines.mjs';
import { settingsPage } from './reference/settings.mjs';
import { objectsPage, tablesPage, tasksPage, viewsPage } from './reference/tables.mjs';
import { wrapped } from './wrap.mjs';

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'docs', 'reference');
const objects = await everything();
const pages = {
  'commands.md': await commandsPage(),
  'settings.md': settingsPage(),
  'tables.md': tablesPage(objects),
  'views.md': viewsPage(objects),
  'procedures.md': proceduresPage(objects),
  'functions.md': functionsPage(objects),
  'tasks.md': tasksPage(objects),
  'mails.md': mailsPage(),
  'access.md': accessPage(objects),
  'objects.md': objectsPage(objects),
};

const files = Object.entries(pages).map(([name, text]) => [
  name,
  `<!-- Written by npm run docs from the code; change it there. -->\n${wrapped(text.trim())}\n`,
]);
const old = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
const extra = (existsSync(folder) ? readdirSync(folder) : []).filter((name) => !(name in pages));
const stale = files.filter(([name, text]) => old(name) !== text).map(([name]) => name);
if (process.argv.includes('--check')) {
  for (const name of [...stale, ...extra])
    console.error(`docs/reference/${name} is not what the code says: npm run docs writes it again.`);
  process.exitCode = stale.length + extra.length > 0 ? 1 : 0;
} else {
  mkdirSync(folder, { recursive: true });
  for (const name of extra) rmSync(join(folder, name));
  for (const [name, text] of files) if (stale.includes(name)) writeFileSync(join(folder, name), text);
  console.log(
    stale.length + extra.length > 0 ? `Written: ${[...stale, ...extra].join(', ')}` : 'As the code says.',
  );
}
