import { type Place, placeOf, qualify } from '../../ground/names.js';
import type { PlanSource, ProcedureObject } from '../../object.js';
import type { RunSummary } from '../run.js';

declare const PLACE: Place;

export const object = {
  signature: {
    name: 'LOS_CONTINUE_TRAINING',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'owner',
  needs: ['STEP_TRAINING'],
  plan: ({ settings }: PlanSource<Place>) => ({ PLACE: placeOf(settings) }),
} as const satisfies ProcedureObject<typeof continueTraining>;

/**
 * Milliseconds for which a job is waited for here, which computes all the while. What takes longer is looked at when the task is
 * woken again: that computes for a moment of each half minute.
 */
const MOST_WAITING = 15_000;
/** Seconds that the last job took where those that follow are not waited for: AWS takes minutes for the instances of any. */
const LONG = 60;
/** A job takes seconds, or minutes: the next look is after an eighth of its age. */
const SHARE = 1 / 8;
const LEAST_PAUSE = 100;
/** Milliseconds after a failure that may pass, a lost connection for one; twice as many after the second. */
const AFTER_FAILURE = 2000;
/** Milliseconds after which the rest is left to the next run of the task, long before its USER_TASK_TIMEOUT_MS. */
const MOST_WORK = 1_800_000;

/**
 * Steps open trainings while their states change, and waits for jobs that are young; the task LOS_TRAIN calls it.
 * @returns the runs as they are now
 * @example
 * CALL LOS_CONTINUE_TRAINING();
 */
export default function continueTraining(): RunSummary[] {
  const began = Date.now();
  let age = 0;
  let limit: number | undefined;
  for (;;) {
    const asked = Date.now();
    const runs = call(`${qualify(PLACE, 'STEP_TRAINING')}()`) as RunSummary[];
    const open = runs.filter(({ status }) => status === 'OPEN');
    const moved = open.some((run) => run.moved);
    if (limit === undefined) {
      const idle = greatest(open.map((run) => run.idle));
      limit = idle > LONG ? 0 : MOST_WAITING;
      age = idle * 1000;
    }
    if (moved) age = 0;
    // What a look costs that finds nothing new, not what a state took.
    const look = moved ? 0 : Date.now() - asked;
    const failures = greatest(open.map(({ attempts }) => attempts));
    const pause = Math.max(LEAST_PAUSE, look, Math.round(age * SHARE), failures * AFTER_FAILURE);
    if (open.length === 0 || age + pause > limit || Date.now() - began > MOST_WORK) return runs;
    call(`SYSTEM$WAIT(${pause}, 'MILLISECONDS')`);
    age += pause;
  }
}

/** 0 where there is none. */
function greatest(numbers: readonly number[]): number {
  return Math.max(0, ...numbers);
}

function call(sql: string): unknown {
  const rows = snowflake.execute({ sqlText: `CALL ${sql}` });
  rows.next();
  return rows.getColumnValue(1);
}
