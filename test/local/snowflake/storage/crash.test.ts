import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connectTo } from '../support.js';

/** A Snowflake in a process of its own, to be killed. */
const SCRIPT = `
const [server, clock] = await Promise.all([import(process.argv[2]), import(process.argv[3])]);
const network = { aws: { endpoint: 'http://127.0.0.1:9', region: 'us-east-1', user: {} }, smtpUrl: '' };
const { accessUrl, account, user, password } = await server.startSnowflake({ stateDir: process.argv[4], clock: clock.systemClock, network });
process.stdout.write(JSON.stringify({ accessUrl, account, user, password }));
`;

describe('a Snowflake that is killed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'snowflake-killed-'));
  let child: ChildProcess;
  let line: string;
  const modules = [
    import.meta.resolve('@local-cloud/snowflake/server.js'),
    import.meta.resolve('@local-cloud/kit/clock.js'),
  ];
  async function start() {
    const script = join(folder, 'start.mjs');
    writeFileSync(script, SCRIPT);
    child = spawn(process.execPath, [script, ...modules, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    line = await new Promise<string>((resolve, reject) => {
      child.stdout!.once('data', (data: Buffer) => resolve(data.toString()));
      child.once('exit', (code) => reject(new Error(`the process ended with ${code}`)));
    });
    return connectTo(JSON.parse(line));
  }
  after(() => {
    child?.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it('has what was committed, and nothing else, when it is started again', async () => {
    const before = await start();
    await before.rows('CREATE DATABASE d');
    await before.rows('CREATE TABLE t (x NUMBER)');
    await before.rows("COMMENT ON TABLE t IS 'kept'");
    await before.rows('INSERT INTO t VALUES (1)');
    // More than DuckDB's log has rows of: they are in the file already.
    const MANY = 'INSERT INTO many SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 70000))';
    await before.rows('CREATE TABLE many (x NUMBER)');
    await before.rows(MANY);
    await before.rows('UPDATE many SET x = -x WHERE x < 10');
    await before.rows('BEGIN');
    await before.rows('INSERT INTO t VALUES (2)');
    await before.rows(MANY);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));

    const after = await start();
    await after.rows('USE SCHEMA d.public');
    expect(await after.values('SELECT x FROM t')).to.deep.equal([[1]]);
    expect(await after.values('SELECT COUNT(*), MIN(x), MAX(x) FROM many')).to.deep.equal([
      [70000, -9, 69999],
    ]);
    const [table] = await after.rows("SHOW TABLES LIKE 't'");
    expect(table!.comment).to.equal('kept');
    await after.rows('INSERT INTO t VALUES (3)');
    expect(await after.value('SELECT sum(x) FROM t')).to.equal(4);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it('gives no number of a sequence twice, whether it was selected, stored or rolled back', async () => {
    let client = await start();
    await client.rows('CREATE OR REPLACE DATABASE d');
    await client.rows('CREATE TABLE t (id INT AUTOINCREMENT, x INT)');
    await client.rows('CREATE SEQUENCE s INCREMENT = -3');
    const seen: unknown[] = [];
    for (let round = 0; round < 3; round++) {
      await client.rows('INSERT INTO t (x) SELECT SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 150))');
      const values = await client.values('SELECT s.NEXTVAL FROM t UNION ALL SELECT s.NEXTVAL');
      await client.rows('BEGIN');
      await client.rows('INSERT INTO t (x) SELECT s.NEXTVAL FROM t');
      values.push(...(await client.values('SELECT x FROM t WHERE x < 0')));
      await client.rows('ROLLBACK');
      seen.push(...values.flat());
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      client = await start();
      await client.rows('USE SCHEMA d.public');
    }
    expect(seen.length).to.equal(2 * (150 + 300 + 450) + 3);
    expect(new Set(seen).size).to.equal(seen.length);
    expect(await client.values('SELECT COUNT(*), COUNT(DISTINCT id) FROM t')).to.deep.equal([[450, 450]]);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
  });

  it('gives each record of a stream to its consumer once, whenever it is killed', async () => {
    let client = await start();
    for (const sql of [
      'CREATE OR REPLACE DATABASE d',
      'CREATE TABLE t (x NUMBER)',
      'CREATE TABLE sink (x NUMBER)',
      'CREATE STREAM s ON TABLE t',
    ])
      await client.rows(sql);
    for (let round = 0; round < 4; round++) {
      const writer = await connectTo(JSON.parse(line));
      await writer.rows('USE SCHEMA d.public');
      const killed = new AbortController();
      const until = async (work: () => Promise<unknown>) => {
        while (!killed.signal.aborted) await work();
      };
      const watcher = await connectTo(JSON.parse(line));
      await watcher.rows('USE SCHEMA d.public');
      const reader = client;
      // The driver goes on asking a server that is gone: nobody waits for that.
      for (const each of [
        until(() => writer.rows('INSERT INTO t SELECT seq4() FROM TABLE(GENERATOR(ROWCOUNT => 10))')),
        until(() => reader.rows('INSERT INTO sink SELECT x FROM s')),
      ])
        each.catch(() => undefined);
      for (let seen = 0; seen < 50; ) seen = Number(await watcher.value('SELECT COUNT(*) FROM sink'));
      killed.abort();
      child.kill('SIGKILL');
      await new Promise((resolve) => child.once('exit', resolve));
      client = await start();
      await client.rows('USE SCHEMA d.public');
      const [[written, read, left]] = (await client.values(
        'SELECT (SELECT COUNT(*) FROM t), (SELECT COUNT(*) FROM sink), (SELECT COUNT(*) FROM s)',
      )) as [[number, number, number]];
      expect(read + left, `round ${round}`).to.equal(written);
    }
  });
});
