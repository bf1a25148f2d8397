import type { Catalog, CatalogTransaction } from '../catalog/catalog.js';
import type { Locks } from '../storage/locks.js';
import { Sequences } from '../storage/sequences.js';
import type { Connection } from '../storage/storage.js';

/** A change to DuckDB: SQL, or a function. It must do the same each time that it is made. */
export type Write = string | ((connection: Connection) => Promise<number>);

/** What fills a temporary table again: its rows, which are kept; its query (query/change/repeatable.ts); or nothing, as no write reads it. */
export type Again = 'rows' | 'query' | 'not read';

/**
 * The transaction state of one connection. Autocommit: every statement is its own transaction. Explicit
 * (BEGIN, or AUTOCOMMIT = FALSE): until COMMIT or ROLLBACK. A statement that fails inside an explicit
 * transaction undoes itself only; DuckDB has no savepoints and aborts the whole transaction, so the writes of
 * the earlier statements are kept and made again. So that they give the same rows again, whatever random numbers,
 * sequences or other sessions would make of their queries by then, rows are computed once (`compute`) and kept; unless
 * nothing of that is possible.
 *
 * DuckDB's transaction starts with the first write and would see nothing of what others commit from then on: before
 * a statement that reads such a table the writes are made again in a new one (`refresh`).
 */
export class Transaction {
  /** True from BEGIN to COMMIT or ROLLBACK. */
  explicit = false;
  /** Milliseconds; Snowflake uses it as the transaction's id. */
  id = 0;
  name = '';
  private redo: Write[] = [];
  private beforeCommit = new Map<string, (tx: CatalogTransaction) => Promise<void> | void>();
  private afterEnd: ((committed: boolean) => void)[] = [];
  private startedAt = 0;

  constructor(
    readonly connection: Connection,
    private readonly catalog: Catalog,
    private readonly locks: Locks,
  ) {}

  begin(id: number, name = ''): void {
    this.explicit = true;
    this.id = id;
    this.name = name;
  }

  /**
   * Runs a statement's work under the transaction rules; see the class. It is run once more if there was no memory for it: DuckDB has
   * more from then on.
   */
  async statement<T>(work: () => Promise<T>): Promise<T> {
    if (this.explicit) return this.undoIfFailed(work);
    try {
      const result = await work();
      if (!this.explicit) await this.commit();
      return result;
    } catch (error) {
      if (this.explicit) throw error;
      await this.rollback();
      if (!this.connection.raisedNow) throw error;
      this.connection.raisedNow = false;
      return await this.statement(work);
    }
  }

  /** Changes DuckDB inside the transaction. @returns the number of rows changed */
  async write(write: Write): Promise<number> {
    const changed = await this.raiseLimit(() => this.apply(write));
    if (this.explicit) this.redo.push(write);
    return changed;
  }

  /**
   * Changes DuckDB by the one command of a statement. Outside of an explicit transaction DuckDB makes one of it by itself: one trip to
   * its thread in place of two.
   * @returns the number of rows changed
   */
  async writeAlone(command: string): Promise<number> {
    // What a sequence has given is written down between the rows and their COMMIT.
    if (!this.isUntouched || this.beforeCommit.size > 0 || Sequences.givesIn(command))
      return this.write(command);
    return this.connection.run(command);
  }

  /**
   * Fills a new temporary table with what a query gives. A transaction that makes its writes again gives it the
   * same rows.
   * @param table its name for DuckDB, in quotes; where it has no rows, no write may read it
   * @param again what gives them then
   * @returns how many rows it has
   */
  async compute(table: string, query: string, again: Again): Promise<number> {
    return await this.raiseLimit(async () => {
      const rows = await this.connection.fillTable(table, query);
      if (!this.explicit || rows === 0) return rows;
      if (again === 'query') this.redo.push((connection) => connection.fillTable(table, query));
      if (again === 'rows')
        this.redo.push(await this.connection.keepRows({ table, temporary: true }, `FROM ${table}`, rows));
      return rows;
    });
  }

  /**
   * Adds rows to a table by one command. A transaction that makes its writes again adds the same rows, which it keeps.
   * @param table its name for DuckDB, in quotes
   * @param added gives the rows, once they are there
   * @returns how many
   */
  async insert({
    table,
    command,
    added,
  }: {
    table: string;
    command: string;
    added: string;
  }): Promise<number> {
    return await this.raiseLimit(async () => {
      const rows = await this.connection.run(command);
      if (this.explicit && rows > 0)
        this.redo.push(await this.connection.keepRows({ table, temporary: false }, added, rows));
      return rows;
    });
  }

  /** Fills a temporary table that no write of the statement reads; see compute. */
  async scratch(fill: (connection: Connection) => Promise<unknown>): Promise<void> {
    await this.start();
    await fill(this.connection);
  }

