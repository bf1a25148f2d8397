import type { DuckDBConnection, DuckDBPreparedStatement } from '@duckdb/node-api';

/** An OBJECT or ARRAY as it stands in DuckDB's SQL. In a text its quotes would be two. */
const JSON_VALUE = /CAST\('([[{](?:[^']|'')*[\]}])' AS JSON\)/g;
/** Characters from which on DuckDB takes milliseconds to plan a query. */
const LONG = 2_000;
/** Plans that a connection keeps, at most: one takes about a megabyte. */
const MOST = 4;

/**
 * Queries of one connection that come again with other JSON in them, such as calls of a SQL function of an OBJECT of literals. DuckDB plans
 * such a query once; a plan takes it twenty times as long as the row. Roles, parameters and the catalog have gone into the text already, so
 * that a text that is the same means the same.
 */
export class PreparedShapes {
  private readonly prepared = new Map<string, DuckDBPreparedStatement>();

  constructor(private readonly duckdb: DuckDBConnection) {}

  /**
   * @param sql a query that reads no table
   * @returns a statement that waits to be run; undefined where it is not worth it
   * @throws Error of DuckDB's binder
   */
  async find(sql: string): Promise<DuckDBPreparedStatement | undefined> {
    const values: string[] = [];
    if (sql.length < LONG) return undefined;
    // DuckDB plans anew for each parameter that is itself cast to JSON.
    const shape = sql.replace(JSON_VALUE, (_, value: string) => {
      values.push(value.replaceAll("''", "'"));
      return `CAST(trim($${values.length}) AS JSON)`;
    });
    if (values.length === 0) return undefined;
    const statement = this.prepared.get(shape) ?? (await this.duckdb.prepare(shape));
    // The youngest is the last one.
    this.prepared.delete(shape);
    this.prepared.set(shape, statement);
    for (const [oldest, other] of this.prepared) {
      if (this.prepared.size <= MOST) break;
      this.prepared.delete(oldest);
      other.destroySync();
    }
    for (const [i, value] of values.entries()) statement.bindVarchar(i + 1, value);
    return statement;
  }

  /** To be called where DuckDB would plan otherwise from now on, and before the connection is closed. */
  forget(): void {
    for (const statement of this.prepared.values()) statement.destroySync();
    this.prepared.clear();
  }
}
