import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';

describe('rows beyond what DuckDB may hold in memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-spilling-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are an error and do not go to disk, where DuckDB loses the place of what a sequence gave', async () => {
    const storage = await Storage.open(folder);
    const connection = await storage.connect();
    await connection.run("SET GLOBAL memory_limit = '100MB'");
    const before = readdirSync(folder);
    let message = '';
    await connection
      .run("CREATE TEMP TABLE wide AS SELECT repeat('x', 300) || range AS x FROM range(1_000_000)")
      .catch((error: Error) => {
        message = error.message;
      });
    expect(message).to.match(/Out of Memory/);
    expect(readdirSync(folder)).to.deep.equal(before);
    connection.close();
    await storage.close();
  });
});
