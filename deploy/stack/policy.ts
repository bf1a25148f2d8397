import Handlebars from 'handlebars';
import type { Context } from '../context.js';
import { imageRegistry } from '../model/image.js';
import { readTemplate } from '../project.js';
import { API_STAGE } from '../settings/account-names.js';
import { bucketName } from './names.js';

/** Values for policies. */
export function policyValues(ctx: Pick<Context, 'settings' | 'aws'>) {
  const { settings, aws } = ctx;
  return {
    prefix: settings.prefix,
    region: aws.region,
    account: aws.accountId,
    bucket: bucketName(ctx),
    stage: API_STAGE,
    registry: imageRegistry(aws.region),
    kmsKey: settings.aws.kmsKey,
    vpc: vpcValues(ctx),
  };
}

/** The VPC of jobs as policies name it; null where there is none. */
export function vpcValues({ settings, aws }: Pick<Context, 'settings' | 'aws'>) {
  const { subnets, securityGroups } = settings.aws.vpc;
  if (subnets.length === 0) return null;
  const places = [
    'network-interface/*',
    ...subnets.map((id) => `subnet/${id}`),
    ...securityGroups.map((id) => `security-group/${id}`),
  ];
  return {
    subnets: JSON.stringify(subnets),
    groups: JSON.stringify(securityGroups),
    places: JSON.stringify(places.map((place) => `arn:aws:ec2:${aws.region}:${aws.accountId}:${place}`)),
  };
}

/**
 * Renders a text of templates/iam/.
 * @throws Error when a value is missing: a policy with an empty part could allow too much
 */
export function renderText(file: string, values: Readonly<Record<string, unknown>>): string {
  const json = (document: object) => JSON.stringify(document, null, 2);
  const render = Handlebars.compile(readTemplate(`iam/${file}`), { strict: true, noEscape: true });
  return render(values, { helpers: { json } });
}

/** Statements that aws.kmsKey needs: what for is its policy's matter, and to whom that of IAM. */
export function keyStatements(ctx: Pick<Context, 'settings' | 'aws'>): object[] {
  return renderPolicy('key', policyValues(ctx)) as object[];
}

/** Policy of a VPC's endpoint for S3. */
export function endpointPolicyOf(ctx: Pick<Context, 'settings' | 'aws'>): object {
  return renderPolicy('vpc-endpoint', policyValues(ctx));
}

/** The same of <name>.json.hbs. */
export function renderPolicy(name: string, values: Readonly<Record<string, unknown>>): object {
  return JSON.parse(renderText(`${name}.json.hbs`, values)) as object;
}
