import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Storage } from '@local-cloud/snowflake/storage/storage.js';
import { expect } from 'chai';

/** What would take hours. */
const LONG =
  'SELECT CAST(count(*) AS VARCHAR) FROM range(10_000_000) a, range(10_000_000) b WHERE a.range + b.range < 0';

describe('a command of DuckDB', () => {
  const folder = mkdtempSync(join(tmpdir(), 'los-interrupt-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('is stopped although no thread had begun it yet, and the next one runs', async () => {
    const storage = await Storage.open(folder);
    const connection = await storage.connect();
    // All of libuv's threads have something else to do for a while.
    const busy = Array.from(
      { length: 8 },
      () => new Promise((done) => pbkdf2('a', 'b', 400_000, 64, 'sha512', done)),
    );
    const failed = connection.rows(LONG).then(String, (error: Error) => error.message);
    connection.interrupt();
    expect(await failed).to.match(/interrupt/i);
    await Promise.all(busy);
    expect(await connection.rows("SELECT 'next'")).to.deep.equal([['next']]);
    connection.close();
    await storage.close();
  });
});