  /** Drops a temporary table, when something else is done next. @param table its name for DuckDB, in quotes */
  drop(table: string): void {
    const sql = `DROP TABLE IF EXISTS ${table}`;
    this.connection.defer(sql);
    if (this.explicit) this.redo.push(sql);
  }

  /**
   * Waits until no other transaction is writing this object, and sees what they have committed.
   * @throws SnowflakeError 000625, 000604
   */
  async lock(id: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
    await this.locks.acquire(this, id, timeoutMs, signal);
    if (this.connection.inTransaction && this.locks.hasChangedSince(id, this.startedAt)) await this.replay();
  }

  /**
   * READ COMMITTED, Snowflake's only isolation level: a statement sees what others had committed to the tables that
   * it reads before it began, also after the transaction has written something.
   */
  async refresh(tables: Iterable<number>): Promise<void> {
    if (!this.explicit || !this.connection.inTransaction) return;
    for (const id of tables) if (this.locks.hasChangedSince(id, this.startedAt)) return this.replay();
  }

  /** Whether no other can write this object before the transaction ends. */
  holds(id: number): boolean {
    return this.locks.holds(this, id);
  }

  /** True where nothing has been written that a failing statement of DuckDB's would take with it. */
  get isUntouched(): boolean {
    return !this.explicit && !this.connection.inTransaction;
  }

  /**
   * Work that its data may make fail, of a statement that can go another way then: what it has written is undone, the
   * locks stay. Only where the transaction is `isUntouched`.
   */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const hooks = new Map(this.beforeCommit);
    try {
      return await work();
    } catch (error) {
      this.beforeCommit = hooks;
      if (this.connection.inTransaction) await this.connection.rollback();
      throw error;
    }
  }

  /** Begins DuckDB's transaction now, for a statement whose parts must be committed together. */
  open(): Promise<void> {
    return this.start();
  }

  /** Does this as part of the commit (once for each key), e.g. moving a stream's offset. */
  onCommit(key: string, work: (tx: CatalogTransaction) => Promise<void> | void): void {
    this.beforeCommit.set(key, work);
  }

  /** Does this when the transaction has ended, in whatever way, and its locks are let go. */
  onEnd(work: (committed: boolean) => void): void {
    this.afterEnd.push(work);
  }

  async commit(): Promise<void> {
    let committed = false;
    try {
      if (this.beforeCommit.size > 0) {
        await this.start();
        const hooks = [...this.beforeCommit.values()];
        await this.catalog.runAlone(async () => {
          await this.catalog.change(this.connection, async (tx) => {
            for (const hook of hooks) await hook(tx);
          });
          await this.connection.commit();
        });
      }
      if (this.connection.inTransaction) await this.connection.commit();
      committed = true;
    } catch (error) {
      if (this.connection.inTransaction) await this.connection.rollback();
      throw error;
    } finally {
      this.reset(committed);
    }
  }

  async rollback(): Promise<void> {
    try {
      if (this.connection.inTransaction) await this.connection.rollback();
    } finally {
      this.reset();
    }
  }

  private async start(): Promise<void> {
    if (this.connection.inTransaction) return;
    this.startedAt = this.locks.now();
    await this.connection.begin();
  }

  /** Work that is done once more if there was no memory for it: DuckDB has more from then on. */
  private async raiseLimit<T>(work: () => Promise<T>): Promise<T> {
    await this.start();
    try {
      return await work();
    } catch (error) {
      if (!this.explicit || !this.connection.raisedNow) throw error;
      this.connection.raisedNow = false;
      await this.replay();
      return await this.raiseLimit(work);
    }
  }

  private async undoIfFailed<T>(work: () => Promise<T>): Promise<T> {
    const writes = this.redo.length;
    const hooks = new Map(this.beforeCommit);
    this.connection.failed = false;
    try {
      return await work();
    } catch (error) {
      this.beforeCommit = hooks;
      const dirty = this.redo.length > writes || this.connection.failed;
      if (this.explicit && this.connection.inTransaction && dirty) {
        this.redo.length = writes;
        await this.replay();
      }
      throw error;
    }
  }

  private async replay(): Promise<void> {
    const again = this.redo.length > 0;
    await this.connection.rollback(again);
    if (!again) return;
    this.startedAt = this.locks.now();
    await this.connection.begin(again);
    for (const write of this.redo) await this.apply(write);
  }

  private apply(write: Write): Promise<number> {
    return typeof write === 'string' ? this.connection.run(write) : write(this.connection);
  }

  private reset(committed = false): void {
    this.explicit = false;
    this.name = '';
    this.redo = [];
    this.connection.forget();
    this.beforeCommit = new Map();
    this.connection.failed = false;
    this.locks.release(this);
    const ended = this.afterEnd;
    this.afterEnd = [];
    for (const work of ended) work(committed);
  }
}
