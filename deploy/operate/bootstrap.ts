import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { unlessMissing } from '../ground/aws-errors.js';
import { applyPlan } from '../resources/apply.js';
import { iamRoleKind } from '../resources/aws/iam-role.js';
import { makePlan } from '../resources/plan.js';
import type { ResourceKind } from '../resources/resource.js';
import { awsResources } from '../stack/aws.js';
import { type Bootstrap, bootstrapOf, nameAndPath } from '../stack/bootstrap.js';
import type { Machine } from '../stack/machine.js';
import { endpointStatements } from './private-api.js';

export interface BootstrapOptions extends Machine {
  /** Snowflake user who will run los; default the connection's. */
  readonly user?: string;
  /** Also say how Snowflake’s own endpoint of API Gateway is made, for aws.privateApi. */
  readonly privateApi?: boolean;
  /** Also run the statements, with the connection's role. */
  readonly run: boolean;
  /** Also make the boundary and the IAM roles, with AWS credentials that may. */
  readonly roles?: boolean;
}

/** Rights that an administrator gives once, so that los runs with the deploy role and a narrow IAM policy afterwards. */
export async function bootstrap(
  ctx: Context,
  options: BootstrapOptions,
): Promise<Bootstrap & { readonly privateApi?: readonly string[] }> {
  const { user, run, roles } = options;
  const [row] = await ctx.snowflake.query('SELECT CURRENT_USER() AS NAME');
  const name = user ?? String(row?.NAME);
  if (!/^[A-Za-z_][A-Za-z0-9_$]*$/.test(name))
    throw new UserError(`${name} is not a plain user name.`, {
      next: `Grant the role yourself: GRANT ROLE ${ctx.settings.snowflake.roles.deploy} TO USER "…".`,
    });
  const result = bootstrapOf(ctx, name.toUpperCase(), options);
  if (run)
    await ctx.progress.step('Prepare the Snowflake account', async () => {
      for (const statement of result.sql) await ctx.snowflake.execute(statement);
    });
  if (roles) await ctx.progress.step('Make the IAM roles', () => makeRoles(ctx, result.boundary));
  if (!options.privateApi && ctx.settings.aws.privateApi.length === 0) return result;
  const { provision, look } = endpointStatements(ctx.aws.region);
  return { ...result, privateApi: [provision, look] };
}

/** The roles as apply would make them, so that it then finds them as declared; before them what bounds them. */
async function makeRoles(ctx: Context, boundary: object): Promise<void> {
  const { permissionsBoundary: PolicyArn } = ctx.settings.aws;
  // One that is there is an administrator's, whatever it says.
  if (PolicyArn && !(await unlessMissing(ctx.aws.iam.getPolicy({ PolicyArn }))))
    await ctx.aws.iam.createPolicy({
      ...nameAndPath(PolicyArn),
      PolicyDocument: JSON.stringify(boundary),
    });
  const kinds = [iamRoleKind] as ResourceKind[];
  const resources = awsResources(ctx)
    .filter(({ kind }) => kind === iamRoleKind.id)
    // What else apply waits for is not made here.
    .map((resource) => ({ ...resource, dependsOn: [] }));
  const stack = { resources, kinds };
  await applyPlan(ctx, stack, await makePlan(ctx, stack));
}
