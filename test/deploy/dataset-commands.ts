import { command as check } from '../../contracts/commands/check.js';
import { command as init } from '../../contracts/commands/init.js';
import { command as load } from '../../contracts/commands/load.js';
import { type Command, carryOut, type GlobalArgs } from '../../deploy/commands/command.js';
import type { Context } from '../../deploy/context.js';

const globals = { target: 'local', json: false, verbose: false } as const;

/** Runs a command as the command line does; what it prints, and whether it ends with an exit code. */
function runner<Args, Result>(name: string, command: Command<Args, Result>) {
  return async (ctx: Context, args: Omit<Args, keyof GlobalArgs> & { readonly dataset?: string }) => {
    const result = await carryOut(command, name, ctx, { ...globals, ...args } as Args & GlobalArgs);
    return {
      lines: command.print?.(result, ctx.settings) ?? [],
      failed: (command.exitCode?.(result) ?? 0) !== 0,
    };
  };
}

/** `los dataset init`, `check` and `load`. */
export const dataset = {
  init: runner('dataset init', init),
  check: runner('dataset check', check),
  load: runner('dataset load', load),
};
