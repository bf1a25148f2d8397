import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import type { Settings } from '../settings/settings.js';
import { SnowflakeError } from './snowflake.js';

type Role = keyof Settings['snowflake']['roles'];

/** The least role that a command is for; what is not here changes the deployment, and is for `deploy`. */
const ROLE_OF: Readonly<Record<string, Role>> = {
  ...{ eda: 'read', report: 'read', history: 'read', status: 'read', beds: 'patients' },
  ...{ 'model list': 'read', 'model show': 'read', 'model compare': 'run', 'model card': 'operate' },
  ...{ score: 'run', notify: 'operate', watch: 'operate', plan: 'plan' },
};

/** True if a role includes another. */
const includes = (own: Role, needed: Role): boolean =>
  [needed, 'deploy'].includes(own) ||
  (needed === 'read' ? own !== 'plan' : needed === 'run' && own === 'operate');

type Connected = Pick<Context, 'settings' | 'snowflake'>;

/** The role of the session, and which of ours it is; undefined: another, or unknown. */
async function roleOf({ settings, snowflake }: Connected): Promise<{ name: string; own: Role | undefined }> {
  const { roles } = settings.snowflake;
  const [row] = await snowflake.query('SELECT CURRENT_ROLE() AS ROLE').catch(() => []);
  const name = String(row?.ROLE ?? '');
  return { name, own: (Object.keys(roles) as Role[]).find((each) => roles[each] === name) };
}

/** True if the session's role sees no more than it was granted; objects that it does not see may exist. */
export async function seesOnlyGrants(ctx: Connected): Promise<boolean> {
  const { own } = await roleOf(ctx);
  return own !== undefined && own !== 'deploy' && own !== 'plan';
}

/**
 * Why a session is not to make what its role would own, and what tasks and procedures would run with the rights of.
 * @param why what would come of it
 * @param allowed roles that may
 */
export async function refuseOtherRole(ctx: Connected, why: string, allowed: readonly Role[] = ['deploy']) {
  const { deploy } = ctx.settings.snowflake.roles;
  const { name, own } = await roleOf(ctx);
  if (own && allowed.includes(own)) return undefined;
  return new UserError(`This session has ${name === '' ? 'no role' : `the role ${name}`}, and ${why}.`, {
    next: `Set SNOWFLAKE_ROLE=${deploy}, or role in connections.toml. los bootstrap makes the role and grants it.`,
  });
}

/**
 * Explains a refused right by the role that the command needs; any other error
 * as it is. @param name as it is typed after `los`
 */
export async function explainRight(ctx: Connected, name: string, error: unknown): Promise<unknown> {
  const causes = [error, error instanceof UserError ? error.cause : undefined];
  if (!causes.some((cause) => cause instanceof SnowflakeError && cause.isBeyondRole)) return error;
  const { roles } = ctx.settings.snowflake;
  const needed = ROLE_OF[name] ?? 'deploy';
  const role = await roleOf(ctx);
  if (role.own ? includes(role.own, needed) : /ADMIN$|^$/.test(role.name)) return error;
  // What Snowflake refused is mailed, too, where the command mails failures.
  const Kind = error instanceof UserError ? UserError : Failure;
  return new Kind(messageOf(error), {
    next: `los ${name} is for the role ${roles[needed]}, and this session has ${role.name}. Set SNOWFLAKE_ROLE=${roles[needed]}; where the user does not have it, its owner runs GRANT ROLE ${roles[needed]} TO USER …`,
    cause: error,
  });
}

/** True if Snowflake or AWS refused in words that say what is wrong. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof Error && (error.name === 'SnowflakeError' || '$metadata' in error);
}

/** Statement that restores the right of which a message of Snowflake or AWS tells; undefined: it is about something else. */
export function missingRight(message: string): string | undefined {
  const task = /EXECUTE (?:MANAGED )?TASK(?= privilege)/i.exec(message)?.[0];
  if (task)
    return `Let ACCOUNTADMIN run GRANT ${task} ON ACCOUNT TO ROLE … for the role that owns the tasks (LOS_DEPLOY, or what names: calls it)${/MANAGED/i.test(task) ? ', or set tasks.compute: warehouse' : ''}.`;
  if (/not authorized to perform: iam:(Create|Update|Put|Tag|Detach|Delete)\w*(Role|Boundary)/i.test(message))
    return 'The IAM roles are an administrator’s to make: let one run los bootstrap --roles, or the commands that los bootstrap prints, then run it again. With aws.permissionsBoundary set, the deployer may make them itself.';
  if (/is not authorized to perform|Insufficient privileges/i.test(message))
    return 'los bootstrap prints the rights in Snowflake and in AWS that los needs: grant them, or use another role or profile, then run it again.';
  return undefined;
}
