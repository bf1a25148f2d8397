import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DuckDBAppender,
  type DuckDBConnection,
  type DuckDBDataChunk,
  DuckDBInstance,
  type DuckDBMaterializedResult,
  type DuckDBPreparedStatement,
  type DuckDBValue,
} from '@duckdb/node-api';
import { isOutOfMemory, recordFailure } from '../internal-error.js';
import type { Row } from '../types/data-type.js';
import { appendPacked } from './append-packed.js';
import { Checkpoints } from './checkpoints.js';
import { Functions, KnownFunctions } from './functions.js';
import { bytesOf, letGo } from './garbage.js';
import { type Again, KeptFiles, KeptRows, type Target } from './kept-rows.js';
import { Memory } from './memory.js';
import { Numbers, readStart } from './numbers.js';
import type { PackedColumn } from './packed-texts.js';
import { PreparedShapes } from './prepared-shapes.js';
import { Sequences } from './sequences.js';
import { textsOf } from './texts.js';

/**
 * Ways of compressing that cost more than they save: NUMBERs of 38 digits are read twelve times slower when their bits
 * are packed, by a division in 128 bits for each; to try the others is half of what a COMMIT of many rows takes.
 */
const NOT_WORTH_IT = 'bitpacking,fsst,dictionary,dict_fsst,zstd,chimp,patas,alp,alprd';

/** The account's database, a file. */
const ACCOUNT = '"$account"';
/**
 * Rows of a row group. From as many on DuckDB writes what a transaction inserts into the file, where COMMIT leaves it; fewer are copied
 * from the transaction's rows into the table's, written into the log, and once more into the file in a checkpoint. It holds for
 * row groups that are made from now on, whatever those of the file have.
 */
const ROW_GROUP = 40_960;
/** The instance's own database, in memory, whose tables all connections see once they are filled: for what two of them do together. */
export const BESIDE = 'memory';

/** Milliseconds between two tries to stop a command. */
const INTERRUPT_MS = 50;

/** The account's DuckDB database: one file, confined to the account's folder. */
export class Storage {
  private readonly functions = new KnownFunctions();
  private readonly checkpoints: Checkpoints;
  private readonly kept: KeptFiles;
  readonly sequences = new Sequences();
  readonly numbers: Numbers;
  private readonly memory: Memory;

  /** @param start the how-manieth time it is that the account is opened */
  private constructor(
    private readonly instance: DuckDBInstance,
    readonly folder: string,
    readonly start: number,
    much?: number,
  ) {
    this.numbers = new Numbers(start);
    this.memory = new Memory(instance);
    this.kept = new KeptFiles(folder);
    const write = async () => {
      const connection = await this.connect();
      await connection.run('CHECKPOINT').finally(() => connection.close());
    };
    this.checkpoints = new Checkpoints(join(folder, 'data.duckdb.wal'), write, much);
  }

