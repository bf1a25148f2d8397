import type { Account } from './account.js';
import type { Catalog } from './catalog/catalog.js';
import type { Column, Routine, Table, View } from './catalog/objects.js';
import type { FunctionSpec } from './expressions/function.js';
import type { Place } from './kernel/information-view.js';
import type { Statement } from './kernel/statement.js';
import type { Relation } from './query/bind/bind-source.js';
import type { Binder, Wanted } from './query/bind/binder.js';
import type { QueryContext } from './query/compile.js';
import type { Session } from './sessions/session.js';
import type { PackedColumn } from './storage/packed-texts.js';
import type { Storage } from './storage/storage.js';
import type { Typed } from './types/coerce.js';
import type { Cell, DataType } from './types/data-type.js';

/**
 * A function whose arguments must be constants: SYSTEM$… and GET_DDL. It is called when the statement runs, once for
 * each place where it stands.
 */
export interface SystemFunction {
  name: string;
  arity: readonly [min: number, max: number];
  returns: DataType;
  run(b: Binder, args: Cell[]): Promise<Cell> | Cell;
}

/**
 * `TABLE(name(…))`. `args` are positional, `named` are `name => value`. One whose rows are only known when the
 * statement runs puts a placeholder into its SQL and the text's supplier into `b.collected.deferred`.
 */
export type TableFunction = (b: Binder, args: Typed[], named: Map<string, Typed>) => Relation;

/** A table function whose first argument is the name of a table, in parts: VALIDATE(t, JOB_ID => …). */
export type FunctionOfTable = (b: Binder, table: string[], named: Map<string, Typed>) => Relation;

/** A view of INFORMATION_SCHEMA whose rows DuckDB gives. */
export type SqlView = (b: Binder, place: Place) => Relation;

/** What one room may do for all of an account: there is one of each, whichever feature brings it. */
export interface Services {
  /** A relation that is no object of the catalog: DB.INFORMATION_SCHEMA.TABLES. */
  relation(b: Binder, parts: string[]): Relation | undefined;
  /** The columns of every view of a database's INFORMATION_SCHEMA. */
  informationColumns(
    context: { account: Account; session: Session },
    database: string,
  ): Record<string, { name: string; type: DataType }[]>;
  /** `FROM @stage/path (FILE_FORMAT => …)`. The columns are named $1, $2 … (by position) and METADATA$…. */
  stageSource(b: Binder, location: string, options: Map<string, Typed>): Relation;
  /**
   * Calls an external function. `table` is a temporary table of so many rows, whose "$n" numbers them from 1, `args` the DuckDB SQL of
   * each argument's JSON text there; `take` is given the answers in parts, a cell a row in each column that is wanted.
   */
  callExternal(
    b: Binder,
    routine: Routine,
    asked: { table: string; rows: number; args: string[]; wanted: Wanted },
    take: (columns: PackedColumn[]) => Promise<void>,
  ): Promise<void>;
  /** The tables that a view reads. @throws SnowflakeError if changes of its rows cannot be told from theirs */
  trackableTables(account: Account, session: Session, view: View): Table[];
  /**
   * DuckDB SQL for what has changed in a view's rows, with the columns c1 … and those of METADATA$.
   * @param windows the changes of its tables that are asked for; none: all rows as inserted
   */
  viewChanges(
    account: Account,
    session: Session,
    view: View,
    windows?: ReadonlyMap<number, { after: number; upTo: number }>,
  ): Promise<string>;
  /** Adds records to an event table, in a transaction of their own, when no other is changing the table. */
  insertEvents(context: QueryContext, table: Table, columns: Column[], duckSelect: string): Promise<void>;
}

/** What a room brings into an account. Rooms know nothing of those above them but what the account has of these. */
export interface Feature {
  readonly statements?: readonly Statement[];
  readonly systemFunctions?: readonly SystemFunction[];
  /** By upper-case name, without the schema: FLATTEN, TASK_HISTORY … */
  readonly tableFunctions?: Readonly<Record<string, TableFunction>>;
  readonly functionsOfTables?: Readonly<Record<string, FunctionOfTable>>;
  /** By name. */
  readonly sqlViews?: Readonly<Record<string, SqlView>>;
  readonly services?: Partial<Services>;
  /** Makes what it needs in an account that is being opened, if it is not there yet. */
  prepare?(account: { storage: Storage; catalog: Catalog; now: number }): Promise<void>;
  /** What goes on by itself as long as the account is open. */
  keeper?(account: Account): { start(): void; stop(): Promise<void> };
}

/** The features of an account, put together. */
export interface Features {
  readonly statements: readonly Statement[];
  readonly systemFunctions: ReadonlyMap<string, FunctionSpec>;
  readonly tableFunctions: ReadonlyMap<string, TableFunction>;
  readonly functionsOfTables: ReadonlyMap<string, FunctionOfTable>;
  readonly sqlViews: ReadonlyMap<string, SqlView>;
  readonly services: Services;
}
