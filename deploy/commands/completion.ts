import { basename } from 'node:path';
import { UserError } from '../errors.js';
import { completionScript, type Shell, shells } from '../help/completion.js';
import { globalOptions } from '../help/options.js';
import { type Command, optionsOf } from './command.js';
import { commands } from './index.js';

/** The completion script of a shell, with what all commands say of themselves. */
async function completion(name: string | undefined): Promise<{ script: string }> {
  const shell = shells.find((known) => known === (name ?? basename(process.env.SHELL ?? '')));
  if (!shell)
    throw new UserError(`There is no completion for ${name ?? (process.env.SHELL || 'an unknown shell')}.`, {
      next: `Name one of ${shells.join(', ')}: los completion bash.`,
    });
  const completable = await Promise.all(
    commands.map(async (entry) => {
      const { command } = (await entry.load()) as { command: Command };
      return { name: entry.name, describe: entry.describe, options: optionsOf(command) };
    }),
  );
  return { script: completionScript(shell, completable, globalOptions) };
}

export const command: Command<{ shell?: Shell }, { script: string }> = {
  positional: { shell: { type: 'string', describe: `${shells.join(', ')}; left out: the one in $SHELL` } },
  examples: [
    ['eval "$(los completion bash)"', 'in ~/.bashrc: complete commands and options with Tab'],
    ['los completion zsh > ~/.los-completion', 'a file for ~/.zshrc to source'],
    ['los completion fish | source', 'in config.fish'],
  ],
  runAlone: (_open, args) => completion(args.shell),
  print: ({ script }) => [script.trimEnd()],
};