  /**
   * Opens (or makes) the database in this folder. What was committed before a crash is there again.
   * @param much bytes of the log from which on it is written away in a pause
   */
  static async open(folder: string, much?: number): Promise<Storage> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const spilled = join(folder, 'spilled');
    // DuckDB leaves there what it had spilled when it was killed.
    rmSync(spilled, { recursive: true, force: true });
    const instance = await DuckDBInstance.create(':memory:', {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      // Each session's statement has a thread of libuv's already. With DuckDB's own beside it, that one asks for work
      // in a loop while another has it, and takes a core from the JavaScript that the statement calls.
      threads: '1',
      memory_limit: Memory.FIRST,
      temp_directory: spilled,
      // What DuckDB has freed goes back to the system, also where the thread that freed it has nothing more to do.
      allocator_background_threads: 'true',
      default_null_order: 'nulls_last_on_asc_first_on_desc',
      preserve_insertion_order: 'true',
      // ORDER BY 'a' sorts by nothing, but is no mistake.
      order_by_non_integer_literal: 'true',
      // Long before, the log is written away in a pause; closing writes it away in any case.
      checkpoint_threshold: '1GB',
    });
    const first = await instance.connect();
    const file = literal(join(folder, 'data.duckdb'));
    await first.run(`ATTACH ${file} AS ${ACCOUNT} (ROW_GROUP_SIZE ${ROW_GROUP}); USE ${ACCOUNT}`);
    const storage = new Storage(instance, folder, await readStart(first), much);
    first.closeSync();
    const connection = await storage.connect();
    await connection.run(`SET allowed_directories = [${literal(`${folder}/`)}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run(`SET GLOBAL disabled_compression_methods = '${NOT_WORTH_IT}'`);
    await connection.run('CREATE TABLE IF NOT EXISTS catalog (id BIGINT, kind VARCHAR, json VARCHAR)');
    await storage.sequences.open(connection);
    return storage;
  }

  async connect(): Promise<Connection> {
    const duckdb = await this.instance.connect();
    await duckdb.run(`USE ${ACCOUNT}`);
    return new Connection(duckdb, this.functions, this.checkpoints, this.kept, this.sequences, this.memory);
  }

  /** Writes the log into the file and lets go of it, once no command runs any more. */
  async close(): Promise<void> {
    await this.sequences.close();
    await this.checkpoints.close();
    const connection = await this.connect();
    // An open transaction of a session that was cut off forbids the checkpoint; the log holds all the same.
    await connection.run('CHECKPOINT').catch(() => undefined);
    connection.close();
    this.instance.closeSync();
  }
}

/** One DuckDB connection: one session's, or the catalog's own. It does one thing at a time. */
export class Connection {
  /** True between begin() and commit() / rollback(). */
  inTransaction = false;
  /** True once a command has failed: DuckDB may have aborted the transaction. Reset where it is handled. */
  failed = false;
  /** True once a command has failed for want of memory that DuckDB has now. Reset where the work is done again. */
  raisedNow = false;
  private committed: (() => void)[] = [];
  private readonly keptRows: KeptRows;
  /** Commands that are sent together with the next one: each by itself is a trip to another thread and back. */
  private before: string[] = [];
  /** True while DuckDB has no transaction yet: BEGIN is to be sent first. */
  private opening = false;
  /** What the connection is still to be told, by what it sets; no transaction takes that back. */
  private readonly settings = new Map<string, string>();

  /** Commands that DuckDB's threads have. */
  private running = 0;
  /** The last of them. */
  private current: Promise<unknown> | undefined;
  private closing = false;
  private closed = false;

  private readonly shapes: PreparedShapes;

  /** JavaScript functions that its SQL calls. */
  readonly functions: Functions;

  constructor(
    readonly duckdb: DuckDBConnection,
    known: KnownFunctions,
    private readonly checkpoints: Checkpoints,
    files: KeptFiles,
    private readonly sequences: Sequences,
    private readonly memory: Memory,
  ) {
    this.keptRows = new KeptRows(files);
    this.functions = new Functions(duckdb, known);
    this.shapes = new PreparedShapes(duckdb);
  }

  /** Runs one or more commands. @returns the number of rows that the last one changed */
  async run(sql: string, params?: DuckDBValue[]): Promise<number> {
    return (await this.send(sql, params)).rowsChanged;
  }

  /** Runs a command that gives nothing together with the next one of the transaction. */
  defer(sql: string): void {
    this.before.push(sql);
  }

  /** Sets a parameter of DuckDB's for what is run from now on. @param value as it stands in SQL */
  set(parameter: string, value: string): void {
    this.settings.set(parameter, value);
    this.shapes.forget();
  }

  private async send(
    sql: string,
    params?: DuckDBValue[],
    prepared?: DuckDBPreparedStatement,
  ): Promise<DuckDBMaterializedResult> {
    const result = await this.sendCommand(sql, params, prepared);
    if (!this.inTransaction) await this.sequences.secure(this);
    return result;
  }

  private async sendCommand(
    sql: string,
    params?: DuckDBValue[],
    prepared?: DuckDBPreparedStatement,
  ): Promise<DuckDBMaterializedResult> {
    const alone = params !== undefined || prepared !== undefined;
    const { opening, before } = this;
    const settings = [...this.settings].map(([parameter, value]) => `SET ${parameter} = ${value}`);
    const first = [...settings, ...(opening ? ['BEGIN'] : []), ...this.before];
    this.before = [];
    this.opening = false;
    if (opening) this.functions.begin();
    try {
      if (alone && first.length > 0) await this.holdWhile(this.duckdb.run(first.join('; ')));
      const result = await this.holdWhile(
        prepared ? prepared.run() : this.duckdb.run(alone ? sql : [...first, sql].join('; '), params),
      );
      this.settings.clear();
      return result;
    } catch (error) {
      const raised = isOutOfMemory(error) && (await this.memory.raise());
      if (raised && (opening || !this.inTransaction)) {
        // Nothing is lost yet.
        if (opening) await this.holdWhile(this.duckdb.run('ROLLBACK')).catch(() => undefined);
        this.opening = opening;
        this.before = before;
        return await this.sendCommand(sql, params, prepared);
      }
      if (raised) this.raisedNow = true;
      // What DuckDB cannot read it has not begun either.
      if (opening) await this.holdWhile(this.duckdb.run('BEGIN')).catch(() => undefined);
      recordFailure(error, sql);
      this.failed = true;
      throw error;
    }
  }

  /** Sends what waits for the next command. */
  private async flush(): Promise<void> {
    if (this.opening || this.before.length + this.settings.size > 0) await this.send('SELECT 1');
  }

  /** Runs a query whose columns are all VARCHAR. */
  async rows(sql: string): Promise<Row[]> {
    return this.readRows(await this.send(sql));
  }

  /** The same of a query that reads no table, and may come again with other JSON in it. */
  async rowsOfShape(sql: string): Promise<Row[]> {
    const prepared = await this.holdWhile(this.shapes.find(sql));
    return this.readRows(await this.send(sql, undefined, prepared));
  }

  private readRows(result: DuckDBMaterializedResult): Row[] {
    const rows: Row[] = [];
    // The result is materialized: taking its chunks is no further trip to DuckDB's thread.
    for (let c = 0; c < result.chunkCount; c++) {
      const chunk = result.getChunk(c);
      const columns = Array.from({ length: chunk.columnCount }, (_, i) => textsOf(chunk, i));
      for (let i = 0, n = chunk.rowCount; i < n; i++) rows.push(columns.map((column) => column[i]!));
    }
    letGo(bytesOf(result), 'minor');
    return rows;
  }

  /**
   * Appends rows of texts to a temporary table whose first column, a BIGINT, numbers them.
   * @param table its name, in quotes
   * @param width columns beside the number; what a row has not is NULL
   * @param first number of the first row
   */
  async append(
    table: string,
    width: number,
    rows: Iterable<readonly (string | null | undefined)[]>,
    first = 0,
  ): Promise<number> {
    const appender = await this.appender(table);
    let n = BigInt(first);
    for (const row of rows) {
      appender.appendBigInt(n++);
      for (let i = 0; i < width; i++) {
        const value = row[i];
        if (value === undefined || value === null) appender.appendNull();
        else appender.appendVarchar(value);
      }
      appender.endRow();
      if (n % 50_000n === 0n) appender.flushSync();
    }
    appender.closeSync();
    return Number(n) - first;
  }

  /** The same of packed columns, each of as many rows: texts for those that are VARCHAR or JSON, numbers for DOUBLEs. */
  async appendPacked(table: string, columns: readonly PackedColumn[], first = 0): Promise<void> {
    const appender = await this.appender(table);
    appendPacked(appender, columns, first);
    appender.closeSync();
  }

  /** Appends chunks of DuckDB's own to a table. */
  async appendChunks(target: Target, chunks: readonly DuckDBDataChunk[]): Promise<void> {
    const appender = await this.appender(target.table, target.temporary);
    for (const chunk of chunks) appender.appendDataChunk(chunk);
    appender.closeSync();
  }

  private async appender(table: string, temporary = true): Promise<DuckDBAppender> {
    const name = table.slice(1, -1).replaceAll('""', '"');
    await this.flush();
    return await this.duckdb.createAppender(name, 'main', temporary ? 'temp' : undefined);
  }

  /** Fills a new temporary table with what a query gives. @param table its name, in quotes @returns how many rows */
  async fillTable(table: string, query: string): Promise<number> {
    const count = await this.send(`CREATE TEMP TABLE ${table} AS ${query}`);
    return Number(count.getChunk(0).getColumnVector(0).getItem(0));
  }

  /**
   * Keeps rows of a table for a transaction that may have to make them again.
   * @param query gives the rows, which are `count`
   * @returns brings them back after a rollback
   */
  async keepRows(target: Target, query: string, count: number): Promise<Again> {
    const few = count <= this.keptRows.room;
    const rows = await this.send(few ? query : `${query} LIMIT 0`);
    return few ? this.keptRows.keep(target, rows) : await this.keptRows.write(this, target, query, rows);
  }

  /** To be called when nothing needs what was kept any more. */
  forget(): void {
    this.keptRows.forget();
  }

  /** Names and DuckDB types of a query's columns, without running it. */
  async describe(sql: string): Promise<{ name: string; type: string }[]> {
    await this.flush();
    const prepared = await this.holdWhile(this.duckdb.prepare(sql));
    const columns = Array.from({ length: prepared.columnCount }, (_, i) => ({
      name: prepared.columnName(i),
      type: String(prepared.columnType(i)),
    }));
    prepared.destroySync();
    return columns;
  }

  /** @param again true for a transaction that makes the writes of a rolled back one again */
  async begin(again = false): Promise<void> {
    this.inTransaction = true;
    this.opening = true;
    this.checkpoints.open.add(this);
    if (!again) return;
    await this.flush();
    this.functions.beginAgain();
  }

  async commit(): Promise<void> {
    const effects = this.committed;
    this.committed = [];
    this.inTransaction = false;
    try {
      await this.sequences.secure(this);
      if (!this.opening || this.before.length > 0) await this.run('COMMIT');
      this.opening = false;
    } catch (error) {
      await this.holdWhile(this.duckdb.run('ROLLBACK')).catch(() => undefined); // a failed COMMIT has already rolled back
      throw error;
    } finally {
      this.checkpoints.open.delete(this);
      this.functions.end();
    }
    for (const effect of effects) effect();
  }

  /** @param again true when begin(true) follows */
  async rollback(again = false): Promise<void> {
    this.committed = [];
    this.inTransaction = false;
    this.before = [];
    if (!this.opening) await this.holdWhile(this.duckdb.run('ROLLBACK'));
    this.opening = false;
    await this.sequences.secure(this);
    if (!again) {
      this.checkpoints.open.delete(this);
      this.functions.end();
    }
    this.failed = false;
  }

  /** Does this when (and only if) the open transaction commits; at once if there is none. */
  runAfterCommit(effect: () => void): void {
    if (this.inTransaction) this.committed.push(effect);
    else effect();
  }

  /** Stops what is running; it fails with DuckDB's "Interrupted". */
  interrupt(): void {
    const { current } = this;
    this.duckdb.interrupt();
    if (!current) return;
    // A command that still waits for one of libuv's threads forgets it when it begins.
    const again = setInterval(() => {
      if (this.current === current) this.duckdb.interrupt();
      else clearInterval(again);
    }, INTERRUPT_MS).unref();
  }

  /** Lets go of it, once nothing runs on it any more: DuckDB's thread would go on in memory that is freed. */
  close(): void {
    this.closing = true;
    if (this.running > 0 || this.closed) return;
    this.closed = true;
    this.checkpoints.open.delete(this);
    this.shapes.forget();
    this.duckdb.closeSync();
  }

  /** What a thread of DuckDB's has been given, until it is done. */
  private async holdWhile<T>(work: Promise<T>): Promise<T> {
    this.running++;
    this.current = work;
    this.checkpoints.busy.add(work);
    try {
      return await work;
    } finally {
      this.checkpoints.busy.delete(work);
      if (this.current === work) this.current = undefined;
      this.running--;
      if (this.closing) this.close();
    }
  }
}

/** A name for DuckDB, quoted. */
export function quoteText(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A string for DuckDB, quoted. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
