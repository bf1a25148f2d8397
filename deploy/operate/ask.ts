import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, schemaPath } from '../../procedures/ground/names.js';
import { SnowflakeError } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { taskDeclarations } from '../headers/files.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';
import { fillFile } from '../sql-file.js';

/** Rows that answer a question of sql/status/, by its name there; none where what it asks of is not deployed, or not for this role to see. */
export type Ask = <Row>(question: string) => Promise<Row[]>;

/**
 * @param contract of the dataset that is asked about
 * @param miss takes a question whose answer cannot be read, as of a row that is not of its type: it then has none. Left out: that is thrown
 */
export function asking(
  ctx: Context,
  contract: Contract,
  miss?: (question: string, error: SnowflakeError) => void,
): Ask {
  const values = {
    dataset: literal(contract.name),
    schema: schemaPath(ctx.settings),
    kinds: taskDeclarations()
      .flatMap(({ run }) => (run === undefined ? [] : [literal(run)]))
      .join(', '),
  };
  return async <Row>(question: string) => {
    try {
      return (await showOrNothing(ctx, fillFile(`sql/status/${question}.sql`, values))) as Row[];
    } catch (error) {
      // A column that is missing is another release's matter.
      if (!miss || !(error instanceof SnowflakeError) || error.missingColumn) throw error;
      miss(question, error);
      return [];
    }
  };
}

export interface Champion {
  readonly dataset: string;
  readonly version: string;
  /** When it was promoted. */
  readonly since: string;
  /** The function by which it does. */
  readonly translator: string;
}

/** Asks; null where the role may not see it. */
export async function unlessBeyondRole<T>(asked: () => Promise<T>): Promise<T | null> {
  try {
    return await asked();
  } catch (error) {
    if (error instanceof SnowflakeError && error.isBeyondRole) return null;
    throw error;
  }
}
