import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';
import { product } from './plan.js';
import { type Source, sources } from './sources.js';

/** A word or phrase that the glossary replaces, and the entry that replaces it. */
export interface Forbidden {
  readonly phrase: string;
  readonly instead: string;
}

/**
 * What the glossary forbids: every `Not: "a", "b".` of an entry `- **Term**: …`, which may go over several lines.
 * @param text docs/glossary.md
 */
export function forbiddenIn(text: string): Forbidden[] {
  return text.split(/^(?=- \*\*|#)/m).flatMap((entry) => {
    const instead = /^- \*\*(.+?)\*\*/.exec(entry)?.[1];
    const [, phrases] = /\bNot:\s+((?:"[^"]+"[,.\s]*)+)/.exec(entry) ?? [];
    if (instead === undefined || phrases === undefined) return [];
    return [...phrases.matchAll(/"([^"]+)"/g)].map(([, phrase]) => ({
      phrase: phrase!.replace(/\s+/g, ' '),
      instead,
    }));
  });
}

/** Where a text says a phrase, as `path:line: phrase (say: term)`: in any case, as whole words, also across lines. */
export function sayings({ path, text }: Source, { phrase, instead }: Forbidden): string[] {
  const words = phrase.split(' ').map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  // A comment's or a quotation's next line begins with a mark of its own.
  const pattern = new RegExp(`\\b${words.join('\\s+(?:(?:\\*|//|--|>)\\s+)?')}\\b`, 'gi');
  return [...text.matchAll(pattern)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return `${path}:${line}: ${phrase} (say: ${instead})`;
  });
}

const GLOSSARY = 'docs/glossary.md';

const read = (path: string): Source => ({ path, text: readFileSync(join(projectRoot, path), 'utf8') });

export const glossary = (): Source => read(GLOSSARY);

/** What people read: pages but for the reference, which is made from code, templates and examples. */
export function documents(): Source[] {
  return [
    ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
      .filter((path) => existsSync(join(projectRoot, path)))
      .map(read),
    ...sources('docs', ['.md']),
    ...sources('local', ['README.md']),
    ...sources('test', ['README.md']),
    ...sources('examples', ['.md', '.yml', '.sql']),
    ...sources('templates', ['.hbs', '.json']),
  ]
    .filter(({ path }) => path !== GLOSSARY && !/^docs\/reference\/|node_modules/.test(path))
    .map(({ path, text }) => ({ path, text: path.endsWith('.hbs') ? withoutPlaces(text) : text }));
}

/** A template without its places, whose names are code's: `{{#if hazards.pace}}`. */
const withoutPlaces = (text: string) =>
  text.replace(/\{\{[^}]*\}\}/g, (place) => place.replace(/[^\n]/g, ' '));

/** What the product is made of, with its comments. */
export function code(): Source[] {
  return [...product, 'sql', 'tasks'].flatMap((folder) => sources(folder, ['.ts', '.sql', '.yaml']));
}
