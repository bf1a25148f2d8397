import { expect } from 'chai';
import type { AwsClients } from '../../../deploy/clients/aws.js';
import { command } from '../../../deploy/commands/bootstrap.js';
import type { IamRoleDefinition } from '../../../deploy/resources/aws/iam-role.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import { awsResources } from '../../../deploy/stack/aws.js';
import { type Bootstrap, bootstrapOf } from '../../../deploy/stack/bootstrap.js';

interface Statement {
  readonly Sid: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Record<string, unknown>>>;
}
const statementsOf = (policy: object | undefined) =>
  (policy as { Statement: Statement[] } | undefined)?.Statement ?? [];
const lengthOf = (policy: object) => JSON.stringify(policy).replace(/\s/g, '').length;

const ids = (kind: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${kind}-0123456789abcde${10 + i}`);
const vpcOf = (subnets: number, groups: number) => ({
  LOS_AWS_VPC_SUBNETS: ids('subnet', subnets).join(),
  LOS_AWS_VPC_SECURITY_GROUPS: ids('sg', groups).join(),
});
const KEY = {
  LOS_AWS_KMS_KEY: 'arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab',
};
const BOUNDARY = { LOS_AWS_PERMISSIONS_BOUNDARY: 'arn:aws:iam::123456789012:policy/los-boundary' };

const placeOf = (env: Record<string, string>) => ({
  settings: loadSettings('/dev/null', env),
  aws: { accountId: '123456789012', region: 'us-east-1' } as AwsClients,
});
const printOf = (result: Bootstrap) => command.print!(result, {} as never);

describe('what los bootstrap prints', () => {
  it('keeps every policy as short as IAM takes it, and leaves no statement out', () => {
    for (const [env, two] of [
      [{}, false],
      [KEY, false],
      [vpcOf(3, 1), false],
      [{ ...KEY, ...BOUNDARY }, true],
      [{ ...KEY, ...BOUNDARY, ...vpcOf(16, 5) }, true],
    ] as const) {
      const place = placeOf(env);
      const result = bootstrapOf(place, 'ME');
      const { iamPolicy, moreIamPolicy, boundary, planPolicy } = result;
      expect(moreIamPolicy !== undefined, Object.keys(env).join()).to.equal(two);
      for (const policy of [iamPolicy, moreIamPolicy, boundary, planPolicy])
        if (policy) expect(lengthOf(policy)).to.be.within(100, 6144);
      const sids = [iamPolicy, moreIamPolicy].flatMap(statementsOf).map(({ Sid }) => Sid);
      expect(sids).to.include.members(['SeeWhatExists', 'CreateEndpointConfig', 'OwnModels']);
      expect(new Set(sids).size).to.equal(sids.length);
      expect(sids.includes('SeeNetwork')).to.equal('LOS_AWS_VPC_SUBNETS' in env);
      // Inline policies of a role, all together.
      for (const { kind, name, definition } of awsResources(place))
        if (kind === 'aws.iam-role')
          expect(lengthOf((definition as IamRoleDefinition).policies), name).to.be.below(10_240);
    }
  });

  it('prints how the endpoint for S3 of a VPC is made, where one is set', () => {
    expect(printOf(bootstrapOf(placeOf({}), 'ME')).join('\n')).not.to.include('aws ec2');
    const result = bootstrapOf(placeOf(vpcOf(2, 1)), 'ME');
    const text = printOf(result).join('\n');
    const [first, second] = ids('subnet', 2);
    expect(text).to.include(`aws ec2 describe-subnets --subnet-ids ${first} `);
    expect(text).to.include(`Name=association.subnet-id,Values=${first},${second} `);
    expect(text).to.include('--service-name com.amazonaws.us-east-1.s3 --route-table-ids $TABLES');
    expect(text).to.include(`--policy-document '${JSON.stringify(result.network!.endpointPolicy)}'`);
    expect(statementsOf(result.network!.endpointPolicy)).to.deep.equal([
      {
        Sid: 'LosFiles',
        Effect: 'Allow',
        Principal: '*',
        Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:GetBucketLocation'],
        Resource: ['arn:aws:s3:::los-123456789012-us-east-1', 'arn:aws:s3:::los-123456789012-us-east-1/*'],
      },
    ]);
  });

  it('binds jobs and models to the subnets and security groups of the settings', () => {
    const place = placeOf(vpcOf(2, 1));
    const role = (name: string) =>
      awsResources(place).find((resource) => resource.kind === 'aws.iam-role' && resource.name === name)!
        .definition as IamRoleDefinition;
    const { control } = role('los-control').policies;
    for (const policy of [control, bootstrapOf(place, 'ME').iamPolicy])
      for (const action of ['CreateTrainingJob', 'CreateModel']) {
        const { Condition } = statementsOf(policy).find(({ Action }) =>
          [Action].flat().includes(`sagemaker:${action}`),
        )!;
        expect(Condition!['ForAllValues:StringEquals']).to.deep.include({
          'sagemaker:VpcSubnets': ids('subnet', 2),
          'sagemaker:VpcSecurityGroupIds': ids('sg', 1),
        });
        expect(Condition!.Null).to.deep.include({
          'sagemaker:VpcSubnets': 'false',
          'sagemaker:VpcSecurityGroupIds': 'false',
        });
      }
    const ec2 = 'arn:aws:ec2:us-east-1:123456789012';
    expect(
      statementsOf(role('los-sagemaker').policies.sagemaker).find(({ Sid }) => Sid === 'JoinNetwork'),
    ).to.deep.equal({
      Sid: 'JoinNetwork',
      Effect: 'Allow',
      Action: 'ec2:CreateNetworkInterface',
      Resource: [
        `${ec2}:network-interface/*`,
        ...ids('subnet', 2).map((id) => `${ec2}:subnet/${id}`),
        ...ids('sg', 1).map((id) => `${ec2}:security-group/${id}`),
      ],
    });
  });
});
