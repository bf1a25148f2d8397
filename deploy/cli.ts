#!/usr/bin/env node
import yargs, { type Argv } from 'yargs';
import type { Command, CommandEntry, GlobalArgs } from './commands/command.js';
import { commands } from './commands/index.js';
import { messageOf, UserError } from './errors.js';
import type { OpenOptions } from './open.js';

type AnyCommand = Command<Record<string, unknown>, unknown>;

/** Parses the arguments and runs the command. Files of commands are loaded only when they are called. */
async function main(argv: readonly string[]): Promise<void> {
  let parser: Argv<object> = yargs([...argv])
    .scriptName('los')
    .usage('$0 <command>\n\nHospital length-of-stay predictions inside Snowflake.')
    .option('target', { choices: ['local', 'cloud'], default: 'local', describe: 'embedded or real clouds' })
    .option('config', { type: 'string', describe: 'settings file (default los.config.yaml)' })
    .option('env', { type: 'string', describe: 'environment of the settings file, e.g. dev or prod' })
    .option('json', { type: 'boolean', default: false, describe: 'print one JSON line on stdout' })
    .option('verbose', { type: 'boolean', default: false, describe: 'show stacks of errors' });
  for (const entry of commands) parser = register(parser, entry);
  await parser
    .demandCommand(1, 'Name a command.')
    .strict()
    .recommendCommands()
    .wrap(Math.min(110, process.stdout.columns ?? 110))
    .epilogue('Exit codes: 0 done (plan: nothing to do), 1 error, 2 plan found changes.')
    .fail((message, error) => {
      if (error) throw error;
      throw new UserError(message, { next: 'los --help lists commands and options.' });
    })
    .parseAsync();
}

function register(parser: Argv<object>, entry: CommandEntry): Argv<object> {
  return parser.command(
    [entry.name, entry.usage].filter(Boolean).join(' '),
    entry.describe,
    async (sub) => {
      const command = await load(entry);
      for (const [name, option] of Object.entries(command.positional ?? {})) sub.positional(name, option);
      for (const [name, option] of Object.entries(command.options ?? {})) sub.option(name, option);
      for (const [example, explanation] of command.examples ?? []) sub.example(example, explanation);
      return sub;
    },
    async (args) => {
      const command = await load(entry);
      process.exitCode = await run(command, args as unknown as Record<string, unknown> & GlobalArgs);
    },
  );
}

async function load(entry: CommandEntry): Promise<AnyCommand> {
  return (await entry.load()).command as AnyCommand;
}

async function run(command: AnyCommand, args: Record<string, unknown> & GlobalArgs): Promise<number> {
  const { createProgress } = await import('./progress/terminal.js');
  if (command.target && command.target !== args.target)
    throw new UserError(`This command works only with --target ${command.target}.`, {
      next: `Leave --target out, or write --target ${command.target}.`,
    });
  const progress = createProgress(args.json ? process.stderr : process.stdout);
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => abort.abort());
  const { target, config, env } = args;
  const open: OpenOptions = { target, config, env, progress, signal: abort.signal };
  const show = (result: unknown) => {
    progress.close();
    if (args.json && result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`);
    else if (!args.json) for (const line of command.print?.(result) ?? []) process.stdout.write(`${line}\n`);
    return command.exitCode?.(result) ?? 0;
  };
  try {
    if (command.runAlone) return show(await command.runAlone(open, args));
    const { openContext } = await import('./open.js');
    const ctx = await openContext(open);
    try {
      return show(await command.run!(ctx, args));
    } finally {
      await ctx.close();
    }
  } finally {
    progress.close();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  report(error, process.argv);
  process.exitCode = 1;
}

/** What happened and what to do next; with --json the same as one line for machines. */
function report(error: unknown, argv: readonly string[]): void {
  const next = error instanceof UserError ? error.next : undefined;
  // What Snowflake and AWS refuse says itself what is wrong; a stack helps only with our own mistakes.
  const known =
    error instanceof UserError ||
    (error instanceof Error && (error.name === 'SnowflakeError' || '$metadata' in error));
  if (argv.includes('--json'))
    process.stdout.write(`${JSON.stringify({ error: messageOf(error), ...(next ? { next } : {}) })}\n`);
  process.stderr.write(`los: ${messageOf(error)}\n`);
  if (next) process.stderr.write(`     ${next}\n`);
  if (argv.includes('--verbose') || !known) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    if (cause instanceof Error) process.stderr.write(`${cause.stack}\n`);
  }
}
