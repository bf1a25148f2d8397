import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

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

export function table(head, rows) {
  const line = (cells) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Texts with a blank line between them. */
export const page = (...parts) => parts.flat().filter(Boolean).join('\n\n');

/** The comment on top of an SQL text. */
export const headOf = (sql) =>
  (/^((?:--.*\n)+)/.exec(sql)?.[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/^-- ?/, ''))
    .join(' ')
    .trim();
