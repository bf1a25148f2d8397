/** Runs transform jobs: every input object through the model, record by record, to an object with the suffix .out. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type { AwsContext, Identity } from '../../service.js';
import { loadModel, unloadModel } from '../hosting/model-files.js';
import { servingOf } from '../hosting/serving.js';
import { ClientError } from '../shared/client-error.js';
import { encryptionOf } from '../shared/keys.js';
import type { AccountRecords, Model, TransformJob } from '../shared/records.js';
import { type InputObject, parseS3Uri, takeFile, transformObjects } from '../shared/s3-data.js';
import { placeRole } from '../shared/vpc.js';
import { payloadsOf } from './transform-payloads.js';

export const DEFAULT_PAYLOAD_MB = 6;

/** The transform jobs that run now. */
export class TransformRuns {
  readonly #context: AwsContext;
  readonly #running = new Map<string, Promise<void>>();
  readonly #hurries = new Map<string, AbortController>();
  #closing = false;

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** Starts a job that was accepted: returns at once, the job's record tells how it goes. */
  start(records: AccountRecords, job: TransformJob, model: Model): void {
    const arn = job.TransformJobArn;
    const hurry = new AbortController();
    this.#hurries.set(arn, hurry);
    const done = new Promise<void>((resolve) => setImmediate(resolve))
      .then(() => this.#run(records, job, model, hurry.signal))
      .catch((error: Error) => this.#end(records, job, reasonOf(error)))
      .finally(() => {
        this.#running.delete(arn);
        this.#hurries.delete(arn);
      });
    this.#running.set(arn, done);
  }

  /** Stops a job that is in progress: it stores no output. */
  stop(records: AccountRecords, job: TransformJob): void {
    job.TransformJobStatus = 'Stopping';
    this.#hurries.get(job.TransformJobArn)?.abort();
    this.#changed(records, job);
  }

  /** Sends nothing more to the models and waits. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const hurry of this.#hurries.values()) hurry.abort();
    await Promise.all(this.#running.values());
  }

  #goesOn(job: TransformJob): boolean {
    return !this.#closing && job.TransformJobStatus === 'InProgress';
  }

  async #run(records: AccountRecords, job: TransformJob, model: Model, hurry: AbortSignal): Promise<void> {
    const context = this.#context;
    if (context.startingTime > 0) await context.clock.sleep(context.startingTime, hurry);
    job.TransformStartTime = context.clock.now() / 1000;
    const folder = join(records.folder, 'jobs', `transform-${randomUUID()}`);
    const modelFile = join(folder, 'model', 'xgboost-model');
    try {
      mkdirSync(folder, { recursive: true });
      const role = await this.#begin(model, modelFile);
      const objects = transformObjects(context, role, job.request.TransformInput.DataSource.S3DataSource);
      for (const [index, object] of objects.entries()) takeFile(object.path, join(folder, `in-${index}`));
      const finished: { object: InputObject; file: string }[] = [];
      let failure: Error | undefined;
      for (const [index, object] of objects.entries()) {
        if (!this.#goesOn(job)) break;
        const file = join(folder, `out-${index}`);
        try {
          await this.#transform(job, join(folder, `in-${index}`), modelFile, file);
          finished.push({ object, file });
        } catch (error) {
          // The other objects are still processed, and the job then fails.
          failure ??= error as Error;
        }
      }
      if (!this.#goesOn(job)) return this.#end(records, job);
      for (const { object, file } of finished) await this.#upload(job, role, object, file);
      this.#end(records, job, failure && reasonOf(failure));
    } finally {
      await unloadModel(context, modelFile);
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Loads the model under its role. */
  async #begin(model: Model, modelFile: string): Promise<Identity> {
    try {
      const role = this.#context.assumeServiceRole(
        model.ExecutionRoleArn,
        'sagemaker.amazonaws.com',
        'SageMaker',
      );
      const placed = placeRole(role, model.VpcConfig);
      await loadModel(this.#context, placed, model, modelFile);
      return placed;
    } catch (error) {
      throw new ClientError(`The model ${model.ModelName} does not start: ${(error as Error).message}`);
    }
  }

  /** One object to one file: requests go out side by side, answers are written in order. */
  async #transform(job: TransformJob, path: string, modelFile: string, file: string): Promise<void> {
    const { TransformInput, TransformOutput, BatchStrategy, MaxPayloadInMB } = job.request;
    // Without a setting the container's own holds: one request per processor.
    const parallel = job.request.MaxConcurrentTransforms || availableParallelism();
    const source = createReadStream(path, { highWaterMark: 1 << 20 });
    const bytes = TransformInput.CompressionType === 'Gzip' ? source.pipe(createGunzip()) : source;
    source.on('error', (error) => bytes.destroy(error));
    bytes.on('error', () => {}); // Seen by its reader, if there is one any more.
    const payloads = payloadsOf(bytes, {
      split: TransformInput.SplitType === 'Line',
      single: BatchStrategy === 'SingleRecord',
      most: (MaxPayloadInMB ?? DEFAULT_PAYLOAD_MB) * 1024 * 1024,
    });
    const invoke = async (body: Buffer): Promise<Buffer> => {
      const { ContentType: contentType } = TransformInput;
      const { Accept: accept, AssembleWith } = TransformOutput;
      const request = { contentType, accept, body, batch: true };
      const response = await servingOf(this.#context).invoke(modelFile, request);
      const text = Buffer.from(response.body);
      if (response.status >= 300)
        throw new ClientError(
          `See job logs for more information: the model answered ${response.status} with "${text}"`,
        );
      const ends = text.length === 0 || text.at(-1) === 10;
      return AssembleWith === 'Line' && !ends ? Buffer.concat([text, Buffer.from('\n')]) : text;
    };
    const goesOn = () => this.#goesOn(job);
    await pipeline(async function* () {
      const underWay: Promise<Buffer>[] = [];
      for await (const payload of payloads) {
        if (!goesOn()) return;
        const answer = invoke(payload);
        answer.catch(() => {}); // Seen where it is awaited, which may be never.
        underWay.push(answer);
        if (underWay.length >= parallel) yield await underWay.shift()!;
      }
      while (underWay.length > 0) yield await underWay.shift()!;
    }, createWriteStream(file));
  }

  async #upload(job: TransformJob, role: Identity, object: InputObject, file: string): Promise<void> {
    const { bucket, key } = parseS3Uri(job.request.TransformOutput.S3OutputPath);
    const folder = key.replace(/\/$/, '');
    const target = `${folder ? `${folder}/` : ''}${object.relative}.out`;
    try {
      const encryption = encryptionOf(job.request.TransformOutput.KmsKeyId);
      await this.#context.s3.put(role, bucket, target, { file }, encryption);
    } catch (error) {
      throw new ClientError(`Failed to upload s3://${bucket}/${target}: ${(error as Error).message}`);
    }
  }

