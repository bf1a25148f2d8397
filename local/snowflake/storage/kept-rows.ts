import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  DuckDBListType,
  type DuckDBMaterializedResult,
  DuckDBStructType,
  type DuckDBType,
} from '@duckdb/node-api';
import { quote, quoteName } from '../types/duck-type.js';
import { bytesOf, letGo } from './garbage.js';
import type { Connection } from './storage.js';

/** So many rows of a transaction are kept in memory at most: ten thousand of 1,100 bytes take 7 ms there, and 43 in a file. */
const FEW = 75_000;
/**
 * No dictionaries: to find them costs more than to press the values as they are. A row group is held in memory until it is
 * whole.
 */
const FORMAT = 'FORMAT parquet, COMPRESSION lz4_raw, DICTIONARY_SIZE_LIMIT 1, ROW_GROUP_SIZE 20480';

/** Makes rows again. @returns how many */
export type Again = (connection: Connection) => Promise<number>;

/** Where rows stand. */
export interface Target {
  /** Its name, in quotes. */
  table: string;
  /** A temporary table, which a rollback takes away, and which is made again with its rows. */
  temporary: boolean;
}

/** Files of rows that transactions keep. They end with their transactions, and what a crash has left with the next start. */
export class KeptFiles {
  private readonly folder: string;
  private made = 0;

  /** @param folder of the account, in which DuckDB may write */
  constructor(folder: string) {
    this.folder = join(folder, 'kept');
    rmSync(this.folder, { recursive: true, force: true });
    mkdirSync(this.folder, { mode: 0o700 });
  }

  /** A path for a new file. */
  next(): string {
    return join(this.folder, `${++this.made}.parquet`);
  }
}

/**
 * The rows that a transaction keeps in case it must be made again. Few of them stay in memory as DuckDB
 * gave them, which costs least; what goes beyond is written to files, so that no transaction is too large for the process.
 */
export class KeptRows {
  private rows = 0;
  private bytes = 0;
  private paths: string[] = [];

  constructor(private readonly files: KeptFiles) {}

  /** How many more rows stay in memory. */
  get room(): number {
    return FEW - this.rows;
  }

  /**
   * Keeps a table's rows, for which there is room.
   * @param rows all of them
   */
  keep(target: Target, rows: DuckDBMaterializedResult): Again {
    const made = remakeSql(target, rows);
    letGo(bytesOf(rows), 'minor');
    const chunks = Array.from({ length: rows.chunkCount }, (_, i) => rows.getChunk(i));
    this.rows += rows.rowCount;
    this.bytes += bytesOf(rows);
    return async (other) => {
      if (made) await other.run(made);
      await other.appendChunks(target, chunks);
      return rows.rowCount;
    };
  }

  /**
   * Keeps more rows of a table than there is room for, as they are now.
   * @param query gives them
   * @param none its columns
   */
  async write(
    connection: Connection,
    target: Target,
    query: string,
    none: DuckDBMaterializedResult,
  ): Promise<Again> {
    const made = remakeSql(target, none);
    const path = this.files.next();
    this.paths.push(path);
    await connection.run(`COPY (${query}) TO ${quote(path)} (${FORMAT})`);
    const filled = `INSERT INTO ${target.table} FROM read_parquet(${quote(path)})`;
    return (other) => other.run(made ? `${made}; ${filled}` : filled);
  }

  /** To be called when nothing needs them any more. */
  forget(): void {
    letGo(this.bytes, 'major');
    for (const path of this.paths) rmSync(path, { force: true });
    this.rows = 0;
    this.bytes = 0;
    this.paths = [];
  }
}

/** The command that makes a temporary table for rows like these. */
function remakeSql({ table, temporary }: Target, rows: DuckDBMaterializedResult): string | undefined {
  if (!temporary) return undefined;
  const columns = rows.columnNames().map((name, i) => `${quoteName(name)} ${typeText(rows.columnType(i))}`);
  return `CREATE TEMP TABLE ${table} (${columns.join(', ')})`;
}

/** A type as a column's definition has it: JSON is a VARCHAR with another name, which `toString` does not say. */
function typeText(type: DuckDBType): string {
  if (type.alias) return type.alias;
  if (type instanceof DuckDBListType) return `${typeText(type.valueType)}[]`;
  if (!(type instanceof DuckDBStructType)) return String(type);
  const entries = type.entryTypes.map((entry, i) => `${quoteName(type.entryNames[i]!)} ${typeText(entry)}`);
  return `STRUCT(${entries.join(', ')})`;
}
