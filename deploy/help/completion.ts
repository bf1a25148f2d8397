import Handlebars from 'handlebars';
import type { Options } from 'yargs';
import { readTemplate } from '../project.js';

/** Words that a shell can complete: a command with its options, and words in place of an option's value. */
export interface Completable {
  readonly name: string;
  readonly describe: string;
  readonly options: Readonly<Record<string, Options>>;
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** Quotes a word for fish: a word in quotes. */
const quote = (text = '') => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/**
 * A script that completes commands and options without starting los: everything it knows stands in it.
 * @param shell which shell will read it
 */
export function completionScript(
  shell: Shell,
  commands: readonly Completable[],
  globals: Readonly<Record<string, Options>>,
): string {
  const words = commands.map(({ name, describe }) => {
    const [first = '', word] = name.split(' ');
    return { first, word, describe };
  });
  const first = [...new Set(words.map((command) => command.first))];
  const groups = first.flatMap((name) => {
    const seconds = words.flatMap((command) => (command.first === name && command.word) || []);
    return seconds.length > 0 ? [{ name, words: seconds.join(' ') }] : [];
  });
  const secondWords = (name: string) => groups.find((group) => group.name === name)?.words ?? '';
  const source = readTemplate(`completion/${shell === 'fish' ? 'fish' : 'bash'}.hbs`);
  const render = Handlebars.compile(source, { strict: true, noEscape: true });
  if (shell === 'fish') {
    const optionsOf = (when: string, options: Readonly<Record<string, Options>>) =>
      Object.entries(options).map(([name, { choices, type, describe }]) => {
        return { when, name, choices: choices?.join(' '), text: type === 'string', describe };
      });
    const typed = (name: string) => name.split(' ').map((word) => `__fish_seen_subcommand_from ${word}`);
    const values = {
      first: first.map((word) => ({
        word,
        describe:
          commands.find(({ name }) => name === word)?.describe ?? secondWords(word).replaceAll(' ', ', '),
      })),
      second: words
        .filter(({ word }) => word)
        .map((command) => ({ ...command, group: command.first, others: secondWords(command.first) })),
      options: [
        ...optionsOf('true', globals),
        ...commands.flatMap(({ name, options }) => optionsOf(typed(name).join('; and '), options)),
      ],
    };
    return render(values, { helpers: { quote } });
  }
  const all = [...commands.map(({ options }) => options), globals].flatMap((options) =>
    Object.entries(options),
  );
  const chosen = new Map(
    all.flatMap(([name, { choices }]) => (choices ? [[name, choices.join(' ')] as const] : [])),
  );
  const taking = all.flatMap(([name, { type }]) =>
    type === 'string' && !chosen.has(name) ? [[name, ''] as const] : [],
  );
  const flagsOf = (options: Readonly<Record<string, Options>>) =>
    [...Object.keys({ ...options, ...globals }), 'help'].map((name) => `--${name}`).join(' ');
  return render({
    // zsh reads bash's completions through its own emulation.
    zsh: shell === 'zsh',
    values: [...new Map([...chosen, ...taking])].map(([name, words]) => ({ flag: `--${name}`, words })),
    first: first.join(' '),
    groups,
    // By the place of the word, and the first two words of the line.
    commands: commands.map(({ name, options }) => ({ name, group: / /.test(name), flags: flagsOf(options) })),
    flags: flagsOf({}),
  });
}
