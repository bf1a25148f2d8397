import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';

describe('the log of DuckDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-checkpoints-'));
  const logged = () => statSync(join(folder, 'data.duckdb.wal'), { throwIfNoEntry: false })?.size ?? 0;
  const writtenAway = async () => {
    while (logged() > 0) await sleep(10);
  };
  const MANY = 'INSERT INTO t SELECT range, md5(range::VARCHAR) FROM range(30_000)';
  let storage: Storage;
  beforeEach(async () => {
    storage = await Storage.open(folder, 1_000_000);
  });
  afterEach(() => storage.close());
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is written away in a pause, not in a COMMIT', async () => {
    const connection = await storage.connect();
    await connection.run('CREATE TABLE t (n BIGINT, x VARCHAR)');
    await sleep(150);
    expect(logged(), 'of little').to.be.greaterThan(0);
    await connection.run(MANY);
    expect(logged()).to.be.greaterThan(1_000_000);
    await writtenAway();
    expect(await connection.rows('SELECT count(*)::VARCHAR FROM t')).to.deep.equal([['30000']]);
    connection.close();
  });

  it('has none of the rows that a transaction has put into the file already', async () => {
    const connection = await storage.connect();
    await connection.run('CREATE TABLE many (n BIGINT, x VARCHAR)');
    const before = logged();
    await connection.begin();
    for (let i = 0; i < 3; i++) await connection.run(MANY.replace('INTO t', 'INTO many'));
    await connection.commit();
    expect(logged() - before).to.be.lessThan(50_000);
    expect(await connection.rows('SELECT count(DISTINCT x)::VARCHAR FROM many')).to.deep.equal([['30000']]);
    connection.close();
  });

  it('stays while a transaction is open, also one of which no command runs', async () => {
    const [open, other] = [await storage.connect(), await storage.connect()];
    await open.begin();
    await open.run(MANY);
    await other.run(MANY);
    await sleep(250);
    expect(logged()).to.be.greaterThan(1_000_000);
    await open.commit();
    await writtenAway();
    await open.begin();
    await open.run(MANY);
    await open.rollback();
    await other.run(MANY);
    await writtenAway();
    expect(await other.rows('SELECT count(*)::VARCHAR FROM t')).to.deep.equal([['120000']]);
    open.close();
    other.close();
  });
});
