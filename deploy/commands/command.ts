import type { Options, PositionalOptions } from 'yargs';
import type { Context } from '../context.js';
import type { OpenOptions } from '../open.js';
import type { Settings } from '../settings/settings.js';

/** Options that every command has. */
export interface GlobalArgs {
  readonly target: string;
  readonly config?: string;
  readonly env?: string;
  readonly json: boolean;
  readonly verbose: boolean;
}

/**
 * One `los` command: a thin wrapper around a function that does the work, which stands in the folder of its subject and which
 * tests call with a Context. A file in deploy/commands/ exports it as `command`. `Args` are the parsed options by their declared names.
 */
export interface Command<Args = Record<string, unknown>, Result = unknown> {
  /** Options beyond the global ones (--target, --env, --config, --json, --verbose). */
  readonly options?: Readonly<Record<string, Options>>;
  /** Positional arguments in order, as in `score <file>`. */
  readonly positional?: Readonly<Record<string, PositionalOptions>>;
  readonly examples?: readonly (readonly [command: string, explanation: string])[];
  /** The only target for which the command makes sense. */
  readonly target?: 'local' | 'cloud';
  /** It is run by cron or CI too: whoever reads mails hears that it could not even begin. */
  readonly unattended?: boolean;
  /** It looks at the context's signal and brings what it has begun to an end itself. Any other is left at the first Ctrl-C. */
  readonly finishes?: boolean;
  /** Does the work. What it returns is printed: as one JSON line with --json, else through `print`. */
  run?(ctx: Context, args: Args & GlobalArgs): Promise<Result>;
  /** Instead of `run`: for a command that connects by itself, elsewhere, or not at all. */
  runAlone?(open: OpenOptions, args: Args & GlobalArgs): Promise<Result>;
  /** The result in words, one line each, for a person: times in the zone of the settings, where there are any. */
  print?(result: Result, settings?: Pick<Settings, 'timeZone'>): string[];
  /** Exit code for a result; 0 when left out. */
  exitCode?(result: Result): number;
}

/** What the command list knows of a command before its file is loaded (so that --help stays fast). */
export interface CommandEntry {
  readonly name: string;
  /** Positional part of the usage line, e.g. `[version]`. */
  readonly usage?: string;
  readonly describe: string;
  /** The file; it exports a Command as `command`. */
  load(): Promise<{ command: unknown }>;
}
