import type { Options, PositionalOptions } from 'yargs';
import { nearest } from '../ground/suggest.js';

/** What of a command line its mistakes are told by. */
export interface CalledAs {
  /** The command, once it is known. */
  readonly name?: string;
  /** Its words in order, and its options with those that every command has. */
  readonly positional: Readonly<Record<string, PositionalOptions>>;
  readonly options: Readonly<Record<string, Options>>;
}

/** A mistake in a command line in words of ours: what yargs says of it is for programmers. */
export function mistakeOf(message: string, { name, positional, options }: CalledAs): string {
  const few = /^Not enough non-option arguments: got (\d+)/.exec(message);
  if (few) {
    const found = Object.entries(positional)[Number(few[1])];
    if (!found) return `los ${name} needs another word.`;
    const [word, { choices = [], describe = '' }] = found;
    const meaning = choices.length > 0 ? either(choices) : describe;
    return `los ${name} lacks its <${word}>${meaning ? `: ${meaning}` : ''}.`;
  }
  const invalid = /Argument: ([\w-]+), Given: (.*), Choices: (.*)$/m.exec(message);
  if (invalid) {
    const [, key = '', given = '', choices = ''] = invalid;
    const all = choices.split(', ').map(unquoted);
    const meant = nearest(unquoted(given), all);
    return `${key in positional ? `The ${key} of los ${name}` : `--${key}`} is ${either(all)}, not ${unquoted(given) || 'empty'}.${meant ? ` Did you mean ${meant}?` : ''}`;
  }
  const empty = /^Not enough arguments following: ([\w-]+)/.exec(message);
  if (empty) {
    const { choices = [], describe = 'a value' } = options[empty[1]!] ?? {};
    return `--${empty[1]} needs a value: ${choices.length > 0 ? either(choices) : describe}.`;
  }
  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/.exec(message)?.[1]?.split(', ')[0];
  if (unknown === undefined)
    return /^Did you mean/.test(message) ? `There is no such command. ${message}` : message;
  if (name === undefined) return `There is no command ${unknown}.`;
  const meant = nearest(unknown, Object.keys(options));
  return meant
    ? `Unknown option --${unknown}. Did you mean --${meant}?`
    : `los ${name} does not know ${unknown}.`;
}

/** Options that are given twice, and may be only once. */
export function repeated(
  args: Readonly<Record<string, unknown>>,
  options: CalledAs['options'],
): string | undefined {
  return Object.keys(options).find(
    (name) => Array.isArray(args[name]) && options[name]!.array !== true && options[name]!.type !== 'array',
  );
}

function unquoted(text: string): string {
  return text.replace(/^"|"$/g, '');
}

function either(choices: readonly unknown[]): string {
  const words = choices.map(String);
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
