import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../../deploy/project.js';

/** The `@example` that ends the docstring of an entry's default export; undefined: there is none. */
export function exampleOf(source: string): string | undefined {
  const doc = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export default function /.exec(source)?.[1] ?? '';
  const lines = doc.split(/^ \* @example\n/m)[1];
  return lines?.replace(/^ \* ?/gm, '').trim();
}

export const exampleIn = (file: string) => exampleOf(readFileSync(join(projectRoot, file), 'utf8'));

/** Arguments of each call of a function in SQL, in the order of the calls; its name in any case. */
export function argumentsOfCalls(sql: string, name: string): string[][] {
  return [...sql.matchAll(new RegExp(`\\b${name}\\(`, 'gi'))].map(({ index, 0: head }) =>
    argumentsFrom(sql, index + head.length),
  );
}

/** Texts between commas up to the parenthesis that ends a call. @throws Error where none does */
function argumentsFrom(sql: string, start: number): string[] {
  const args: string[] = [];
  let depth = 0;
  let begun = start;
  const end = (at: number) => args.push(sql.slice(begun, at).trim());
  for (let i = start; i < sql.length; i++) {
    const char = sql.charAt(i);
    if (char === "'") i = sql.indexOf("'", i + 1);
    if (i < 0) break;
    if ('([{'.includes(char)) depth++;
    if (depth === 0 && (char === ',' || char === ')')) {
      end(i);
      begun = i + 1;
      if (char === ')') return args.length === 1 && args[0] === '' ? [] : args;
    }
    if (')]}'.includes(char)) depth--;
  }
  throw new Error(`A call does not end: ${sql.slice(start)}`);
}
