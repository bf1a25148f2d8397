import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';

describe('a connection that is closed while DuckDB has a command of it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-closing-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lives until that is done, and so does the database', async () => {
    const storage = await Storage.open(folder);
    const commands = [];
    // More than libuv has threads: some are only begun after the closing.
    for (let i = 0; i < 24; i++) {
      const connection = await storage.connect();
      commands.push(connection.rows(`SELECT (count(*) + ${i})::VARCHAR FROM range(20_000_000)`));
      connection.close();
    }
    await storage.close();
    const counts = (await Promise.all(commands)).map(([row]) => row);
    expect(counts).to.deep.equal(Array.from({ length: 24 }, (_, i) => [String(20_000_000 + i)]));
  });

  it('takes no command any more', async () => {
    const storage = await Storage.open(folder);
    const connection = await storage.connect();
    connection.close();
    const error = await connection.run('SELECT 1').catch((e: unknown) => e);
    expect(error).to.be.instanceOf(Error);
    await storage.close();
  });
});
