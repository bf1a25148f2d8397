import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { LocalCloud } from '@local-cloud/cloud/cloud.js';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { taskEngine } from '@local-cloud/snowflake/tasks/engine/engine.js';
import type { Time } from '../../deploy/ground/time.js';
import type { OpenContext } from '../../deploy/open.js';

/** A clock that stands still until it is moved, and knows when the next one wakes who sleeps by it. */
export class AlarmClock extends MovableClock {
  private readonly alarms = new Set<{ readonly due: number }>();

  constructor() {
    super({ frozen: true });
  }

  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    const alarm = { due: this.now() + ms };
    this.alarms.add(alarm);
    try {
      await super.sleep(ms, signal);
    } finally {
      this.alarms.delete(alarm);
    }
  }

  /** Moves to the next alarm, but not beyond a time. */
  advanceTo(latest: number): void {
    this.advance(Math.max(1, Math.min(latest, ...[...this.alarms].map(({ due }) => due)) - this.now()));
  }
}

/**
 * Time that passes from one event to the next, once all that works by then has come to its end: tasks and jobs take the machine's time, and
 * none of the account's. So what a training waits for is exact, however busy the machine is.
 */
export class PassingTime implements Time {
  constructor(
    private readonly clock: AlarmClock,
    private readonly cloud: LocalCloud,
    private readonly aws: OpenContext['aws'],
  ) {}

  now(): number {
    return this.clock.now();
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    for (const end = this.now() + Math.ceil(milliseconds); this.now() < end; ) {
      signal?.throwIfAborted();
      await this.rest();
      this.clock.advanceTo(end);
    }
    await this.rest();
  }

  /** Waits until nothing works at this time. */
  private async rest(): Promise<void> {
    // Who slept until the clock was moved is awake then.
    await setImmediate();
    while (this.taskWorks() || (await this.jobComputes())) await sleep(20);
  }

  /** Whether a task does anything but wait. */
  private taskWorks(): boolean {
    const { internals } = this.cloud.snowflake;
    if (taskEngine(internals).isIdle) return false;
    return !internals.history.all().some(({ status, text, startTime }) => {
      const milliseconds = /^CALL SYSTEM\$WAIT\((\d+), 'MILLISECONDS'/.exec(text)?.[1];
      return status === 'RUNNING' && startTime + Number(milliseconds) > this.now();
    });
  }

  /** Whether a job has its instances and works. */
  private async jobComputes(): Promise<boolean> {
    const { sageMaker } = this.aws;
    const { TrainingJobSummaries } = await sageMaker.listTrainingJobs({ StatusEquals: 'InProgress' });
    if (TrainingJobSummaries!.some(({ SecondaryStatus }) => SecondaryStatus !== 'Starting')) return true;
    const { TransformJobSummaries } = await sageMaker.listTransformJobs({ StatusEquals: 'InProgress' });
    for (const { TransformJobName } of TransformJobSummaries!) {
      const job = await sageMaker.describeTransformJob({ TransformJobName });
      if (job.TransformJobStatus === 'InProgress' && job.TransformStartTime) return true;
    }
    return false;
  }
}
