import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { type Bootstrap, bootstrapOf } from '../stack/bootstrap.js';

export interface BootstrapOptions {
  /** Snowflake user who will run los; default the connection's. */
  readonly user?: string;
  /** Also run the statements, with the connection's role. */
  readonly run: boolean;
}

/** What an administrator gives once, so that los runs with the deploy role and a narrow IAM policy afterwards. */
export async function bootstrap(ctx: Context, { user, run }: BootstrapOptions): Promise<Bootstrap> {
  const [row] = await ctx.snowflake.query('SELECT CURRENT_USER() AS NAME');
  const name = user ?? String(row?.NAME);
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name))
    throw new UserError(`${name} is not a plain user name.`, {
      next: `Grant the role yourself: GRANT ROLE ${ctx.settings.snowflake.roles.deploy} TO USER "…".`,
    });
  const result = bootstrapOf(ctx, name.toUpperCase());
  if (run)
    await ctx.progress.step('Prepare the Snowflake account', async () => {
      for (const statement of result.sql) await ctx.snowflake.execute(statement);
    });
  return result;
}
