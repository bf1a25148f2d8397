import type { Task } from '../catalog/objects.js';
import { notSupportedLocally, SnowflakeError, syntaxError } from '../errors.js';
import { splitName } from '../query/binder.js';
import { SESSION_PARAMETERS } from '../sessions/parameters.js';
import type { TokenStream } from '../statements/lexer.js';
import { type OptionValue, readOptionValue } from '../statements/options.js';
import { checkSchedule } from './schedule.js';

/** What CREATE TASK or ALTER TASK … SET says, before names are made full. */
export interface TaskClauses {
  options: Record<string, OptionValue>;
  after?: string[][];
  finalizes?: string[];
  condition?: string;
  definition?: string;
}

/** Everything behind the name in CREATE TASK; docs: sql-reference/sql/create-task. */
export function readClauses(tokens: TokenStream): TaskClauses {
  const clauses: TaskClauses = { options: {} };
  while (!tokens.take('AS')) {
    tokens.take(',');
    if (tokens.take('AFTER')) clauses.after = readNames(tokens);
    else if (tokens.take('WHEN')) clauses.condition = readCondition(tokens);
    else if (tokens.is('EXECUTE', 'AS'))
      throw notSupportedLocally('EXECUTE AS USER of a task', 'tasks run as their owner role');
    else {
      const key = tokens.identifier();
      tokens.expect('=');
      if (key === 'FINALIZE') clauses.finalizes = taskName(tokens);
      else clauses.options[key] = readOptionValue(tokens);
    }
  }
  clauses.definition = readBody(tokens);
  return clauses;
}

/** The SQL behind AS. */
export function readBody(tokens: TokenStream): string {
  const token = tokens.peek();
  if (tokens.is('BEGIN') && tokens.peek(1).value !== 'TRANSACTION' && tokens.peek(1).kind !== 'end')
    throw notSupportedLocally(
      'a BEGIN … END block in a task',
      'Snowflake Scripting is not built',
      'Call a JavaScript procedure.',
    );
  if (tokens.is('DECLARE'))
    throw notSupportedLocally('DECLARE in a task', 'Snowflake Scripting is not built');
  if (token.kind === 'string') {
    const text = tokens.string();
    tokens.expectEnd();
    return text;
  }
  const text = tokens.rest().trim();
  if (text === '') throw tokens.unexpected();
  return text;
}

/** Reads the names of tasks between commas. */
export function readNames(tokens: TokenStream): string[][] {
  const names = [taskName(tokens)];
  while (tokens.take(',')) names.push(taskName(tokens));
  return names;
}

function taskName(tokens: TokenStream): string[] {
  return tokens.peek().kind === 'string' ? splitName(tokens.string()) : tokens.name();
}

/** The text of WHEN, up to AS outside parentheses (or the end). */
export function readCondition(tokens: TokenStream): string {
  const from = tokens.peek().start;
  let to = from;
  for (let depth = 0; !tokens.done && !(depth === 0 && (tokens.is('AS') || tokens.is(';'))); ) {
    const token = tokens.next();
    if (token.value === '(' && token.kind === 'operator') depth++;
    if (token.value === ')' && token.kind === 'operator') depth--;
    to = token.end;
  }
  return tokens.text.slice(from, to);
}

/** The properties that options can set; undefined unsets. */
export function withOptions(task: Task, options: Record<string, OptionValue | undefined>): Task {
  const next: Task = { ...task, sessionParameters: { ...task.sessionParameters } };
  for (const [key, value] of Object.entries(options)) applyOption(next, key, value);
  return next;
}

function applyOption(task: Task, key: string, value: OptionValue | undefined): void {
  const count = (otherwise: number) => {
    if (value === undefined) return otherwise;
    if (typeof value !== 'number' || value < 0) throw invalid(key, value);
    return value;
  };
  switch (key) {
    case 'WAREHOUSE':
      if (value === undefined) delete task.warehouse;
      else task.warehouse = String(value);
      return;
    case 'SCHEDULE':
      if (value === undefined) delete task.schedule;
      else {
        checkSchedule(String(value));
        task.schedule = String(value);
      }
      return;
    case 'CONFIG':
      if (value === undefined) delete task.config;
      else task.config = checkConfig(String(value));
      return;
    case 'COMMENT':
      task.comment = String(value ?? '');
      return;
    case 'ALLOW_OVERLAPPING_EXECUTION':
      task.overlapPolicy = value === true ? 'ALLOW_CHILD_OVERLAP' : 'NO_OVERLAP';
      return;
    case 'OVERLAP_POLICY': {
      const policy = String(value ?? 'NO_OVERLAP').toUpperCase();
      if (!['NO_OVERLAP', 'ALLOW_CHILD_OVERLAP', 'ALLOW_ALL_OVERLAP'].includes(policy))
        throw invalid(key, value);
      task.overlapPolicy = policy as Task['overlapPolicy'];
      return;
    }
    case 'SUSPEND_TASK_AFTER_NUM_FAILURES':
      task.suspendAfterFailures = count(10);
      return;
    case 'TASK_AUTO_RETRY_ATTEMPTS':
      task.autoRetryAttempts = count(0);
      return;
    case 'USER_TASK_TIMEOUT_MS':
      task.timeoutMs = count(3_600_000);
      return;
    case 'USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS':
    case 'USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE':
    case 'SERVERLESS_TASK_MIN_STATEMENT_SIZE':
    case 'SERVERLESS_TASK_MAX_STATEMENT_SIZE':
      return; // sizes of compute mean nothing on one machine, as for warehouses
    case 'ERROR_INTEGRATION':
    case 'SUCCESS_INTEGRATION':
      throw notSupportedLocally(
        `${key} of a task`,
        'there is no local SNS',
        'Send mail from a FINALIZE task with SYSTEM$SEND_EMAIL.',
      );
  }
  if (!(key in SESSION_PARAMETERS)) throw syntaxError(`invalid property '${key}' for 'TASK'`);
  if (value === undefined) delete task.sessionParameters[key];
  else task.sessionParameters[key] = value as string | number | boolean;
}

function checkConfig(text: string): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    throw new SnowflakeError(
      '001018',
      '22023',
      `SQL compilation error:\nCONFIG of a task must be a JSON object, got '${text}'.`,
    );
  }
}

function invalid(key: string, value: OptionValue | undefined): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
  );
}
