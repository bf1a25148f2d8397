import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const ENDLESS = "CALL SYSTEM$WAIT(10, 'MINUTES')";

describe('cancelling by SQL', () => {
  let snowflake: TestSnowflake;
  before(async () => {
    snowflake = await withSnowflake();
    const admin = await snowflake.connect();
    await admin.rows('CREATE DATABASE d');
    for (const user of ['one', 'two']) await admin.rows(`CREATE USER ${user} PASSWORD = 'secret of ${user}'`);
  });
  after(() => snowflake.close());

  const as = (user: string) => snowflake.connect({ username: user, password: `secret of ${user}` });

  /** Runs a statement that does not end by itself. @returns its id and the error that it will end with */
  async function running(client: Client) {
    const session = String(await client.value('SELECT CURRENT_SESSION()'));
    const failed = new Promise<Error & { code?: string | number }>((resolve) => {
      client.connection.execute({
        sqlText: ENDLESS,
        complete: (error) => resolve(error as unknown as Error & { code?: string | number }),
      });
    });
    const watcher = await snowflake.connect({ database: 'D' });
    for (;;) {
      const [row] = await watcher.values(
        `SELECT query_id FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION(SESSION_ID => ${session})) WHERE execution_status = 'RUNNING'`,
      );
      if (row) return { id: String(row[0]), session, failed };
    }
  }

  it('SYSTEM$CANCEL_QUERY ends a statement, also from the session that it holds up', async () => {
    const client = await snowflake.connect();
    const { id, failed } = await running(client);
    expect(await client.value(`SELECT SYSTEM$CANCEL_QUERY('${id}')`)).to.equal(`query [${id}] terminated.`);
    expect(String((await failed).code)).to.equal('000604');
    expect(await client.value(`SELECT SYSTEM$CANCEL_QUERY('${id}')`)).to.equal(
      'Identified SQL statement is not currently executing.',
    );
  });

  it('SYSTEM$CANCEL_ALL_QUERIES is for the user’s own sessions and for administrators', async () => {
    const own = await as('one');
    const { session, failed } = await running(own);
    const foreign = await as('two');
    const refused = await foreign.error(`CALL SYSTEM$CANCEL_ALL_QUERIES(${session})`);
    expect([String(refused.code), refused.sqlState]).to.deep.equal(['003001', '42501']);
    const admin = await snowflake.connect();
    expect(await admin.value(`CALL SYSTEM$CANCEL_ALL_QUERIES(${session})`)).to.equal(
      'all queries terminated.',
    );
    expect(String((await failed).code)).to.equal('000604');
    expect(await own.value('SELECT 1')).to.equal(1);
  });

  it('SYSTEM$ABORT_SESSION ends a session with what it runs', async () => {
    const own = await as('one');
    const { session, failed } = await running(own);
    const admin = await snowflake.connect();
    expect(await admin.value(`SELECT SYSTEM$ABORT_SESSION(${session})`)).to.equal(
      `session [${session}] terminated.`,
    );
    expect(String((await failed).code)).to.equal('000604');
    const error = await own.error('SELECT 1');
    expect(error.message).to.match(/no longer exists|terminated connection|390111/i);
  });
});
