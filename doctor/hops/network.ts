import { unlessMissing } from '../../deploy/ground/aws-errors.js';
import { endpointPolicyOf } from '../../deploy/stack/policy.js';
import { MODELS, TRAINING_FILES } from '../../procedures/ground/names.js';
import { type Answer, breaks, type Check, holds } from '../check.js';
import { describe, itemsOf, type Part, textOf } from './ec2.js';
import { permissionsOf, refusalOf, statementsOf } from './policy.js';
import type { Scene } from './scene.js';

/** Check of a network of one's own, where there is one: that jobs can be put there, and reach the bucket by its endpoint. */
export const networkCheck: Check<Scene> = {
  name: 'network',
  asks: 'the VPC of jobs and endpoints (aws.vpc), where one is set, is there and has a way to S3',
  needs: ['connection'],
  async look(scene) {
    const { subnets: named } = scene.ctx.settings.aws.vpc;
    if (named.length === 0) return undefined;
    const { aws } = scene.ctx;
    const subnets = await describe(aws, 'DescribeSubnets', { 'subnet-id': named }, 'subnetSet');
    const vpc = textOf(subnets[0], 'vpcId');
    return (
      missing('subnet', named, subnets, 'subnetId', vpc) ??
      (await groups(scene, vpc)) ??
      (await wayToS3(scene, subnets, vpc)) ??
      (await championNetwork(scene))
    );
  },
};

/** The first that is not there, or in another VPC. */
function missing(
  what: 'subnet' | 'security group',
  named: readonly string[],
  found: readonly Part[],
  id: string,
  vpc: string,
): Answer | undefined {
  const setting = what === 'subnet' ? 'aws.vpc.subnets' : 'aws.vpc.securityGroups';
  const gone = named.find((each) => !found.some((part) => textOf(part, id) === each));
  if (gone)
    return breaks(
      `The ${what} ${gone} of aws.vpc does not exist in this account and region.`,
      `Make it again and name it as ${setting} (aws ec2 describe-${what.replace(' ', '-')}s lists what there is), then los bootstrap --roles and los apply.`,
    );
  const stray = found.find((part) => textOf(part, 'vpcId') !== vpc);
  if (stray === undefined) return undefined;
  return breaks(
    `The ${what} ${textOf(stray, id)} is in ${textOf(stray, 'vpcId')}, and ${vpc} has the first subnet of aws.vpc.`,
    `Name subnets and security groups of one VPC in ${setting}.`,
  );
}

async function groups({ ctx }: Scene, vpc: string): Promise<Answer | undefined> {
  const named = ctx.settings.aws.vpc.securityGroups;
  const found = await describe(ctx.aws, 'DescribeSecurityGroups', { 'group-id': named }, 'securityGroupInfo');
  const gone = missing('security group', named, found, 'groupId', vpc);
  if (gone || found.some((group) => itemsOf(group, 'ipPermissionsEgress').length > 0)) return gone;
  return breaks(
    `The security groups ${named.join(', ')} let nothing out, and jobs do not reach S3.`,
    `aws ec2 authorize-security-group-egress --group-id ${named[0]} --protocol tcp --port 443 --cidr 0.0.0.0/0`,
  );
}

/** Each subnet needs one: SageMaker puts its interfaces into any of them. */
async function wayToS3({ ctx }: Scene, subnets: readonly Part[], vpc: string): Promise<Answer | undefined> {
  const { aws } = ctx;
  const service = `com.amazonaws.${aws.region}.s3`;
  const ofVpc = { 'vpc-id': [vpc] };
  const all = await describe(
    aws,
    'DescribeVpcEndpoints',
    { ...ofVpc, 'service-name': [service] },
    'vpcEndpointSet',
  );
  const endpoints = all.filter((endpoint) => /^available$/i.test(textOf(endpoint, 'state')));
  const tables = await describe(aws, 'DescribeRouteTables', ofVpc, 'routeTableSet');
  const [first] = endpoints;
  if (!first)
    return breaks(
      `${vpc} has no endpoint for S3: jobs in it reach no file, or by another way than its own.`,
      'Run the commands for it that los bootstrap prints (aws ec2 create-vpc-endpoint …).',
    );
  for (const subnet of subnets) {
    const id = textOf(subnet, 'subnetId');
    const tableWith = (is: (association: Part) => boolean) =>
      tables.find((table) => itemsOf(table, 'associationSet').some(is));
    const table =
      tableWith((each) => textOf(each, 'subnetId') === id) ??
      tableWith((each) => textOf(each, 'main') === 'true');
    const routed = textOf(table, 'routeTableId');
    const way = endpoints.find((endpoint) =>
      textOf(endpoint, 'vpcEndpointType') === 'Gateway'
        ? itemsOf(endpoint, 'routeTableIdSet').some((id) => id === routed)
        : textOf(endpoint, 'privateDnsEnabled') === 'true',
    );
    const endpoint = textOf(way ?? first, 'vpcEndpointId');
    if (!way)
      return breaks(
        `The subnet ${id} has no route to S3's endpoint ${endpoint}: its table is ${routed}.`,
        `aws ec2 modify-vpc-endpoint --vpc-endpoint-id ${endpoint} --add-route-table-ids ${routed}`,
      );
    const refused = policyRefusal(ctx, textOf(way, 'policyDocument'));
    if (refused)
      return breaks(
        `The policy of S3's endpoint ${endpoint} keeps jobs from ${refused}.`,
        'Add the statement LosFiles that los bootstrap prints to its policy (aws ec2 modify-vpc-endpoint --policy-document …).',
      );
  }
  return undefined;
}

/** Requests of jobs that the policy of an endpoint refuses. */
function policyRefusal(ctx: Scene['ctx'], policy: string): string | undefined {
  const live = statementsOf(JSON.parse(policy || '{}')).filter(({ Principal = '' }) =>
    ['"*"', ctx.aws.accountId].some((each) => JSON.stringify(Principal).includes(each)),
  );
  const samples = ['any', `${TRAINING_FILES}/any`, `${MODELS}/any`];
  for (const request of permissionsOf(statementsOf(endpointPolicyOf(ctx)), samples)) {
    const why = refusalOf(live, request);
    if (why) return `${request.action} on ${request.resource}: ${why}`;
  }
  return undefined;
}

/** An endpoint has the network that its model was made with. */
async function championNetwork(scene: Scene): Promise<Answer | undefined> {
  const { ctx, los } = scene;
  const version = await scene.champion();
  const ModelName = version?.endpoint;
  const model = ModelName && (await unlessMissing(ctx.aws.sageMaker.describeModel({ ModelName })));
  if (!model || model.VpcConfig) return undefined;
  return holds(
    `${version?.version} was made before it and answers from outside, until ${los('train --promote')}`,
  );
}
