import { qualify } from '../../procedures/ground/names.js';
import { refusalIn } from '../../procedures/ground/refusal-text.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { type Bind, SnowflakeError } from './snowflake.js';

/** A procedure refused what was asked for; `by` tells which part of it, where that matters, e.g. `gates`. */
export class ProcedureRefusal extends UserError {
  readonly by: string | undefined;

  constructor(message: string, next: string, by: string | undefined, cause: unknown) {
    super(message, { next, cause });
    this.by = by;
  }
}

/** An argument of a procedure; `object` goes as an OBJECT, `array` as an ARRAY. */
export type Argument = Bind | { readonly object: object } | { readonly array: readonly unknown[] };

/**
 * Calls a procedure of the project.
 * @returns what it returns
 * @throws ProcedureRefusal with its words and next step where it refuses; UserError where it is not deployed
 */
export async function callProcedure<T>(
  { snowflake, settings }: Pick<Context, 'snowflake' | 'settings'>,
  name: string,
  args: readonly Argument[],
): Promise<T> {
  const parts = args.map((arg): { place: string; bind: Bind } => {
    if (typeof arg !== 'object' || arg === null) return { place: '?', bind: arg };
    return 'object' in arg
      ? { place: 'PARSE_JSON(?)::OBJECT', bind: JSON.stringify(arg.object) }
      : { place: 'PARSE_JSON(?)::ARRAY', bind: JSON.stringify(arg.array) };
  });
  try {
    const [row] = await snowflake.query(
      `CALL ${qualify(settings, name)}(${parts.map(({ place }) => place).join(', ')})`,
      parts.map(({ bind }) => bind),
    );
    const value = Object.values(row ?? {})[0];
    return (typeof value === 'string' && /^\s*[[{]/.test(value) ? JSON.parse(value) : value) as T;
  } catch (error) {
    throw refusal(error) ?? deploymentError(error, name) ?? error;
  }
}

/** A refusal is found by what `speak` (procedures/ground/inside.ts) put into the error's text. */
function refusal(error: unknown): ProcedureRefusal | undefined {
  if (!(error instanceof SnowflakeError)) return undefined;
  const said = refusalIn(error.message);
  return said && new ProcedureRefusal(said.message, said.next, said.by, error);
}

function deploymentError(error: unknown, name: string): UserError | undefined {
  if (!(error instanceof SnowflakeError)) return undefined;
  if (!error.missingObject && error.code !== '002139' && error.code !== '002140') return undefined;
  if (!error.message.toUpperCase().includes(name)) return undefined;
  return new UserError(`The procedure ${name} is not deployed here, or this role may not call it.`, {
    next: 'Run los apply, or ask for the role that docs/permissions.md names.',
    cause: error,
  });
}
