/** Runs training jobs: each in a process of its own, from its S3 input to its model artifact in S3. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { AwsError } from '../../errors.js';
import type { AwsContext, Identity } from '../../service.js';
import { pullImage } from '../shared/images.js';
import { encryptionOf } from '../shared/keys.js';
import type { AccountRecords, Channel, Tag, TrainingJob, TrainingJobRequest } from '../shared/records.js';
import { channelFiles, parseS3Uri, takeFile } from '../shared/s3-data.js';
import type { ChannelFiles, TrainingReport, TrainingTask } from './training-process.js';

const PROGRAM = fileURLToPath(new URL('./training-process.js', import.meta.url));
/** How long a stopped process may take before it is killed; SageMaker gives 120 s. */
const STOP_GRACE_MS = 5_000;

/** A job that passed all checks. */
export interface AcceptedJob {
  name: string;
  arn: string;
  request: TrainingJobRequest;
  tags: Tag[];
  tuning?: TrainingJob['tuning'];
}

/** A job that runs. */
interface Entry {
  child?: ChildProcess;
  stop?: 'Stopped' | 'MaxRuntimeExceeded';
  /** Aborted when it need not wait for an instance any more. */
  readonly hurry: AbortController;
  done: Promise<void>;
}

/** The jobs that run now. */
export class TrainingRuns {
  readonly #context: AwsContext;
  readonly #running = new Map<string, Entry>();
  #closing = false;

  constructor(context: AwsContext) {
    this.#context = context;
  }

  /** Starts a job that was accepted: returns at once, the job's record tells how it goes. */
  start(records: AccountRecords, accepted: AcceptedJob, role: Identity): TrainingJob {
    const { name, arn, request, tags, tuning } = accepted;
    const now = this.#now();
    const job: TrainingJob = {
      TrainingJobName: name,
      TrainingJobArn: arn,
      TrainingJobStatus: 'InProgress',
      SecondaryStatus: 'Starting',
      SecondaryStatusTransitions: [],
      CreationTime: now,
      LastModifiedTime: now,
      request,
      ...(tuning && { tuning }),
    };
    enterStatus(job, 'Starting', 'Starting the training job', now);
    records.trainingJobs.set(name, job);
    records.tags.set(arn, tags);
    const entry: Entry = { hurry: new AbortController(), done: Promise.resolve() };
    this.#running.set(job.TrainingJobArn, entry);
    entry.done = this.#run(records, job, role, entry)
      .catch((error: Error) => this.#end(records, job, 'Failed', `InternalServerError: ${error.message}`))
      .finally(() => this.#running.delete(job.TrainingJobArn));
    return job;
  }

  /** Waits until a job has ended. */
  async waitForEnd(job: TrainingJob): Promise<void> {
    await this.#running.get(job.TrainingJobArn)?.done;
  }

  /** Stops a job that is in progress, as its user asks. */
  requestStop(records: AccountRecords, job: TrainingJob): void {
    job.TrainingJobStatus = 'Stopping';
    this.#enter(records, job, 'Stopping', 'Stopping the training job');
    this.stop(job);
  }

  /** Stops a running job. */
  stop(job: TrainingJob, reason: 'Stopped' | 'MaxRuntimeExceeded' = 'Stopped'): void {
    const entry = this.#running.get(job.TrainingJobArn);
    if (!entry) return;
    entry.stop ??= reason;
    entry.hurry.abort();
    const { child } = entry;
    if (!child) return;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), STOP_GRACE_MS).unref();
  }

