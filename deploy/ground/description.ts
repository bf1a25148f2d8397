import { itemAt } from '../../udfs/require-value.js';

/** Longer ones are cut: a listing shows a comment in one line. */
const LONGEST = 180;

/**
 * What an object is, in one sentence for SHOW: the first of what stands above it in its file.
 * @param text the comment on top of an SQL text (`headOf`), or a docstring without its marks
 * @returns without brackets and what is in them, which readers of statements would take for theirs
 */
export function firstSentence(text: string): string {
  const plain = text
    .replace(/\s*\([^()]*\)/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  const sentence = /^.*?[.!?](?=\s|$)/.exec(plain)?.[0] ?? plain;
  if (sentence.length <= LONGEST) return sentence;
  const cut = sentence.slice(0, LONGEST);
  const at = Math.max(cut.lastIndexOf(': '), cut.lastIndexOf('; '), cut.lastIndexOf(', '));
  return `${cut.slice(0, at > LONGEST / 3 ? at : cut.lastIndexOf(' '))} …`;
}

/** The comment on top of an SQL text, in one line. */
export function headOf(sql: string): string {
  return (/^((?:--.*\n)+)/.exec(sql)?.[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/^-- ?/, ''))
    .join(' ')
    .trim();
}

/** The docstring of a TypeScript file's default export up to its first tag, in one line; '' where it has none. */
export function docstringOf(source: string): string {
  const doc = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export default function \w+\(/.exec(source)?.[1] ?? '';
  const text = doc
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trim())
    .join(' ');
  return itemAt(text.split(/\s@\w/), 0).trim();
}
