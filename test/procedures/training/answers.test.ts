import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  CreateModelCommand,
  CreateModelPackageGroupCommand,
  CreateTrainingJobCommand,
  CreateTransformJobCommand,
  DeleteEndpointCommand,
  DeleteEndpointConfigCommand,
  DeleteModelCommand,
  DescribeEndpointCommand,
  DescribeModelPackageGroupCommand,
  DescribeTrainingJobCommand,
  DescribeTransformJobCommand,
  ListModelPackagesCommand,
  StopTrainingJobCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { trainingUsage } from '@local-cloud/aws/servicequotas/quotas.js';
import { expect } from 'chai';
import { classify, type ErrorKind } from '../../../procedures/jobs/answers.js';
import { BUCKET, IMAGE, SageMakerCloud } from '../../local/aws/sagemaker/cloud.js';

const ARN = 'arn:aws:sagemaker:us-east-1:123456789012';

/** What accounts answered, as people quote it. */
const QUOTED: readonly (readonly [kind: ErrorKind, error: string, message: string])[] = [
  // aws/amazon-sagemaker-examples#2440
  [
    'exists',
    'ResourceInUse',
    'A hyperparameter tuning job with the name, pytorch-training-210511-0008, already exists. Choose a different name.',
  ],
  // aws/amazon-sagemaker-examples#3108
  [
    'exists',
    'ResourceInUse',
    `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${ARN}:training-job/x)`,
  ],
  // ministryofjustice/modernisation-platform-environments#9383, awslabs/spot-tagging-bot-for-digital-assets#2
  ['exists', 'ValidationException', `Cannot create already existing endpoint "${ARN}:endpoint/x".`],
  [
    'exists',
    'ValidationException',
    `Cannot create already existing endpoint configuration "${ARN}:endpoint-config/x".`,
  ],
  ['exists', 'ValidationException', `Cannot create already existing model "${ARN}:model/x".`],
  ['exists', 'ValidationException', `Model Package Group already exists: ${ARN}:model-package-group/x`],
  // aws/amazon-sagemaker-examples#1540
  [
    'missing',
    'ResourceNotFound',
    "Amazon SageMaker can't find a tuning job called DEMO-hpo-mxnet. Type another name.",
  ],
  ['missing', 'ValidationException', 'Requested resource not found.'],
  ['missing', 'ValidationException', `Could not find endpoint "${ARN}:endpoint/x".`],
  ['missing', 'ValidationException', `Could not find model "${ARN}:model/x".`],
  ['missing', 'ValidationException', 'Could not find requested job with name: x'],
  ['missing', 'ValidationException', `ModelPackageGroup ${ARN}:model-package-group/x does not exist.`],
  ['throttled', 'ThrottlingException', 'Rate exceeded'],
  ['throttled', 'TooManyRequestsException', 'Too Many Requests'],
  // aws/amazon-sagemaker-examples#307
  [
    'limit',
    'ResourceLimitExceeded',
    "The account-level service limit 'ml.p2.xlarge for endpoint usage' is 0 Instances, with current utilization of 0 Instances and a request delta of 1 Instances. Please contact AWS support to request an increase for this limit.",
  ],
  // awslabs/predictive-maintenance-using-machine-learning#3
  [
    'role not known yet',
    'ValidationException',
    "Could not assume role arn:aws:iam::123456789012:role/x. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.",
  ],
  // CreateModel's
  [
    'role not known yet',
    'ValidationException',
    'The execution role ARN "arn:aws:iam::012345678901:role/Admin" is invalid. Please ensure that the role exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
  ],
  // aws/amazon-sagemaker-feedback#203
  [
    'denied',
    'AccessDeniedException',
    `User: arn:aws:sts::459531849251:assumed-role/r/SageMaker is not authorized to perform: sagemaker:CreateEndpointConfig on resource: ${ARN}:endpoint-config/x with an explicit deny in a service control policy`,
  ],
  // aws/amazon-sagemaker-examples#2414
  [
    'other',
    'ValidationException',
    'No S3 objects found under S3 URL "s3://b/test/" given in input data source. Please ensure that the bucket exists in the selected region (us-west-2), that objects exist under that S3 prefix, and that the role "arn:aws:iam::521695447989:role/r" has "s3:ListBucket" permissions on bucket "b".',
  ],
  ['other', 'ValidationException', 'Could not find model data at s3://b/model.tar.gz.'],
  [
    'other',
    'ValidationException',
    'The request was rejected because the training job is in status Completed.',
  ],
  [
    'other',
    'ValidationException',
    "1 validation error detected: Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9](-*[a-zA-Z0-9])*",
  ],
  ['other', 'ConflictException', 'There was a conflict when you attempted to modify a SageMaker entity.'],
  ['other', 'InternalFailure', 'The request processing has failed because of an unknown error.'],
];

