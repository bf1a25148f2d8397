import type { ControlAction } from '../../udfs/control/control-actions.js';
import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';
import { errorLine } from './without-values.js';

/**
 * A procedure's decisions are a pure function that says, step by step, what it wants done and goes on with what came of
 * it: a generator. Inside Snowflake a procedure carries the steps out (inside.ts); the same function runs in Node, over
 * the driver and the AWS SDK (deploy/clients/drive.ts) or over a test's answers.
 */
export type Work<T> = Generator<Step, T, unknown>;

/** One statement of Snowflake, or one call of SageMaker's control plane. */
export type Step = StatementStep | ControlStep;

export interface StatementStep {
  readonly sql: string;
  /** Values for its `?`. A number may arrive as FLOAT: cast it where that matters. */
  readonly binds: readonly Bind[];
  /** Result that is wanted of it: its rows, or how many rows it changed. */
  readonly wants: 'rows' | 'count';
}

export interface ControlStep {
  readonly action: ControlAction;
  readonly request: object;
}

export type Bind = string | number | boolean | null;

/** Column name, upper-case → value. A VARIANT is what it holds. */
export type Row = Readonly<Record<string, unknown>>;

/** Result of a statement: its rows, and how many rows it changed. */
export interface StatementResult {
  readonly rows: readonly Row[];
  readonly changed: number;
}

/**
 * The rows of a statement.
 * @example
 * const wards = yield* query<{ WARD: string }>(`SELECT DISTINCT WARD FROM ${table} WHERE DATASET = ?`, ['health']);
 */
export function* query<R extends Row = Row>(sql: string, binds: readonly Bind[] = []): Work<readonly R[]> {
  return ((yield { sql, binds, wants: 'rows' }) as StatementResult).rows as readonly R[];
}

/**
 * The first row of a statement; undefined where there is none.
 * @example
 * const row = yield* queryFirst(`SELECT COUNT(*) AS WAITING FROM ${table} WHERE DATASET = ?`, ['health']);
 * const waiting = Number(row?.WAITING);
 */
export function* queryFirst<R extends Row = Row>(
  sql: string,
  binds: readonly Bind[] = [],
): Work<R | undefined> {
  return (yield* query<R>(sql, binds))[0];
}

/** The first value of a statement's first row; null where there is none. */
export function* queryScalar(sql: string, binds: readonly Bind[] = []): Work<unknown> {
  const row = yield* queryFirst(sql, binds);
  return row === undefined ? null : Object.values(row)[0];
}

/**
 * Runs a statement for its effect.
 * @returns how many rows it inserted, updated or deleted; 0 for anything else
 * @example
 * const deleted = yield* execute(`DELETE FROM ${table} WHERE DATASET = ?`, ['health']);
 */
export function* execute(sql: string, binds: readonly Bind[] = []): Work<number> {
  return ((yield { sql, binds, wants: 'count' }) as StatementResult).changed;
}

/**
 * Calls SageMaker; its errors come back as values.
 * @example
 * const answer = yield* ask('DescribeEndpoint', { EndpointName: 'los-health-v3' });
 * if (!answer.ok) throw new Error(`${answer.error}: ${answer.message}`);
 */
export function* ask(action: ControlAction, request: object): Work<ControlAnswer> {
  return (yield { action, request }) as ControlAnswer;
}

/**
 * Does what belongs together in a transaction: all of it, or none of it and the error goes on. DDL commits what is open,
 * so there is none in here, and no call of SageMaker, which could not be taken back.
 * @param keeps whether what was done is kept, by what came of it
 * @example
 * const moved = yield* transaction(function* () {
 *   yield* execute(`INSERT INTO ${log} SELECT * FROM ${queue}`);
 *   return yield* execute(`DELETE FROM ${queue}`);
 * });
 */
export function* transaction<T>(work: () => Work<T>, keeps: (result: T) => boolean = () => true): Work<T> {
  yield* execute('BEGIN');
  let result: T;
  try {
    result = yield* work();
  } catch (error) {
    yield* execute('ROLLBACK');
    throw error;
  }
  yield* execute(keeps(result) ? 'COMMIT' : 'ROLLBACK');
  return result;
}

/** Value of a VARIANT: the driver and a procedure hand over objects, some drivers their JSON. */
export function variant<T>(value: unknown): T {
  return (typeof value === 'string' ? JSON.parse(value) : value) as T;
}

/**
 * Refusal of a request that a person can mend. It ends the work; the words are free of patients' data.
 * `next` says what to do, as an imperative sentence.
 */
export class Refused extends Error {
  readonly next: string;
  /** Name of the check that refused, where callers tell it apart, e.g. `gates`. */
  readonly by: string | undefined;

  constructor(message: string, next: string, by?: string) {
    super(message);
    this.name = 'Refused';
    this.next = next;
    this.by = by;
  }
}

/** Not yet: the same once more, later. */
export class Later extends Error {
  /** Seconds after which waiting any longer is of no use; undefined: however long it takes. */
  readonly patience: number | undefined;

  constructor(message: string, patience?: number) {
    super(message);
    this.name = 'Later';
    this.patience = patience;
  }
}

/** Action that failed, and what Snowflake said, without a value of a row. */
export interface Failure {
  readonly name: string;
  readonly why: string;
}

/**
 * Does one part of a work of which the other parts do not depend on it. Where it fails, that is kept to be told, and the work goes on.
 * @param failures takes the failure
 * @param name the part in words
 * @param fallback what to go on with
 * @example
 * const failures: Failure[] = [];
 * const rows = yield* attempt(failures, 'the queue', [], () => query(`SELECT ID FROM ${queue}`));
 */
export function* attempt<T>(failures: Failure[], name: string, fallback: T, work: () => Work<T>): Work<T> {
  try {
    return yield* work();
  } catch (error) {
    failures.push({ name, why: errorLine(error) });
    return fallback;
  }
}
