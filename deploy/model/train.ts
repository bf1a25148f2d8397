import type { Contract } from '../../procedures/dataset/contract.js';
import { longStayMisfit } from '../../procedures/dataset/long-stay.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import { daysInWords } from '../../procedures/publishing/rounding.js';
import {
  progressOf,
  type Run,
  type TrainOptions as RunOptions,
  type RunSummary,
} from '../../procedures/training/run.js';
import { priceOf } from '../../report/model/price.js';
import { stepLines } from '../../report/model/steps.js';
import { mailTraining } from '../../report/model/training-mail.js';
import type { Price, TrainResult } from '../../report/results/training.js';
import type { Model } from '../../udfs/model.js';
import { requireValue } from '../../udfs/require-value.js';
import type { Context } from '../context.js';
import { Failure, messageOf, UserError } from '../errors.js';
import { realTime, type Time } from '../ground/time.js';
import { recordWork } from '../history/record-work.js';
import { type Driver, driverOf } from './driver.js';
import { followTask, patience } from './follow.js';
import { GateRefusal } from './promote.js';
import { requireRoom } from './quotas.js';
import { measuresOf, recordOf } from './registry.js';

export interface TrainOptions extends RunOptions {
  /** Step the run from here, through the AWS SDK, instead of by the procedures in Snowflake. */
  readonly drive?: boolean;
}

/**
 * Has a version trained, and follows it to its end. It answers through its own function; predict_los is touched only if
 * promotion was asked for. After a broken connection, the same call re-attaches.
 * @throws UserError where a quota of the account leaves no room for it, or the training failed; GateRefusal where
 *   promotion was asked for and a gate said no: the version is trained then
 */
export async function trainVersion(
  ctx: Context,
  contract: Contract,
  options: TrainOptions = {},
  time: Time = realTime,
): Promise<TrainResult> {
  const { drive = false } = options;
  return await recordWork(
    ctx,
    { action: 'train', subject: contract.name },
    async (inTurn) => await follow(inTurn, contract, options, await driverOf(inTurn, contract, drive), time),
    ({ version, metrics }) =>
      `${version}: RMSE ${daysInWords(metrics.rmse, metrics.rows)}, MAE ${daysInWords(metrics.mae, metrics.rows)} days on ${metrics.rows.toLocaleString('en-US')} stays it never saw`,
  );
}

async function follow(
  ctx: Context,
  contract: Contract,
  { drive = false, ...options }: TrainOptions,
  driver: Driver,
  time: Time,
): Promise<TrainResult> {
  const { progress } = ctx;
  await progress.step('Check that AWS has room for another version', async () => {
    // The rule gives up what has failed: not the version that is to be gone on with.
    const removed = options.resume === undefined ? await driver.retire() : [];
    if (removed.length > 0) progress.note(`Removed by the retention rule: ${removed.join(', ')}`);
    for (const doubt of await requireRoom(ctx, 'next version', contract)) progress.warn(doubt);
  });
  const { run: id, opened } = await driver.open(options);
  if (!opened) progress.note(`Continuing the open training ${id}`);
  const run = await progress.step('Train a version', (step) =>
    toItsEnd(ctx, driver, id, (status) => step.update(status), time).catch((error: unknown) => {
      throw interruptionError(ctx, id, drive, error);
    }),
  );
  if (run.status === 'FAILED' || run.status === 'STOPPED')
    throw new Failure(
      run.message ?? `The training ${id} failed.`,
      run.next === null ? {} : { next: run.next },
    );
  const result = await resultOf(ctx, run);
  if (result.longStay) progress.warn(result.longStay);
  if (result.unpackaged) progress.warn(result.unpackaged);
  const refusal = run.data.promotion?.refusal;
  mailTraining(ctx, contract, result, refusal ?? undefined);
  if (refusal)
    throw new GateRefusal(refusal, {
      next: `To promote it anyway: los model promote ${result.version} --force --reason "why"`,
    });
  return result;
}

/** The error for a training that is no longer followed (Ctrl-C); any other error stays what it is. */
function interruptionError({ settings }: Context, id: string, drive: boolean, error: unknown): unknown {
  if (!(error instanceof Error && error.name === 'AbortError')) return error;
  const goesOn = settings.tasks.resumed && !drive;
  return new UserError(
    `Interrupted. The training ${id} ${goesOn ? `continues by itself: the task LOS_TRAIN completes it` : 'stays open, and its jobs in SageMaker continue'}.`,
    { next: `los train${drive ? ' --drive' : ''} follows it again.`, cause: error },
  );
}

