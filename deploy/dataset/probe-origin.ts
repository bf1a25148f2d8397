import type { Contract } from '../../procedures/dataset/contract.js';
import { describeClosed, relationsBelow } from '../../procedures/dataset/origin/grants.js';
import { type Snowflake, SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';

type Closed = ReturnType<typeof describeClosed>;

/**
 * Whether the session's role may read the hospital's rows where they are, and has the columns there. It asks without a warehouse.
 * @returns undefined: it may, or the rows are in a table of ours
 */
export async function probeOrigin(
  { snowflake, settings }: Pick<Context, 'snowflake' | 'settings'>,
  { origin, columns }: Pick<Contract, 'origin' | 'columns'>,
): Promise<Closed | undefined> {
  if (origin === undefined) return undefined;
  for (const relation of relationsBelow(origin, settings.snowflake.database)) {
    let found: { name: string }[];
    try {
      found = await snowflake.query<{ name: string }>(`DESCRIBE TABLE ${relation}`);
    } catch (error) {
      const closed = await explainClosed(snowflake, relation, error);
      if (closed === undefined) throw error;
      return closed;
    }
    const names = found.map(({ name }) => name);
    const missing = Object.keys(columns)
      .map((name) => origin.columns[name] ?? name)
      .filter((name) => origin.source !== undefined && !names.includes(name));
    if (missing.length > 0)
      return {
        what: `${relation} has no ${missing.join(', ')}, which the contract reads. It has ${names.join(', ')}.`,
        next: 'Say in the contract what it calls them (source: of a column), or leave them out.',
      };
  }
  return undefined;
}

/** What the owner of a relation has to grant; undefined: the error is about something else. */
export async function explainClosed(
  snowflake: Snowflake,
  relation: string,
  error: unknown,
): Promise<Closed | undefined> {
  if (!(error instanceof SnowflakeError && error.isBeyondRole)) return undefined;
  const [row] = await snowflake.query<{ R: string | null }>('SELECT CURRENT_ROLE() AS R');
  return describeClosed(relation, error.message, row?.R ?? 'LOS_DEPLOY');
}

/** @throws UserError where the rows may not be read */
export async function requireOrigin(ctx: Context, contract: Contract): Promise<void> {
  const closed = await probeOrigin(ctx, contract);
  if (closed) throw new UserError(closed.what, { next: closed.next });
}
