import type { Row, Snowflake } from '../../deploy/clients/snowflake.js';

/** A session that answers from a table and remembers what was executed; for the order of statements. */
export class FakeSnowflake implements Snowflake {
  readonly executed: string[] = [];

  /** @param answers pattern of a statement → its rows; a statement that nothing matches has none */
  constructor(private readonly answers: readonly (readonly [RegExp, Row[]])[] = []) {}

  async query<R extends Row = Row>(sql: string): Promise<R[]> {
    return (this.answers.find(([pattern]) => pattern.test(sql))?.[1] ?? []) as R[];
  }

  async execute(sql: string): Promise<number> {
    this.executed.push(sql);
    return 0;
  }

  async put(): Promise<void> {
    throw new Error('PUT is not part of this test');
  }

  async close(): Promise<void> {}
}
