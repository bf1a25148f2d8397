import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MovableClock } from '@local-cloud/kit/clock.js';
import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

const DAY_MS = 86_400_000;

describe('names', () => {
  const clock = new MovableClock();
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake({ clock });
    client = await snowflake.connect();
  });
  beforeEach(async () => {
    await client.rows('CREATE OR REPLACE DATABASE d');
    await client.rows('CREATE SCHEMA s');
    await client.rows('CREATE TABLE t (x INT)');
    await client.rows('INSERT INTO t VALUES (1)');
  });
  after(() => snowflake.close());

  const message = async (sql: string) => (await client.error(sql)).message;

  describe('of columns', () => {
    for (const word of ['START', 'ROWS', 'CURRENT_DATE', 'CONSTRAINT', 'TABLE'])
      it(`may be ${word} in quotes only, because it is reserved`, async () => {
        for (const sql of [
          `CREATE TABLE r (x INT, ${word} INT)`,
          `CREATE TABLE r (${word}) AS SELECT 1`,
          `CREATE VIEW r (${word}) AS SELECT 1`,
          `ALTER TABLE t ADD COLUMN ${word} INT`,
          `ALTER TABLE t RENAME COLUMN x TO ${word}`,
        ])
          expect(await message(sql), sql).to.match(/syntax error/);
        await client.rows(`CREATE TABLE r (x INT, "${word}" INT)`);
        await client.rows(`ALTER TABLE t ADD COLUMN "${word}" INT`);
        expect((await client.rows('DESCRIBE TABLE r')).map(({ name }) => name)).to.deep.equal(['X', word]);
      });
  });

  describe('RENAME TO', () => {
    it('renames a schema with all it contains, also into another database, and the session with it', async () => {
      await client.rows("CREATE TASK root SCHEDULE = '1 HOUR' AS SELECT 1");
      await client.rows('CREATE TASK child AFTER root AS SELECT 1');
      await client.rows('CREATE VIEW v AS SELECT x FROM t');
      await client.rows('CREATE SCHEMA d.taken');
      await client.rows('USE SCHEMA d.s');
      expect(await message('ALTER SCHEMA s RENAME TO taken')).to.contain("'D.TAKEN' already exists");
      await client.rows('ALTER SCHEMA s RENAME TO renamed');
      expect(await client.value('SELECT CURRENT_SCHEMA()')).to.equal('RENAMED');
      expect(await client.value('SELECT x FROM d.renamed.v')).to.equal(1);
      expect((await client.rows("SHOW TASKS LIKE 'child'"))[0]!.predecessors).to.contain('D.RENAMED.ROOT');
      await client.rows('CREATE DATABASE other');
      await client.rows('ALTER SCHEMA d.renamed RENAME TO other.moved');
      expect(await client.value('SELECT x FROM other.moved.t')).to.equal(1);
      expect(await message('SELECT x FROM d.renamed.t')).to.contain("Schema 'D.RENAMED' does not exist");
      await client.rows('DROP DATABASE other');
    });

    it('renames a database', async () => {
      await client.rows('CREATE TEMPORARY TABLE mine (y INT)');
      await client.rows('ALTER DATABASE d RENAME TO renamed');
      expect(await client.value('SELECT CURRENT_DATABASE()')).to.equal('RENAMED');
      expect(await client.value('SELECT x FROM renamed.s.t')).to.equal(1);
      expect(await client.value('SELECT COUNT(*) FROM renamed.s.mine')).to.equal(0);
      expect(await message('ALTER DATABASE renamed RENAME TO renamed')).to.contain('already exists');
      await client.rows('DROP DATABASE renamed');
    });

    it('moves a table across schemas, unless the name is taken', async () => {
      await client.rows('ALTER TABLE t RENAME TO public.moved');
      expect(await client.value('SELECT x FROM public.moved')).to.equal(1);
      await client.rows('CREATE VIEW w AS SELECT 1 AS x');
      expect(await message('ALTER TABLE public.moved RENAME TO s.w')).to.contain('already exists');
      expect(await message('ALTER TABLE public.moved RENAME TO nowhere.w')).to.contain(
        "Schema 'D.NOWHERE' does not exist",
      );
    });

    it('checks the new name of a stage and keeps its files', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'renamed-'));
      writeFileSync(join(folder, 'a.csv'), '1\n');
      await client.rows('CREATE STAGE a');
      await client.rows('CREATE STAGE b');
      await client.rows(`PUT 'file://${join(folder, 'a.csv')}' @a AUTO_COMPRESS = FALSE`);
      expect(await message('ALTER STAGE a RENAME TO b')).to.contain("'D.S.B' already exists");
      await client.rows('ALTER STAGE a RENAME TO public.c');
      expect((await client.rows('LIST @public.c')).map((row) => row.name)).to.deep.equal(['c/a.csv']);
      rmSync(folder, { recursive: true });
    });

    it('renames a role with what it owns and what is granted to it', async () => {
      await client.rows('CREATE OR REPLACE ROLE reader');
      await client.rows('GRANT USAGE ON DATABASE d TO ROLE reader');
      await client.rows('GRANT ROLE reader TO ROLE ACCOUNTADMIN');
      await client.rows('GRANT OWNERSHIP ON TABLE t TO ROLE reader');
      await client.rows('ALTER ROLE reader RENAME TO viewer');
      expect((await client.rows("SHOW TABLES LIKE 't'"))[0]!.owner).to.equal('VIEWER');
      expect(
        (await client.rows('SHOW GRANTS TO ROLE viewer')).map((row) => row.privilege),
      ).to.include.members(['USAGE', 'OWNERSHIP']);
      expect(await client.value('SELECT x FROM t')).to.equal(1); // ACCOUNTADMIN still inherits it
      expect(await message('ALTER ROLE viewer RENAME TO sysadmin')).to.contain('already exists');
      await client.rows('DROP ROLE viewer');
    });

    it('renames a user, who logs in as before', async () => {
      await client.rows("CREATE OR REPLACE USER jo PASSWORD = 'secret'");
      await client.rows('GRANT ROLE sysadmin TO USER jo');
      const jo = await snowflake.connect({ username: 'JO', password: 'secret' });
      expect(await message('ALTER USER jo RENAME TO joan')).to.contain('RENAME of a user with open sessions');
      await jo.close();
      await client.rows('ALTER USER jo RENAME TO joan');
      const joan = await snowflake.connect({ username: 'JO', password: 'secret', role: 'SYSADMIN' });
      expect(await joan.value('SELECT CURRENT_USER()')).to.equal('JOAN');
      await joan.close();
      await client.rows('DROP USER joan');
    });

    it('renames a warehouse with the tasks that use it', async () => {
      await client.rows('CREATE OR REPLACE WAREHOUSE w');
      await client.rows("CREATE TASK k WAREHOUSE = w SCHEDULE = '1 HOUR' AS SELECT 1");
      await client.rows('ALTER WAREHOUSE w RENAME TO w2');
      expect((await client.rows("SHOW TASKS LIKE 'k'"))[0]!.warehouse).to.equal('W2');
      expect(await client.value('SELECT CURRENT_WAREHOUSE()')).to.equal('W2');
      await client.rows('DROP WAREHOUSE w2');
    });
  });

  describe('SWAP WITH', () => {
    it('swaps tables, schemas and databases', async () => {
      await client.rows('CREATE SCHEMA other');
      await client.rows('CREATE TABLE t (x INT)');
      await client.rows('INSERT INTO t VALUES (2)');
      await client.rows('ALTER SCHEMA s SWAP WITH other');
      expect(await client.values('SELECT a.x, b.x FROM d.s.t a, d.other.t b')).to.deep.equal([[2, 1]]);
      await client.rows('ALTER TABLE d.s.t SWAP WITH d.other.t');
      expect(await client.values('SELECT a.x, b.x FROM d.s.t a, d.other.t b')).to.deep.equal([[1, 2]]);
      await client.rows('CREATE OR REPLACE DATABASE e');
      await client.rows('ALTER DATABASE e SWAP WITH d');
      expect(await client.value('SELECT x FROM e.s.t')).to.equal(1);
      await client.rows('DROP DATABASE e');
    });
  });

  describe('UNDROP', () => {
    it('brings back a table with its rows and grants', async () => {
      await client.rows('CREATE OR REPLACE ROLE r');
      await client.rows('GRANT SELECT ON TABLE t TO ROLE r');
      await client.rows('DROP TABLE t');
      expect(await message('SELECT * FROM t')).to.contain('does not exist');
      expect(await client.value('UNDROP TABLE t')).to.equal('Table T successfully restored.');
      expect(await client.value('SELECT x FROM t')).to.equal(1);
      expect(await client.rows('SHOW GRANTS TO ROLE r')).to.have.length(1);
    });

    it('brings back what CREATE OR REPLACE replaced, once its name is free', async () => {
      await client.rows('CREATE OR REPLACE TABLE t (y INT)');
      expect(await message('UNDROP TABLE t')).to.contain("Object 'D.S.T' already exists");
      await client.rows('ALTER TABLE t RENAME TO wrong');
      await client.rows('UNDROP TABLE t');
      expect(await client.value('SELECT x FROM t')).to.equal(1);
    });

    it('keeps the last three versions of a name', async () => {
      for (let i = 2; i <= 6; i++) await client.rows(`CREATE OR REPLACE TABLE t AS SELECT ${i} AS x`);
      const found: unknown[] = [];
      for (let i = 0; i < 3; i++) {
        await client.rows(`ALTER TABLE t RENAME TO version_${i}`);
        await client.rows('UNDROP TABLE t');
        found.push(await client.value('SELECT x FROM t'));
      }
      expect(found).to.deep.equal([5, 4, 3]);
      await client.rows('ALTER TABLE t RENAME TO oldest');
      expect(await message('UNDROP TABLE t')).to.contain('was purged');
    });

    it('brings back schemas and databases with all they contained, also after a restart', async () => {
      await client.rows('CREATE SEQUENCE q START = 5');
      await client.rows('DROP SCHEMA s');
      await client.rows('DROP DATABASE d');
      await snowflake.restart();
      client = await snowflake.connect();
      await client.rows('UNDROP DATABASE d');
      await client.rows('UNDROP SCHEMA d.s');
      expect(await client.value('SELECT x FROM d.s.t')).to.equal(1);
      expect(await client.value('SELECT d.s.q.NEXTVAL')).to.equal(5);
      await client.rows('USE SCHEMA d.s');
    });

    it('is possible for the retention time only', async () => {
      await client.rows('DROP TABLE t');
      clock.advance(2 * DAY_MS);
      client = await snowflake.connect({ database: 'D', schema: 'S' });
      expect(await message('UNDROP TABLE t')).to.contain('Table T did not exist or was purged.');
      await client.rows('CREATE TABLE gone (x INT) DATA_RETENTION_TIME_IN_DAYS = 0');
      await client.rows('DROP TABLE gone');
      expect(await message('UNDROP TABLE gone')).to.contain('was purged');
      expect(await message('UNDROP VIEW v')).to.contain("Unsupported feature 'UNDROP VIEW'");
    });

    it('is told of by SHOW … HISTORY', async () => {
      await client.rows('DROP TABLE t');
      const [row] = await client.rows('SHOW TABLES HISTORY');
      expect(row!.name).to.equal('T');
      expect(row!.dropped_on).to.be.instanceOf(Date);
      await client.rows('DROP SCHEMA s');
      const schemas = await client.rows('SHOW SCHEMAS HISTORY IN DATABASE d');
      expect(schemas.find((each) => each.name === 'S')!.dropped_on).to.be.instanceOf(Date);
      expect(schemas.find((each) => each.name === 'PUBLIC')!.dropped_on).to.equal(null);
    });
  });
});
