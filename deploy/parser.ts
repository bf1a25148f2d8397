import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import yargs, { type Argv } from 'yargs';
import type { Command, CommandEntry, GlobalArgs } from './commands/command.js';
import { commands } from './commands/index.js';
import { UserError } from './errors.js';
import { nearest } from './ground/suggest.js';
import { globalOptions } from './help/options.js';
import { projectRoot } from './project.js';

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
  const options = new Set(Object.keys(globalOptions));
  let called: CommandEntry | undefined;
  let parser: Argv<object> = yargs([...argv])
    .scriptName('los')
    .usage('$0 <command>\n\nHospital length-of-stay predictions inside Snowflake.')
    // yargs itself would say the version of the project that has installed this.
    .version(ownVersion())
    .options(globalOptions)
    .example('los demo', 'the whole chain on this machine, no account needed')
    .example('los apply --target cloud', 'the same objects in Snowflake and AWS')
    .example('los doctor', 'what is broken, and what mends it');
  for (const entry of commands)
    parser = parser.command(
      [entry.name, entry.usage].filter(Boolean).join(' '),
      entry.describe,
      async (sub) => {
        called = entry;
        const command = await load(entry);
        for (const [name, option] of Object.entries(command.positional ?? {})) sub.positional(name, option);
        // yargs' own --version would swallow a command's.
        if (command.options?.version) sub.version(false);
        for (const [name, option] of Object.entries(command.options ?? {})) {
          options.add(name);
          sub.option(name, option);
        }
        for (const [example, explanation] of command.examples ?? []) sub.example(example, explanation);
        return sub;
      },
      async (args) => run(await load(entry), args as unknown as Args, entry),
    );
  await parser
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .epilogue('Exit codes: 0 done (plan: nothing to do), 1 error, 2 plan found changes.')
    .fail((message, error) => {
      if (error) throw error;
      throw new UserError(withSuggestion(message, options), {
        next: called
          ? `los ${called.name} --help shows its options, with examples.`
          : 'los --help lists commands and options.',
      });
    })
    .parseAsync();
}

function ownVersion(): string {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
}

/** Loads a command's file. */
export async function load(entry: CommandEntry): Promise<AnyCommand> {
  return (await entry.load()).command as AnyCommand;
}

/** yargs suggests commands, not options. */
function withSuggestion(message: string, options: Iterable<string>): string {
  const unknown = /^Unknown arguments?: ([^,]+)/.exec(message)?.[1];
  const meant = unknown && nearest(unknown, options);
  return meant ? `Unknown option --${unknown}. Did you mean --${meant}?` : message;
}