  /** Ends all jobs, because the cloud closes: they fail, as in a crash, and say why. */
  async close(): Promise<void> {
    this.#closing = true;
    const entries = [...this.#running.values()];
    for (const entry of entries) {
      entry.child?.kill('SIGKILL');
      entry.hurry.abort();
    }
    await Promise.all(entries.map((entry) => entry.done));
  }

  async #run(records: AccountRecords, job: TrainingJob, role: Identity, entry: Entry): Promise<void> {
    const folder = join(records.folder, 'jobs', job.TrainingJobName);
    try {
      const { clock, startingTime } = this.#context;
      if (startingTime > 0) await clock.sleep(startingTime, entry.hurry.signal);
      // The next cloud finds it in progress and fails it.
      if (this.#closing) return;
      this.#enter(records, job, 'Downloading', 'Downloading input data');
      let task: TrainingTask;
      try {
        task = this.#download(job, role, folder);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        // What has changed since the job was accepted, or what its own network does not let through.
        return this.#end(records, job, 'Failed', `ClientError: Data download failed:${error.message}`);
      }
      // Let the answer to CreateTrainingJob leave before this thread is busy with the start.
      await new Promise((resolve) => setImmediate(resolve));
      if (entry.stop) return this.#end(records, job, 'Stopped');
      try {
        pullImage(this.#context, role, job.request.AlgorithmSpecification.TrainingImage);
      } catch (error) {
        return this.#end(records, job, 'Failed', `ClientError: ${(error as Error).message}`);
      }
      job.TrainingStartTime = this.#now();
      this.#enter(records, job, 'Training', 'Training image download completed. Training in progress.');
      const { outcome, signal } = await this.#train(job, task, entry);
      job.TrainingEndTime = this.#now();
      if (entry.stop) return this.#end(records, job, 'Stopped', undefined, entry.stop);
      if (outcome?.kind === 'failed') return this.#end(records, job, 'Failed', outcome.reason);
      if (outcome?.kind !== 'done') {
        const how = signal ? `was killed by ${signal}` : 'ended without a result';
        return this.#end(
          records,
          job,
          'Failed',
          `AlgorithmError: the training process ${how}, exit code: 137`,
        );
      }
      this.#enter(records, job, 'Uploading', 'Uploading generated training model');
      const artifact = `${job.request.OutputDataConfig.S3OutputPath.replace(/\/$/, '')}/${job.TrainingJobName}/output/model.tar.gz`;
      const { bucket, key } = parseS3Uri(artifact);
      try {
        const encryption = encryptionOf(job.request.OutputDataConfig.KmsKeyId);
        await this.#context.s3.put(role, bucket, key, { file: task.output }, encryption);
      } catch (error) {
        return this.#end(
          records,
          job,
          'Failed',
          `ClientError: Failed to upload ${artifact}: ${(error as Error).message}`,
        );
      }
      job.ModelArtifacts = { S3ModelArtifacts: artifact };
      job.FinalMetricDataList = Object.entries(outcome.metrics).map(([MetricName, Value]) => ({
        MetricName,
        Value: asLogged(Value),
        Timestamp: job.TrainingEndTime!,
      }));
      this.#end(records, job, 'Completed');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Gives the job files of its own. */
  #download(job: TrainingJob, role: Identity, folder: string): TrainingTask {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const load = (channel: Channel): ChannelFiles => ({
      files: channelFiles(this.#context, role, channel).map((source, index) => {
        const target = join(folder, `${channel.ChannelName}-${index}`);
        takeFile(source, target);
        return target;
      }),
      gzip: channel.CompressionType === 'Gzip',
      contentType: channel.ContentType,
    });
    const channels = job.request.InputDataConfig.map((channel) => [channel.ChannelName, load(channel)]);
    return {
      hyperparameters: job.request.HyperParameters ?? {},
      channels: Object.fromEntries(channels),
      output: join(folder, 'model.tar.gz'),
    };
  }

  async #train(
    job: TrainingJob,
    task: TrainingTask,
    entry: Pick<Entry, 'child'>,
  ): Promise<{ outcome?: TrainingReport; signal: NodeJS.Signals | null }> {
    const child = spawn(process.execPath, [PROGRAM], {
      stdio: ['pipe', 'pipe', 'pipe'],
      // XGBoost's threads would wait for each other at the cloud's few pools of memory.
      env: { ...process.env, OMP_WAIT_POLICY: 'PASSIVE', MALLOC_ARENA_MAX: undefined },
    });
    entry.child = child;
    const limit = job.request.StoppingCondition.MaxRuntimeInSeconds ?? 86_400;
    const timer = setTimeout(() => this.stop(job, 'MaxRuntimeExceeded'), Math.min(limit * 1000, 2 ** 31 - 1));
    let outcome: TrainingReport | undefined;
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      complaint = (complaint + chunk.toString()).slice(-2000);
    });
    child.stdin.on('error', () => {}); // A process that dies early is seen by its exit.
    child.stdin.end(JSON.stringify(task));
    createInterface({ input: child.stdout }).on('line', (line) => {
      outcome = JSON.parse(line) as TrainingReport;
    });
    const signal = await new Promise<NodeJS.Signals | null>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (_code, bySignal) => resolve(bySignal));
    });
    clearTimeout(timer);
    if (!outcome && !signal)
      outcome = {
        kind: 'failed',
        reason: `AlgorithmError: ${complaint.trim() || 'no output'}, exit code: 1`,
      };
    return { outcome, signal };
  }

  #now(): number {
    return this.#context.clock.now() / 1000;
  }

  #enter(records: AccountRecords, job: TrainingJob, status: string, message: string): void {
    enterStatus(job, status, message, this.#now());
    records.trainingJobs.save();
  }

  #end(
    records: AccountRecords,
    job: TrainingJob,
    status: 'Completed' | 'Failed' | 'Stopped',
    reason?: string,
    secondary: string = status,
  ): void {
    const now = this.#now();
    if (reason) job.FailureReason = reason.slice(0, 1024);
    if (job.TrainingStartTime !== undefined) {
      job.TrainingEndTime ??= now;
      const seconds = Math.max(1, Math.ceil(job.TrainingEndTime - job.TrainingStartTime));
      job.TrainingTimeInSeconds = seconds;
      job.BillableTimeInSeconds = seconds;
      const { InstanceType, InstanceCount } = job.request.ResourceConfig;
      this.#context.meter.add(`training:${InstanceType}`, seconds * InstanceCount);
    }
    job.TrainingJobStatus = status;
    enterStatus(
      job,
      secondary,
      status === 'Failed' ? `Training job failed` : `Training job ${status.toLowerCase()}`,
      now,
    );
    const last = job.SecondaryStatusTransitions.at(-1);
    if (last) last.EndTime = now;
    records.trainingJobs.save();
  }
}

/** Moves a job to its next secondary status. */
export function enterStatus(job: TrainingJob, status: string, message: string, now: number): void {
  const last = job.SecondaryStatusTransitions.at(-1);
  if (last) last.EndTime = now;
  job.SecondaryStatus = status;
  job.SecondaryStatusTransitions.push({ Status: status, StartTime: now, StatusMessage: message });
  job.LastModifiedTime = now;
}

/** A metric as SageMaker knows it: read from the log, where XGBoost writes five decimals, to single precision. */
function asLogged(value: number): number {
  return Math.fround(Number(value.toFixed(5)));
}