describe('what an error of SageMaker means', () => {
  for (const [kind, error, message] of QUOTED)
    it(`${kind}: ${error}, ${message.slice(0, 60)}`, () => {
      expect(classify({ error, message })).to.equal(kind);
    });
});

describe('what the local SageMaker’s errors mean', () => {
  const cloud = new SageMakerCloud(0, 0, { [trainingUsage('ml.m5.4xlarge')]: 0 });
  before(() => cloud.start());
  after(() => cloud.close());

  const kindOf = (call: Promise<unknown>) =>
    call.then(
      () => 'done',
      ({ name, message }: Error) => classify({ error: name, message }),
    );
  const training = (name: string) => cloud.jobRequest(name);
  const model = (ModelName: string, ExecutionRoleArn = cloud.roleArn) =>
    new CreateModelCommand({
      ModelName,
      ExecutionRoleArn,
      PrimaryContainer: { Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/train/rows.csv` },
    });
  const config = (EndpointConfigName: string) =>
    new CreateEndpointConfigCommand({
      EndpointConfigName,
      ProductionVariants: [
        {
          VariantName: 'AllTraffic',
          ModelName: 'm',
          ServerlessConfig: { MemorySizeInMB: 1024, MaxConcurrency: 1 },
        },
      ],
    });
  const transform = (TransformJobName: string) =>
    new CreateTransformJobCommand({
      TransformJobName,
      ModelName: 'm',
      TransformInput: {
        DataSource: { S3DataSource: { S3DataType: 'S3Prefix', S3Uri: `s3://${BUCKET}/train/` } },
        ContentType: 'text/csv',
        SplitType: 'Line',
      },
      TransformOutput: { S3OutputPath: `s3://${BUCKET}/out/` },
      TransformResources: { InstanceType: 'ml.m5.large', InstanceCount: 1 },
    });

  it('missing: whatever is not there', async () => {
    const { sagemaker } = cloud;
    const asked: Record<string, () => Promise<unknown>> = {
      endpoint: () => sagemaker.send(new DescribeEndpointCommand({ EndpointName: 'x' })),
      'endpoint to delete': () => sagemaker.send(new DeleteEndpointCommand({ EndpointName: 'x' })),
      configuration: () => sagemaker.send(new DeleteEndpointConfigCommand({ EndpointConfigName: 'x' })),
      model: () => sagemaker.send(new DeleteModelCommand({ ModelName: 'x' })),
      job: () => sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: 'x' })),
      'job to stop': () => sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: 'x' })),
      transform: () => sagemaker.send(new DescribeTransformJobCommand({ TransformJobName: 'x' })),
      group: () => sagemaker.send(new DescribeModelPackageGroupCommand({ ModelPackageGroupName: 'x' })),
      'packages of a group': () =>
        sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: 'x' })),
      package: () =>
        sagemaker.send(
          new UpdateModelPackageCommand({
            ModelPackageArn: `${ARN}:model-package/x/1`,
            ModelApprovalStatus: 'Approved',
          }),
        ),
      'what a configuration names': () => sagemaker.send(config('c')),
      'what an endpoint names': () =>
        sagemaker.send(new CreateEndpointCommand({ EndpointName: 'e', EndpointConfigName: 'x' })),
      'what a transform job names': () => sagemaker.send(transform('t')),
    };
    for (const [what, call] of Object.entries(asked)) expect(await kindOf(call()), what).to.equal('missing');
  });

  it('exists: whatever is made twice', async () => {
    const { sagemaker } = cloud;
    const twice: Record<string, () => Promise<unknown>> = {
      model: () => sagemaker.send(model('m')),
      configuration: () => sagemaker.send(config('c')),
      endpoint: () =>
        sagemaker.send(new CreateEndpointCommand({ EndpointName: 'e', EndpointConfigName: 'c' })),
      group: () => sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: 'g' })),
      job: () => sagemaker.send(new CreateTrainingJobCommand(training('j'))),
      transform: () => sagemaker.send(transform('t')),
    };
    for (const [what, make] of Object.entries(twice))
      expect([await kindOf(make()), await kindOf(make())], what).to.deep.equal(['done', 'exists']);
  });

  it('limit: a job for which the quota has no instance', async () => {
    const job = training('large');
    const ResourceConfig = { ...job.ResourceConfig!, InstanceType: 'ml.m5.4xlarge' as const };
    expect(
      await kindOf(cloud.sagemaker.send(new CreateTrainingJobCommand({ ...job, ResourceConfig }))),
    ).to.equal('limit');
  });

  it('role not known yet: a role that does not exist', async () => {
    const RoleArn = 'arn:aws:iam::123456789012:role/too-new';
    expect(await kindOf(cloud.sagemaker.send(model('other', RoleArn)))).to.equal('role not known yet');
    expect(
      await kindOf(cloud.sagemaker.send(new CreateTrainingJobCommand({ ...training('k'), RoleArn }))),
    ).to.equal('role not known yet');
  });
});
