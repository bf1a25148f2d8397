import type { Options } from 'yargs';

/** What a shell can complete: a command with its options, and words in place of an option's value. */
export interface Completable {
  readonly name: string;
  readonly describe: string;
  readonly options: Readonly<Record<string, Options>>;
}

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/**
 * A script that completes commands and options without starting los: everything it knows stands in it.
 * @param shell which shell will read it
 */
export function completionScript(
  shell: Shell,
  commands: readonly Completable[],
  globals: Readonly<Record<string, Options>>,
): string {
  if (shell === 'fish') return fish(commands, globals);
  const script = bash(commands, globals);
  // zsh reads bash's completions through its own emulation.
  return shell === 'bash' ? script : `autoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n${script}`;
}

function bash(commands: readonly Completable[], globals: Readonly<Record<string, Options>>): string {
  const all = [...commands.map(({ options }) => options), globals].flatMap((options) =>
    Object.entries(options),
  );
  const chosen = new Map<string, string>(
    all.flatMap(([name, { choices }]) => (choices ? [[`--${name}`, choices.join(' ')] as const] : [])),
  );
  const taking = new Set<string>(
    all.filter(([, { type }]) => type === 'string').map(([name]) => `--${name}`),
  );
  const ownOptions = (options: Readonly<Record<string, Options>>) =>
    [...Object.keys({ ...options, ...globals }).map((name) => `--${name}`), '--help'].join(' ');
  // By the place of the word, and the first two words of the line.
  const places = [
    ['"1 "*', `${firstWords(commands).join(' ')} --help --version`],
    ...firstWords(commands)
      .map((first) => [`"2 ${first} "*`, secondWords(commands, first).join(' ')] as const)
      .filter(([, seconds]) => seconds !== '')
      .map(([place, seconds]) => [place, `${seconds} --help`] as const),
    ...commands.map(({ name, options }) => [
      / /.test(name) ? `*" ${name}"` : `*" ${name} "*`,
      ownOptions(options),
    ]),
    ['*', ownOptions({})],
  ];
  const line = (pattern: string, action: string) => `    ${pattern}) ${action} ;;`;
  return `# Completion of los. Put it into effect with: eval "$(los completion bash)"
_los() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} words
  case $before in
${[
  ...[...chosen].map(([flag, words]) =>
    line(flag, `COMPREPLY=($(compgen -W "${words}" -- "$word")); return`),
  ),
  ...[...taking]
    .filter((flag) => !chosen.has(flag))
    .map((flag) => line(flag, 'COMPREPLY=($(compgen -f -- "$word")); return')),
].join('\n')}
  esac
  case "$COMP_CWORD \${COMP_WORDS[1]} \${COMP_WORDS[2]}" in
${places.map(([place = '', words]) => line(place, `words="${words}"`)).join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o default -F _los los
`;
}

/** What may come first: commands of one word, and what begins those of two. */
function firstWords(commands: readonly Completable[]): string[] {
  return [...new Set(commands.map(({ name }) => name.split(' ')[0] ?? name))];
}

function secondWords(commands: readonly Completable[], first: string): string[] {
  return commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? name.slice(first.length + 1) : []));
}

/** fish's condition that one of some words has been typed. */
const wordCondition = (words: string) => `__fish_seen_subcommand_from ${words}`;

function fish(commands: readonly Completable[], globals: Readonly<Record<string, Options>>): string {
  const quote = (text: string | undefined) =>
    `'${(text ?? '').replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
  const option = (condition: string, name: string, { choices, type, describe }: Options) =>
    [
      `complete -c los -n ${quote(condition)} -l ${name}`,
      choices ? `-x -a ${quote(choices.join(' '))}` : type === 'string' ? '-r' : '',
      `-d ${quote(describe)}`,
    ]
      .filter(Boolean)
      .join(' ');
  return [
    '# Completion of los. Put it into effect with: los completion fish | source',
    'complete -c los -f',
    ...firstWords(commands).map((word) => {
      const described = commands.find(({ name }) => name === word)?.describe;
      return `complete -c los -n '__fish_use_subcommand' -a ${word} -d ${quote(described ?? secondWords(commands, word).join(', '))}`;
    }),
    ...commands
      .filter(({ name }) => / /.test(name))
      .map(({ name, describe }) => {
        const [group = '', word] = name.split(' ');
        const others = secondWords(commands, group).join(' ');
        return `complete -c los -n ${quote(`${wordCondition(group)}; and not ${wordCondition(others)}`)} -a ${word} -d ${quote(describe)}`;
      }),
    ...Object.entries(globals).map(([name, one]) => option('true', name, one)),
    ...commands.flatMap(({ name, options }) =>
      Object.entries(options).map(([key, one]) =>
        option(name.split(' ').map(wordCondition).join('; and '), key, one),
      ),
    ),
    '',
  ].join('\n');
}
