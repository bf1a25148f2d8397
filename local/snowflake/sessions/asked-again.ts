import type { Again } from '../storage/kept-rows.js';
import type { Locks } from '../storage/locks.js';
import type { Connection } from '../storage/storage.js';

/** Rows that a command adds to a table, and that its query would give again from tables as they are, in whatever order. */
export interface Asked {
  /** The table's name for DuckDB, in quotes. */
  table: string;
  /** Gives the rows, once they are there. */
  added: string;
  /** Asks for the rows and adds them. */
  command: string;
  /** Asks for them alone, with their numbers; it reads nothing that only this transaction sees. */
  query: string;
  /** What they are read from, of which the transaction has written nothing itself. */
  sources: readonly number[];
  /** Another connection. */
  connect(): Promise<Connection>;
}

/**
 * Rows that a transaction does not keep: it asks for them again if it must make its writes again. A transaction that is about to write a table
 * that they were read from waits until they are kept after all, by a connection that sees the table as it still is.
 */
export class AskedAgain {
  /** How many there are, once that is known. */
  rows = Number.POSITIVE_INFINITY;
  private keeping: Promise<Again> | undefined;
  private apart: Connection | undefined;

  constructor(private readonly asked: Asked) {}

  /** Adds the rows once more. @returns how many */
  readonly again: Again = async (connection) =>
    this.keeping ? (await this.keeping)(connection) : connection.run(this.asked.command);

  /** Keeps them, in the order in which they come now. */
  async keep(): Promise<void> {
    this.keeping ??= this.kept();
    await this.keeping;
  }

  /** Keeps them as they stand in the table, which no one has written since. */
  async keepHere(connection: Connection): Promise<void> {
    const { table, added } = this.asked;
    this.keeping = Promise.resolve(await connection.keepRows({ table, temporary: false }, added, this.rows));
  }

  /** To be called when the transaction has ended. */
  forget(): void {
    // Its caller is told of an error.
    void this.keeping?.catch(() => undefined).then(() => this.apart?.forget());
  }

  private async kept(): Promise<Again> {
    const { table, query, connect } = this.asked;
    this.apart = await connect();
    try {
      return await this.apart.keepRows({ table, temporary: false }, query, this.rows);
    } finally {
      this.apart.close();
    }
  }
}

/** All such rows of one transaction. */
export class AskedRows {
  private all: AskedAgain[] = [];
  /** Tables whose newest rows may have other numbers when they are asked for again. */
  private readonly grown = new Set<number>();

  constructor(private readonly locks: Locks) {}

  /**
   * To be called before the command runs.
   * @param owner the transaction
   * @param since moment from which on it sees nothing of what others write
   * @returns undefined where another has written a source since, or is about to: the rows must be kept
   */
  watched(owner: object, asked: Asked, since: number): AskedAgain | undefined {
    const rows = new AskedAgain(asked);
    if (!this.locks.guard(owner, asked.sources, since, () => rows.keep())) return undefined;
    this.all.push(rows);
    return rows;
  }

  /** To be called when the transaction has added rows to a table. */
  grew(tableId: number): void {
    if (this.all.length > 0) this.grown.add(tableId);
  }

  /** Whether rows of this table must not get other numbers any more: some are about to be looked for by them. */
  numbers(tableId: number): boolean {
    return this.grown.has(tableId);
  }

  /**
   * Keeps all of them.
   * @param last what the transaction has written last
   * @returns whether they have their numbers for good only when it has made its writes again
   */
  async keep(connection: Connection, last: unknown): Promise<boolean> {
    const [only, ...others] = this.all;
    const here = only && others.length === 0 && only.again === last;
    if (here) await only.keepHere(connection);
    else for (const rows of this.all) await rows.keep();
    this.grown.clear();
    return !here;
  }

  /** To be called when the transaction has ended. */
  forget(): void {
    for (const rows of this.all) rows.forget();
    this.all = [];
    this.grown.clear();
  }
}
