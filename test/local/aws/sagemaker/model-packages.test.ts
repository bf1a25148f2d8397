import {
  CreateModelPackageCommand,
  CreateModelPackageGroupCommand,
  DeleteModelPackageCommand,
  DeleteModelPackageGroupCommand,
  DescribeModelPackageCommand,
  DescribeModelPackageGroupCommand,
  ListModelPackageGroupsCommand,
  ListModelPackagesCommand,
  UpdateModelPackageCommand,
} from '@aws-sdk/client-sagemaker';
import { expect } from 'chai';
import { BUCKET, IMAGE, refusal, SageMakerCloud } from './cloud.js';

describe('the SageMaker model registry', () => {
  const cloud = new SageMakerCloud();
  before(() => cloud.connect());
  after(() => cloud.close());
  const GROUP = 'registry';

  const register = (CustomerMetadataProperties?: Record<string, string>) =>
    cloud.sagemaker.send(
      new CreateModelPackageCommand({
        ModelPackageGroupName: GROUP,
        InferenceSpecification: {
          Containers: [{ Image: IMAGE, ModelDataUrl: `s3://${BUCKET}/models/model.tar.gz` }],
          SupportedContentTypes: ['text/csv'],
          SupportedResponseMIMETypes: ['text/csv'],
        },
        CustomerMetadataProperties,
      }),
    );

  it('numbers versions, waits for approval and lists what was approved', async () => {
    await cloud.sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
    const arns: string[] = [];
    for (const rmse of ['6.1', '6.0', '5.9']) arns.push((await register({ rmse })).ModelPackageArn!);
    expect(arns[2]).to.equal(`arn:aws:sagemaker:us-east-1:123456789012:model-package/${GROUP}/3`);
    await cloud.sagemaker.send(
      new UpdateModelPackageCommand({
        ModelPackageArn: arns[1],
        ModelApprovalStatus: 'Approved',
        ApprovalDescription: 'gates passed',
      }),
    );
    const list = async (change: object = {}) => {
      const command = new ListModelPackagesCommand({ ModelPackageGroupName: GROUP, ...change });
      return (await cloud.sagemaker.send(command)).ModelPackageSummaryList!.map((p) => p.ModelPackageVersion);
    };
    expect(await list()).to.deep.equal([3, 2, 1]);
    expect(await list({ SortOrder: 'Ascending', MaxResults: 2 })).to.deep.equal([1, 2]);
    expect(await list({ ModelApprovalStatus: 'Approved' })).to.deep.equal([2]);
    const second = await cloud.sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arns[1] }));
    expect(second).to.deep.include({
      ModelApprovalStatus: 'Approved',
      ApprovalDescription: 'gates passed',
      CustomerMetadataProperties: { rmse: '6.0' },
    });

    await cloud.sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: arns[2] }));
    expect((await register()).ModelPackageArn).to.match(/\/4$/);
  });

  it('keeps a group that has versions, and refuses what is not there', async () => {
    const remove = () =>
      cloud.sagemaker.send(new DeleteModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
    expect((await refusal(remove())).name).to.equal('ConflictException');
    const twice = cloud.sagemaker.send(new CreateModelPackageGroupCommand({ ModelPackageGroupName: GROUP }));
    expect((await refusal(twice)).message).to.match(/^Model Package Group already exists: arn:/);
    const all = await cloud.sagemaker.send(new ListModelPackagesCommand({ ModelPackageGroupName: GROUP }));
    for (const { ModelPackageArn } of all.ModelPackageSummaryList!)
      await cloud.sagemaker.send(new DeleteModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    await remove();
    const groups = await cloud.sagemaker.send(new ListModelPackageGroupsCommand({}));
    expect(groups.ModelPackageGroupSummaryList).to.deep.equal([]);
    const missing = cloud.sagemaker.send(
      new DescribeModelPackageGroupCommand({ ModelPackageGroupName: GROUP }),
    );
    expect((await refusal(missing)).message).to.match(/^ModelPackageGroup arn:.* does not exist\.$/);
  });
});
