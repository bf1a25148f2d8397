import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { LocalCloud } from '@local-cloud/cloud/cloud.js';
import { taskEngine } from '@local-cloud/snowflake/tasks/engine/engine.js';

/** Waits until no task runs or is about to, as the clock stands: one that is moved before makes a task of a moment one of hours. */
export async function tasksAtRest({ snowflake }: LocalCloud): Promise<void> {
  // Who slept until the clock was moved is awake then.
  await setImmediate();
  while (!taskEngine(snowflake.internals).isIdle) await sleep(25);
}
