/** Runs tuning jobs: chooses combinations of hyperparameters and trains each as an ordinary training job. */
import { randomBytes, randomInt } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { AwsContext, Identity } from '../../service.js';
import { sagemakerArn } from '../shared/call.js';
import type { AccountRecords, Tag, TrainingJob, TuningJob } from '../shared/records.js';
import type { TrainingRuns } from '../training/training-run.js';
import { nextCombination, randomNumbers, type Trial } from './tuning-search.js';
import { combinations, readRanges } from './tuning-space.js';

/** A tuning job of which the first so many training jobs all failed is given up. */
const MOST_FAILURES = 5;

/** The tuning jobs that run now. */
export class TuningRuns {
  readonly #context: AwsContext;
  readonly #training: TrainingRuns;
  readonly #running = new Map<string, Promise<void>>();
  #closing = false;

  constructor(context: AwsContext, training: TrainingRuns) {
    this.#context = context;
    this.#training = training;
  }

  /** Starts a tuning job that was accepted: returns at once, the records tell how it goes. */
  start(records: AccountRecords, job: TuningJob, role: Identity, region: string, tags: Tag[]): void {
    const arn = job.HyperParameterTuningJobArn;
    const done = this.#run(records, job, role, region, tags)
      .catch((error: Error) => this.#end(records, job, 'Failed', `InternalServerError: ${error.message}`))
      .finally(() => this.#running.delete(arn));
    this.#running.set(arn, done);
  }

  /** Stops a tuning job that is in progress, and its training jobs. */
  stop(records: AccountRecords, job: TuningJob): void {
    job.HyperParameterTuningJobStatus = 'Stopping';
    this.#changed(records, job);
    for (const child of trainingJobsOf(records, job))
      if (child.TrainingJobStatus === 'InProgress') this.#training.requestStop(records, child);
  }

  /** Launches nothing more and waits; the training jobs are ended by TrainingRuns.close. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#running.values());
  }

  async #run(
    records: AccountRecords,
    job: TuningJob,
    role: Identity,
    region: string,
    tags: Tag[],
  ): Promise<void> {
    const { Strategy, ParameterRanges, ResourceLimits, HyperParameterTuningJobObjective, RandomSeed } =
      job.HyperParameterTuningJobConfig;
    const dimensions = readRanges(ParameterRanges);
    const random = randomNumbers(RandomSeed ?? randomInt(2 ** 32));
    const most = ResourceLimits.MaxNumberOfTrainingJobs ?? combinations(dimensions);
    // More training processes than processors would only slow each other down.
    const parallel = Math.min(ResourceLimits.MaxParallelTrainingJobs, availableParallelism());
    const sign = HyperParameterTuningJobObjective.Type === 'Minimize' ? 1 : -1;
    const trials: Trial[] = [];
    const underWay = new Set<Promise<void>>();
    let failures = 0;
    let successes = 0;

    const goesOn = () =>
      !this.#closing &&
      job.HyperParameterTuningJobStatus === 'InProgress' &&
      trials.length < most &&
      (successes > 0 || failures < MOST_FAILURES);
    for (;;) {
      while (goesOn() && underWay.size < parallel) {
        const values = nextCombination(Strategy, dimensions, trials, random);
        if (!values) break;
        const trial: Trial = { values };
        trials.push(trial);
        const child = this.#launch(records, job, role, region, tags, trials.length, values);
        const done = this.#training.waitForEnd(child).then(() => {
          underWay.delete(done);
          const objective = objectiveOf(job, child);
          if (objective !== undefined) trial.objective = sign * objective;
          if (child.TrainingJobStatus === 'Completed') successes += 1;
          else failures += 1;
          this.#changed(records, job);
        });
        underWay.add(done);
      }
      if (underWay.size === 0) break;
      await Promise.race(underWay);
    }

    // A cloud that closes leaves the job in progress; the next one finds it so and fails it.
    if (this.#closing) return;
    if ((job.HyperParameterTuningJobStatus as string) === 'Stopping')
      return this.#end(records, job, 'Stopped');
    if (successes === 0)
      return this.#end(
        records,
        job,
        'Failed',
        `No training job succeeded after ${failures} attempts. For additional details, please take a look at the training job failures by listing training jobs for the hyperparameter tuning job.`,
      );
    this.#end(records, job, 'Completed');
  }

  #launch(
    records: AccountRecords,
    job: TuningJob,
    role: Identity,
    region: string,
    tags: Tag[],
    number: number,
    values: Record<string, string>,
  ): TrainingJob {
    const { StaticHyperParameters, ...request } = job.TrainingJobDefinition;
    const { MetricName } = job.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective;
    const counter = String(number).padStart(3, '0');
    const name = `${job.HyperParameterTuningJobName}-${counter}-${randomBytes(4).toString('hex')}`;
    return this.#training.start(
      records,
      {
        name,
        arn: sagemakerArn(region, role.accountId, 'training-job', name),
        request: {
          ...request,
          // The container evaluates the objective because tuning asks for it by this hyperparameter.
          HyperParameters: { ...StaticHyperParameters, ...values, _tuning_objective_metric: MetricName },
        },
        tags,
        tuning: { jobArn: job.HyperParameterTuningJobArn, parameters: values },
      },
      role,
    );
  }

  #changed(records: AccountRecords, job: TuningJob): void {
    job.LastModifiedTime = this.#context.clock.now() / 1000;
    records.tuningJobs.save();
  }

  #end(
    records: AccountRecords,
    job: TuningJob,
    status: 'Completed' | 'Failed' | 'Stopped',
    reason?: string,
  ): void {
    job.HyperParameterTuningJobStatus = status;
    if (reason) job.FailureReason = reason.slice(0, 1024);
    job.HyperParameterTuningEndTime = this.#context.clock.now() / 1000;
    this.#changed(records, job);
  }
}

/** The training jobs that a tuning job launched and that were not deleted, in the order of their launch. */
export function trainingJobsOf(records: AccountRecords, job: TuningJob): TrainingJob[] {
  const arn = job.HyperParameterTuningJobArn;
  // An earlier tuning job of the same name, deleted since, may have left training jobs.
  return records.trainingJobs
    .values()
    .filter((child) => child.tuning?.jobArn === arn && child.CreationTime >= job.CreationTime);
}

/** The objective metric of a training job that completed with one. */
export function objectiveOf(job: TuningJob, child: TrainingJob): number | undefined {
  if (child.TrainingJobStatus !== 'Completed') return undefined;
  const { MetricName } = job.HyperParameterTuningJobConfig.HyperParameterTuningJobObjective;
  const value = child.FinalMetricDataList?.find((metric) => metric.MetricName === MetricName)?.Value;
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
