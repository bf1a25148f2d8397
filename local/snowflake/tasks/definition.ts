import type { Task } from '../catalog/objects.js';
import { localRefusal } from '../errors.js';
import { duplicateProperty, type OptionValue, readOptionValue } from '../kernel/options.js';
import type { TokenStream } from '../language/lexer.js';
import { splitName } from '../language/split-name.js';
import { readCondition } from './graph/condition.js';

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
    else if (tokens.is('EXECUTE', 'AS')) refuseUser();
    else if (tokens.is('WITH') || tokens.is('TAG') || tokens.is('CONTACT'))
      throw localRefusal('tags and contacts of a task', 'they are not built');
    else {
      const key = tokens.identifier();
      tokens.expect('=');
      if (key === 'FINALIZE') clauses.finalizes = taskName(tokens);
      else {
        if (key in clauses.options) throw duplicateProperty(key);
        clauses.options[key] = readOptionValue(tokens);
      }
    }
  }
  clauses.definition = readBody(tokens);
  return clauses;
}

/** EXECUTE AS USER. */
export function refuseUser(): never {
  throw localRefusal('EXECUTE AS USER of a task', 'tasks run as their owner role');
}

/** The SQL behind AS. */
export function readBody(tokens: TokenStream): string {
  const token = tokens.peek();
  if (tokens.is('BEGIN') && tokens.peek(1).value !== 'TRANSACTION' && tokens.peek(1).kind !== 'end')
    throw localRefusal(
      'a BEGIN … END block in a task',
      'Snowflake Scripting is not built',
      'Call a JavaScript procedure.',
    );
  if (tokens.is('DECLARE')) throw localRefusal('DECLARE in a task', 'Snowflake Scripting is not built');
  if (token.kind === 'string') {
    const text = tokens.string();
    tokens.expectEnd();
    return text;
  }
  const text = tokens.rest().trim();
  if (text === '') throw tokens.tokenError();
  return text;
}

/** Reads the names of tasks between commas. */
export function readNames(tokens: TokenStream): string[][] {
  const names = [taskName(tokens)];
  while (tokens.take(',')) names.push(taskName(tokens));
  // A task that is named twice is followed once.
  return names.filter((name, i) => names.findIndex((other) => other.join('\0') === name.join('\0')) === i);
}

function taskName(tokens: TokenStream): string[] {
  return tokens.peek().kind === 'string' ? splitName(tokens.string()) : tokens.name();
}

/** A task before its clauses: suspended, with Snowflake's defaults. */
export function blankTask({
  id,
  name,
  owner,
  createdOn,
  database,
  schema,
}: Pick<Task, 'id' | 'name' | 'owner' | 'createdOn' | 'database' | 'schema'>): Task {
  return {
    id,
    name,
    owner,
    createdOn,
    database,
    schema,
    comment: '',
    kind: 'TASK',
    predecessors: [],
    definition: '',
    state: 'suspended',
    overlapPolicy: 'NO_OVERLAP',
    suspendAfterFailures: 10,
    autoRetryAttempts: 0,
    sessionParameters: {},
  };
}
