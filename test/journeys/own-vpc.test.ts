import { readFileSync, writeFileSync } from 'node:fs';
import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { callProcedure } from '../../deploy/clients/call.js';
import { estimateCosts } from '../../deploy/costs/estimate.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { bootstrap } from '../../deploy/operate/bootstrap.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { examine } from '../../doctor/examine.js';
import { qualify } from '../../procedures/ground/names.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { type Caller, newUser, policiesOf, takeStatement } from '../security/aws-rights.js';

const SETTINGS = 'tasks: { resumed: false }\nmail: { to: [] }';
const ANYWHERE = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };

describe('a VPC of one’s own', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let admin: OpenContext;
  let ec2: EC2;
  let deployer: Caller | undefined;
  let users = 0;
  /** What runs los: the deployer in AWS, with the printed policy. */
  let ctx: OpenContext;
  let printed: Awaited<ReturnType<typeof bootstrap>>;
  let VpcId: string;
  let VpcEndpointId: string;
  let RouteTableId: string;
  let vpc: { Subnets: string[]; SecurityGroupIds: string[] };

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const diagnosis = async () => await examine(ctx, new Journey(ctx).contract);
  const firstOf = async () => (await diagnosis()).first;
  /** Another VPC, or the settings without one, as another run of the command line finds them. */
  const settle = async ({ Subnets, SecurityGroupIds } = vpc) => {
    const more = `aws: { vpc: { subnets: [${Subnets}], securityGroups: [${SecurityGroupIds}] } }\n`;
    writeFileSync(cloud.config, readFileSync(cloud.config, 'utf8').replace(/^aws:.*\n/m, '') + more);
    const opened = await cloud.open();
    // The roles are an administrator's to change.
    printed = await bootstrap(opened, { run: false, roles: true });
    // And so is the deployer's policy.
    deployer?.aws.close();
    deployer = await newUser(cloud, admin, `ci-los-${++users}`, printed.iamPolicy, printed.moreIamPolicy);
    await ctx?.snowflake.close();
    ctx = { ...opened, aws: deployer.aws };
  };
  const OUTSIDE = { Subnets: [], SecurityGroupIds: [] };
  const createEndpoint = async () => {
    const { VpcEndpoint } = await ec2.createVpcEndpoint({
      VpcId,
      ServiceName: 'com.amazonaws.us-east-1.s3',
      RouteTableIds: [RouteTableId],
      PolicyDocument: JSON.stringify(printed.network!.endpointPolicy),
    });
    VpcEndpointId = VpcEndpoint!.VpcEndpointId!;
  };
  let counted = new Map<string, number>();
  /** Which ways SageMaker's role took to S3 since the last time. */
  const ways = () => {
    const all = cloud.cloud.aws.ways().filter(({ principal }) => principal.endsWith(':role/los-sagemaker'));
    const more = all.filter(({ way, calls }) => calls > (counted.get(way) ?? 0)).map(({ way }) => way);
    counted = new Map(all.map(({ way, calls }) => [way, calls]));
    return more;
  };
  const train = async () => {
    await new Journey(ctx).trainOther();
    const [row] = await query(
      `SELECT VERSION FROM ${qualify(ctx.settings, 'LOS_MODEL_REGISTRY')} WHERE STATUS = 'TRAINED' ORDER BY NUMBER DESC LIMIT 1`,
    );
    return String(row!.VERSION);
  };
  const promote = (version: string) =>
    callProcedure(ctx, 'PROMOTE_MODEL', [version, { object: { force: true } }]);
  const endpointOf = async (version: string) => {
    const [row] = await query(
      `SELECT ENDPOINT FROM ${qualify(ctx.settings, 'LOS_MODEL_REGISTRY')} WHERE VERSION = '${version}'`,
    );
    return String(row!.ENDPOINT);
  };
  const lastJob = async () => {
    const { sageMaker } = admin.aws;
    const { TrainingJobSummaries } = await sageMaker.listTrainingJobs({
      SortBy: 'CreationTime',
      SortOrder: 'Descending',
    });
    const { TrainingJobName } = TrainingJobSummaries![0]!;
    return await sageMaker.describeTrainingJob({ TrainingJobName });
  };

  before(async () => {
    cloud = await embeddedCloud(SETTINGS, {}, 'trained');
    admin = await cloud.open();
    const { endpoint, region, accessKeyId, secretAccessKey } = cloud.cloud.connection.aws;
    ec2 = new EC2({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    VpcId = (await ec2.createVpc({ CidrBlock: '10.0.0.0/16' })).Vpc!.VpcId!;
    const subnets = ['a', 'b'].map((zone, i) =>
      ec2.createSubnet({ VpcId, CidrBlock: `10.0.${i}.0/24`, AvailabilityZone: `us-east-1${zone}` }),
    );
    const Subnets = (await Promise.all(subnets)).map(({ Subnet }) => Subnet!.SubnetId!);
    const { GroupId } = await ec2.createSecurityGroup({ VpcId, GroupName: 'los', Description: 'jobs' });
    vpc = { Subnets, SecurityGroupIds: [GroupId!] };
    const { RouteTables } = await ec2.describeRouteTables({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] });
    RouteTableId = RouteTables![0]!.RouteTableId!;
    await settle();
  });
  after(async () => {
    ec2?.destroy();
    deployer?.aws.close();
    await ctx?.close();
    await admin?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  it('needs an endpoint for S3, which bootstrap prints, and is priced', async () => {
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    const first = await firstOf();
    expect(first).to.deep.include({ check: 'network' });
    expect(first?.what).to.include(`${VpcId} has no endpoint for S3`);
    for (const part of [
      'create-vpc-endpoint',
      vpc.Subnets.join(),
      JSON.stringify(printed.network!.endpointPolicy),
    ])
      expect(printed.network!.commands).to.include(part);
    const refusal = await train().then(
      () => 'nothing was refused',
      (error: Error) => error.message,
    );
    expect(refusal).to.include(
      "Please ensure that the subnet's route table has a route to an S3 VPC endpoint",
    );
    expect(ways()).to.deep.equal([]);
    const cost = estimateCosts(ctx.settings).monthly.find(({ what }) => what.includes('aws.vpc'))!;
    // Three interface endpoints in two zones at $0.01 an hour, and none: a gateway is free (aws.amazon.com/privatelink/pricing).
    expect(cost.typicalUsd).to.equal(0);
    expect(cost.usd).to.be.within(43.8 * 0.9, 43.8 * 1.1);
  });

  it('has jobs and endpoints read and write by that alone', async () => {
    await createEndpoint();
    const { first, findings } = await diagnosis();
    expect(first).to.equal(undefined);
    expect(findings.find(({ check }) => check === 'network')?.note).to.include('answers from outside');
    const version = await train();
    expect(await lastJob()).to.deep.include({ VpcConfig: vpc, EnableNetworkIsolation: true });
    await promote(version);
    const EndpointName = await endpointOf(version);
    const { sageMaker } = admin.aws;
    const [variant] = (await sageMaker.describeEndpoint({ EndpointName })).ProductionVariants!;
    expect([variant!.CurrentInstanceCount, variant!.CurrentServerlessConfig]).to.deep.equal([1, undefined]);
    expect((await sageMaker.describeModel({ ModelName: EndpointName })).VpcConfig).to.deep.equal(vpc);
    const all = await diagnosis();
    expect(all.first).to.equal(undefined);
    expect(all.findings.find(({ check }) => check === 'network')?.note).to.equal(undefined);
    const { Models } = await sageMaker.listModels({ SortBy: 'CreationTime', SortOrder: 'Descending' });
    const { ModelName } = Models![0]!;
    expect((await sageMaker.describeModel({ ModelName })).VpcConfig).to.deep.equal(vpc);
    const journey = new Journey(ctx);
    const { rows } = await journey.logged();
    await journey.admit(20, 800_000);
    await callProcedure(ctx, 'BUILD_FEATURES', []);
    await callProcedure(ctx, 'SCORE_ADMISSIONS', []);
    expect(await journey.logged()).to.deep.equal({ rows: rows + 20, twice: 0 });
    expect(ways()).to.deep.equal([VpcEndpointId]);
  });

  it('lets procedures and the deployer make jobs and models in it alone', async () => {
    const { AlgorithmSpecification, InputDataConfig, OutputDataConfig, ResourceConfig, RoleArn, ...job } =
      await lastJob();
    const { StoppingCondition, EnableNetworkIsolation } = job;
    const request = {
      ...{ AlgorithmSpecification, InputDataConfig, OutputDataConfig, ResourceConfig, RoleArn },
      ...{ StoppingCondition, EnableNetworkIsolation, TrainingJobName: 'los-stray' },
    };
    const { Subnet } = await ec2.createSubnet({ VpcId, CidrBlock: '10.0.9.0/24' });
    const other = Subnet!.SubnetId!;
    const stray = { ...vpc, Subnets: [vpc.Subnets[0]!, other] };
    for (const VpcConfig of [undefined, stray, { ...vpc, SecurityGroupIds: ['sg-0abc'] }]) {
      const training = { ...request, ...(VpcConfig && { VpcConfig }) };
      const [answer] = await query(
        `SELECT LOS_SAGEMAKER('CreateTrainingJob', PARSE_JSON('${JSON.stringify(training)}')) AS A`,
      );
      expect(JSON.stringify(answer!.A)).to.match(/AccessDenied.*sagemaker:CreateTrainingJob/);
      const refused = await ctx.aws.sageMaker.createTrainingJob(training).then(
        () => 'made',
        (error: Error) => error.name,
      );
      expect(refused).to.match(/^AccessDenied/);
    }
    await ec2.deleteSubnet({ SubnetId: other });
  });

  it('is named by the doctor, with what was taken away and how to put it back', async () => {
    const [subnet] = vpc.Subnets;
    const [group] = vpc.SecurityGroupIds;
    const setPolicy = (policy: string) => ec2.modifyVpcEndpoint({ VpcEndpointId, PolicyDocument: policy });
    const declared = JSON.stringify(printed.network!.endpointPolicy);
    const aside = await ec2.createRouteTable({ VpcId });
    const main = RouteTableId;
    for (const [what, says, next, take, putBack] of [
      [
        'the endpoint',
        /has no endpoint for S3/,
        /los bootstrap prints/,
        () => ec2.deleteVpcEndpoints({ VpcEndpointIds: [VpcEndpointId] }),
        createEndpoint,
      ],
      [
        'its route',
        /has no route to S3's endpoint/,
        /--add-route-table-ids rtb-/,
        () => ec2.modifyVpcEndpoint({ VpcEndpointId, RemoveRouteTableIds: [main] }),
        () => ec2.modifyVpcEndpoint({ VpcEndpointId, AddRouteTableIds: [main] }),
      ],
      [
        'the route of one subnet',
        new RegExp(`The subnet ${subnet} has no route .* its table is ${aside.RouteTable!.RouteTableId}`),
        /--add-route-table-ids rtb-/,
        () => ec2.associateRouteTable({ RouteTableId: aside.RouteTable!.RouteTableId!, SubnetId: subnet! }),
        () => ec2.associateRouteTable({ RouteTableId: main, SubnetId: subnet! }),
      ],
      [
        'its policy',
        /keeps jobs from s3:PutObject/,
        /statement LosFiles/,
        () => setPolicy(declared.replace('"s3:PutObject",', '')),
        () => setPolicy(declared),
      ],
      [
        'the way out',
        /let nothing out/,
        /authorize-security-group-egress/,
        () => ec2.revokeSecurityGroupEgress({ GroupId: group!, IpPermissions: [ANYWHERE] }),
        () => ec2.authorizeSecurityGroupEgress({ GroupId: group!, IpPermissions: [ANYWHERE] }),
      ],
    ] as const) {
      await take();
      const first = await firstOf();
      expect(first?.check, what).to.equal('network');
      expect(first?.what, what).to.match(says);
      expect(first?.fix, what).to.match(next);
      await putBack();
    }
    expect(await firstOf()).to.equal(undefined);
    for (const [Sid, action] of [
      ['JoinNetwork', 'ec2:CreateNetworkInterface'],
      ['UseInterfaces', 'ec2:CreateNetworkInterfacePermission'],
      ['SeeNetwork', 'ec2:DescribeNetworkInterfaces'],
    ] as const) {
      const putBack = await takeStatement(admin, 'los-sagemaker', Sid);
      const first = await firstOf();
      expect([first?.check, first?.what], Sid).to.satisfy(
        ([check, what]: string[]) => check === 'training-permission' && what!.includes(`may not ${action}`),
      );
      await putBack();
    }
    const putBack = await takeStatement(admin, 'los-control', 'CreateModel');
    expect((await firstOf())?.check).to.equal('control-permission');
    await putBack();
    expect(await firstOf()).to.equal(undefined);
  });

  it('is named where a subnet or security group is gone, or in another VPC', async () => {
    const elsewhere = (await ec2.createVpc({ CidrBlock: '10.1.0.0/16' })).Vpc!.VpcId!;
    const { Subnet } = await ec2.createSubnet({ VpcId: elsewhere, CidrBlock: '10.1.0.0/24' });
    const [subnet] = vpc.Subnets;
    for (const [other, says] of [
      [{ ...vpc, Subnets: [subnet!, 'subnet-0abc'] }, /^The subnet subnet-0abc of aws.vpc does not exist/],
      [{ ...vpc, SecurityGroupIds: ['sg-0abc'] }, /^The security group sg-0abc of aws.vpc does not exist/],
      [{ ...vpc, Subnets: [subnet!, Subnet!.SubnetId!] }, new RegExp(`is in ${elsewhere}, and ${VpcId} has`)],
    ] as const) {
      const settings = {
        ...ctx.settings,
        aws: { ...ctx.settings.aws, vpc: { subnets: other.Subnets, securityGroups: other.SecurityGroupIds } },
      };
      const { findings } = await examine({ ...ctx, settings }, new Journey(ctx).contract);
      const found = findings.find(({ check }) => check === 'network');
      expect(found?.state).to.equal('broken');
      expect(found?.what).to.match(says);
    }
  });

  it('leaves nothing behind when it is given up', async () => {
    await settle(OUTSIDE);
    expect(printed.network).to.equal(undefined);
    expect(ctx.settings.endpoint.type).to.equal('serverless');
    await apply(ctx);
    expect((await plan(ctx)).changes).to.deep.equal([]);
    for (const role of ['los-sagemaker', 'los-control'])
      expect(JSON.stringify(await policiesOf(admin, role)), role).not.to.match(/ec2:|Vpc/);
    await ec2.deleteVpcEndpoints({ VpcEndpointIds: [VpcEndpointId] });
    ways();
    const version = await train();
    expect((await lastJob()).VpcConfig).to.equal(undefined);
    await promote(version);
    const { ProductionVariants } = await admin.aws.sageMaker.describeEndpoint({
      EndpointName: await endpointOf(version),
    });
    expect(ProductionVariants![0]!.CurrentServerlessConfig).to.not.equal(undefined);
    expect(await firstOf()).to.equal(undefined);
    expect(ways()).to.deep.equal(['public']);
  });

  it('goes with everything that was made in it, and is left as it was', async () => {
    await settle();
    await createEndpoint();
    await apply(ctx);
    // The command ends the cloud too, in whose process this test is.
    const { target } = ctx;
    const { kept } = await destroy(
      { ...ctx, target: { ...target, discard: async () => {} } },
      { yes: true, purgeData: true },
    );
    expect(kept.filter((id) => !/role|user|policy/i.test(id))).to.deep.equal([]);
    const { Endpoints = [] } = await admin.aws.sageMaker.listEndpoints({});
    const { Models = [] } = await admin.aws.sageMaker.listModels({});
    expect([...Endpoints, ...Models]).to.deep.equal([]);
    const { Subnets } = await ec2.describeSubnets({ SubnetIds: vpc.Subnets });
    const { VpcEndpoints } = await ec2.describeVpcEndpoints({ VpcEndpointIds: [VpcEndpointId] });
    expect([Subnets!.length, VpcEndpoints![0]!.State]).to.deep.equal([2, 'available']);
  });
});
