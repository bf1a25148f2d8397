import yargs, { type Argv, type Options, type PositionalOptions } from 'yargs';
import { WIDTH } from '../report/text/wrap.js';
import { requireValue } from '../udfs/require-value.js';
import { type Command, type CommandEntry, type GlobalArgs, optionsOf } from './commands/command.js';
import { commands, groups } from './commands/index.js';
import { UserError } from './errors.js';
import { findRepeated, mistakeOf } from './help/mistakes.js';
import { globalOptions } from './help/options.js';
import { ownRelease } from './project.js';

export type AnyCommand = Command<Record<string, unknown>, unknown>;
export type Args = Record<string, unknown> & GlobalArgs;

/**
 * Parses a command line and hands the command on. Files of commands are loaded only when they are called, so
 * that --help is quick; help itself is printed by yargs.
 * @param run carries the command out
 * @throws UserError for what is no command line of los, with what was probably meant
 */
export async function parse(
  argv: readonly string[],
  run: (command: AnyCommand, args: Args, entry: CommandEntry) => Promise<void>,
): Promise<void> {
  let options: Record<string, Options> = requireValues(globalOptions);
  let positional: Readonly<Record<string, PositionalOptions>> = {};
  /** Part of the command's name that has been read. */
  let name: string | undefined;
  const add = (on: Argv<object>, entry: CommandEntry): Argv<object> =>
    on.command(
      [entry.name.split(' ').pop(), entry.usage].filter(Boolean).join(' '),
      entry.describe,
      async (sub) => {
        name = entry.name;
        const command = await load(entry);
        positional = command.positional ?? {};
        for (const [word, option] of Object.entries(positional)) sub.positional(word, option);
        const own = requireValues(optionsOf(command));
        // yargs' own --version would swallow a command's.
        if (own.version) sub.version(false);
        options = { ...options, ...own };
        for (const [word, option] of Object.entries(own)) sub.option(word, option);
        for (const [example, explanation] of command.examples ?? []) sub.example(example, explanation);
        return sub;
      },
      async (args) => {
        const repeated = findRepeated(args, options);
        if (repeated)
          throw new UserError(`--${repeated} is given more than once.`, {
            next: 'Give it one value, or run the command for each.',
          });
        await run(await load(entry), args as unknown as Args, entry);
      },
    );
  let parser: Argv<object> = yargs([...argv])
    .scriptName('los')
    .usage('$0 <command>\n\nHospital length-of-stay predictions inside Snowflake.')
    // yargs itself would say the version of the project that has installed this.
    .version(ownRelease)
    .options(options)
    .example('los demo', 'the whole chain on this machine, no account needed')
    .example('los apply --target cloud', 'the same objects in Snowflake and AWS')
    .example('los doctor', 'what is broken, and how to mend it');
  for (const entry of commands) {
    const [group = '', second] = entry.name.split(' ');
    if (second === undefined) parser = add(parser, entry);
    // Under the first of its commands the whole group.
    else if (entry === commandsOf(group)[0])
      parser = parser.command(group, requireValue(groups[group], `words of the group ${group}`), (sub) => {
        name = group;
        return commandsOf(group)
          .reduce(add, sub as Argv<object>)
          .demandCommand(1);
      });
  }
  const refuse = (message: string): never => {
    const known = commands.map((entry) => entry.name);
    throw new UserError(mistakeOf(message, { name, known, positional, options }), {
      next: name
        ? `los ${name} --help shows its options, with examples.`
        : 'los --help lists commands and options.',
    });
  };
  parser
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .wrap(Math.min(110, process.stdout.columns ?? WIDTH))
    .epilogue('Exit codes: 0 done (plan: nothing to do), 1 error, 2 plan found changes.')
    .fail((message, error) => {
      if (error) throw error;
      refuse(message);
    });
  try {
    await parser.parseAsync();
  } catch (error) {
    // What it finds before it looks at the command, yargs throws as an error of its own.
    if (error instanceof Error && error.name === 'YError') refuse(error.message);
    throw error;
  }
}

/** The commands of two words that begin with this one. */
function commandsOf(group: string): readonly CommandEntry[] {
  return commands.filter(({ name }) => name.startsWith(`${group} `));
}

/** Loads a command's file. */
export async function load(entry: CommandEntry): Promise<AnyCommand> {
  return (await entry.load()).command as AnyCommand;
}

/** Requires a value for each option that is no switch: yargs would take none for an empty one. */
function requireValues(options: Readonly<Record<string, Options>>): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(options).map(([name, option]) => [
      name,
      option.type === 'boolean' || option.type === 'count' ? option : { ...option, requiresArg: true },
    ]),
  );
}
