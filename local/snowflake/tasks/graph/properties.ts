import type { Task } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError, syntaxError } from '../../errors.js';
import type { OptionValue } from '../../kernel/options.js';
import { checkParameter, SESSION_PARAMETERS } from '../../sessions/parameters.js';
import { checkConfig } from './config.js';
import { checkSchedule, intervalMs } from './schedule.js';

/** Sizes of serverless compute, smallest first; docs: sql-reference/sql/create-task. */
const SIZES = ['XSMALL', 'SMALL', 'MEDIUM', 'LARGE', 'XLARGE', 'XXLARGE'];
const SIZE_SPELLINGS: Record<string, string> = { X2LARGE: 'XXLARGE', '2XLARGE': 'XXLARGE' };

/** How an option changes a task; `value` is undefined for UNSET. */
type Setter = (task: Task, value: OptionValue | undefined, key: string) => void;

/** An option that is kept in a field as it is, if it is one of the values; UNSET takes the field away. */
const keepSetter =
  (
    field:
      | 'warehouse'
      | 'schedule'
      | 'config'
      | 'initialSize'
      | 'minSize'
      | 'maxSize'
      | 'targetCompletionInterval',
    read: (value: OptionValue, key: string) => string,
  ): Setter =>
  (task, value, key) => {
    if (value === undefined) delete task[field];
    else task[field] = read(value, key);
  };

/** A whole number between bounds; `unset` is what UNSET leaves. */
const countSetter =
  (
    field: 'suspendAfterFailures' | 'autoRetryAttempts' | 'timeoutMs' | 'triggerIntervalSeconds',
    [min, max]: [number, number],
    unset?: number,
  ): Setter =>
  (task, value, key) => {
    if (value === undefined && unset === undefined) delete (task as Partial<Task>)[field];
    else {
      const number = value ?? unset;
      if (!Number.isInteger(number) || Number(number) < min || Number(number) > max)
        throw propertyError(key, value);
      task[field] = Number(number);
    }
  };

const refuseValue: Setter = (_task, value, key) => {
  if (value !== undefined)
    throw localRefusal(
      `${key} of a task`,
      'there is no local SNS',
      'Send mail from a FINALIZE task with SYSTEM$SEND_EMAIL.',
    );
};

const PROPERTIES: Record<string, Setter> = {
  WAREHOUSE: keepSetter('warehouse', String),
  SCHEDULE: keepSetter('schedule', (value) => {
    checkSchedule(String(value));
    return String(value);
  }),
  CONFIG: keepSetter('config', (value) => checkConfig(String(value))),
  COMMENT: (task, value) => {
    task.comment = String(value ?? '');
  },
  ALLOW_OVERLAPPING_EXECUTION: (task, value, key) => {
    if (value !== undefined && typeof value !== 'boolean') throw propertyError(key, value);
    task.overlapPolicy = value === true ? 'ALLOW_CHILD_OVERLAP' : 'NO_OVERLAP';
  },
  OVERLAP_POLICY: (task, value, key) => {
    const policy = String(value ?? 'NO_OVERLAP').toUpperCase();
    if (!['NO_OVERLAP', 'ALLOW_CHILD_OVERLAP', 'ALLOW_ALL_OVERLAP'].includes(policy))
      throw propertyError(key, value);
    task.overlapPolicy = policy as Task['overlapPolicy'];
  },
  SUSPEND_TASK_AFTER_NUM_FAILURES: countSetter('suspendAfterFailures', [0, Number.MAX_SAFE_INTEGER], 10),
  TASK_AUTO_RETRY_ATTEMPTS: countSetter('autoRetryAttempts', [0, 30], 0),
  USER_TASK_TIMEOUT_MS: countSetter('timeoutMs', [0, 604_800_000]),
  USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS: countSetter('triggerIntervalSeconds', [10, 604_800]),
  USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE: keepSetter('initialSize', size),
  SERVERLESS_TASK_MIN_STATEMENT_SIZE: keepSetter('minSize', size),
  SERVERLESS_TASK_MAX_STATEMENT_SIZE: keepSetter('maxSize', size),
  TARGET_COMPLETION_INTERVAL: keepSetter('targetCompletionInterval', (value, key) => {
    // Docs: 10 seconds to one day.
    const ms = intervalMs(String(value));
    if (ms === undefined || ms < 10_000 || ms > 86_400_000) throw propertyError(key, value);
    return String(value);
  }),
  ERROR_INTEGRATION: refuseValue,
  SUCCESS_INTEGRATION: refuseValue,
};

/** Parameters that the documentation takes out of "a task supports all session parameters". */
const FORBIDDEN: Record<string, (value: OptionValue) => string | undefined> = {
  SEARCH_PATH: () => 'SEARCH_PATH',
  AUTOCOMMIT: (value) => (/^true$/i.test(String(value)) ? undefined : 'AUTOCOMMIT = false'),
};

/** The task with these options set; undefined unsets. @throws SnowflakeError for a value that does not fit */
export function withOptions(task: Task, options: Record<string, OptionValue | undefined>): Task {
  const next: Task = { ...task, sessionParameters: { ...task.sessionParameters } };
  for (const [key, value] of Object.entries(options)) {
    const set = Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key]! : sessionParameter;
    set(next, value, key);
  }
  return next;
}

const sessionParameter: Setter = (task, value, key) => {
  const forbidden = value === undefined ? undefined : FORBIDDEN[key]?.(value);
  if (forbidden !== undefined)
    throw new SnowflakeError(
      '091098',
      '22023',
      `The parameter ${forbidden} is not supported with Tasks. Remove the parameter and try again.`,
    );
  if (!(key in SESSION_PARAMETERS)) throw syntaxError(`invalid property '${key}' for 'TASK'`);
  if (value === undefined) delete task.sessionParameters[key];
  else {
    // A text is written as one; only of numbers it is a number's digits.
    if (typeof SESSION_PARAMETERS[key] === 'string' && typeof value !== 'string')
      throw propertyError(key, value);
    task.sessionParameters[key] = checkParameter(key, value as string | number | boolean);
  }
};

function size(value: OptionValue, key: string): string {
  const plain = String(value).toUpperCase().replaceAll('-', '');
  const known = SIZE_SPELLINGS[plain] ?? plain;
  if (!SIZES.includes(known)) throw propertyError(key, value);
  return known;
}

/** The place of a size among the others. */
export const sizeRank = (name: string): number => SIZES.indexOf(name);

function propertyError(key: string, value: OptionValue | undefined): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
  );
}
