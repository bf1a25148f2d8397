import { ownersPart } from '../../procedures/dataset/origin/grants.js';
import { otherRelations } from '../../procedures/dataset/origin/relation.js';
import { requireValue } from '../../udfs/require-value.js';
import type { Context } from '../context.js';
import { creditsAMonth } from '../costs/estimate.js';
import { creditsAnHour } from '../costs/task-credits.js';
import { loadContract } from '../dataset/load.js';
import { objectMarker, TAG_KEY } from '../ground/marker.js';
import { quotasNeeded } from '../model/quotas.js';
import { type IamRoleDefinition, iamRoleKind, trustOf } from '../resources/aws/iam-role.js';
import { fingerprintOf } from '../resources/fingerprint.js';
import type { Resource } from '../resources/resource.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { awsResources } from './aws.js';
import { boundJobs, scopedActions, unscopedActions } from './control.js';
import { type Machine, machineScript } from './machine.js';
import { roleArn } from './names.js';
import { endpointPolicyOf, keyStatements, policyValues, renderPolicy, renderText } from './policy.js';
import { snowflakeResources } from './snowflake.js';

/** Part of the context on which it depends. */
type Declared = Pick<Context, 'settings' | 'aws'>;

/** Rights and statements that are given once, so that daily use needs no administrator. */
export interface Bootstrap {
  /** Who gets the deploying role, and that. */
  readonly user: string;
  readonly role: string;
  /** Statements for Snowflake, to be run by ACCOUNTADMIN. */
  readonly sql: readonly string[];
  /** Statements for a resource monitor, so that it costs no more than so much a month. */
  readonly monitor: readonly string[];
  /** IAM policy for the AWS principal that los uses. */
  readonly iamPolicy: object;
  /** A second one for it, where the settings ask for more than IAM takes in one. */
  readonly moreIamPolicy?: object;
  /** Boundary of the roles that apply makes: the policy that aws.permissionsBoundary names. */
  readonly boundary: object;
  /** Policy that aws.kmsKey needs, beside what its administrator has in it. */
  readonly keyPolicy?: object;
  /** Commands that make the endpoint for S3 of the VPC of aws.vpc, and what its policy must say. */
  readonly network?: { readonly commands: string; readonly endpointPolicy: object };
  /** Commands by which an administrator makes the boundary, where the settings name one, the roles, and a budget. */
  readonly aws: string;
  /** The same for a principal that may only plan: what of it looks, and reads no file. */
  readonly planPolicy: object;
  /** Statements for the owners of the rows, where these are not in a table of los: never run here. */
  readonly source?: string;
  /** Quotas of SageMaker that the AWS account needs, in words. */
  readonly quotas: readonly string[];
}

/** Credits of the warehouse: without tasks it is there for people, an hour a day. */
const warehouseCredits = (settings: Settings) =>
  settings.tasks.compute === 'warehouse' ? creditsAMonth(settings).most : 30 * creditsAnHour(settings);

/** Half as much again as what is expected, in tens: a month with a training is no reason to stop. */
function monitorScript(settings: Settings): string {
  const { roles, warehouse } = settings.snowflake;
  return sqlFile('sql/monitor.sql', {
    monitor: `${warehouse.name}_MONITOR`,
    warehouse: warehouse.name,
    role: roles.deploy,
    credits: String(Math.max(10, Math.ceil((warehouseCredits(settings) * 1.5) / 10) * 10)),
  });
}

function statementsOf(script: string): string[] {
  return script
    .split(';\n')
    .map((statement) => statement.trim().replace(/;$/, ''))
    .filter(Boolean);
}

interface Policy {
  readonly Statement: readonly { readonly Action: string | readonly string[] }[];
}

/** Characters that IAM takes in a managed policy, white space aside (IAM User Guide, "IAM and AWS STS quotas"). */
const LONGEST_POLICY = 6144;
const lengthOf = (document: object) => JSON.stringify(document).replace(/\s/g, '').length;

/** The policy in two, where it is too long: as many statements in the first as it takes. */
function inTwo(policy: Policy): [Policy, ...Policy[]] {
  let count = policy.Statement.length;
  const first = () => ({ ...policy, Statement: policy.Statement.slice(0, count) });
  while (lengthOf(first()) > LONGEST_POLICY) count -= 1;
  const rest = policy.Statement.slice(count);
  return rest.length === 0 ? [policy] : [first(), { ...policy, Statement: rest }];
}

/** Actions that change nothing and read no object of a bucket. */
const LOOKS = /^(apigateway:GET|\w+:(Get(?!Object)|List|Describe)\w*)$/;

/** `arn:aws:iam::123456789012:policy/team/los` → name los, path /team/. */
export function nameAndPath(arn: string) {
  const [, Path = '/', PolicyName = ''] = /:policy(\/(?:.*\/)?)([^/]+)$/.exec(arn) ?? [];
  return { PolicyName, Path };
}

