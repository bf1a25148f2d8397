import { itemAt } from '../../udfs/require-value.js';

/** The docstring of a TypeScript file's default export up to its first tag, in one line; '' where it has none. */
export function docstringOf(source: string): string {
  const doc = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export default function \w+\(/.exec(source)?.[1] ?? '';
  const text = doc
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ');
  return itemAt(text.split(/\s@\w/), 0).trim();
}
