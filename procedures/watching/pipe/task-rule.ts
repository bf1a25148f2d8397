import type { ScheduledTask } from '../../object.js';
import type { Sign } from '../signs.js';

/** End of a run, as run log or task history have it. */
export interface TaskRun {
  /** REFUSED: asked for what cannot be; RUNNING: it began over two hours ago and has not ended. */
  readonly status: 'SUCCEEDED' | 'FAILED' | 'REFUSED' | 'RUNNING';
  /** When it began, ms. */
  readonly at: number;
  readonly message: string;
}

/** Facts of a task, by which it is judged. */
export interface SeenTask {
  /** As SHOW TASKS has it, in small letters; `gone`; null: this role may not see tasks. */
  readonly state: string | null;
  /** When it was made, ms; null: unknown. */
  readonly madeAt: number | null;
  /** When its last run began that succeeded, ms, and by the hospital's clock; null: none has. */
  readonly well: { readonly at: number; readonly shown: string } | null;
  /** The last run; null: none is known. */
  readonly last: TaskRun | null;
  /** When its alarm was raised that lasts, ms; null: there is none. */
  readonly alarmAt: number | null;
}

/** Hours by which a scheduled run may be late: it waits for the one before, and takes its time. */
const LATE_HOURS = 2;
const HOUR = 3_600_000;

/** Hours after which a schedule is silent. */
export function patienceHours(hours: number): number {
  return hours + LATE_HOURS;
}

/**
 * Finds what is wrong with a task: one rule for whatever is scheduled. Its state is told at once, a failed run until the next one succeeds, silence once
 * its schedule has passed, and where a schedule brings the next run, only a success ends it.
 * @param reported whether something else reports its failures (graph-run.ts)
 */
export function taskSign(task: ScheduledTask, seen: SeenTask, now: number, reported = false): Sign | null {
  const { name, hours, does } = task;
  const { state, well, last, alarmAt } = seen;
  const sign = (severity: Sign['severity'], what: string, next: string): Sign => ({
    kind: 'tasks',
    subject: name,
    severity,
    message: `The task ${name} ${what} What it does: ${does}`,
    next,
    lookAt: 'tasks',
  });
  if (state !== null && state !== 'started')
    return sign(
      'critical',
      `is ${state}.`,
      `los apply makes and resumes tasks; or ALTER TASK ${name} RESUME;`,
    );
  const since = well === null ? 'has not succeeded yet' : `has not succeeded since ${well.shown}`;
  const begun = well === null ? seen.madeAt : well.at;
  const isSilent =
    hours !== null &&
    begun !== null &&
    // Before the first success a refusal is an answer: no version is promoted yet.
    !(well === null && last !== null && last.status === 'REFUSED') &&
    now - begun > patienceHours(hours) * HOUR;
  const isAfter = last !== null && (well === null || last.at > well.at);
  if (last !== null && isAfter && last.status !== 'SUCCEEDED' && (isSilent || last.status !== 'REFUSED')) {
    const how = {
      FAILED: `failed: ${last.message}`,
      REFUSED: `was refused: ${last.message}`,
      RUNNING: 'began over two hours ago and has not ended.',
    }[last.status];
    if (!reported || last.status === 'RUNNING')
      return sign(
        isSilent ? 'critical' : 'warning',
        `${since}; its last run ${how}`,
        'Another run that succeeds ends this alarm. LOS_RUN_LOG and los doctor say more.',
      );
  }
  const lasts = hours !== null && alarmAt !== null && (well === null || well.at < alarmAt);
  return isSilent || lasts
    ? sign('critical', `${since}.`, 'A run that succeeds ends this alarm: its next one, or a CALL by hand.')
    : null;
}
