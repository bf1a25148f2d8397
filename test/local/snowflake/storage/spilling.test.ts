import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';

describe('rows beyond what DuckDB may hold in memory', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-spilling-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('go to disk, in the account’s own folder, and come back', async () => {
    const storage = await Storage.open(folder);
    const connection = await storage.connect();
    await connection.run(
      "CREATE TEMP TABLE wide AS SELECT range AS id, repeat('x', 300) || range AS x FROM range(3_000_000)",
    );
    const [held] = await connection.rows(
      'SELECT CAST(sum(memory_usage_bytes) < 610e6 AS VARCHAR), CAST(sum(temporary_storage_bytes) > 100e6 AS VARCHAR) FROM duckdb_memory()',
    );
    expect(held).to.deep.equal(['true', 'true']);
    expect(readdirSync(join(folder, 'spilled'))).not.to.deep.equal([]);
    const read = 'SELECT CAST(sum(length(x)) AS VARCHAR), CAST(count(DISTINCT id) AS VARCHAR) FROM wide';
    expect(await connection.rows(read)).to.deep.equal([
      [String(300 * 3_000_000 + 10 + 90 * 2 + 900 * 3 + 9e3 * 4 + 9e4 * 5 + 9e5 * 6 + 20e5 * 7), '3000000'],
    ]);
    connection.close();
    await storage.close();
  });
});
