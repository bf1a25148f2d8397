/** Bringing models to endpoints: unpacking the artifact and starting to serve it. */
import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { servingOf } from '../sagemaker-runtime/serving.js';
import type { AwsContext } from '../service.js';
import { pullImage } from './images.js';
import type { AccountRecords, Deployment, Endpoint, EndpointConfig } from './records.js';
import { readObject } from './s3-data.js';
import { unpackTarGz } from './tar.js';

const NO_PING =
  'The primary container for production variant VARIANT did not pass the ping health check. Please check CloudWatch logs for this endpoint.';

/** Creates, updates and removes what endpoints run; each step ends in the endpoint's record. */
export class Deployments {
  readonly #context: AwsContext;
  readonly #pending = new Set<Promise<void>>();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** Deploys a configuration to an endpoint that is Creating or Updating; returns at once. */
  start(records: AccountRecords, endpoint: Endpoint, config: EndpointConfig): void {
    this.#later(async () => {
      const previous = endpoint.deployed;
      try {
        endpoint.deployed = await this.#deploy(records, endpoint, config);
        endpoint.EndpointConfigName = config.EndpointConfigName;
        endpoint.EndpointStatus = 'InService';
        if (previous) this.#later(() => this.#discard(previous));
      } catch (error) {
        // An update that fails leaves the endpoint serving what it served before.
        endpoint.FailureReason = (error as Error).message;
        endpoint.EndpointStatus = previous ? 'InService' : 'Failed';
      }
      delete endpoint.pendingConfig;
      this.#changed(records, endpoint);
    });
  }

  /** Takes an endpoint down and forgets it; returns at once. */
  remove(records: AccountRecords, endpoint: Endpoint): void {
    this.#later(async () => {
      records.endpoints.delete(endpoint.EndpointName);
      records.tags.delete(endpoint.EndpointArn);
      if (endpoint.deployed) await this.#discard(endpoint.deployed);
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  async #deploy(records: AccountRecords, endpoint: Endpoint, config: EndpointConfig): Promise<Deployment> {
    const variant = config.ProductionVariants[0]!;
    const model = records.models.get(variant.ModelName);
    if (!model)
      throw new Error(`The model ${variant.ModelName} was deleted while the endpoint was being created.`);
    const { Image, ModelDataUrl } = model.PrimaryContainer;
    const role = this.#context.assumeServiceRole(
      model.ExecutionRoleArn,
      'sagemaker.amazonaws.com',
      'SageMaker',
    );
    const modelFile = join(records.folder, 'serving', endpoint.EndpointName, randomUUID(), 'xgboost-model');
    mkdirSync(dirname(modelFile), { recursive: true });
    const noPing = (why: string) => new Error(`${NO_PING.replace('VARIANT', variant.VariantName)} (${why})`);
    try {
      pullImage(this.#context, role, Image);
      writeFileSync(modelFile, modelIn(readObject(this.#context, role, ModelDataUrl)));
      await servingOf(this.#context).load(modelFile);
    } catch (error) {
      rmSync(dirname(modelFile), { recursive: true, force: true });
      throw noPing((error as Error).message);
    }
    return { variant, image: Image, modelFile };
  }

  async #discard(deployment: Deployment): Promise<void> {
    await servingOf(this.#context).unload(deployment.modelFile);
    rmSync(dirname(deployment.modelFile), { recursive: true, force: true });
  }

  #changed(records: AccountRecords, endpoint: Endpoint): void {
    endpoint.LastModifiedTime = this.#context.clock.now() / 1000;
    records.endpoints.save();
  }

  #later(work: () => Promise<void>): void {
    const step = new Promise<void>((resolve) => setImmediate(resolve)).then(work);
    this.#pending.add(step);
    void step.finally(() => this.#pending.delete(step));
  }
}

/** The one model file of a model.tar.gz. */
function modelIn(archive: Buffer): Buffer {
  // The container reads every file that is not hidden, and averages over several models.
  const files = [...unpackTarGz(archive)].filter(([name]) => !name.split('/').at(-1)!.startsWith('.'));
  if (files.length !== 1)
    throw new Error(
      `The local SageMaker does not support model.tar.gz with ${files.length} files, because it serves one model; pack exactly one.`,
    );
  const [, model] = files[0]!;
  // Pickled boosters start with a protocol byte; loading them would need Python.
  if (model[0] === 0x80)
    throw new Error('The local SageMaker does not support pickled models; save with save_model.');
  return model;
}
