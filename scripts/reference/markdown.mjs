import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WIDEST } from '../wrap.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export const read = (path) => readFileSync(join(root, path), 'utf8');

/** Files of a folder with an ending, below it too, in order. */
export const filesIn = (folder, ending) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => `${folder}/${String(name).replaceAll('\\', '/')}`)
    .filter((name) => name.endsWith(ending))
    .sort();

/** A text in a cell of a table. */
export const cell = (text) =>
  String(text ?? '')
    .replaceAll('|', '\\|')
    .replace(/\s+/g, ' ')
    .trim();

export const code = (text) => (text === '' ? '' : `\`${cell(text)}\``);

/** Rows under a head; a list where a row would be too wide: what a row is about, and after a colon what is to be said of it. */
export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  const lines = [line(head), line(head.map(() => '---')), ...rows.map(line)];
  if (lines.every(({ length }) => length <= WIDEST)) return lines.join('\n');
  const named = head.filter((each) => each !== '').length > 1;
  return [...(named ? [`Each line: ${item(head).slice('- '.length)}.`, ''] : []), ...rows.map(item)].join(
    '\n',
  );
}

function item(cells) {
  const about = cells.slice(0, -1).filter((each) => each !== '');
  return `- ${[about.join(' · '), cells.at(-1)].filter(Boolean).join(': ')}`;
}

/** Texts with a blank line between them. */
export const page = (...parts) => parts.flat().filter(Boolean).join('\n\n');
