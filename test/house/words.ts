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

/** Words that this project once used, by the entry of docs/glossary.md that replaces them, or by a plain word. */
const REPLACED: Readonly<Record<string, readonly string[]>> = {
  Census: ['those who are in', 'whoever is in'],
  'Beds occupied': ['beds taken'],
  'Hazard multiplier': ['pace', 'paces'],
  'Conformal margin': ['widening', 'widenings'],
  'Imputed default': ['stand-in', 'stands in for', 'stood for'],
  Candidate: ['contestant'],
  Pilot: ['a look on a sample'],
  Promotion: ['taken back by itself'],
  Significant: ['surely better', 'surely worse', 'surely above'],
  Leak: ['gives the stay away', 'give the stay away', 'gave the stay away', 'giving the stay away'],
  Pipeline: ['the pipe'],
  Monitoring: ['watch and look'],
  'Actual stay': ['before the truth'],
  Alarm: ['wants of you'],
  Troubleshooting: ['when it does not go on'],
  'Small-cell suppression (n < 10)': ['rule of ten'],
  Operator: ['whoever', 'nobody', 'somebody'],
};

/** Phrases for which plain English has a shorter one. */
const PLAIN: Readonly<Record<string, readonly string[]>> = {
  'by default': ['as it comes', 'as they come'],
  '15 minutes': ['quarter of an hour'],
  'retrain, recreate or rebuild': ['anew'],
};

export const replacingTerms: readonly string[] = Object.keys(REPLACED);

/** Every forbidden phrase with what to say in its place. */
export const forbidden: readonly Forbidden[] = Object.entries({ ...REPLACED, ...PLAIN }).flatMap(
  ([instead, phrases]) => phrases.map((phrase) => ({ phrase, instead })),
);

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
