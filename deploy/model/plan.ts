import { createHash } from 'node:crypto';
import type { Contract } from '../../procedures/dataset/contract.js';
import { readsOf } from '../../procedures/dataset/inputs-sql.js';
import { longStayDaysOf } from '../../procedures/dataset/long-stay.js';
import { hasEvents } from '../../procedures/dataset/origin/events.js';
import { withoutQueries } from '../../procedures/dataset/origin/relation.js';
import type { Plan, PlanSettings } from '../../procedures/ground/plan.js';
import { compileTemplate } from '../compile/template.js';
import type { Context } from '../context.js';
import { UserError } from '../errors.js';
import { findRestApi } from '../resources/aws/find-rest-api.js';
import { API_STAGE } from '../settings/account-names.js';
import type { Settings } from '../settings/settings.js';
import { codeFingerprint } from './code.js';
import { xgboostImage } from './image.js';
import { readText, textNames } from './texts.js';

/** Bucket for training data and models. */
export function bucketName({ settings, aws }: Pick<Context, 'settings' | 'aws'>): string {
  return settings.aws.bucket ?? `${settings.prefix}-${aws.accountId}-${aws.region}`;
}

/** As requests to SageMaker name the VPC of jobs and models; nothing where there is none. */
function networkOf({ aws: { vpc } }: Settings): Pick<Plan['aws'], 'network'> {
  if (vpc.subnets.length === 0) return {};
  return { network: { VpcConfig: { Subnets: vpc.subnets, SecurityGroupIds: vpc.securityGroups } } };
}

/** Functions of which each version has its own. */
const TEMPLATES = [
  'udfs/encoding/encode-value.ts',
  'udfs/translators/request-translator.ts',
  'udfs/translators/reasons-request-translator.ts',
  'udfs/encoding/encode-events.ts',
  'udfs/translators/stay-request-translator.ts',
] as const;

/**
 * Makes the plan by which versions are trained, judged and promoted.
 * @param serviceUrl URL of the REST API's endpoints resource, or a reference to it
 */
export async function makePlan(
  { settings, aws }: Pick<Context, 'settings' | 'aws'>,
  { explore: _, ...contract }: Contract,
  serviceUrl: string,
): Promise<Plan> {
  const bodies = await Promise.all(
    TEMPLATES.map(async (file) => {
      const { body } = await compileTemplate(file);
      return [file, body] as const;
    }),
  );
  return {
    contract,
    reads: readsOf(contract),
    settings: planSettings(settings, contract),
    aws: {
      executionRole: `arn:aws:iam::${aws.accountId}:role/${settings.aws.roles.sageMaker}`,
      image: xgboostImage(aws.region),
      bucket: `s3://${bucketName({ settings, aws })}`,
      ...(settings.aws.kmsKey && { kmsKey: settings.aws.kmsKey }),
      ...networkOf(settings),
    },
    serviceUrl,
    code: codeFingerprint(),
    digest: digestOf(settings, contract),
    sql: Object.fromEntries(textNames().map((name) => [name, readText(name)])),
    bodies: Object.fromEntries(bodies),
  };
}

/**
 * The same for what is deployed.
 * @throws UserError where nothing is
 */
export async function planOfDeployment(ctx: Context, contract: Contract): Promise<Plan> {
  const { aws, settings } = ctx;
  const { name } = settings.aws.restApi;
  const api = await findRestApi(ctx);
  if (!api)
    throw new UserError(`There is no REST API "${name}" of this deployment in ${aws.region} yet.`, {
      next: 'Run los apply first.',
    });
  const url = `https://${api.id}.execute-api.${aws.region}.amazonaws.com/${API_STAGE}/endpoints`;
  return await makePlan(ctx, contract, url);
}

/**
 * The plan with these texts and bodies only: the less a body has, the sooner it is compiled.
 * @param lean without how features are computed, which stands in the feature table already
 */
export function partOf(
  plan: Plan,
  texts: readonly string[],
  templates: readonly string[],
  lean: boolean,
): Plan {
  const pick = (all: Readonly<Record<string, string>>, names: readonly string[]) =>
    Object.fromEntries(
      names.map((name) => {
        const text = all[name];
        if (text === undefined) throw new Error(`No version of the model has ${name}`);
        return [name, text];
      }),
    );
  const contract = withoutQueries(plan.contract);
  const features = Object.entries(contract.features).map(([name, { sql: _, ...feature }]) => [name, feature]);
  return {
    ...plan,
    contract: lean ? { ...contract, features: Object.fromEntries(features) } : contract,
    sql: pick(plan.sql, texts),
    bodies: pick(plan.bodies, templates),
  };
}

/** Stands for the contract, the settings that training heeds, and the code: the same text, the same procedures. */
export function digestOf(settings: Settings, { explore: _, ...contract }: Contract): string {
  const { training, endpoint, tasks, stay } = planSettings(settings, contract);
  return createHash('sha256')
    .update(JSON.stringify({ contract, training, endpoint, tasks, stay, code: codeFingerprint() }))
    .digest('hex');
}

function planSettings(
  { prefix, timeZone, snowflake, training, endpoint, tasks, stay }: Settings,
  contract: Contract,
): PlanSettings {
  const { database, schema, integrations, predictLos, masking } = snowflake;
  return {
    prefix,
    timeZone,
    snowflake: {
      database,
      schema,
      integrations: { api: integrations.api },
      predictLos,
      ...(masking && { masking }),
    },
    training: { ...training, longStayDays: longStayDaysOf(contract, training.longStayDays) },
    endpoint,
    tasks: { challenger: tasks.challenger },
    ...(hasEvents(contract) && { stay }),
  };
}
