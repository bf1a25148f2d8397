import { qualify } from '../../procedures/ground/names.js';
import { variant } from '../../procedures/ground/work.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { type Row, type Snowflake, SnowflakeError } from './snowflake.js';

const LOOKS = /^(SHOW|DESCRIBE) |INFORMATION_SCHEMA|^SELECT DISTINCT RELEASE/;

/**
 * The context of a plan: with the role that may only plan, what exists is seen through INSPECT_DEPLOYMENT. With every other
 * role it is as it was.
 */
export async function contextOfPlan(ctx: Context): Promise<Context> {
  const { settings, snowflake } = ctx;
  const role = settings.snowflake.roles.plan;
  // A statement that needs no warehouse: a plan shows that one is gone, too.
  const roles = await snowflake.query(`SHOW ROLES LIKE '${role}'`);
  if (!roles.some(({ name, is_current }) => name === role && is_current === 'Y')) return ctx;
  const query = async <R extends Row>(sql: string): Promise<R[]> => {
    if (sql.includes('->>')) throw new SnowflakeError('INSPECT_DEPLOYMENT takes no chain.', {});
    const call = `CALL ${qualify(settings, 'INSPECT_DEPLOYMENT')}(?)`;
    const [answer] = await snowflake.query(call, [sql.trim()]);
    return variant<R[]>(Object.values(answer ?? {})[0]);
  };
  const refuse = async (): Promise<never> => {
    throw new UserError(`The role ${role} may only plan.`, {
      next: `Apply with ${settings.snowflake.roles.deploy}.`,
    });
  };
  const looking: Snowflake = {
    query: (sql, binds) => (LOOKS.test(sql.trim()) ? query(sql) : snowflake.query(sql, binds)),
    execute: refuse,
    put: refuse,
    close: () => snowflake.close(),
  };
  return { ...ctx, snowflake: looking };
}
