import { carryOut } from '../../../deploy/commands/command.js';
import { messageOf, UserError } from '../../../deploy/errors.js';
import { openContext } from '../../../deploy/open.js';
import { parse } from '../../../deploy/parser.js';
import type { Progress } from '../../../deploy/progress/progress.js';
import { silentProgress } from '../../../deploy/progress/terminal.js';

/** What a command printed, and how it ended. */
export interface Said {
  readonly code: number;
  readonly text: string;
}

/** The words of a command line: `los train --promote` → train, --promote. */
const wordsOf = (line: string) => line.replace(/^los /, '').split(/\s+/);

/**
 * Runs a command line of `los` as the command line does, in this process: parsed, on connections of its own, printed.
 * @param line `los promote health-v2 --force`
 * @param config the settings file
 */
export async function runLos(line: string, config: string): Promise<Said> {
  const said: string[] = [];
  const progress: Progress = {
    ...silentProgress,
    warn: (text: string) => void said.push(`WARN ${text}`),
  };
  let code = 0;
  try {
    await parse([...wordsOf(line), '--config', config], async (command, args, { name }) => {
      const open = {
        target: args.target,
        config,
        progress,
        signal: new AbortController().signal,
      };
      const show = (result: unknown) => {
        said.push(...(command.print?.(result, { timeZone: 'UTC' }) ?? []));
        code = command.exitCode?.(result) ?? 0;
      };
      if ('runAlone' in command) return show(await command.runAlone(open, args));
      const ctx = await openContext(open);
      try {
        show(await carryOut(command, name, ctx, args));
      } finally {
        await ctx.close();
      }
    });
  } catch (error) {
    said.push(`los: ${messageOf(error)}`, ...(error instanceof UserError && error.next ? [error.next] : []));
    code = 1;
    // What is no sentence for a person is a mistake of ours, and its stack helps to find it.
    if (!(error instanceof UserError) && error instanceof Error) said.push(`(${error.name})`);
  }
  return { code, text: said.join('\n') };
}
