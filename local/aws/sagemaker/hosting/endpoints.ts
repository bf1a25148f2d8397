/** Endpoints: CreateEndpoint, DescribeEndpoint, ListEndpoints, UpdateEndpoint, DeleteEndpoint. */
import type { Call, Operation } from '../shared/call.js';
import { requireGrant } from '../shared/keys.js';
import { listOperation } from '../shared/listing.js';
import type { Endpoint, EndpointConfig } from '../shared/records.js';
import { tagsOf } from '../shared/tags.js';
import { name, onlyMembers, validationError } from '../shared/validation.js';
import type { Deployments } from './deployments.js';
import { findConfig } from './endpoint-configs.js';
import { requireConcurrency } from './limits.js';

/** The operations, over the deployments of one local AWS. */
export function endpointOperations(deployments: Deployments): Record<string, Operation> {
  return {
    CreateEndpoint: (call) => create(call, deployments),
    DescribeEndpoint: describe,
    ListEndpoints: listEndpoints,
    UpdateEndpoint: (call) => update(call, deployments),
    DeleteEndpoint: (call) => remove(call, deployments),
  };
}

function create(call: Call, deployments: Deployments): object {
  const { input, records, now } = call;
  const endpointName = name(input, 'EndpointName');
  const configName = name(input, 'EndpointConfigName');
  const arn = call.arn('endpoint', endpointName);
  call.authorize('CreateEndpoint', arn);
  call.authorize('CreateEndpoint', call.arn('endpoint-config', configName));
  onlyMembers(input, 'CreateEndpoint', ['EndpointName', 'EndpointConfigName', 'Tags']);
  const tags = tagsOf(call, arn);
  if (records.endpoints.has(endpointName))
    throw validationError(`Cannot create already existing endpoint "${arn}".`);
  const config = findConfig(call, configName);
  requireFeatures(call, config);
  requireGrant(call.context, call.identity, config.KmsKeyId);
  requireConcurrency(call, endpointName, config);
  const endpoint: Endpoint = {
    EndpointName: endpointName,
    EndpointArn: arn,
    EndpointConfigName: configName,
    EndpointStatus: 'Creating',
    CreationTime: now,
    LastModifiedTime: now,
  };
  records.endpoints.set(endpointName, endpoint);
  records.tags.set(arn, tags);
  deployments.start(records, endpoint, config);
  return { EndpointArn: arn };
}

/**
 * A serverless endpoint has neither a VPC nor network isolation (developer guide, Serverless Inference, "Feature exclusions"). AWS's words for a
 * feature that an endpoint of its kind has not, as people quote them (boto/boto3 #4275), and then what it is about.
 */
function requireFeatures({ records }: Call, { ProductionVariants }: EndpointConfig): void {
  for (const { ServerlessConfig, ModelName } of ProductionVariants) {
    const model = ServerlessConfig && records.models.get(ModelName);
    const excluded = model?.EnableNetworkIsolation
      ? 'EnableNetworkIsolation'
      : model?.VpcConfig && 'VpcConfig';
    if (excluded)
      throw validationError(
        `One or more endpoint features are not supported using this configuration. The model ${ModelName} has ${excluded}, which a serverless endpoint cannot have.`,
      );
  }
}

function find(call: Call): Endpoint {
  const endpointName = name(call.input, 'EndpointName');
  const endpoint = call.records.endpoints.get(endpointName);
  if (!endpoint) throw validationError(`Could not find endpoint "${call.arn('endpoint', endpointName)}".`);
  return endpoint;
}

const describe: Operation = (call) => {
  onlyMembers(call.input, 'DescribeEndpoint', ['EndpointName']);
  call.authorize('DescribeEndpoint', call.arn('endpoint', name(call.input, 'EndpointName')));
  const { deployed, pendingConfig, ...endpoint } = find(call);
  return { ...endpoint, ...(deployed ? { ProductionVariants: [variantSummary(deployed, endpoint)] } : {}) };
};

function variantSummary(deployed: NonNullable<Endpoint['deployed']>, endpoint: Endpoint): object {
  const { variant, image } = deployed;
  const weights = {
    CurrentWeight: variant.InitialVariantWeight,
    DesiredWeight: variant.InitialVariantWeight,
  };
  const size = variant.ServerlessConfig
    ? { CurrentServerlessConfig: variant.ServerlessConfig, DesiredServerlessConfig: variant.ServerlessConfig }
    : {
        CurrentInstanceCount: variant.InitialInstanceCount,
        DesiredInstanceCount: variant.InitialInstanceCount,
      };
  return {
    VariantName: variant.VariantName,
    DeployedImages: [{ SpecifiedImage: image, ResolvedImage: image, ResolutionTime: endpoint.CreationTime }],
    ...weights,
    ...size,
  };
}

const listEndpoints = listOperation({
  operation: 'ListEndpoints',
  kind: (records) => records.endpoints,
  status: true,
  listed: (endpoint) => ({
    name: endpoint.EndpointName,
    created: endpoint.CreationTime,
    modified: endpoint.LastModifiedTime,
    status: endpoint.EndpointStatus,
  }),
  member: 'Endpoints',
  summary: ({ EndpointName, EndpointArn, CreationTime, LastModifiedTime, EndpointStatus }) => ({
    EndpointName,
    EndpointArn,
    CreationTime,
    LastModifiedTime,
    EndpointStatus,
  }),
});

function update(call: Call, deployments: Deployments): object {
  const { input, records } = call;
  onlyMembers(input, 'UpdateEndpoint', ['EndpointName', 'EndpointConfigName']);
  const configName = name(input, 'EndpointConfigName');
  const arn = call.arn('endpoint', name(input, 'EndpointName'));
  call.authorize('UpdateEndpoint', arn);
  call.authorize('UpdateEndpoint', call.arn('endpoint-config', configName));
  const endpoint = find(call);
  const config = findConfig(call, configName);
  if (endpoint.EndpointStatus !== 'InService') throw progressError(arn, endpoint);
  requireFeatures(call, config);
  requireGrant(call.context, call.identity, config.KmsKeyId);
  requireConcurrency(call, endpoint.EndpointName, config);
  endpoint.EndpointStatus = 'Updating';
  endpoint.pendingConfig = configName;
  delete endpoint.FailureReason;
  endpoint.LastModifiedTime = call.now;
  records.endpoints.save();
  deployments.start(records, endpoint, config);
  return { EndpointArn: arn };
}

function remove(call: Call, deployments: Deployments): undefined {
  onlyMembers(call.input, 'DeleteEndpoint', ['EndpointName']);
  const arn = call.arn('endpoint', name(call.input, 'EndpointName'));
  call.authorize('DeleteEndpoint', arn);
  const endpoint = find(call);
  if (endpoint.EndpointStatus !== 'InService' && endpoint.EndpointStatus !== 'Failed')
    throw progressError(arn, endpoint);
  endpoint.EndpointStatus = 'Deleting';
  call.records.endpoints.save();
  deployments.remove(call.records, endpoint);
}

function progressError(arn: string, endpoint: Endpoint): Error {
  if (endpoint.EndpointStatus === 'Failed')
    return validationError(`Cannot update failed endpoint "${arn}". Delete it and create it again.`);
  return validationError(`Cannot update in-progress endpoint "${arn}".`);
}
