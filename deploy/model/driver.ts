import { randomUUID } from 'node:crypto';
import type { Contract } from '../../procedures/dataset/contract.js';
import type { Plan } from '../../procedures/ground/plan.js';
import { isStillWaiting, releaseRun, step, takeRun } from '../../procedures/training/machine.js';
import { type OpenResult, openRun } from '../../procedures/training/open.js';
import { type RunSummary, runOf, type TrainOptions } from '../../procedures/training/run.js';
import { states } from '../../procedures/training/states/all.js';
import { clearRun, type StopResult, stopTraining } from '../../procedures/training/stop/stop.js';
import { retireExpired } from '../../procedures/versions/retire.js';
import { callProcedure } from '../clients/call.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';
import { type RunLook, type TaskFollower, taskFollower } from './follow.js';
import { digestOf, makePlan, planOfDeployment } from './plan.js';

/** Who steps a training: the procedures in Snowflake, or this process. */
export interface Driver extends RunLook {
  /** Removes what the retention rule gives up. @returns names of versions */
  retire(): Promise<readonly string[]>;
  open(options: TrainOptions): Promise<OpenResult>;
  /** Does what can be done now. @returns what is told of the run after it, where anything is */
  step(run: string): Promise<RunSummary | undefined>;
  stop(run: string | null): Promise<StopResult>;
  /** Follows the run while the task takes its steps; null: it does not. */
  readonly task: TaskFollower | null;
}

/** @param here true: the same functions run in this process, and call SageMaker through the AWS SDK */
export async function driverOf(ctx: Context, contract: Contract, here: boolean): Promise<Driver> {
  const look = async (run: string) => {
    const found = await drive(ctx, runOf(ctx.settings, run));
    if (!found) throw new Error(`LOS_TRAINING_RUNS has no ${run}`);
    return found;
  };
  let plan: Promise<Plan> | undefined;
  return {
    ...(here ? await localSteps(ctx, contract, look) : procedureSteps(ctx, contract)),
    task: !here && ctx.settings.tasks.resumed ? taskFollower(ctx) : null,
    look,
    async isStillWaiting(run) {
      // What asks how jobs go calls no endpoint.
      plan ??= makePlan(ctx, contract, 'no URL');
      return await drive(ctx, isStillWaiting(await plan, states, run));
    },
  };
}

type Steps = Omit<Driver, 'look' | 'isStillWaiting' | 'task'>;

function procedureSteps(ctx: Context, contract: Contract): Steps {
  return {
    retire: () => callProcedure(ctx, 'RETIRE_MODELS', []),
    open: (options) =>
      callProcedure(ctx, 'TRAIN_MODEL', [
        { object: { ...options, digest: digestOf(ctx.settings, contract) } },
      ]),
    step: async (run) =>
      (await callProcedure<readonly RunSummary[]>(ctx, 'STEP_TRAINING', [])).find((told) => told.run === run),
    stop: (run) => callProcedure(ctx, 'STOP_TRAINING', [run]),
  };
}

async function localSteps(ctx: Context, contract: Contract, look: Driver['look']): Promise<Steps> {
  const plan = await planOfDeployment(ctx, contract);
  const lease = randomUUID();
  return {
    retire: () => drive(ctx, retireExpired(plan)),
    open: (options) => drive(ctx, openRun(plan, options, 'los')),
    async step(run) {
      if (!(await drive(ctx, takeRun(plan, run, lease)))) return undefined;
      try {
        let outcome = 'moved';
        while (outcome === 'moved') outcome = await drive(ctx, step(plan, states, run, lease));
        const now = outcome === 'taken' ? await look(run) : undefined;
        if (now?.status === 'STOPPED') await drive(ctx, clearRun(plan, now));
      } finally {
        await drive(ctx, releaseRun(plan, run, lease));
      }
      return undefined;
    },
    stop: (run) => drive(ctx, stopTraining(plan, run)),
  };
}
