import { cancelError, depthError, localRefusal, SnowflakeError } from './errors.js';

const LONGEST = 4000;
/** The levels that a statement has at most where nothing else says so. */
const LEVELS = 250;

/** What was being done when something went wrong that no statement should be able to cause. */
export interface Occasion {
  queryId: string;
  /** The statement. */
  text: string;
}

/**
 * 000603 for a mistake of the local Snowflake: an error of DuckDB that has no words in Snowflake, or of our own code.
 * The error itself is the `cause`: its words are nothing that Snowflake says, and may quote values.
 */
export class InternalError extends SnowflakeError {
  constructor(cause: unknown, { queryId }: Occasion) {
    super(
      '000603',
      'XX000',
      `SQL execution internal error:\nThis is a mistake of the local Snowflake, not of the statement. Where it happened is written to local.log in the state folder of the local cloud (or to its standard error), under query ${queryId}.`,
    );
    this.cause = cause;
  }
}

/** True for what DuckDB and Node throw when there is no memory left for a statement. */
export function isOutOfMemory(error: unknown): boolean {
  const message = error instanceof Error ? error.message : String(error);
  return /Out of Memory Error|could not allocate|failed to (?:pin|allocate)|Invalid string length/i.test(
    message,
  );
}

/** True for what DuckDB and Node throw when the disk of the state folder is full. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && /ENOSPC|No space left on device|disk (?:is )?full/i.test(error.message);
}

/** Whatever a statement threw, as a client must see it; what is our own mistake is written to standard error. */
export function asSnowflakeError(error: unknown, occasion: Occasion): SnowflakeError {
  if (error instanceof SnowflakeError) return error;
  const message = error instanceof Error ? error.message : String(error);
  // Only we interrupt DuckDB: the session ends, or all of the cloud does.
  if (/^INTERRUPT Error/.test(message)) return cancelError();
  if (/Max expression depth limit|Maximum call stack size/.test(message)) return depthError(LEVELS);
  if (/zero-length delimited identifier/.test(message))
    return localRefusal('an empty name of a column or table', 'DuckDB has none', 'Give it a letter.');
  if (isOutOfMemory(error))
    return localRefusal(
      'a statement that needs so much memory',
      'this machine has not that much to give',
      'Compute it in parts.',
    );
  if (isDiskFull(error))
    return new SnowflakeError(
      '000603',
      '53100',
      'The disk of the local cloud is full: the statement was taken back, and what was committed before is kept. Drop what is not needed, or make room beside the state folder, and run it again.',
    );
  report(error, occasion);
  return new InternalError(error, occasion);
}

/** Stack, causes and, for an error of DuckDB, the command that it did not take. */
function report(error: unknown, { queryId, text }: Occasion): void {
  const lines = [`${new Date().toISOString()} internal error in query ${queryId}: ${shorten(text)}`];
  for (let at: unknown = error; at !== undefined; at = at instanceof Error ? at.cause : undefined) {
    lines.push(at instanceof Error ? (at.stack ?? at.message) : String(at));
    const told = at instanceof Error ? commands.get(at) : undefined;
    if (told)
      lines.push(`DuckDB was told: ${shorten(told.command)}`, told.by.stack!.split('\n').slice(2).join('\n'));
  }
  process.stderr.write(`${lines.join('\n')}\n`);
}

function shorten(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)} … (${text.length} characters)` : text;
}

const commands = new WeakMap<Error, { command: string; by: Error }>();

/** Remembers what DuckDB was told when it failed, and by whom: its own errors know of no JavaScript. */
export function recordFailure(error: unknown, command: string): void {
  if (!(error instanceof Error) || commands.has(error)) return;
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  commands.set(error, { command, by: new Error() });
  Error.stackTraceLimit = limit;
}
