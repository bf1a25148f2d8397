import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from './support.js';

describe('a mistake of the local Snowflake itself', () => {
  let snowflake: TestSnowflake;
  let client: Client;

  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
    await client.rows('CREATE TABLE t (x NUMBER)');
    // As if a statement had dropped the table where the rows are, but not what the catalog says of it.
    const { storage, catalog } = snowflake.server.internals;
    const connection = await storage.connect();
    await connection.run(`DROP TABLE "${catalog.at('TABLE', 'D', 'PUBLIC', 'T')!.physical}"`);
    connection.close();
  });
  after(() => snowflake.close());

  /** What is written to standard error meanwhile. */
  const said = async (work: () => Promise<unknown>): Promise<string> => {
    const written: string[] = [];
    const before = process.stderr.write;
    process.stderr.write = ((text: string) => written.push(text) > 0) as typeof process.stderr.write;
    try {
      await work();
    } finally {
      process.stderr.write = before;
    }
    return written.join('');
  };

  it('says so to the client, and where to look for which query', async () => {
    let error: (Error & { code?: string; data?: { queryId?: string } }) | undefined;
    const log = await said(async () => {
      error = await client.error('SELECT x FROM t');
    });
    expect(String(error!.code).padStart(6, '0')).to.equal('000603');
    expect(error!.message).to.contain('a mistake of the local Snowflake').and.to.contain('local.log');
    const id = /under query ([\w-]+)/.exec(error!.message)![1]!;
    expect(log).to.contain(`internal error in query ${id}: SELECT x FROM t`);
  });

  it('is none where a client leaves while its statement runs', async () => {
    const leaving = await snowflake.connect();
    const session = await leaving.value('SELECT CURRENT_SESSION()');
    const runs = `SELECT execution_status FROM TABLE(d.INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION(SESSION_ID => ${session})) WHERE query_text LIKE '%GENERATOR%'`;
    const log = await said(async () => {
      const ended = new Promise((resolve) => {
        leaving.connection.execute({
          sqlText: 'SELECT SUM(HASH(SEQ8())) FROM TABLE(GENERATOR(ROWCOUNT => 2000000000))',
          complete: resolve,
        });
      });
      while (String(await client.value(runs)) !== 'RUNNING');
      leaving.connection.destroy(() => undefined);
      await ended;
    });
    expect(log).not.to.contain('internal error');
  });

  it('keeps its stack and what DuckDB was told', async () => {
    const log = await said(() => client.error('SELECT x FROM t'));
    expect(log).to.match(/\n {4}at .*storage\.(ts|js)/);
    expect(log).to.match(/DuckDB was told: SELECT /);
  });

  it('reaches a procedure as an error that it can catch, and is written down once', async () => {
    await client.rows(`CREATE PROCEDURE p() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS
$$ try { snowflake.execute({ sqlText: 'SELECT x FROM d.public.t' }); return 'none'; } catch (e) { return e.message; } $$`);
    let message = '';
    const log = await said(async () => {
      message = String(await client.value('CALL p()'));
    });
    expect(message).to.contain('a mistake of the local Snowflake');
    expect(log.match(/internal error in query/g)).to.have.length(1);
  });

  it('is not what a statement’s own mistake is taken for', async () => {
    const log = await said(async () => {
      for (const wrong of ['SELECT nothing FROM d.public.t', 'SELEC 1', 'SELECT 1 / 0'])
        expect((await client.error(wrong)).message).not.to.contain('mistake of the local Snowflake');
    });
    expect(log).to.equal('');
  });
});
