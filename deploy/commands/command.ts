import type { Options, PositionalOptions } from 'yargs';
import type { Contract } from '../../procedures/dataset/contract.js';
import { explainRight, refuseOtherRole } from '../clients/missing-right.js';
import type { Context } from '../context.js';
import { forDataset } from '../dataset/context.js';
import { explainRelease } from '../history/release.js';
import { mailingFailure } from '../mail/failure.js';
import type { OpenOptions } from '../open.js';
import type { Settings } from '../settings/settings.js';

export interface GlobalArgs {
  readonly target: string;
  readonly config?: string;
  readonly env?: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

interface CommandDescription<Result> {
  /** Options beyond the global ones (--target, --env, --config, --json, --verbose) and --dataset. */
  readonly options?: Readonly<Record<string, Options>>;
  /** Positional arguments in order, as in `score <file>`. */
  readonly positional?: Readonly<Record<string, PositionalOptions>>;
  readonly examples?: readonly (readonly [command: string, explanation: string])[];
  /** The only target for which the command makes sense. */
  readonly target?: 'local' | 'cloud';
  /** It is run by cron or CI too: a mail then says that it could not even begin. */
  readonly unattended?: boolean;
  /** True if what it makes belongs to the role of the session: in real accounts it takes the deploying role and no other. */
  readonly owns?: boolean;
  /** It looks at the context's signal and brings what it has begun to an end itself. Any other is left at the first Ctrl-C. */
  readonly finishes?: boolean;
  /** The result in words, one line each, for a person: times in the zone of the settings, where there are any. */
  print?(result: Result, settings?: Pick<Settings, 'timeZone'> & { readonly dataset?: string }): string[];
  /** Exit code for a result; 0 when left out. */
  exitCode?(result: Result): number;
}

/** Works on the connected clouds. What it returns is printed: as one JSON line with --json, else through `print`. */
interface CloudCommand<Args, Result> extends CommandDescription<Result> {
  readonly dataset?: false;
  /** That it failed is mailed too. */
  readonly mailsFailure?: boolean;
  run(ctx: Context, args: Args & GlobalArgs): Promise<Result>;
}

/** Works on the configured dataset, or on the one of --dataset, an option that it has for that. */
interface DatasetCommand<Args, Result> extends CommandDescription<Result> {
  readonly dataset: true;
  readonly mailsFailure?: boolean;
  run(ctx: Context, args: Args & GlobalArgs & WithDataset, contract: Contract): Promise<Result>;
}

/** Connects by itself, elsewhere, or not at all. */
interface StandaloneCommand<Args, Result> extends CommandDescription<Result> {
  /** It has the option --dataset, and looks at it itself. */
  readonly dataset?: boolean;
  runAlone(open: OpenOptions, args: Args & GlobalArgs & WithDataset): Promise<Result>;
}

interface WithDataset {
  readonly dataset?: string;
}

/**
 * One `los` command: a thin wrapper around a function that does the work, which stands in the folder of its subject and which
 * tests call with a Context. A file exports it as `command`. `Args` are the parsed options by their declared names.
 */
export type Command<Args = Record<string, unknown>, Result = unknown> =
  | CloudCommand<Args, Result>
  | DatasetCommand<Args, Result>
  | StandaloneCommand<Args, Result>;

/** Entry of the command list before a command's file is loaded (so that --help stays fast). */
export interface CommandEntry {
  /** One word, or two: `model promote`. */
  readonly name: string;
  /** Positional part of the usage line, e.g. `[version]`. */
  readonly usage?: string;
  readonly describe: string;
  /** The file; it exports a Command as `command`. */
  load(): Promise<{ command: unknown }>;
}

const DATASET: Options = { type: 'string', describe: 'dataset contract instead of the configured one' };

/** Its options, with --dataset where it works on one. */
export function optionsOf({ dataset, options }: Pick<Command, 'dataset' | 'options'>) {
  return { ...(dataset ? { dataset: DATASET } : {}), ...options } as Readonly<Record<string, Options>>;
}

/**
 * Carries a command out on connected clouds: on its dataset, and with a mail where it fails, if it says so.
 * @param name as it is typed after `los`
 */
export function carryOut<Args, Result>(
  command: Command<Args, Result>,
  name: string,
  ctx: Context,
  args: Args & GlobalArgs & WithDataset,
): Promise<Result> {
  if ('runAlone' in command) throw new Error(`los ${name} connects by itself`);
  const work = async () => {
    try {
      const refused =
        command.owns &&
        ctx.target.name === 'cloud' &&
        (await refuseOtherRole(
          ctx,
          `los ${name} is for ${ctx.settings.snowflake.roles.deploy}, which owns what it makes`,
        ));
      if (refused) throw refused;
      if (!command.dataset) return await command.run(ctx, args);
      const own = forDataset(ctx, args.dataset);
      return await command.run(own.ctx, args, own.contract);
    } catch (error) {
      throw await explainRight(ctx, name, await explainRelease(ctx, error));
    }
  };
  return command.mailsFailure ? mailingFailure(ctx, `los ${name}`, work) : work();
}
