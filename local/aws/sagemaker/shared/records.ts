/** What SageMaker remembers: its resources by name, kept in one file per kind and account. */
import { join, resolve } from 'node:path';
import { readState, writeState } from '@local-cloud/kit/state-file.js';
import type { AwsContext } from '../../service.js';

/** Resources of one kind by name. A changed resource is saved with `save`. */
export class Records<T> {
  readonly #path: string;
  readonly #items: Map<string, T>;

  constructor(path: string) {
    this.#path = path;
    this.#items = new Map(Object.entries(readState<Record<string, T>>(path) ?? {}));
  }

  get(name: string): T | undefined {
    return this.#items.get(name);
  }

  has(name: string): boolean {
    return this.#items.has(name);
  }

  values(): T[] {
    return [...this.#items.values()];
  }

  /** Adds or replaces a resource and writes the file. */
  set(name: string, item: T): void {
    this.#items.set(name, item);
    this.save();
  }

  delete(name: string): void {
    if (this.#items.delete(name)) this.save();
  }

  /** Writes the file, after a resource was changed in place. */
  save(): void {
    writeState(this.#path, Object.fromEntries(this.#items));
  }
}

export interface Tag {
  Key: string;
  Value: string;
}

/** Times are seconds since 1970, as on the wire. */
export type Seconds = number;

export interface TrainingJob {
  TrainingJobName: string;
  TrainingJobArn: string;
  TrainingJobStatus: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  SecondaryStatus: string;
  SecondaryStatusTransitions: {
    Status: string;
    StartTime: Seconds;
    EndTime?: Seconds;
    StatusMessage: string;
  }[];
  FailureReason?: string;
  ModelArtifacts?: { S3ModelArtifacts: string };
  FinalMetricDataList?: { MetricName: string; Value: number; Timestamp: Seconds }[];
  CreationTime: Seconds;
  LastModifiedTime: Seconds;
  TrainingStartTime?: Seconds;
  TrainingEndTime?: Seconds;
  TrainingTimeInSeconds?: number;
  BillableTimeInSeconds?: number;
  /** The request's members as they were given. */
  request: TrainingJobRequest;
  /** The tuning job that launched it, and the hyperparameters that it chose. */
  tuning?: { jobArn: string; parameters: Record<string, string> };
}

export interface TrainingJobRequest {
  AlgorithmSpecification: { TrainingImage: string; TrainingInputMode: string };
  RoleArn: string;
  HyperParameters?: Record<string, string>;
  InputDataConfig: Channel[];
  OutputDataConfig: { S3OutputPath: string; KmsKeyId?: string };
  ResourceConfig: {
    InstanceType: string;
    InstanceCount: number;
    VolumeSizeInGB: number;
    VolumeKmsKeyId?: string;
  };
  StoppingCondition: { MaxRuntimeInSeconds?: number };
  /** Left out: of a job that an older release has started. */
  EnableNetworkIsolation?: boolean;
  VpcConfig?: VpcConfig;
}

/** Where SageMaker puts network interfaces. */
export interface VpcConfig {
  SecurityGroupIds: string[];
  Subnets: string[];
}

export interface Channel {
  ChannelName: string;
  DataSource: { S3DataSource: { S3DataType: string; S3Uri: string; S3DataDistributionType?: string } };
  ContentType?: string;
  CompressionType?: 'None' | 'Gzip';
  InputMode?: string;
}

export interface TuningJob {
  HyperParameterTuningJobName: string;
  HyperParameterTuningJobArn: string;
  HyperParameterTuningJobStatus: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  FailureReason?: string;
  CreationTime: Seconds;
  LastModifiedTime: Seconds;
  HyperParameterTuningEndTime?: Seconds;
  /** As given, with the defaults that SageMaker fills in. */
  HyperParameterTuningJobConfig: TuningConfig;
  TrainingJobDefinition: Omit<TrainingJobRequest, 'HyperParameters'> & {
    StaticHyperParameters: Record<string, string>;
  };
}

export interface TuningConfig {
  Strategy: 'Random' | 'Grid' | 'Bayesian';
  HyperParameterTuningJobObjective: { Type: 'Maximize' | 'Minimize'; MetricName: string };
  ResourceLimits: { MaxNumberOfTrainingJobs?: number; MaxParallelTrainingJobs: number };
  ParameterRanges: Record<string, unknown>;
  TrainingJobEarlyStoppingType: 'Off';
  RandomSeed?: number;
}

export interface TransformJob {
  TransformJobName: string;
  TransformJobArn: string;
  TransformJobStatus: 'InProgress' | 'Completed' | 'Failed' | 'Stopping' | 'Stopped';
  FailureReason?: string;
  CreationTime: Seconds;
  LastModifiedTime: Seconds;
  TransformStartTime?: Seconds;
  TransformEndTime?: Seconds;
  request: TransformRequest;
}

export interface TransformRequest {
  ModelName: string;
  MaxConcurrentTransforms?: number;
  MaxPayloadInMB?: number;
  BatchStrategy?: 'MultiRecord' | 'SingleRecord';
  TransformInput: {
    DataSource: { S3DataSource: { S3DataType: string; S3Uri: string } };
    ContentType?: string;
    CompressionType: 'None' | 'Gzip';
    SplitType: 'None' | 'Line';
  };
  TransformOutput: {
    S3OutputPath: string;
    Accept?: string;
    AssembleWith: 'None' | 'Line';
    KmsKeyId?: string;
  };
  TransformResources: { InstanceType: string; InstanceCount: number; VolumeKmsKeyId?: string };
}

export interface Model {
  ModelName: string;
  ModelArn: string;
  PrimaryContainer: { Image: string; ModelDataUrl: string; Environment?: Record<string, string> };
  ExecutionRoleArn: string;
  CreationTime: Seconds;
  EnableNetworkIsolation: boolean;
  VpcConfig?: VpcConfig;
}

export interface Variant {
  VariantName: string;
  ModelName: string;
  InstanceType?: string;
  InitialInstanceCount?: number;
  InitialVariantWeight: number;
  ServerlessConfig?: { MemorySizeInMB: number; MaxConcurrency: number };
}

export interface EndpointConfig {
  EndpointConfigName: string;
  EndpointConfigArn: string;
  /** Of the instances' volumes, or of the image behind a serverless endpoint. */
  KmsKeyId?: string;
  ProductionVariants: Variant[];
  CreationTime: Seconds;
}

export interface Endpoint {
  EndpointName: string;
  EndpointArn: string;
  /** The configuration that serves, and while updating the one that is to replace it. */
  EndpointConfigName: string;
  pendingConfig?: string;
  EndpointStatus: 'Creating' | 'InService' | 'Updating' | 'Deleting' | 'Failed';
  FailureReason?: string;
  CreationTime: Seconds;
  LastModifiedTime: Seconds;
  /** What serves: a deleted configuration or model does not stop an endpoint that runs. */
  deployed?: Deployment;
}

/** A model as it was when the endpoint was deployed. */
export interface Deployment {
  variant: Variant;
  image: string;
  /** The model file, unpacked: its path in the records' folder; see modelFileOf. */
  modelFile: string;
  /** When it began to serve. */
  since?: Seconds;
}

/** Where a deployment's model file is. Older states have the whole path. */
export const modelFileOf = (records: { folder: string }, { modelFile }: Deployment): string =>
  resolve(records.folder, modelFile);

export interface ModelPackageGroup {
  ModelPackageGroupName: string;
  ModelPackageGroupArn: string;
  ModelPackageGroupDescription?: string;
  ModelPackageGroupStatus: 'Completed';
  CreationTime: Seconds;
  /** Version numbers are never given twice. */
  lastVersion: number;
}

export interface ModelPackage {
  ModelPackageArn: string;
  ModelPackageGroupName: string;
  ModelPackageVersion: number;
  ModelPackageDescription?: string;
  ModelPackageStatus: 'Completed';
  ModelApprovalStatus: 'Approved' | 'Rejected' | 'PendingManualApproval';
  ApprovalDescription?: string;
  InferenceSpecification: Record<string, unknown>;
  CustomerMetadataProperties: Record<string, string>;
  CreationTime: Seconds;
  LastModifiedTime: Seconds;
}

/** All of one account's resources. */
export interface AccountRecords {
  folder: string;
  trainingJobs: Records<TrainingJob>;
  tuningJobs: Records<TuningJob>;
  transformJobs: Records<TransformJob>;
  models: Records<Model>;
  endpointConfigs: Records<EndpointConfig>;
  endpoints: Records<Endpoint>;
  modelPackageGroups: Records<ModelPackageGroup>;
  /** By ARN. */
  modelPackages: Records<ModelPackage>;
  /** By resource ARN. */
  tags: Records<Tag[]>;
}

const known = new WeakMap<AwsContext, Map<string, AccountRecords>>();

/** The records of an account: SageMaker and its runtime share them within one local AWS. */
export function recordsOf(context: AwsContext, accountId: string): AccountRecords {
  let accounts = known.get(context);
  if (!accounts) {
    accounts = new Map();
    known.set(context, accounts);
  }
  let records = accounts.get(accountId);
  if (!records) {
    const folder = join(context.stateDir, 'sagemaker', accountId);
    records = {
      folder,
      trainingJobs: new Records(join(folder, 'training-jobs.json')),
      tuningJobs: new Records(join(folder, 'tuning-jobs.json')),
      transformJobs: new Records(join(folder, 'transform-jobs.json')),
      models: new Records(join(folder, 'models.json')),
      endpointConfigs: new Records(join(folder, 'endpoint-configs.json')),
      endpoints: new Records(join(folder, 'endpoints.json')),
      modelPackageGroups: new Records(join(folder, 'model-package-groups.json')),
      modelPackages: new Records(join(folder, 'model-packages.json')),
      tags: new Records(join(folder, 'tags.json')),
    };
    accounts.set(accountId, records);
  }
  return records;
}
