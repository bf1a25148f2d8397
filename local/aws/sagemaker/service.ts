/** The local SageMaker's control plane: awsJson1.1, one operation per X-Amz-Target. */
import { AwsError } from '../errors.js';
import type { AwsContext, AwsResponse, AwsService } from '../service.js';
import { Deployments } from './hosting/deployments.js';
import { endpointConfigOperations } from './hosting/endpoint-configs.js';
import { endpointOperations } from './hosting/endpoints.js';
import { modelPackageOperations } from './hosting/model-packages.js';
import { modelOperations } from './hosting/models.js';
import { recover } from './recovery.js';
import { callOf, type Operation } from './shared/call.js';
import { addTags, deleteTags, listTags } from './shared/tags.js';
import { trainingOperations } from './training/training-jobs.js';
import { TrainingRuns } from './training/training-run.js';
import { transformOperations } from './transform/transform-jobs.js';
import { TransformRuns } from './transform/transform-run.js';
import { tuningOperations } from './tuning/tuning-jobs.js';
import { TuningRuns } from './tuning/tuning-run.js';

const TARGET = 'SageMaker.';

/** Creates the service and takes up what an earlier process left. */
export function create(context: AwsContext): AwsService {
  const runs = new TrainingRuns(context);
  const tunings = new TuningRuns(context, runs);
  const transforms = new TransformRuns(context);
  const deployments = new Deployments(context);
  const operations: Record<string, Operation> = {
    ...trainingOperations(runs),
    ...tuningOperations(tunings),
    ...transformOperations(transforms),
    ...modelOperations,
    ...endpointConfigOperations,
    ...endpointOperations(deployments),
    ...modelPackageOperations,
    AddTags: addTags,
    ListTags: listTags,
    DeleteTags: deleteTags,
  };
  recover(context, deployments);

  return {
    name: 'sagemaker',
    protocol: 'awsJson1.1',
    async handle(request): Promise<AwsResponse> {
      // AWS chooses the protocol by the type, and finds no operation in any other.
      const type = request.headers['content-type'] ?? '';
      if (!/^application\/x-amz-json-1\.1\b/.test(type))
        throw new AwsError(
          'UnknownOperationException',
          `SageMaker speaks application/x-amz-json-1.1; the request's Content-Type is "${type}".`,
        );
      const target = request.headers['x-amz-target'] ?? '';
      const operationName = target.startsWith(TARGET) ? target.slice(TARGET.length) : '';
      const operation = Object.hasOwn(operations, operationName) ? operations[operationName] : undefined;
      if (!operation)
        throw new AwsError(
          'UnknownOperationException',
          `The local SageMaker does not support ${operationName || `the target "${target}"`}; it has ${Object.keys(operations).sort().join(', ')}.`,
        );
      const answer = await operation(callOf(context, request, parse(request.body)));
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.1' },
        body: answer === undefined ? '' : JSON.stringify(answer),
      };
    },
    async close() {
      // The tuning jobs wait for the training jobs that are ended, and launch no more.
      await Promise.all([tunings.close(), runs.close(), transforms.close()]);
      await deployments.close();
    },
  };
}

function parse(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new AwsError(
      'SerializationException',
      `The request's body is not JSON: ${(error as Error).message}`,
    );
  }
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw new AwsError('SerializationException', 'The request’s body is not a JSON object.');
  return input as Record<string, unknown>;
}
