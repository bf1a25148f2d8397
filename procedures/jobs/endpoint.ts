import { modelMarker, TAG_KEY } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { ask, Later, Refused, type Work } from '../ground/work.js';
import { classify } from './answers.js';
import { create, describeResource, refusal, remove } from './create.js';

/** Request for a model, its configuration and its endpoint; all three have one name. */
export interface EndpointRequest {
  readonly name: string;
  /** For the tags. */
  readonly version: string;
  /** s3:// address of model.tar.gz. */
  readonly artifact: string;
}

/** The status of an endpoint, e.g. InService; undefined when there is none of that name. */
export function* endpointStatus(name: string): Work<string | undefined> {
  const description = yield* describeResource('DescribeEndpoint', { EndpointName: name });
  return description && String(description.EndpointStatus);
}

/**
 * Makes SageMaker's record of a model: its container and where its file is. It costs nothing.
 * @param isolated whether its container has no network, which it does not need; false only behind a serverless endpoint, which AWS
 *   does not give such a model (SageMaker Developer Guide, Serverless Inference, "Feature exclusions": network isolation)
 */
export function* createModel(
  plan: Plan,
  { name, version, artifact }: EndpointRequest,
  isolated = true,
): Work<void> {
  const model = {
    ModelName: name,
    ExecutionRoleArn: plan.aws.executionRole,
    PrimaryContainer: { Image: plan.aws.image, ModelDataUrl: artifact },
    EnableNetworkIsolation: isolated,
    Tags: tags(plan, version),
  };
  yield* create('CreateModel', Object.assign(model, plan.aws.network));
}

/** Memory of a serverless endpoint: a booster has some MB, and XGBoost's container starts in this. */
export const SERVERLESS_MB = 2048;

/** Makes model, endpoint configuration and endpoint; it comes into service minutes later. */
export function* createEndpoint(plan: Plan, request: EndpointRequest): Work<void> {
  const { name, version } = request;
  const { endpoint } = plan.settings;
  // Of an instance's volume; of a serverless endpoint's image (Developer Guide, serverless-endpoints-create-config).
  const { kmsKey } = plan.aws;
  const Tags = tags(plan, version);
  yield* createModel(plan, request, endpoint.type !== 'serverless');
  yield* create(
    'CreateEndpointConfig',
    Object.assign(
      {
        EndpointConfigName: name,
        ProductionVariants: [
          Object.assign(
            { VariantName: 'AllTraffic', ModelName: name },
            endpoint.type === 'serverless'
              ? {
                  ServerlessConfig: {
                    MemorySizeInMB: SERVERLESS_MB,
                    MaxConcurrency: endpoint.maxConcurrency,
                  },
                }
              : { InstanceType: endpoint.instanceType, InitialInstanceCount: 1 },
          ),
        ],
        Tags,
      },
      kmsKey && { KmsKeyId: kmsKey },
    ),
  );
  yield* create('CreateEndpoint', { EndpointName: name, EndpointConfigName: name, Tags });
}

/**
 * Looks whether an endpoint is in service.
 * @throws Later while it is on its way, Refused when it failed or is gone
 */
export function* requireInService(name: string): Work<void> {
  const description = yield* describeResource('DescribeEndpoint', { EndpointName: name });
  const status = description && String(description.EndpointStatus);
  if (status === 'InService') return;
  const failed = `failed: ${description?.FailureReason || 'no reason was given'}`;
  const fate = status === 'Failed' ? failed : `is ${status === undefined ? 'gone' : 'being deleted'}`;
  if (status === undefined || status === 'Failed' || status === 'Deleting')
    throw new Refused(
      `The endpoint ${name} ${fate}.`,
      'Look at its log in CloudWatch (/aws/sagemaker/Endpoints).',
    );
  throw new Later(`${name}: ${status}`);
}

/**
 * Takes an endpoint down, with configuration and model. What is gone is no error.
 * @throws Later where the endpoint is on its way and takes no change yet
 */
export function* removeEndpoint(name: string): Work<void> {
  const answer = yield* ask('DeleteEndpoint', { EndpointName: name });
  if (!answer.ok && classify(answer) !== 'missing') {
    if (!/in-progress/i.test(answer.message)) throw refusal('DeleteEndpoint', answer);
    if ((yield* endpointStatus(name)) !== 'Deleting') throw new Later(`${name} takes no change yet`);
  }
  yield* remove('DeleteEndpointConfig', { EndpointConfigName: name });
  yield* removeModel(name);
}

export function* removeModel(name: string): Work<void> {
  yield* remove('DeleteModel', { ModelName: name });
}

/** Tags that mark an object of SageMaker as a version's. */
export function tags({ settings }: Pick<Plan, 'settings'>, version: string): object[] {
  return [{ Key: TAG_KEY, Value: modelMarker(settings.prefix, version) }];
}
