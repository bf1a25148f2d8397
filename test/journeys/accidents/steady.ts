import { setTimeout as sleep } from 'node:timers/promises';
import type { KeptState } from '../../deploy/golden.js';
import { tasksAtRest } from '../../deploy/tasks-at-rest.js';
import { FIRST } from './hospital.js';
import { HOUR, MINUTE, OnCall } from './on-call.js';

/** Admissions a day. */
export const A_DAY = 40;
/** Days before day 0 whose patients are there to be trained on. */
const HISTORY = 100;

/**
 * A hospital of 40 admissions a day on whom a model has been trained, half a day after it went live: tasks have scored, looked, watched and
 * forecast by themselves, and there is nothing to tell. It is ten past nine of day 0.
 */
export const steady: KeptState = {
  name: 'steady',
  files: ['./steady.js', './on-call.js', './hospital.js'].map((name) => new URL(name, import.meta.url)),
  async make(stateDir) {
    const onCall = await OnCall.open(stateDir, FIRST - 5 * HOUR, 1);
    await makeSteady(onCall);
    await onCall.keep(stateDir);
  },
};

async function makeSteady(onCall: OnCall): Promise<void> {
  const { hospital } = onCall;
  await onCall.sql("CREATE USER ONCALL EMAIL = 'oncall@example.org'");
  await expectDone(onCall, 'los apply');
  await onCall.dba.snowflake.execute('USE SCHEMA PREDICT_LOS.LOS');
  for (let day = -HISTORY; day < 0; day++) hospital.admit(day, A_DAY);
  hospital.discharge(-1);
  await onCall.deliver();
  await onCall.sql('CALL BUILD_FEATURES()');
  await onCall.sql("CALL TRAIN_MODEL(OBJECT_CONSTRUCT('promote', TRUE, 'force', TRUE))");
  await trainings(onCall);
  await onCall.until(FIRST + 8 * HOUR);
  // After the hourly look of this hour, so that the graph has read it long before the next one.
  await onCall.pass(20 * MINUTE);
  hospital.admit(0, A_DAY / 2);
  await onCall.deliver();
  await onCall.until(FIRST + 9 * HOUR + 10 * MINUTE, 5 * MINUTE);
}

/** Lets the task go on with an open training until it is over. */
export async function trainings(onCall: OnCall): Promise<void> {
  for (;;) {
    const [open] = await onCall.query(
      "SELECT 1 FROM PREDICT_LOS.LOS.LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'",
    );
    if (!open) return;
    // A job runs by the machine's time.
    await sleep(50);
    await tasksAtRest(onCall.cloud);
    onCall.clock.advance(2 * MINUTE);
  }
}

/** Runs a command that must go well. */
export async function expectDone(onCall: OnCall, line: string): Promise<string> {
  const { code, text } = await onCall.los(line);
  if (code !== 0) throw new Error(`${line} ended with ${code}: ${text}`);
  return text;
}