  #changed(records: AccountRecords, job: TransformJob): void {
    job.LastModifiedTime = this.#context.clock.now() / 1000;
    records.transformJobs.save();
  }

  #end(records: AccountRecords, job: TransformJob, reason?: string): void {
    // A cloud that closes leaves the job in progress; the next one finds it so and fails it.
    if (this.#closing) return;
    if (job.TransformJobStatus === 'Stopping') job.TransformJobStatus = 'Stopped';
    else job.TransformJobStatus = reason === undefined ? 'Completed' : 'Failed';
    if (job.TransformJobStatus === 'Failed') job.FailureReason = reason!.slice(0, 1024);
    job.TransformEndTime = this.#context.clock.now() / 1000;
    const { InstanceType, InstanceCount } = job.request.TransformResources;
    const seconds = job.TransformEndTime - (job.TransformStartTime ?? job.TransformEndTime);
    this.#context.meter.add(`transform:${InstanceType}`, Math.ceil(seconds) * InstanceCount);
    this.#changed(records, job);
  }
}

function reasonOf(error: Error & { code?: string }): string {
  if (error.code?.startsWith('Z_'))
    return `ClientError: an input object is not in the format Gzip, which CompressionType says: ${error.message}`;
  return `${error instanceof ClientError ? 'ClientError' : 'InternalServerError'}: ${error.message}`;
}