/** Milliseconds for which Snowflake is not asked while SageMaker's jobs go on as they did; another may have ended the run. */
const UNASKED = 600_000;

/**
 * Follows a run until it is over, and says what each of its states came to. Its steps are the task's; where none takes them they are taken
 * from here, as long as no other process has the run in its hands.
 */
export async function toItsEnd(
  ctx: Context,
  driver: Driver,
  id: string,
  update: (status: string) => void,
  time: Time = realTime,
): Promise<Run> {
  let lineCount = 0;
  let state = '';
  const tell = async (now: Run) => {
    // A line is written where a state leads to another.
    if (now.state !== state) {
      const lines = await stepLines(ctx, id);
      for (const line of lines.slice(lineCount)) ctx.progress.note(line);
      lineCount = lines.length;
      state = now.state;
    }
    // What it waited for at last would stand there as the result of one that is over.
    if (now.status === 'DONE') update(`${now.version}${now.data.promotion?.promoted ? ', promoted' : ''}`);
    else if (now.status === 'OPEN') update(now.message ?? now.state.toLowerCase().replaceAll('_', ' '));
    else update(now.status.toLowerCase());
  };
  const { task } = driver;
  const ended = task && (await followTask(ctx, task, driver, id, tell, update, time));
  return ended || (await stepToItsEnd(ctx, driver, id, tell, time));
}

async function stepToItsEnd(
  ctx: Context,
  driver: Driver,
  id: string,
  tell: (run: Run) => Promise<void>,
  time: Time,
): Promise<Run> {
  let moved = time.now();
  let failures = 0;
  let known = '';
  let held = false;
  let quickest = Number.POSITIVE_INFINITY;
  let run: Run | undefined;
  for (;;) {
    const asked = time.now();
    let after: RunSummary | undefined;
    try {
      // What another has in its hands goes on without us.
      if (!held) after = await driver.step(id);
      failures = 0;
    } catch (error) {
      if (ctx.signal.aborted || ++failures === 5) throw error;
      ctx.progress.warn(`A step failed, and is tried again: ${messageOf(error)}`);
    }
    const same = run !== undefined && after !== undefined && isAsBefore(run, after);
    if (!run || !same) run = await driver.look(id);
    await tell(run);
    if (run.status !== 'OPEN') return run;
    held = run.held;
    if (progressOf(run) !== known) moved = time.now();
    known = progressOf(run);
    if (same) quickest = Math.min(quickest, time.now() - asked);
    do await time.sleep(patience(time.now() - moved, same ? quickest : 0, held), ctx.signal);
    while (!held && time.now() - asked < UNASKED && (await driver.isStillWaiting(run)));
  }
}

/** True if a step has found a run as it was looked at before: then it need not be looked at again. */
function isAsBefore({ state, status, message }: Run, after: RunSummary): boolean {
  return (
    !after.changed &&
    !after.held &&
    after.state === state &&
    after.status === status &&
    after.message === message
  );
}

function longStayOf({ longStays }: Metrics, { longStay }: Model): string | null {
  if (!longStay || !Number.isFinite(longStays)) return null;
  return longStayMisfit(longStays, longStay.days, null) ?? null;
}

async function resultOf(ctx: Context, run: Run): Promise<TrainResult> {
  const version = requireValue(run.version, 'the version of a run that is done');
  const { metrics, parameters, lineage, model } = await recordOf(ctx, version);
  const { split, selection, fingerprint, code, predictions, trainingSeconds } = lineage as Pick<
    TrainResult,
    'split' | 'selection' | 'fingerprint' | 'code' | 'predictions' | 'trainingSeconds'
  >;
  const of = run.data.repeated?.of;
  return {
    version,
    run: run.id,
    candidate: String(parameters.candidate),
    split,
    selection,
    metrics,
    fingerprint,
    code,
    predictions,
    trainingSeconds,
    longStay: longStayOf(metrics, model),
    unpackaged: run.data.unpackaged ?? null,
    promoted: run.data.promotion?.promoted ?? false,
    learned: run.data.learned ?? null,
    price: priceOf(lineage.without as Price['columns'] | undefined, metrics, await measuresOf(ctx, version)),
    repeated: of
      ? {
          version: of.version,
          sameRows: of.fingerprint === fingerprint,
          sameCode: of.code === code,
          sameModel: of.predictions === predictions,
        }
      : null,
  };
}
