import type { DuckDBConnection } from '@duckdb/node-api';
import { quote } from '../types/duck-type.js';

/**
 * Numbers for rows and for changes: each physical table's go upwards, and none is given twice, also after a crash. A statement
 * numbers its rows from the last one on (`row_number()`) and says afterwards how many there were; as it holds the table's
 * lock, no other has taken any meanwhile. What a sequence of DuckDB's would cost: see Sequences.
 */
export class Numbers {
  private readonly lasts = new Map<string, number>();

  /** @param start the how-manieth start of the account this is; each has 2^32 numbers of a table to give */
  constructor(private readonly start: number) {}

  /** The last number that was given in this physical table, or one before those that are. */
  last(table: string): number {
    return this.lasts.get(table) ?? this.start * 2 ** 32;
  }

  /** Whether any have been given since the start. */
  given(table: string): boolean {
    return this.lasts.has(table);
  }

  /** To be called when so many have been given. */
  gave(table: string, count: number): void {
    this.lasts.set(table, this.last(table) + count);
  }
}

/** One more start of the account. @returns how many there have been */
export async function readStart(connection: DuckDBConnection): Promise<number> {
  await readCount(connection);
  const result = await connection.runAndReadAll('UPDATE starts SET n = n + 1 RETURNING n');
  return Number(result.getRows()[0]![0]);
}

/**
 * Makes the tables of a new account in which it is written down how far its sequences are and how often it was opened. In an
 * account from before, sequences of DuckDB's tell it, for the last time; see Sequences.
 */
async function readCount(connection: DuckDBConnection): Promise<void> {
  const texts = async (sql: string) =>
    (await connection.runAndReadAll(sql)).getRows().map(([text]) => String(text));
  if ((await texts("SELECT 1 FROM duckdb_tables() WHERE table_name = 'starts'")).length > 0) return;
  const names = await texts('SELECT sequence_name FROM duckdb_sequences()');
  const next = (name: string) => `nextval(${quote(name)})`;
  const own = names.filter((name) => /^s\d+$/.test(name)).map((name) => `(${quote(name)}, ${next(name)})`);
  const starts = names.includes('object_blocks') ? next('object_blocks') : '0';
  const commands = [
    'BEGIN',
    `CREATE TABLE starts AS SELECT CAST(${starts} AS BIGINT) AS n`,
    'CREATE TABLE sequences (name VARCHAR, next BIGINT)',
    ...(own.length > 0 ? [`INSERT INTO sequences VALUES ${own.join(', ')}`] : []),
    'COMMIT',
  ];
  await connection.run(commands.join('; '));
}
