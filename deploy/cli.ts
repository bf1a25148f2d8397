#!/usr/bin/env node
import module from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';
import { printable, printableJson } from '../procedures/notifying/printable.js';
import { widthOf, wrap, wrapLine } from '../report/text/wrap.js';
import { isRefusal, missingRight } from './clients/missing-right.js';
import { carryOut } from './commands/command.js';
import { messageOf, UserError } from './errors.js';
import type { OpenOptions } from './open.js';
import { type AnyCommand, type Args, parse } from './parser.js';
import type { Settings } from './settings/settings.js';
import { Stop } from './stop.js';
import type { Target } from './target.js';

// Node 22 and newer keep what they have compiled of drivers and SDKs for the next command; 20 cannot.
(module as { enableCompileCache?: () => void }).enableCompileCache?.();

/** Connects as far as the command needs it, and prints what it returns. Gives the exit code. */
async function run(command: AnyCommand, args: Args, name: string): Promise<number> {
  const { createProgress } = await import('./progress/terminal.js');
  if (command.target && command.target !== args.target)
    throw new UserError(`This command works only with --target ${command.target}.`, {
      next: `Leave --target out, or write --target ${command.target}.`,
    });
  const progress = createProgress(args.json ? process.stderr : process.stdout);
  const stop = new Stop(name, progress);
  const { target, config, env } = args;
  const unattended = command.unattended && !process.stdout.isTTY ? { unattended: `los ${name}` } : {};
  const open: OpenOptions = { target, config, env, progress, signal: stop.signal, ...unattended };
  const show = (result: unknown, settings?: Settings) => {
    progress.close();
    if (args.json && result !== undefined) process.stdout.write(`${printableJson(JSON.stringify(result))}\n`);
    else if (!args.json)
      for (const line of (command.print?.(result, settings) ?? []).flatMap((each) =>
        wrapLine(printable(each), widthOf(process.stdout)),
      ))
        process.stdout.write(`${line}\n`);
    return command.exitCode?.(result) ?? 0;
  };
  try {
    if ('runAlone' in command)
      return show(await stop.runUntilStop(command.runAlone(open, args), command.finishes));
    const { openContext } = await import('./open.js');
    const ctx = await stop.runUntilStop(openContext(open), false);
    const done = new AbortController();
    try {
      const { settings } = ctx;
      const work = stop
        .runUntilStop(carryOut(command, name, ctx, args), command.finishes)
        .catch(async (error: unknown) => {
          throw (await ctx.target.isServing()) ? error : cloudEnded(settings, error);
        });
      const result = await Promise.race([work, failWhenLost(ctx.target, settings, done.signal)]);
      return show(result, settings);
    } finally {
      done.abort();
      // The clients of a cloud that is gone would try again for minutes.
      if (await ctx.target.isServing()) await ctx.close();
    }
  } catch (error) {
    throw stop.explain(error);
  } finally {
    progress.close();
  }
}

/** Fails as soon as the local cloud's process has ended; the clients would call it for minutes. */
async function failWhenLost(target: Target, settings: Settings, done: AbortSignal): Promise<never> {
  while (!done.aborted && (await target.isServing()))
    await sleep(1000, undefined, { signal: done, ref: false }).catch(() => undefined);
  if (done.aborted) return new Promise(() => {});
  throw cloudEnded(settings);
}

/** @param cause what a client said of it, if one was quicker than `failWhenLost` */
function cloudEnded({ state }: Settings, cause?: unknown): UserError {
  return new UserError('The local cloud ended while the command ran.', {
    next: `Run the command again: it restarts the local cloud, with all that was committed. For why it ended, see ${state}/local.log.`,
    cause,
  });
}

// The reader of the output (head, a pager that was left) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(process.exitCode ?? 0);
});

try {
  await parse(process.argv.slice(2), async (command, args, { name }) => {
    process.exitCode = await run(command, args, name);
    // One that opens clouds for itself may have given up clients that would try for minutes to reach them.
    if ('runAlone' in command) {
      await Promise.all([process.stdout, process.stderr].map(flush));
      process.exit();
    }
  });
} catch (error) {
  report(error, process.argv);
  // What was left open, a client that waits for an answer perhaps, must not keep the process.
  process.exit(1);
}

/** Waits until what was written has left: a pipe takes it later. */
function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()));
}

/** Advice on a refusal that does not say what to do: the doctor finds what is behind it. */
function adviceOn(error: unknown): string | undefined {
  if (!isRefusal(error)) return undefined;
  return missingRight(error.message) ?? 'los doctor finds what is broken and how to mend it.';
}

/** Tells what happened and what to do next; with --json the same as one line for machines. */
function report(error: unknown, argv: readonly string[]): void {
  const next = error instanceof UserError ? error.next : adviceOn(error);
  const width = widthOf(process.stderr);
  const say = (text: string, lead: string) => {
    for (const [i, line] of printable(text).split('\n').entries())
      for (const part of wrap(
        line,
        i === 0 ? lead : line.slice(0, line.length - line.trimStart().length),
        width,
      ))
        process.stderr.write(`${part}\n`);
  };
  // A stack helps only with our own mistakes.
  const known = error instanceof UserError || isRefusal(error);
  if (argv.includes('--json'))
    process.stdout.write(
      `${printableJson(JSON.stringify({ error: messageOf(error), ...(next ? { next } : {}) }))}\n`,
    );
  say(messageOf(error), 'los: ');
  if (next) say(next, '     ');
  if (argv.includes('--verbose') || !known) {
    const cause = error instanceof Error && error.cause ? error.cause : error;
    if (cause instanceof Error) process.stderr.write(`${printable(cause.stack ?? '')}\n`);
  }
}
