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
  const MANY = 'INSERT INTO t SELECT range, md5(range::VARCHAR) FROM range(50_000)';
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
    expect(await connection.rows('SELECT count(*)::VARCHAR FROM t')).to.deep.equal([['50000']]);
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
    expect(await other.rows('SELECT count(*)::VARCHAR FROM t')).to.deep.equal([['200000']]);
    open.close();
    other.close();
  });
});
