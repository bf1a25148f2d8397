import { randomUUID } from 'node:crypto';
import type { Contract } from '../../procedures/dataset/contract.js';
import { releaseRun, step, takeRun } from '../../procedures/training/machine.js';
import { type OpenResult, openRun } from '../../procedures/training/open.js';
import { type Run, type RunSummary, runOf, type TrainOptions } from '../../procedures/training/run.js';
import { states } from '../../procedures/training/states/all.js';
import { clearRun, type StopResult, stopTraining } from '../../procedures/training/stop/stop.js';
import { retireExpired } from '../../procedures/versions/retire.js';
import { callProcedure } from '../clients/call.js';
import { drive } from '../clients/drive.js';
import type { Context } from '../context.js';
import { digestOf, planOfDeployment } from './plan.js';

/** Who steps a training: the procedures in Snowflake, or this process. */
export interface Driver {
  /** Removes what the retention rule gives up. @returns names of versions */
  retire(): Promise<readonly string[]>;
  open(options: TrainOptions): Promise<OpenResult>;
  /** Does what can be done now. @returns what is told of the run after it, where anything is */
  step(run: string): Promise<RunSummary | undefined>;
  look(run: string): Promise<Run>;
  stop(run: string | null): Promise<StopResult>;
}

/** @param here true: the same functions run in this process, and call SageMaker through the AWS SDK */
export async function driverOf(ctx: Context, contract: Contract, here: boolean): Promise<Driver> {
  const look = async (run: string) => {
    const found = await drive(ctx, runOf(ctx.settings, run));
    if (!found) throw new Error(`LOS_TRAINING_RUNS has no ${run}`);
    return found;
  };
  return here ? await localDriver(ctx, contract, look) : procedureDriver(ctx, contract, look);
}

function procedureDriver(ctx: Context, contract: Contract, look: Driver['look']): Driver {
  return {
    retire: () => callProcedure(ctx, 'RETIRE_MODELS', []),
    open: (options) =>
      callProcedure(ctx, 'TRAIN_MODEL', [
        { object: { ...options, digest: digestOf(ctx.settings, contract) } },
      ]),
    step: async (run) =>
      (await callProcedure<readonly RunSummary[]>(ctx, 'STEP_TRAINING', [])).find((told) => told.run === run),
    look,
    stop: (run) => callProcedure(ctx, 'STOP_TRAINING', [run]),
  };
}

async function localDriver(ctx: Context, contract: Contract, look: Driver['look']): Promise<Driver> {
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
    look,
    stop: (run) => drive(ctx, stopTraining(plan, run)),
  };
}
