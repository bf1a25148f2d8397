import { wordsOf } from '../words.js';
import { toCapitals } from './contract-names.js';

/** Rules by which columns are called, a text of them for each thing; what they mean stands in the file. */
type Rules = Readonly<Record<string, string>>;

const words =
  wordsOf<Readonly<Record<'afterAdmission' | 'askWhenKnown' | 'rules' | 'patterns', Rules>>>('columns');

const compiled = new Map<string, RegExp>();

function matches(text: string, isPattern: boolean, column: string): boolean {
  let pattern = compiled.get(text);
  if (!pattern) {
    pattern = new RegExp(isPattern ? text : text.split(/\s+/).map(patternOf).join('|'));
    compiled.set(text, pattern);
  }
  return pattern.test(
    toCapitals(column)
      .replace(/[^A-Z0-9]+/g, '_')
      .replace(/^_+|_+$/g, ''),
  );
}

function patternOf(rule: string): string {
  const body = rule.replace(/^=/, '').replaceAll('*', '[A-Z0-9]*');
  return rule.startsWith('=') ? `^${body}$` : `(?:^|_)${body.replace(/^_/, '')}(?:_|$)`;
}

/**
 * Tells whether a column is called like something. A guess: a person is asked, by name.
 * @param like key of `rules` or `patterns` in sql/words/columns.yaml
 */
export function isCalled(like: string, column: string): boolean {
  const { rules, patterns } = words();
  const text = rules[like] ?? patterns[like];
  if (text === undefined) throw new Error(`sql/words/columns.yaml has nothing called ${like}`);
  return matches(text, like in patterns, column);
}

function found(rules: Rules, column: string): string | undefined {
  return Object.entries(rules).find(([, text]) => matches(text, false, column))?.[0];
}

/** Topic of a column, where it sounds like known only after admission: the discharge, money …; undefined where it does not. */
export function topicAfterAdmission(column: string): string | undefined {
  return isCalled('knownOnAdmission', column) ? undefined : found(words().afterAdmission, column);
}

/** Question to be asked about when a column is known; undefined where nothing is. */
export function askWhenKnown(column: string): string | undefined {
  return found(words().askWhenKnown, column);
}
