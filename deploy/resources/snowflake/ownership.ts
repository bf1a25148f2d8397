import { SnowflakeError } from '../../clients/snowflake.js';
import { UserError } from '../../errors.js';
import type { Settings } from '../../settings/settings.js';

/** A role that may not see a table cannot make it; one that may only read it cannot make a stream on it. */
const BELONGS_TO_ANOTHER = /already exists|Insufficient privileges to operate on table/;

/**
 * Does what needs a table that the deploy role owns.
 * @param table qualified name
 * @throws UserError that says what the table's owner has to run, when another role owns it
 */
export async function asOwner<T>(table: string, { snowflake }: Settings, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SnowflakeError && BELONGS_TO_ANOTHER.test(error.message))) throw error;
    const { deploy } = snowflake.roles;
    throw new UserError(`${table} belongs to another role than ${deploy}: ${error.message}`, {
      next: `Let its owner run GRANT OWNERSHIP ON TABLE ${table} TO ROLE ${deploy} COPY CURRENT GRANTS, then los apply again.`,
      cause: error,
    });
  }
}
