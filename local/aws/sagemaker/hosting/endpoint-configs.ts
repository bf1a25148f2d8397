/** Endpoint configurations: CreateEndpointConfig, DescribeEndpointConfig, ListEndpointConfigs, DeleteEndpointConfig. */
import type { Call, Operation } from '../shared/call.js';
import { HOSTING_INSTANCES } from '../shared/instance-types.js';
import { keyMember } from '../shared/keys.js';
import { listOperation } from '../shared/listing.js';
import type { EndpointConfig, Variant } from '../shared/records.js';
import { tagsOf } from '../shared/tags.js';
import {
  type Input,
  integer,
  list,
  name,
  onlyMembers,
  optionalInteger,
  optionalObject,
  optionalString,
  string,
  validationError,
} from '../shared/validation.js';
import { findModel } from './models.js';

const MEMORY_STEP_MB = 1024;

const create: Operation = (call) => {
  const { input, records } = call;
  const configName = name(input, 'EndpointConfigName');
  const arn = call.arn('endpoint-config', configName);
  call.authorize('CreateEndpointConfig', arn);
  onlyMembers(input, 'CreateEndpointConfig', [
    'EndpointConfigName',
    'ProductionVariants',
    'KmsKeyId',
    'Tags',
  ]);
  const variants = list(input, 'ProductionVariants').map(readVariant);
  if (variants.length !== 1)
    throw validationError(
      `The local SageMaker does not support ${variants.length} production variants, because an endpoint serves one model; give exactly one.`,
    );
  const tags = tagsOf(call, arn);
  if (records.endpointConfigs.has(configName))
    throw validationError(`Cannot create already existing endpoint configuration "${arn}".`);
  for (const variant of variants) findModel(call, variant.ModelName);
  records.endpointConfigs.set(configName, {
    EndpointConfigName: configName,
    EndpointConfigArn: arn,
    ...keyMember(input, 'KmsKeyId'),
    ProductionVariants: variants,
    CreationTime: call.now,
  });
  records.tags.set(arn, tags);
  return { EndpointConfigArn: arn };
};

function readVariant(entry: Input): Variant {
  const at = 'productionVariants';
  onlyMembers(entry, 'ProductionVariants', [
    'VariantName',
    'ModelName',
    'InstanceType',
    'InitialInstanceCount',
    'InitialVariantWeight',
    'ServerlessConfig',
  ]);
  const serverless = optionalObject(entry, 'ServerlessConfig', at);
  const instanceType = optionalString(entry, 'InstanceType', { values: HOSTING_INSTANCES }, at);
  const instances = optionalInteger(entry, 'InitialInstanceCount', { min: 1, max: 1000 }, at);
  if (serverless && (instanceType || instances))
    throw validationError(
      'InstanceType and InitialInstanceCount must not be given together with ServerlessConfig.',
    );
  if (!serverless && !(instanceType && instances))
    throw validationError(
      'A production variant needs InstanceType and InitialInstanceCount, or ServerlessConfig.',
    );
  return {
    VariantName: string(entry, 'VariantName', { max: 63, pattern: /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/ }, at),
    ModelName: string(entry, 'ModelName', { max: 63 }, at),
    InitialVariantWeight: (entry.InitialVariantWeight as number | undefined) ?? 1,
    ...(serverless
      ? { ServerlessConfig: readServerless(serverless) }
      : { InstanceType: instanceType, InitialInstanceCount: instances }),
  };
}

function readServerless(config: Input): { MemorySizeInMB: number; MaxConcurrency: number } {
  const at = 'productionVariants.serverlessConfig';
  onlyMembers(config, 'ServerlessConfig', ['MemorySizeInMB', 'MaxConcurrency']);
  const memory = integer(config, 'MemorySizeInMB', { min: MEMORY_STEP_MB, max: 6 * MEMORY_STEP_MB }, at);
  if (memory % MEMORY_STEP_MB !== 0)
    throw validationError(`MemorySizeInMB must be a multiple of ${MEMORY_STEP_MB}, which ${memory} is not.`);
  return {
    MemorySizeInMB: memory,
    MaxConcurrency: integer(config, 'MaxConcurrency', { min: 1, max: 200 }, at),
  };
}

/** A configuration that must exist. */
export function findConfig(call: Call, configName: string): EndpointConfig {
  const config = call.records.endpointConfigs.get(configName);
  if (!config)
    throw validationError(
      `Could not find endpoint configuration "${call.arn('endpoint-config', configName)}".`,
    );
  return config;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeEndpointConfig', ['EndpointConfigName']);
  const configName = name(call.input, 'EndpointConfigName');
  call.authorize('DescribeEndpointConfig', call.arn('endpoint-config', configName));
  return findConfig(call, configName);
};

const listConfigs = listOperation({
  operation: 'ListEndpointConfigs',
  kind: (records) => records.endpointConfigs,
  listed: (config) => ({ name: config.EndpointConfigName, created: config.CreationTime }),
  member: 'EndpointConfigs',
  summary: ({ EndpointConfigName, EndpointConfigArn, CreationTime }) => ({
    EndpointConfigName,
    EndpointConfigArn,
    CreationTime,
  }),
});

const remove: Operation = (call) => {
  onlyMembers(call.input, 'DeleteEndpointConfig', ['EndpointConfigName']);
  const configName = name(call.input, 'EndpointConfigName');
  const arn = call.arn('endpoint-config', configName);
  call.authorize('DeleteEndpointConfig', arn);
  findConfig(call, configName);
  call.records.endpointConfigs.delete(configName);
  call.records.tags.delete(arn);
  return undefined;
};

export const endpointConfigOperations: Record<string, Operation> = {
  CreateEndpointConfig: create,
  DescribeEndpointConfig: describe,
  ListEndpointConfigs: listConfigs,
  DeleteEndpointConfig: remove,
};
