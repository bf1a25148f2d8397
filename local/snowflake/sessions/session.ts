import type { Catalog } from '../catalog/catalog.js';
import type { Table } from '../catalog/objects.js';
import type { Locks } from '../storage/locks.js';
import { type Connection, literal } from '../storage/storage.js';
import type { DataType } from '../types/data-type.js';
import { checkParameter, type ParameterValue, SESSION_PARAMETERS } from './parameters.js';
import { type Again, Transaction, type Write } from './transaction.js';

/** A session variable, `SET x = 1`. */
export interface Variable {
  type: DataType;
  /** In wire text, see Cell. */
  value: string | null;
}

export interface SessionOptions {
  id: number;
  user: string;
  role: string;
  /** USE SECONDARY ROLES ALL. */
  secondaryRoles?: boolean;
  database?: string;
  schema?: string;
  warehouse?: string;
}

/** A user's session, or an internal one (a task's, an owner's-rights procedure's). */
export class Session {
  readonly id: number;
  readonly user: string;
  role: string;
  secondaryRoles: boolean;
  database: string | undefined;
  schema: string | undefined;
  warehouse: string | undefined;
  /** Only what was set in this session; see parameter(). */
  readonly parameters = new Map<string, ParameterValue>();
  /** Defaults from the user or account, below the session's own. */
  readonly defaults = new Map<string, ParameterValue>();
  readonly variables: Map<string, Variable>;
  /** Temporary tables by `db\0schema\0name`. */
  readonly temporary: Map<string, Table>;
  /** Ids of the stages, file formats and views that go with the session. */
  readonly temporaryObjects: Set<number>;
  /** Ids of the statements run in this session, oldest first. */
  readonly queryIds: string[] = [];
  readonly transaction: Transaction;
  /** What a task's or procedure's run leaves for the functions it calls (SYSTEM$GET_PREDECESSOR_RETURN_VALUE …). */
  readonly notes = new Map<string, unknown>();
  /** The parameter by which its client asks for results as Arrow or JSON; without one they are JSON. */
  formatParameter?: string;
  /** How its client finds internal stages: in S3, or in a folder of this machine, where it may put no streams. */
  stageForm: 'S3' | 'folder' | 'folder without streams' = 'folder';
  /** True once the session has ended; its client must log in again. */
  closed = false;
  /** Grows with every change of a parameter. */
  parameterVersion = 0;
  private queue: Promise<unknown> = Promise.resolve();

  /** @param caller for an owner's-rights procedure: shares this session's connection, transaction and temporary tables */
  constructor(
    options: SessionOptions,
    readonly connection: Connection,
    catalog: Catalog,
    locks: Locks,
    readonly caller?: Session,
  ) {
    this.id = options.id;
    this.user = options.user;
    this.role = options.role;
    this.secondaryRoles = options.secondaryRoles ?? false;
    this.database = options.database;
    this.schema = options.schema;
    this.warehouse = options.warehouse;
    this.transaction = caller?.transaction ?? new Transaction(connection, catalog, locks);
    this.temporary = caller?.temporary ?? new Map();
    this.temporaryObjects = caller?.temporaryObjects ?? new Set();
    this.variables = new Map();
  }

  /** The value of a session parameter that applies now. */
  parameter(name: string): ParameterValue {
    return this.parameters.get(name) ?? this.defaults.get(name) ?? SESSION_PARAMETERS[name]!;
  }

  /** What the session itself or its user says of a parameter, if anything. */
  own(name: string): ParameterValue | undefined {
    return this.parameters.get(name) ?? this.defaults.get(name);
  }

  /** @throws SnowflakeError for an unknown parameter or a value that does not fit */
  async setParameter(name: string, value: ParameterValue): Promise<void> {
    this.parameters.set(name, checkParameter(name, value));
    this.parameterVersion++;
    if (name === 'TIMEZONE') this.applyTimezone();
  }

  async unsetParameter(name: string): Promise<void> {
    this.parameters.delete(name);
    this.parameterVersion++;
    if (name === 'TIMEZONE') this.applyTimezone();
  }

  /** DuckDB's connection follows the session's TIMEZONE. */
  applyTimezone(): void {
    this.connection.set('TimeZone', literal(String(this.parameter('TIMEZONE'))));
  }

  get timezone(): string {
    return String(this.parameter('TIMEZONE'));
  }

  get autocommit(): boolean {
    return this.parameter('AUTOCOMMIT') === true;
  }

  /**
   * Changes DuckDB under the transaction rules. Every change a statement makes, temporary tables that it
   * fills included, goes through here, or it is lost when a later statement of the transaction fails.
   * @returns the number of rows changed
   */
  async write(write: Write): Promise<number> {
    return this.transaction.write(write);
  }

  /**
   * Fills a new temporary table of the statement with what a query gives; see Transaction.compute.
   * @param table its name for DuckDB, in quotes
   * @param again what fills it when the transaction makes its writes again
   * @returns how many rows it has
   */
  async compute(table: string, query: string, again: Again): Promise<number> {
    return this.transaction.compute(table, query, again);
  }

  /** Drops a temporary table of the statement; see Transaction.drop. */
  drop(table: string): void {
    this.transaction.drop(table);
  }

  /** Waits for the write lock on a table or stream; held to the end of the transaction. */
  async lock(id: number, signal?: AbortSignal): Promise<void> {
    await this.transaction.lock(id, Number(this.parameter('LOCK_TIMEOUT')) * 1000, signal);
  }

  /** Runs one statement of a client after the other; nested statements of procedures do not queue. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const run = this.queue.then(work, work);
    this.queue = run.catch(() => undefined);
    return run;
  }
}