/** Commands for an administrator of AWS: create-role refuses a role that exists, which the next commands bring up to date. */
function awsCommands(ctx: Declared, values: object, boundaryPolicy: object): string {
  const { prefix, mail, aws } = ctx.settings;
  const made = awsResources(ctx).filter(
    ({ kind }) => kind === iamRoleKind.id,
  ) as Resource<IamRoleDefinition>[];
  const roles = made.map(({ name, definition }) => ({
    name,
    trust: JSON.stringify(trustOf(definition)),
    // Whom a role for Snowflake trusts is known once its integration is there, and apply's matter.
    service: definition.service,
    policies: Object.fromEntries(
      Object.entries(definition.policies).map(([policy, document]) => [policy, JSON.stringify(document)]),
    ),
    mark: objectMarker(prefix, fingerprintOf(iamRoleKind.id, definition)),
  }));
  const mails = mail.to.map((Address) => ({ SubscriptionType: 'EMAIL', Address }));
  const { PolicyName: policyName, Path: policyPath } = nameAndPath(aws.permissionsBoundary ?? '');
  return renderText('commands.sh.hbs', {
    ...values,
    roles,
    policyName,
    policyPath,
    boundaryPolicy: JSON.stringify(boundaryPolicy),
    logGroups: ['TrainingJobs', 'TransformJobs', 'Endpoints'].map((group) => `/aws/sagemaker/${group}`),
    subscribers: mails.length > 0 && JSON.stringify(mails),
  });
}

function networkCommands(ctx: Declared): Bootstrap['network'] {
  const { subnets } = ctx.settings.aws.vpc;
  const endpointPolicy = endpointPolicyOf(ctx);
  const values = { region: ctx.aws.region, first: subnets[0], subnets: subnets.join() };
  return {
    endpointPolicy,
    commands: renderText('network.sh.hbs', { ...values, policy: JSON.stringify(endpointPolicy) }),
  };
}

/** @param user Snowflake user who gets the deploy role; `machine`: how it logs in, if it is one that has to be made */
export function bootstrapOf(ctx: Declared, user: string, machine: Machine = {}): Bootstrap {
  const { settings } = ctx;
  const role = settings.snowflake.roles.deploy;
  // The mark that apply would put on it: it then finds the role as declared, and need not own it.
  const resource = requireValue(
    snowflakeResources(ctx as Context).find(({ kind, name }) => kind === 'snowflake.role' && name === role),
    `the role ${role}`,
  );
  const mark = objectMarker(settings.prefix, fingerprintOf(resource.kind, resource.definition));
  const script = sqlFile('sql/bootstrap.sql', { role, user, comment: `COMMENT = '${mark}'` });
  const masking = settings.snowflake.masking ? sqlFile('sql/masking.sql', { role }) : '';
  const { actions, jobs } = boundJobs(ctx);
  const { permissionsBoundary: boundary, roles } = settings.aws;
  const arns = (names: readonly string[]) => JSON.stringify(names.map((name) => roleArn(ctx, name)));
  const values = {
    ...policyValues(ctx),
    roles,
    executionRole: roles.sageMaker,
    roleArns: arns(Object.values(roles)),
    snowflakeRoleArns: arns([roles.snowflakeApi, roles.snowflakeControl, roles.snowflakeStorage]),
    tag: TAG_KEY,
    boundary,
    jobs,
    unscopedActions,
  };
  const more = ['InvokeEndpoint', 'DeleteModelPackageGroup', 'DeleteModelPackage', 'ListTags'];
  const boundaryPolicy = renderPolicy('boundary', {
    ...values,
    jobs: boundJobs(ctx, true).jobs,
    actions: scopedActions(actions, ['InvokeEndpoint']),
  });
  const iamPolicy = renderPolicy('deployer', { ...values, actions: scopedActions(actions, more) }) as Policy;
  const [first, second] = inTwo(iamPolicy);
  const contract = loadContract(settings.dataset, settings.timeZone);
  const others = otherRelations(contract, settings);
  const owners = ownersPart(contract, role, settings.snowflake.database, others);
  return {
    user,
    role,
    ...(owners ? { source: renderText('owners.sql.hbs', owners) } : {}),
    sql: statementsOf(`${machineScript(user, role, machine)}${script}\n${masking}`),
    monitor: statementsOf(monitorScript(settings)),
    iamPolicy: first,
    ...(second ? { moreIamPolicy: second } : {}),
    planPolicy: {
      ...iamPolicy,
      Statement: iamPolicy.Statement.flatMap((statement) => {
        const looks = [statement.Action].flat().filter((action) => LOOKS.test(action));
        return looks.length > 0 ? [{ ...statement, Action: looks }] : [];
      }),
    },
    boundary: boundaryPolicy,
    ...(values.kmsKey ? { keyPolicy: keyStatements(ctx) } : {}),
    ...(values.vpc ? { network: networkCommands(ctx) } : {}),
    aws: awsCommands(ctx, values, boundaryPolicy),
    quotas: quotasNeeded(settings),
  };
}
