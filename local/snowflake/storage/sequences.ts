import { BIGINT, type DuckDBBigIntVector, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api';
import { quote } from '../types/duck-type.js';
import type { Connection } from './storage.js';
import { textsOf } from './texts.js';

/** So many numbers more than were given are written down at once. Those of them that a crash leaves are never given. */
const AHEAD = 100n;
/** What DuckDB's BIGINT holds. */
const LEAST = -(2n ** 63n);
const MOST = 2n ** 63n - 1n;

/** A sequence as far as its numbers go. */
interface Numbering {
  /** One name for each, for ever. */
  physical: string;
  start: number;
  increment: number;
}

interface Given {
  next: bigint;
  increment: bigint;
  /** What the next start goes on with. */
  written: bigint | undefined;
}

/**
 * The numbers that sequences give. They are no sequences of DuckDB's: those write down in a transaction's undo buffer how far they
 * are, at each number and through a pointer that they keep (DuckDB 1.5.6, DuckTransaction::PushSequenceUsage); where the buffer has
 * gone to disk meanwhile, that falls into some row. A rolled back transaction gives no number back, as in Snowflake.
 */
export class Sequences {
  private readonly given = new Map<string, Given>();
  /** Names of those that have given more than is written down. */
  private readonly unwritten = new Set<string>();
  private writing: Promise<void> | undefined;
  private connection?: Connection;

  /** Reads how far they are, and makes their functions known to DuckDB. @param connection their own from now on */
  async open(connection: Connection): Promise<void> {
    this.connection = connection;
    for (const [name, next] of await connection.rows('SELECT name, next::VARCHAR FROM sequences')) {
      const at = BigInt(next!);
      this.given.set(name!, { next: at, increment: 1n, written: at });
    }
    connection.duckdb.registerScalarFunction(this.nextFunction());
  }

  /** DuckDB SQL for the next number of a sequence, another one in each row. */
  static nextSql({ physical, start, increment }: Numbering): string {
    return `next_of_sequence(${quote(physical)}, ${start}, ${increment})`;
  }

  /** True if DuckDB SQL may ask a sequence for numbers. */
  static givesIn(sql: string): boolean {
    return sql.includes('next_of_sequence(');
  }

  /** DuckDB SQL for SEQ of a table function: a number for each row that it is called for. @param from where these stand; '': there is one */
  static inputSql(from: string): string {
    return from === '' ? '1' : 'row_number() OVER ()';
  }

  /** What a sequence gives next. */
  next({ physical, start }: Pick<Numbering, 'physical' | 'start'>): bigint {
    return this.given.get(physical)?.next ?? BigInt(start);
  }

  /** Makes a new one begin somewhere else than at its start. @param physical its name here */
  begin(physical: string, next: bigint, increment: number): void {
    this.given.set(physical, { next, increment: BigInt(increment), written: undefined });
    this.unwritten.add(physical);
  }

  /** Forgets all others. */
  keep(names: ReadonlySet<string>): void {
    for (const name of this.given.keys()) if (!names.has(name)) this.given.delete(name);
  }

  /**
   * To be awaited before anything lasts that holds numbers, or an answer tells them: they are given to no other then, also
   * after a crash.
   * @param connection whose it is
   */
  async secure(connection: Connection): Promise<void> {
    if (connection === this.connection) return;
    while (this.unwritten.size > 0) {
      this.writing ??= this.write(this.connection!).finally(() => {
        this.writing = undefined;
      });
      await this.writing;
    }
  }

  /** Writes down where they really are. */
  async close(): Promise<void> {
    const connection = this.connection!;
    const rows = [...this.given].map(([name, { next }]) => `(${quote(name)}, ${clamp(next)})`);
    await connection.begin();
    connection.defer('DELETE FROM sequences');
    if (rows.length > 0) connection.defer(`INSERT INTO sequences VALUES ${rows.join()}`);
    await connection.commit();
    connection.close();
  }

  private async write(connection: Connection): Promise<void> {
    const marks = [...this.unwritten].map((name) => {
      const given = this.given.get(name)!;
      return { name, given, mark: clamp(given.next + AHEAD * given.increment) };
    });
    await connection.begin();
    connection.defer(`DELETE FROM sequences WHERE name IN (${marks.map(({ name }) => quote(name)).join()})`);
    connection.defer(
      `INSERT INTO sequences VALUES ${marks.map(({ name, mark }) => `(${quote(name)}, ${mark})`).join()}`,
    );
    await connection.commit();
    for (const { name, given, mark } of marks) {
      given.written = mark;
      if (!isBeyond(given)) this.unwritten.delete(name);
    }
  }

  private nextFunction(): DuckDBScalarFunction {
    return DuckDBScalarFunction.create({
      name: 'next_of_sequence',
      parameterTypes: [VARCHAR, BIGINT, BIGINT],
      returnType: BIGINT,
      volatile: true,
      mainFunction: (_info, input, output) => {
        // The arguments are constants.
        const [name] = textsOf(input, 0);
        const [start, increment] = [1, 2].map((i) => input.getColumnVector(i).getItem(0) as bigint);
        const given = this.given.get(name!) ?? { next: start!, increment: increment!, written: undefined };
        given.increment = increment!;
        this.given.set(name!, given);
        const numbers = output as DuckDBBigIntVector;
        for (let i = 0; i < input.rowCount; i++) {
          if (given.next < LEAST || given.next > MOST)
            throw new Error('Out of Range Error: the sequence has given its last number');
          numbers.setItem(i, given.next);
          given.next += increment!;
        }
        output.flush();
        if (isBeyond(given)) this.unwritten.add(name!);
      },
    });
  }
}

function clamp(value: bigint): bigint {
  if (value < LEAST) return LEAST;
  return value > MOST ? MOST : value;
}

/** True if a start would give again what it has given. */
function isBeyond({ next, increment, written }: Given): boolean {
  if (written === undefined) return true;
  return increment < 0n ? next < written : next > written;
}
