import { totalmem } from 'node:os';
import type { DuckDBInstance } from '@duckdb/node-api';

/**
 * What DuckDB holds at first at most, pages of its file and rows of temporary tables together (10^6 bytes). What is beyond goes to
 * disk, mostly into the kernel's cache. Without it every page that was ever read stays. What cannot go to disk, such as
 * single values of 16 MB by the dozen, doubles it.
 */
const MEMORY_MB = 450;
/** The share of the machine's memory that DuckDB takes by itself. */
const ALL = 0.8;

/** How much memory DuckDB may hold. */
export class Memory {
  /** As DuckDB is told when it is opened. */
  static readonly FIRST = `${MEMORY_MB}MB`;
  private limit = MEMORY_MB;

  constructor(private readonly instance: DuckDBInstance) {}

  /** Lets DuckDB hold twice as much, from now on. @returns false if it has all that there is */
  async raise(): Promise<boolean> {
    const all = Math.floor((totalmem() * ALL) / 1e6);
    if (this.limit >= all) return false;
    this.limit = Math.min(2 * this.limit, all);
    const connection = await this.instance.connect();
    await connection.run(`SET GLOBAL memory_limit = '${this.limit}MB'`);
    connection.closeSync();
    return true;
  }
}
