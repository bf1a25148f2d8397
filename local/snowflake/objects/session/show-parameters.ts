import type { CatalogObject, ObjectParameters, Routine, Task } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import { accountParameters, eventTableName, parametersOf } from '../../events/parameters.js';
import { likePattern } from '../../kernel/show.js';
import {
  STATEMENT_TYPE,
  type Statement,
  type StatementContext,
  type StatementOutcome,
  textResult,
} from '../../kernel/statement.js';
import { type ParameterValue, SESSION_PARAMETERS } from '../../sessions/parameters.js';
import type { Cell, Row } from '../../types/data-type.js';
import { readTypes } from '../users/grants.js';

interface Shown {
  key: string;
  value: Cell;
  preset: ParameterValue;
  /** Where the value comes from; empty: the preset. */
  level: string;
}

/** SHOW PARAMETERS [LIKE 'pattern'] [{ IN | FOR } …]; docs: sql-reference/sql/show-parameters */
function showParameters(context: StatementContext): StatementOutcome {
  const { tokens } = context;
  tokens.expect('SHOW', 'PARAMETERS');
  const like = tokens.take('LIKE') ? likePattern(tokens.string()) : undefined;
  const scoped = tokens.take('IN') || tokens.take('FOR');
  const shown = scoped ? parametersInScope(context) : ofSession(context);
  tokens.expectEnd();
  const rows = shown
    .filter(({ key }) => !like || like.test(key))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ key, value, preset, level }): Row => {
      const type = typeof preset === 'boolean' ? 'BOOLEAN' : typeof preset === 'number' ? 'NUMBER' : 'STRING';
      return [key, value, String(preset), level, '', type];
    });
  return textResult(['key', 'value', 'default', 'level', 'description', 'type'], rows, STATEMENT_TYPE.SHOW);
}

function ofSession({ account, session }: StatementContext): Shown[] {
  const ofAccount = accountParameters(account.catalog);
  return Object.entries(SESSION_PARAMETERS).map(([key, preset]) => {
    const value = session.own(key) ?? ofAccount[key];
    const level = session.parameters.has(key) ? 'SESSION' : ofAccount[key] !== undefined ? 'ACCOUNT' : '';
    return { key, value: String(value ?? preset), preset, level };
  });
}

function parametersInScope(context: StatementContext): Shown[] {
  const { account, session, tokens } = context;
  const isAtEnd = () => tokens.done || tokens.is(';');
  if (tokens.take('SESSION')) return ofSession(context);
  if (tokens.take('USER')) {
    if (!isAtEnd()) tokens.identifier();
    return ofSession(context);
  }
  if (tokens.take('ACCOUNT')) {
    const settings = accountParameters(account.catalog);
    const ofSessions = Object.entries(SESSION_PARAMETERS).map(([key, preset]) => ({
      key,
      value: String(settings[key] ?? preset),
      preset,
      level: settings[key] === undefined ? '' : 'ACCOUNT',
    }));
    const others = parametersOf('ACCOUNT').filter((key) => SESSION_PARAMETERS[key] === undefined);
    return [...ofSessions, ...others.map((key) => ofObject(context, key, []))];
  }
  for (const kind of ['DATABASE', 'SCHEMA'] as const)
    if (tokens.take(kind)) {
      const parts = isAtEnd() ? [kind === 'DATABASE' ? session.database : session.schema] : tokens.name();
      const object = account.catalog.resolve(kind, parts as string[], session);
      const database = object.kind === 'SCHEMA' && account.catalog.at('DATABASE', object.database);
      return parametersOf(kind).map((key) =>
        ofObject(context, key, [object, ...(database ? [database] : [])]),
      );
    }
  for (const kind of ['FUNCTION', 'PROCEDURE'] as const)
    if (tokens.take(kind)) {
      const routine = account.catalog.resolveRoutine(kind, tokens.name(), readTypes(tokens), session);
      return parametersOf(kind).map((key) =>
        ofObject(context, key, [routine, ...containers(context, routine)]),
      );
    }
  if (tokens.take('TASK')) return ofTask(account.catalog.resolve('TASK', tokens.name(), session));
  throw localRefusal(
    `SHOW PARAMETERS IN ${tokens.peek().value}`,
    'only sessions, accounts, databases, schemas, functions, procedures and tasks have parameters here',
  );
}

/** What a task has been given of its own, and of the session that it runs in (docs: sql-reference/parameters). */
function ofTask(task: Task): Shown[] {
  const own: [key: string, preset: ParameterValue, value: ParameterValue | undefined][] = [
    ['SUSPEND_TASK_AFTER_NUM_FAILURES', 10, task.suspendAfterFailures],
    ['TASK_AUTO_RETRY_ATTEMPTS', 0, task.autoRetryAttempts],
    ['USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE', 'Medium', task.initialSize],
    ['USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS', 30, task.triggerIntervalSeconds],
    ['USER_TASK_TIMEOUT_MS', 3_600_000, task.timeoutMs],
    ...Object.entries(SESSION_PARAMETERS).map(
      ([key, preset]): [string, ParameterValue, ParameterValue | undefined] => [
        key,
        preset,
        task.sessionParameters[key],
      ],
    ),
  ];
  return own.map(([key, preset, value = preset]) => ({
    key,
    value: String(value),
    preset,
    level: value === preset ? '' : 'TASK',
  }));
}

type Holder = CatalogObject & { parameters?: ObjectParameters };

function containers({ account }: StatementContext, { database, schema }: Routine): Holder[] {
  return [account.catalog.at('SCHEMA', database, schema)!, account.catalog.at('DATABASE', database)!];
}

/** @param holders the object and what it lies in, from the inside */
function ofObject({ account }: StatementContext, key: string, holders: Holder[]): Shown {
  const holder = holders.find((each) => each.parameters?.[key] !== undefined);
  const ofAccount = accountParameters(account.catalog)[key];
  const value = holder ? holder.parameters![key] : ofAccount;
  const level = holder?.kind ?? (ofAccount === undefined ? '' : 'ACCOUNT');
  if (key === 'EVENT_TABLE') return { key, value: eventTableName(account, value), preset: '', level };
  const preset = SESSION_PARAMETERS[key]!;
  return { key, value: String(value ?? preset), preset, level };
}

export const showParameterStatements: Statement[] = [
  { leading: [['SHOW', 'PARAMETERS']], run: showParameters },
];
