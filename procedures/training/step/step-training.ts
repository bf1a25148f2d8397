import { perform, speak } from '../../ground/inside.js';
import { qualify } from '../../ground/names.js';
import type { Plan } from '../../ground/plan.js';
import { consumeStream } from '../../ground/stale.js';
import { execute, type Work } from '../../ground/work.js';
import type { ProcedureObject } from '../../object.js';
import { refuseHiddenTables } from '../../records/hidden-tables.js';
import { type Outcome, releaseRun } from '../machine.js';
import {
  openRuns,
  progressOf,
  RESTORE_STREAM,
  type Run,
  type RunSummary,
  runOf,
  runTable,
  type StateName,
} from '../run.js';
import { clearRun } from '../stop/stop.js';

/** Compiled in; without SQL texts and bodies. */
declare const PLAN: Plan;

export const object = {
  signature: {
    name: 'STEP_TRAINING',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  needs: ['LOS_PREPARE_TRAINING', 'LOS_RUN_TRAINING_JOBS', 'LOS_EVALUATE_VERSION', 'LOS_REGISTER_VERSION'],
  plan: async ({ version, restore }) => {
    const { PLAN: plan } = await version([]);
    return { PLAN: { ...plan, sql: { [RESTORE_STREAM]: restore('LOS_OPEN_TRAININGS') } } };
  },
} as const satisfies ProcedureObject<typeof stepTraining>;

/** Procedures by state: each part of a training has its own. */
const PROCEDURES: Readonly<Record<StateName, string>> = {
  MAKE_ROOM: 'LOS_PREPARE_TRAINING',
  DIVIDE: 'LOS_PREPARE_TRAINING',
  ENCODE: 'LOS_PREPARE_TRAINING',
  SCREEN: 'LOS_PREPARE_TRAINING',
  PERMUTE: 'LOS_PREPARE_TRAINING',
  SELECT_FEATURES: 'LOS_PREPARE_TRAINING',
  UNLOAD: 'LOS_PREPARE_TRAINING',
  TRAIN_CANDIDATES: 'LOS_RUN_TRAINING_JOBS',
  COMPARE_PILOTS: 'LOS_RUN_TRAINING_JOBS',
  TRAIN_HAZARDS: 'LOS_RUN_TRAINING_JOBS',
  CHOOSE: 'LOS_RUN_TRAINING_JOBS',
  LEARN: 'LOS_RUN_TRAINING_JOBS',
  SERVE: 'LOS_RUN_TRAINING_JOBS',
  CALIBRATE: 'LOS_EVALUATE_VERSION',
  JUDGE: 'LOS_EVALUATE_VERSION',
  STAY_ROWS: 'LOS_LEARN_STAYS',
  STAY_TRAIN: 'LOS_LEARN_STAYS',
  STAY_JUDGE: 'LOS_LEARN_STAYS',
  STAY_REFIT: 'LOS_LEARN_STAYS',
  REFIT: 'LOS_RUN_TRAINING_JOBS',
  CHECK_REFIT: 'LOS_EVALUATE_VERSION',
  ENTER: 'LOS_REGISTER_VERSION',
  PROMOTE: 'LOS_REGISTER_VERSION',
};

/**
 * Advances every open training by what can be done now, and returns without waiting for a job. What waits is looked at
 * again at the next call. Runs that los train --drive steps are left to it.
 * @returns the runs as they are now
 * @example
 * CALL STEP_TRAINING();
 */
export default function stepTraining(): RunSummary[] {
  const { settings, contract } = PLAN;
  try {
    perform(settings, refuseHiddenTables(settings, contract));
    const stepped = perform(settings, openRuns(settings, contract.name))
      .filter(({ driver }) => driver === 'snowflake')
      .map((run) => advanceRun(run, run.ticket));
    // While a run is as it was, the stream has what woke the task, and wakes it again.
    if (stepped.every(({ changed }) => changed)) perform(settings, sleep());
    return stepped;
  } catch (error) {
    return speak(error);
  }
}

/** Advances an open run, and says what became of it. */
function advanceRun(open: Run, lease: string): RunSummary {
  const { settings } = PLAN;
  let run: Run | undefined = open;
  let outcome: Outcome = open.held ? 'taken' : 'moved';
  try {
    while (outcome === 'moved' && run?.status === 'OPEN') {
      outcome = callStep(run, lease);
      // Each move holds the run for longer; a look at what goes on changes nothing.
      if (outcome !== 'nothing new') run = perform(settings, runOf(settings, open.id));
    }
    // Stopped by a person while a state was at work, which may have begun another job since.
    if (outcome === 'taken' && run?.status === 'STOPPED') perform(settings, clearRun(PLAN, run));
  } catch (error) {
    perform(settings, releaseRun(PLAN, open.id, lease));
    throw error;
  }
  return {
    run: open.id,
    version: run ? run.version : null,
    state: run ? run.state : 'END',
    status: run ? run.status : 'DONE',
    message: run ? run.message : null,
    next: run ? run.next : null,
    held: outcome === 'taken',
    changed: outcome !== 'taken' && outcome !== 'nothing new',
    moved: !run || progressOf(run) !== progressOf(open),
    idle: open.idle,
    attempts: run ? run.attempts : 0,
  };
}

function callStep({ id, state }: Run, lease: string): Outcome {
  const rows = snowflake.execute({
    sqlText: `CALL ${qualify(PLAN.settings, PROCEDURES[state as StateName])}(?, ?)`,
    binds: [id, lease],
  });
  rows.next();
  return String(rows.getColumnValue(1)) as Outcome;
}

/** Puts the task to sleep until something changes; the row of a run that is open is changed with that, and wakes it again. */
function* sleep(): Work<void> {
  const { settings, contract } = PLAN;
  yield* consumeStream(
    `INSERT INTO ${qualify(settings, 'LOS_TRAINING_STEPS')} (RUN_ID, STATE, OUTCOME, STARTED_AT, FINISHED_AT)
SELECT RUN_ID, STATE, STATUS, OPENED_AT, OPENED_AT FROM ${qualify(settings, 'LOS_OPEN_TRAININGS')} WHERE FALSE`,
    String(PLAN.sql[RESTORE_STREAM]),
    () =>
      execute(
        `UPDATE ${runTable(settings)} SET STEPPED_AT = CURRENT_TIMESTAMP()
WHERE STATUS = 'OPEN' AND DRIVER = 'snowflake' AND DATASET = ?`,
        [contract.name],
      ),
  );
}
