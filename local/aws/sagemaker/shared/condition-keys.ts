/** What a policy's conditions may ask of a request to make something. */
import type { Input } from './validation.js';

/** Where each key finds its value or values in a request; a `*` goes through a list. */
type Places = Readonly<Record<string, readonly string[]>>;

const TRAINING = (definition: string): Places => ({
  InstanceTypes: [`${definition}ResourceConfig.InstanceType`],
  MaxRuntimeInSeconds: [`${definition}StoppingCondition.MaxRuntimeInSeconds`],
  OutputKmsKey: [`${definition}OutputDataConfig.KmsKeyId`],
  VolumeKmsKey: [`${definition}ResourceConfig.VolumeKmsKeyId`],
  VpcSubnets: [`${definition}VpcConfig.Subnets.*`],
  VpcSecurityGroupIds: [`${definition}VpcConfig.SecurityGroupIds.*`],
});

/**
 * By action: Service Authorization Reference, "Actions, resources, and condition keys for Amazon SageMaker", of November 2026. IAM has no
 * key for an image, a count of instances or an output path.
 */
const KEYS: Readonly<Record<string, Places>> = {
  CreateTrainingJob: { ...TRAINING(''), NetworkIsolation: ['EnableNetworkIsolation'] },
  CreateHyperParameterTuningJob: {
    ...TRAINING('TrainingJobDefinition.'),
    NetworkIsolation: ['TrainingJobDefinition.EnableNetworkIsolation'],
  },
  CreateTransformJob: {
    InstanceTypes: ['TransformResources.InstanceType'],
    OutputKmsKey: ['TransformOutput.KmsKeyId'],
    VolumeKmsKey: ['TransformResources.VolumeKmsKeyId'],
  },
  CreateModel: {
    NetworkIsolation: ['EnableNetworkIsolation'],
    VpcSubnets: ['VpcConfig.Subnets.*'],
    VpcSecurityGroupIds: ['VpcConfig.SecurityGroupIds.*'],
  },
  CreateEndpointConfig: {
    InstanceTypes: ['ProductionVariants.*.InstanceType'],
    ServerlessMaxConcurrency: ['ProductionVariants.*.ServerlessConfig.MaxConcurrency'],
    ServerlessMemorySize: ['ProductionVariants.*.ServerlessConfig.MemorySizeInMB'],
    VolumeKmsKey: ['KmsKeyId'],
  },
};

/**
 * The keys of a request with their values; a key whose member the request leaves out is left out.
 * @example
 * conditionsOf('CreateTransformJob', { TransformResources: { InstanceType: 'ml.m5.large' } }); // { 'sagemaker:InstanceTypes': ['ml.m5.large'] }
 */
export function conditionsOf(action: string, input: Input): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const [key, places] of Object.entries(KEYS[action] ?? {})) {
    const values = places.flatMap((place) => valuesAt(input, place.split('.')));
    if (values.length > 0) found[`sagemaker:${key}`] = values.map(String);
  }
  return found;
}

function valuesAt(value: unknown, [key, ...rest]: readonly string[]): unknown[] {
  if (value === undefined || value === null) return [];
  if (key === undefined) return [value];
  if (key === '*') return Array.isArray(value) ? value.flatMap((each) => valuesAt(each, rest)) : [];
  return typeof value === 'object' ? valuesAt((value as Record<string, unknown>)[key], rest) : [];
}
