/** Bringing models to endpoints: starting to serve them, changing what is served, and ending it. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { meterHosting } from '../../costs/hosting.js';
import type { AwsContext } from '../../service.js';
import {
  type AccountRecords,
  type Deployment,
  type Endpoint,
  type EndpointConfig,
  modelFileOf,
} from '../shared/records.js';
import { placeRole } from '../shared/vpc.js';
import { loadModel, unloadModel } from './model-files.js';

const NO_PING =
  'The primary container for production variant VARIANT did not pass the ping health check. Please check CloudWatch logs for this endpoint.';

/** Creates, updates and removes what endpoints run; each step ends in the endpoint's record. */
export class Deployments {
  readonly #context: AwsContext;
  readonly #pending = new Set<Promise<void>>();
  readonly #closing = new AbortController();

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** Deploys a configuration to an endpoint that is Creating or Updating; returns at once. */
  start(records: AccountRecords, endpoint: Endpoint, config: EndpointConfig): void {
    this.#later(async () => {
      const previous = endpoint.deployed;
      try {
        await this.#take(this.#context.deploymentTime);
        endpoint.deployed = await this.#deploy(records, endpoint, config);
        endpoint.EndpointConfigName = config.EndpointConfigName;
        endpoint.EndpointStatus = 'InService';
        if (previous) this.#later(() => this.#discard(records, previous));
      } catch (error) {
        // An update that fails leaves the endpoint serving what it served before.
        endpoint.FailureReason = (error as Error).message;
        endpoint.EndpointStatus = previous ? 'InService' : 'Failed';
      }
      delete endpoint.pendingConfig;
      this.#changed(records, endpoint);
    });
  }

  /** Takes down and forgets an endpoint that is Deleting; returns at once. */
  remove(records: AccountRecords, endpoint: Endpoint): void {
    this.#later(async () => {
      await this.#take(this.#context.deletionTime);
      records.endpoints.delete(endpoint.EndpointName);
      records.tags.delete(endpoint.EndpointArn);
      if (endpoint.deployed) await this.#discard(records, endpoint.deployed);
    });
  }

  /** Ends what is under way: the work itself, without the time that it would take in a cloud. */
  async close(): Promise<void> {
    this.#closing.abort();
    while (this.#pending.size > 0) await Promise.all(this.#pending);
  }

  /** Lets the time pass that a cloud needs; a clock that stands still does not hold up the end of the server. */
  async #take(milliseconds: number): Promise<void> {
    if (milliseconds > 0) await this.#context.clock.sleep(milliseconds, this.#closing.signal);
  }

  async #deploy(records: AccountRecords, endpoint: Endpoint, config: EndpointConfig): Promise<Deployment> {
    const variant = config.ProductionVariants[0]!;
    const model = records.models.get(variant.ModelName);
    if (!model)
      throw new Error(`The model ${variant.ModelName} was deleted while the endpoint was being created.`);
    const role = this.#context.assumeServiceRole(
      model.ExecutionRoleArn,
      'sagemaker.amazonaws.com',
      'SageMaker',
    );
    // Within the records' folder, so that a state folder may be moved and copied.
    const modelFile = join('serving', endpoint.EndpointName, randomUUID(), 'xgboost-model');
    try {
      await loadModel(
        this.#context,
        placeRole(role, model.VpcConfig),
        model,
        join(records.folder, modelFile),
      );
    } catch (error) {
      const why = (error as Error).message;
      throw new Error(`${NO_PING.replace('VARIANT', variant.VariantName)} (${why})`);
    }
    const since = this.#context.clock.now() / 1000;
    return { variant, image: model.PrimaryContainer.Image, modelFile, since };
  }

  async #discard(records: AccountRecords, deployment: Deployment): Promise<void> {
    meterHosting(this.#context.meter, deployment, this.#context.clock.now() / 1000);
    await unloadModel(this.#context, modelFileOf(records, deployment));
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
