import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: sql-reference/sql/create-table-constraint and sql-reference/constraints-overview
describe('constraints', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    await client.rows('CREATE DATABASE d');
  });
  beforeEach(async () => {
    await client.rows('CREATE OR REPLACE SCHEMA s');
    await client.rows(
      'CREATE TABLE parent (a INT, b INT, c INT UNIQUE, CONSTRAINT pk PRIMARY KEY (a, b) RELY)',
    );
    await client.rows(
      "CREATE TABLE child (x INT, y INT, z INT REFERENCES parent (c), CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES parent COMMENT 'to its parent')",
    );
  });
  after(() => snowflake.close());

  const keys = async (kind: string, more: string, ...columns: string[]) =>
    (await client.rows(`SHOW ${kind} KEYS ${more}`)).map((row) => columns.map((column) => row[column]));

  it('are shown', async () => {
    expect(
      await keys('PRIMARY', 'IN TABLE parent', 'column_name', 'key_sequence', 'constraint_name', 'rely'),
    ).to.deep.equal([
      ['A', '1', 'PK', 'true'],
      ['B', '2', 'PK', 'true'],
    ]);
    const [unique] = await keys('UNIQUE', '', 'table_name', 'column_name', 'constraint_name');
    expect(unique!.slice(0, 2)).to.deep.equal(['PARENT', 'C']);
    expect(unique![2]).to.match(/^SYS_CONSTRAINT_[0-9a-f-]{36}$/);
    const foreign = ['fk_table_name', 'fk_column_name', 'pk_table_name', 'pk_column_name', 'pk_name'];
    expect(await keys('IMPORTED', 'IN child', ...foreign)).to.deep.equal([
      ['CHILD', 'Z', 'PARENT', 'C', unique![2]],
      ['CHILD', 'X', 'PARENT', 'A', 'PK'],
      ['CHILD', 'Y', 'PARENT', 'B', 'PK'],
    ]);
    expect(await keys('EXPORTED', 'IN parent', ...foreign)).to.have.length(3);
    const described = await client.rows('DESCRIBE TABLE parent');
    expect(described.map((row) => [row['primary key'], row['unique key'], row['null?']])).to.deep.equal([
      ['Y', 'N', 'N'],
      ['Y', 'N', 'N'],
      ['N', 'Y', 'Y'],
    ]);
  });

  it('are not enforced, but for NOT NULL', async () => {
    await client.rows('INSERT INTO parent VALUES (1, 1, 1), (1, 1, 1)');
    await client.rows('INSERT INTO child VALUES (7, 7, 7)');
    expect((await client.error('INSERT INTO parent VALUES (NULL, 1, 1)')).message).to.contain(
      'NULL result in a non-nullable column',
    );
  });

  it('are added, renamed and dropped, and go with their columns', async () => {
    expect((await client.error('ALTER TABLE parent ADD PRIMARY KEY (c)')).message).to.contain(
      "primary key already exists for table 'PARENT'",
    );
    await client.rows('ALTER TABLE parent ADD CONSTRAINT u UNIQUE (b, c)');
    await client.rows('ALTER TABLE parent RENAME CONSTRAINT u TO renamed');
    await client.rows('ALTER TABLE parent RENAME COLUMN b TO bb');
    expect(await keys('UNIQUE', 'IN parent', 'column_name', 'constraint_name')).to.deep.include.members([
      ['BB', 'RENAMED'],
      ['C', 'RENAMED'],
    ]);
    await client.rows('ALTER TABLE parent DROP CONSTRAINT renamed');
    await client.rows('ALTER TABLE parent DROP UNIQUE (c)');
    expect(await keys('UNIQUE', 'IN parent', 'column_name')).to.deep.equal([]);
    await client.rows('ALTER TABLE parent DROP COLUMN bb');
    expect(await keys('PRIMARY', 'IN parent', 'column_name')).to.deep.equal([]);
    expect((await client.error('ALTER TABLE parent DROP PRIMARY KEY')).message).to.contain('does not exist');
  });

  it('keep a table from being dropped with RESTRICT', async () => {
    expect((await client.error('DROP TABLE parent RESTRICT')).message).to.contain(
      "of table 'D.S.CHILD' refers to it",
    );
    await client.rows('DROP TABLE child RESTRICT');
    await client.rows('DROP TABLE parent RESTRICT');
  });

  it('are written into the DDL, and stand in INFORMATION_SCHEMA', async () => {
    expect(await client.value("SELECT GET_DDL('TABLE', 'child')")).to.equal(
      "create or replace TABLE CHILD (\n\tX NUMBER(38,0),\n\tY NUMBER(38,0),\n\tZ NUMBER(38,0),\n\tforeign key (Z) references D.S.PARENT(C),\n\tconstraint FK foreign key (X, Y) references D.S.PARENT(A, B) comment 'to its parent'\n);",
    );
    expect(
      await client.values(
        'SELECT table_name, constraint_type, enforced FROM information_schema.table_constraints ORDER BY 1, 2',
      ),
    ).to.deep.equal([
      ['CHILD', 'FOREIGN KEY', 'NO'],
      ['CHILD', 'FOREIGN KEY', 'NO'],
      ['PARENT', 'PRIMARY KEY', 'NO'],
      ['PARENT', 'UNIQUE', 'NO'],
    ]);
    expect(
      await client.values(
        "SELECT constraint_name, unique_constraint_name, update_rule FROM information_schema.referential_constraints WHERE constraint_name = 'FK'",
      ),
    ).to.deep.equal([['FK', 'PK', 'NO ACTION']]);
  });

  it('must name columns and tables that there are, and nothing that Snowflake would not do', async () => {
    const message = async (sql: string) => (await client.error(sql)).message;
    expect(await message('CREATE TABLE w (a INT, UNIQUE (b))')).to.contain("invalid identifier 'B'");
    expect(await message('CREATE TABLE w (a INT REFERENCES nowhere (b))')).to.contain(
      "'NOWHERE' does not exist",
    );
    expect(await message('CREATE TABLE w (a INT REFERENCES parent)')).to.contain('does not match the key');
    expect(await message('CREATE TABLE w (a INT PRIMARY KEY ENFORCED)')).to.contain(
      "Unsupported feature 'ENFORCED of a constraint'",
    );
    expect(await message('CREATE TABLE w (a INT REFERENCES parent (c) ON DELETE CASCADE)')).to.contain(
      "Unsupported feature 'ON … CASCADE of a foreign key'",
    );
  });
});
