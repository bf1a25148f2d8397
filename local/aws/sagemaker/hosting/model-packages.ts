/** The model registry: model package groups and the versions in them, with their approval. */
import { AwsError } from '../../errors.js';
import type { Call, Operation } from '../shared/call.js';
import { xgboostVersion } from '../shared/images.js';
import { LIST_MEMBERS, listOperation, page } from '../shared/listing.js';
import type { ModelPackage, ModelPackageGroup } from '../shared/records.js';
import { parseS3Uri } from '../shared/s3-data.js';
import { tagsOf } from '../shared/tags.js';
import {
  type Input,
  list,
  name,
  object,
  onlyMembers,
  optionalObject,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';

const APPROVALS = ['Approved', 'Rejected', 'PendingManualApproval'] as const;
type Approval = (typeof APPROVALS)[number];

const createGroup: Operation = (call) => {
  const { input, records } = call;
  onlyMembers(input, 'CreateModelPackageGroup', [
    'ModelPackageGroupName',
    'ModelPackageGroupDescription',
    'Tags',
  ]);
  const groupName = name(input, 'ModelPackageGroupName');
  const arn = call.arn('model-package-group', groupName);
  call.authorize('CreateModelPackageGroup', arn);
  const tags = tagsOf(call, arn);
  if (records.modelPackageGroups.has(groupName))
    throw validationError(`Model Package Group already exists: ${arn}`);
  records.modelPackageGroups.set(groupName, {
    ModelPackageGroupName: groupName,
    ModelPackageGroupArn: arn,
    ModelPackageGroupDescription: optionalString(input, 'ModelPackageGroupDescription', { max: 1024 }),
    ModelPackageGroupStatus: 'Completed',
    CreationTime: call.now,
    lastVersion: 0,
  });
  records.tags.set(arn, tags);
  return { ModelPackageGroupArn: arn };
};

/** The group that a member names, by its name or ARN. */
function findGroup(call: Call, action: string, member = 'ModelPackageGroupName'): ModelPackageGroup {
  const given = string(call.input, member, { max: 170 });
  const groupName = given.startsWith('arn:') ? given.slice(given.indexOf('/') + 1) : given;
  const arn = call.arn('model-package-group', groupName);
  call.authorize(action, arn);
  const group = call.records.modelPackageGroups.values().find((item) => item.ModelPackageGroupArn === arn);
  if (!group) throw validationError(`ModelPackageGroup ${arn} does not exist.`);
  return group;
}

const describeGroup: Operation = (call) => {
  onlyMembers(call.input, 'DescribeModelPackageGroup', ['ModelPackageGroupName']);
  const { lastVersion, ...group } = findGroup(call, 'DescribeModelPackageGroup');
  return { ...group, CreatedBy: {} };
};

const listGroups = listOperation({
  operation: 'ListModelPackageGroups',
  kind: (records) => records.modelPackageGroups,
  listed: (group) => ({ name: group.ModelPackageGroupName, created: group.CreationTime }),
  member: 'ModelPackageGroupSummaryList',
  summary: ({ lastVersion, ...group }) => group,
});

const deleteGroup: Operation = (call) => {
  onlyMembers(call.input, 'DeleteModelPackageGroup', ['ModelPackageGroupName']);
  const group = findGroup(call, 'DeleteModelPackageGroup');
  const versions = call.records.modelPackages.values();
  if (versions.some((version) => version.ModelPackageGroupName === group.ModelPackageGroupName))
    throw new AwsError(
      'ConflictException',
      `Model Package Group ${group.ModelPackageGroupName} cannot be deleted: it still contains model packages.`,
    );
  call.records.modelPackageGroups.delete(group.ModelPackageGroupName);
  call.records.tags.delete(group.ModelPackageGroupArn);
  return undefined;
};

const createPackage: Operation = (call) => {
  const { input, records } = call;
  onlyMembers(input, 'CreateModelPackage', [
    'ModelPackageGroupName',
    'ModelPackageDescription',
    'InferenceSpecification',
    'ModelApprovalStatus',
    'CustomerMetadataProperties',
    'ClientToken',
    // Nothing is validated here: both values come to the same.
    'SkipModelValidation',
  ]);
  const skip = optionalString(input, 'SkipModelValidation', {});
  if (skip !== undefined && skip !== 'All' && skip !== 'None')
    throw validationError(
      `1 validation error detected: Value '${skip}' at 'skipModelValidation' failed to satisfy constraint: Member must satisfy enum value set: [All, None]`,
    );
  const group = findGroup(call, 'CreateModelPackage');
  const specification = readSpecification(call, object(input, 'InferenceSpecification'));
  group.lastVersion += 1;
  records.modelPackageGroups.save();
  const arn = call.arn('model-package', `${group.ModelPackageGroupName}/${group.lastVersion}`);
  records.modelPackages.set(arn, {
    ModelPackageArn: arn,
    ModelPackageGroupName: group.ModelPackageGroupName,
    ModelPackageVersion: group.lastVersion,
    ModelPackageDescription: optionalString(input, 'ModelPackageDescription', { max: 1024 }),
    ModelPackageStatus: 'Completed',
    ModelApprovalStatus: approval(input) ?? 'PendingManualApproval',
    InferenceSpecification: specification,
    CustomerMetadataProperties: metadata(input),
    CreationTime: call.now,
    LastModifiedTime: call.now,
  });
  return { ModelPackageArn: arn };
};

function readSpecification(call: Call, specification: Input): Input {
  onlyMembers(specification, 'InferenceSpecification', [
    'Containers',
    'SupportedContentTypes',
    'SupportedResponseMIMETypes',
    'SupportedRealtimeInferenceInstanceTypes',
    'SupportedTransformInstanceTypes',
  ]);
  const containers = list(specification, 'Containers');
  if (containers.length !== 1)
    throw validationError(
      'The local SageMaker does not support model packages without exactly one container.',
    );
  onlyMembers(containers[0]!, 'Containers', ['Image', 'ModelDataUrl']);
  xgboostVersion(string(containers[0]!, 'Image', { max: 255 }, 'containers'), call.region);
  parseS3Uri(string(containers[0]!, 'ModelDataUrl', { max: 1024 }, 'containers'));
  return specification;
}

function approval(input: Input): Approval | undefined {
  return optionalString(input, 'ModelApprovalStatus', { values: APPROVALS }) as Approval | undefined;
}

function metadata(input: Input): Record<string, string> {
  const values = optionalObject(input, 'CustomerMetadataProperties') ?? {};
  for (const key of Object.keys(values)) string(values, key, { max: 256 }, 'customerMetadataProperties');
  return values as Record<string, string>;
}

function findPackage(call: Call, action: string, member: string): ModelPackage {
  const arn = string(call.input, member, { max: 2048 });
  call.authorize(action, arn);
  const version = call.records.modelPackages.get(arn);
  if (!version) throw validationError(`ModelPackage ${arn} does not exist.`);
  return version;
}

const describePackage: Operation = (call) => {
  onlyMembers(call.input, 'DescribeModelPackage', ['ModelPackageName']);
  return {
    ...findPackage(call, 'DescribeModelPackage', 'ModelPackageName'),
    ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
    CertifyForMarketplace: false,
  };
};

const updatePackage: Operation = (call) => {
  const { input } = call;
  onlyMembers(input, 'UpdateModelPackage', [
    'ModelPackageArn',
    'ModelApprovalStatus',
    'ApprovalDescription',
    'CustomerMetadataProperties',
  ]);
  const version = findPackage(call, 'UpdateModelPackage', 'ModelPackageArn');
  version.ModelApprovalStatus = approval(input) ?? version.ModelApprovalStatus;
  version.ApprovalDescription =
    optionalString(input, 'ApprovalDescription', { max: 1024 }) ?? version.ApprovalDescription;
  Object.assign(version.CustomerMetadataProperties, metadata(input));
  version.LastModifiedTime = call.now;
  call.records.modelPackages.save();
  return { ModelPackageArn: version.ModelPackageArn };
};

const listPackages: Operation = (call) => {
  const { input } = call;
  onlyMembers(input, 'ListModelPackages', [
    ...LIST_MEMBERS,
    'ModelPackageGroupName',
    'ModelApprovalStatus',
    'ModelPackageType',
  ]);
  optionalString(input, 'ModelPackageType', { values: ['Versioned', 'Both'] });
  const status = approval(input);
  // Without a group SageMaker lists unversioned packages, of which there are none here.
  const group = input.ModelPackageGroupName === undefined ? undefined : findGroup(call, 'ListModelPackages');
  if (!group) call.authorize('ListModelPackages', '*');
  const versions = call.records.modelPackages
    .values()
    .filter((version) => version.ModelPackageGroupName === group?.ModelPackageGroupName)
    .filter((version) => !status || version.ModelApprovalStatus === status);
  const { items, ...next } = page(versions, input, (version) => ({
    name: version.ModelPackageArn,
    created: version.ModelPackageVersion,
  }));
  return {
    ModelPackageSummaryList: items.map(
      ({ InferenceSpecification, CustomerMetadataProperties, ...summary }) => summary,
    ),
    ...next,
  };
};

const deletePackage: Operation = (call) => {
  onlyMembers(call.input, 'DeleteModelPackage', ['ModelPackageName']);
  const version = findPackage(call, 'DeleteModelPackage', 'ModelPackageName');
  call.records.modelPackages.delete(version.ModelPackageArn);
  return undefined;
};

export const modelPackageOperations: Record<string, Operation> = {
  CreateModelPackageGroup: createGroup,
  DescribeModelPackageGroup: describeGroup,
  ListModelPackageGroups: listGroups,
  DeleteModelPackageGroup: deleteGroup,
  CreateModelPackage: createPackage,
  DescribeModelPackage: describePackage,
  UpdateModelPackage: updatePackage,
  ListModelPackages: listPackages,
  DeleteModelPackage: deletePackage,
};
