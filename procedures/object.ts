import type { SqlSignature } from '../udfs/signature.js';
import type { Contract } from './dataset/contract.js';
import type { Plan, SqlFile } from './ground/plan.js';
import type { CountedTable } from './records/counted-table.js';

/** Roles that may CALL a procedure: the one that is named, and those that have it. `owner`: only the owner's procedures and tasks. */
export type Caller = 'read' | 'patients' | 'run' | 'operate' | 'plan' | 'owner';

/**
 * Purpose that some objects exist for alone: a contract with dates, addresses that Snowflake mails to, a challenger, predict_los of columns, a table of
 * the product's schema or rows of others, a stream by which changes are noticed, and one that wakes the task graph; events of stays, and any rows
 * that are not ours to delete (`others`), a list of planned admissions, decisions to admit, dates that people expect, readiness for discharge,
 * one of these two (`huddle`), moves between wards, and observed ÷ expected days.
 */
export type Only =
  | 'dates'
  | 'mail'
  | 'challenger'
  | 'columns'
  | 'table'
  | 'origin'
  | 'stream'
  | 'wakes'
  | 'events'
  | 'others'
  | 'planned'
  | 'lists'
  | 'decisions'
  | 'expected'
  | 'ready'
  | 'huddle'
  | 'moves'
  | 'excess';

/**
 * Object of a stored procedure, which says everything about itself; an entry file exports it as `object`, and that is all it takes to deploy one.
 *
 *     export const object = {
 *       signature: { name: 'RETIRE_MODELS', args: [], returns: 'VARIANT', executeAs: 'OWNER' },
 *       callers: 'operate',
 *       plan: ({ version }) => version([], []),
 *     } as const satisfies ProcedureObject<typeof retireModels>;
 */
export interface ProcedureObject<F extends (...args: never[]) => unknown> {
  readonly signature: SqlSignature<F>;
  /** Procedures run with the rights of their owner: USAGE on one is the owner's power to do just that. */
  readonly callers: Caller | readonly Caller[];
  readonly only?: Only;
  /** That its answer has predictions, which a silent period hides from all but LOS_OPERATE. */
  readonly shows?: 'predictions';
  /** Names that it had in earlier releases; with the types of its arguments where these were others. */
  readonly formerly?: readonly string[];
  /** Names of objects without which it is not to be deployed, beside what it is compiled with. */
  readonly needs?: readonly string[];
  /** The constants that are compiled in, by name: PLAN as a rule. It runs where the procedure is compiled, never in Snowflake. */
  plan?(from: PlanSource<unknown>): Constants | Promise<Constants>;
}

export type Constants = Readonly<Record<string, unknown>>;

/** A stream whose condition wakes a task. */
export interface WakingStream {
  readonly name: string;
  /** The table that it is on, unqualified. */
  readonly table: string;
  /** Recreates it, as apply would have. */
  readonly restore: string;
  /** Effect that a reader of a new one has to know: what becomes of the changes that the old one had. */
  readonly effect: string;
  /** Changes the rows that wait, so that a new stream holds them; none where it begins with all rows. */
  readonly touch?: string;
  /** Qualified name of the table that it has to follow, where others than we rename it. */
  readonly follows?: string;
}

/** An integration as los apply makes it. */
export interface DeclaredIntegration {
  readonly name: string;
  /** Those that are compared, as DESCRIBE INTEGRATION names them. */
  readonly properties: Readonly<Record<string, string>>;
}

/** A task that runs, as its file declares it. */
export interface ScheduledTask {
  readonly name: string;
  /** KIND of the run that it writes into LOS_RUN_LOG. */
  readonly run?: string;
  /** Hours from one time of its schedule to the next, at most; null: a stream, a condition or another task says when it runs. */
  readonly hours: number | null;
  /** Purpose in a sentence. */
  readonly does: string;
}

/**
 * Sources that constants are made from. S: the settings that a procedure heeds.
 */
export interface PlanSource<S> {
  readonly contract: Contract;
  readonly settings: S;
  /** A text of the project with its placeholders filled in: `sql('sql/scoring/queue.sql', { … })`. */
  readonly sql: SqlFile;
  /** The texts of a folder of sql/, by name without `.sql`: `texts('watching').pipe`. */
  texts(folder: string): Readonly<Record<string, string>>;
  /** The statement that recreates a stream, or makes a table that is gone, as apply would have, with its mark. @param name as its file says it */
  restore(name: string): string;
  /** Every task, where the settings have tasks run. */
  readonly tasks: readonly ScheduledTask[];
  /** Every integration that los apply makes. */
  readonly integrations: readonly DeclaredIntegration[];
  /** Every stream that wakes a task. */
  readonly streams: readonly WakingStream[];
  /** Every table that is deployed, and which of them is the hospital's. */
  readonly tables: readonly { readonly name: string; readonly hospital: boolean }[];
  /** Statements that remove rows which have had their time, from what the tables say of themselves; each takes that day once, as YYYY-MM-DD. */
  readonly expiries: readonly { readonly table: string; readonly sql: string }[];
  /** Statements that erase an admission from each table that has it; each takes its id once. */
  readonly erasures: readonly { readonly table: string; readonly sql: string }[];
  /** Tables of records, as they are counted. */
  readonly counted: readonly CountedTable[];
  /** Hours from one run of a task's schedule to the next, at most. */
  longestGapHours(schedule: string): number;
  /**
   * PLAN of what makes and judges versions of the model.
   * @param texts those of sql/ that it needs: `training/ordered`
   * @param templates files of functions of which every version has its own
   * @param whole with how features are computed; without it a body is shorter
   */
  version(texts: readonly string[], templates?: readonly string[], whole?: boolean): Promise<{ PLAN: Plan }>;
}
