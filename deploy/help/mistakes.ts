import type { Options, PositionalOptions } from 'yargs';
import { itemAt } from '../../udfs/require-value.js';
import { findNearest, joinWithOr } from '../ground/suggest.js';

/** Facts of a command line that tell its mistakes. */
export interface CommandCall {
  /** The command, or the first of its two words, once it is known. */
  readonly name?: string;
  readonly known: readonly string[];
  /** Its words in order, and its options with those that every command has. */
  readonly positional: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
}

/** A mistake in a command line in words of ours: what yargs says of it is for programmers. */
export function mistakeOf(message: string, { name, known, positional, options }: CommandCall): string {
  const seconds = known.flatMap((each) =>
    name !== undefined && each.startsWith(`${name} `) ? each.slice(name.length + 1) : [],
  );
  const few = /^Not enough non-option arguments: got (\d+)/.exec(message);
  if (few) {
    const found = Object.entries(positional)[Number(few[1])];
    if (!found) return `los ${name} needs another word: ${joinWithOr(seconds)}.`;
    const [word, { choices = [], describe = '' }] = found;
    const meaning = choices.length > 0 ? joinWithOr(choices) : describe;
    return `los ${name} lacks its <${word}>${meaning ? `: ${meaning}` : ''}.`;
  }
  const invalid = /Argument: ([\w-]+), Given: (.*), Choices: (.*)$/m.exec(message);
  if (invalid) {
    const [, key = '', given = '', choices = ''] = invalid;
    const all = choices.split(', ').map(unquote);
    const meant = findNearest(unquote(given), all);
    return `${key in positional ? `The ${key} of los ${name}` : `--${key}`} is ${joinWithOr(all)}, not ${unquote(given) || 'empty'}.${meant ? ` Did you mean ${meant}?` : ''}`;
  }
  const empty = /^Not enough arguments following: ([\w-]+)/.exec(message);
  if (empty) {
    const { choices = [], describe = 'a value' } = options[itemAt(empty, 1)] ?? {};
    return `--${empty[1]} needs a value: ${choices.length > 0 ? joinWithOr(choices) : describe}.`;
  }
  const needs = /^Implications failed:\s+([\w-]+) -> ([\w-]+)/.exec(message);
  if (needs) return `--${needs[1]} needs --${needs[2]} too.`;
  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined)
    return /^Did you mean/.test(message)
      ? `${seconds.length > 0 ? `los ${name} knows ${joinWithOr(seconds)}` : 'There is no such command'}. ${message}`
      : message;
  if (name === undefined) {
    const whole = known.find((each) => each.endsWith(` ${unknown}`));
    return `There is no command ${unknown}.${whole ? ` Did you mean los ${whole}?` : ''}`;
  }
  if (seconds.length > 0) return `los ${name} knows ${joinWithOr(seconds)}, not ${unknown}.`;
  const meant = findNearest(unknown, Object.keys(options));
  return meant
    ? `Unknown option --${unknown}. Did you mean --${meant}?`
    : `los ${name} does not know ${unknown}.`;
}

/** Options that are given twice, and may be only once. */
export function findRepeated(
  args: Readonly<Record<string, unknown>>,
  options: CommandCall['options'],
): string | undefined {
  const repeated = Object.entries(options).find(
    ([name, { array, type }]) => Array.isArray(args[name]) && array !== true && type !== 'array',
  );
  return repeated?.[0];
}

function unquote(text: string): string {
  return text.replace(/^"|"$/g, '');
}
