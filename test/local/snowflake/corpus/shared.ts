import { type Client, type Statement, type TestSnowflake, withSnowflake } from '../support.js';

/** The cells of a result as Snowflake's documentation prints them; null is NULL. */
export type Printed = (string | null)[][];

let started: Promise<{ snowflake: TestSnowflake; client: Client }> | undefined;

/** One local Snowflake for all the files of documented examples: they only read, or use tables of their own. */
export async function sharedClient(): Promise<Client> {
  started ??= (async () => {
    const snowflake = await withSnowflake();
    const client = await snowflake.connect();
    await client.rows('CREATE DATABASE EXAMPLES');
    return { snowflake, client };
  })();
  return (await started).client;
}

after(async () => {
  const running = started;
  started = undefined;
  if (running) await (await running).snowflake.close();
});

/** Runs statements; gives the last one's rows, each cell as text. JSON is compared without its white space. */
export async function printed(sql: string): Promise<Printed> {
  const client = await sharedClient();
  const statements = sql.split(/;\s*$/m).filter((text) => text.trim() !== '');
  for (const statement of statements.slice(0, -1)) await client.statement(statement);
  const { statement, rows } = await new Promise<{ statement: Statement; rows: unknown[][] }>(
    (resolve, reject) => {
      client.connection.execute({
        sqlText: statements[statements.length - 1]!,
        rowMode: 'array',
        fetchAsString: ['Number', 'Date', 'Boolean', 'Buffer'],
        complete: (error, done, found) =>
          error
            ? reject(error)
            : resolve({ statement: done as Statement, rows: (found ?? []) as unknown[][] }),
      } as Parameters<typeof client.connection.execute>[0]);
    },
  );
  const columns = statement.getColumns() ?? [];
  return rows.map((row) => row.map((cell, i) => cellText(cell, columns[i]!)));
}

/** The driver gives SQL NULL as the text NULL where it was asked for text. */
function cellText(
  cell: unknown,
  column: NonNullable<ReturnType<Statement['getColumns']>>[number],
): string | null {
  if (cell === null || (cell === 'NULL' && !column.isString())) return null;
  if (column.isBoolean()) return String(cell).toLowerCase();
  return typeof cell === 'string' && !column.isVariant() ? cell : JSON.stringify(cell);
}
