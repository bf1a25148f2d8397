/** Models: CreateModel, DescribeModel, ListModels, DeleteModel. */
import { AwsError } from '../../errors.js';
import type { Identity } from '../../service.js';
import type { Call, Operation } from '../shared/call.js';
import { xgboostVersion } from '../shared/images.js';
import { listOperation } from '../shared/listing.js';
import type { Model } from '../shared/records.js';
import { assumeRole } from '../shared/roles.js';
import { parseS3Uri } from '../shared/s3-data.js';
import { tagsOf } from '../shared/tags.js';
import {
  name,
  object,
  onlyMembers,
  optionalBoolean,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';
import { requireNetwork, vpcMember } from '../shared/vpc.js';

const ROLE = /^arn:aws[a-z-]*:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/;

const create: Operation = (call) => {
  const { input, records } = call;
  const modelName = name(input, 'ModelName');
  const arn = call.arn('model', modelName);
  call.authorize('CreateModel', arn);
  onlyMembers(input, 'CreateModel', [
    'ModelName',
    'PrimaryContainer',
    'ExecutionRoleArn',
    'EnableNetworkIsolation',
    'VpcConfig',
    'Tags',
  ]);
  const container = object(input, 'PrimaryContainer');
  onlyMembers(container, 'PrimaryContainer', ['Image', 'ModelDataUrl', 'Mode', 'ContainerHostname']);
  optionalString(container, 'Mode', { values: ['SingleModel'] }, 'primaryContainer');
  const image = string(container, 'Image', { max: 255 }, 'primaryContainer');
  xgboostVersion(image, call.region);
  const dataUrl = string(container, 'ModelDataUrl', { max: 1024 }, 'primaryContainer');
  const roleArn = string(input, 'ExecutionRoleArn', { max: 2048, pattern: ROLE });
  const isolated = optionalBoolean(input, 'EnableNetworkIsolation');
  const vpc = vpcMember(input);
  const tags = tagsOf(call, arn);
  if (records.models.has(modelName)) throw validationError(`Cannot create already existing model "${arn}".`);
  const role = assumeRole(call, roleArn);
  requireModelData(call, role, dataUrl);
  requireNetwork(call, role, vpc.VpcConfig);
  records.models.set(modelName, {
    ModelName: modelName,
    ModelArn: arn,
    PrimaryContainer: { Image: image, ModelDataUrl: dataUrl },
    ExecutionRoleArn: roleArn,
    CreationTime: call.now,
    EnableNetworkIsolation: isolated,
    ...vpc,
  });
  records.tags.set(arn, tags);
  return { ModelArn: arn };
};

/** SageMaker looks for the artifact, as the model's role, when the model is created. */
function requireModelData(call: Call, role: Identity, url: string): void {
  const { bucket, key } = parseS3Uri(url);
  try {
    call.context.s3.content(role, bucket, key);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    if (error.code === 'NoSuchKey' || error.code === 'NoSuchBucket')
      throw validationError(`Could not find model data at ${url}.`);
    throw validationError(
      `Could not access model data at ${url}. Please ensure that the role "${role.principalArn}" exists and that its trust relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com". Also ensure that the role has "s3:GetObject" permissions and that the object is located in ${call.region}.`,
    );
  }
}

/** A model that must exist. */
export function findModel(call: Call, modelName: string): Model {
  const model = call.records.models.get(modelName);
  if (!model) throw validationError(`Could not find model "${call.arn('model', modelName)}".`);
  return model;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeModel', ['ModelName']);
  const modelName = name(call.input, 'ModelName');
  call.authorize('DescribeModel', call.arn('model', modelName));
  const model = findModel(call, modelName);
  return { ...model, PrimaryContainer: { ...model.PrimaryContainer, Mode: 'SingleModel', Environment: {} } };
};

const listModels = listOperation({
  operation: 'ListModels',
  kind: (records) => records.models,
  listed: (model) => ({ name: model.ModelName, created: model.CreationTime }),
  member: 'Models',
  summary: ({ ModelName, ModelArn, CreationTime }) => ({ ModelName, ModelArn, CreationTime }),
});

const remove: Operation = (call) => {
  onlyMembers(call.input, 'DeleteModel', ['ModelName']);
  const modelName = name(call.input, 'ModelName');
  const arn = call.arn('model', modelName);
  call.authorize('DeleteModel', arn);
  findModel(call, modelName);
  call.records.models.delete(modelName);
  call.records.tags.delete(arn);
  return undefined;
};

export const modelOperations: Record<string, Operation> = {
  CreateModel: create,
  DescribeModel: describe,
  ListModels: listModels,
  DeleteModel: remove,
};
