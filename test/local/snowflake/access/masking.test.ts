import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

// docs: user-guide/tag-based-masking-policies, sql-reference/functions/invoker_role
const BODY = "CASE WHEN INVOKER_ROLE() IN ('OWNERS', 'WARDS') THEN val ELSE NULL END";

describe('masking by tags', () => {
  let snowflake: TestSnowflake;
  let admin: Client;
  let owners: Client;
  before(async () => {
    snowflake = await withSnowflake();
    admin = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE WAREHOUSE w',
      ...['owners', 'wards', 'analysts'].flatMap((role) => [
        `CREATE ROLE ${role}`,
        `GRANT ROLE ${role} TO USER admin`,
        `GRANT USAGE ON WAREHOUSE w TO ROLE ${role}`,
        `GRANT USAGE ON DATABASE d TO ROLE ${role}`,
      ]),
      'GRANT ROLE owners TO ROLE sysadmin',
      'GRANT CREATE SCHEMA ON DATABASE d TO ROLE owners',
    ])
      await admin.rows(sql);
    owners = await as('OWNERS');
    for (const sql of [
      'CREATE SCHEMA s',
      'GRANT USAGE ON SCHEMA d.s TO ROLE wards',
      'GRANT USAGE ON SCHEMA d.s TO ROLE analysts',
      'CREATE TABLE stays (id VARCHAR(10) NOT NULL, age NUMBER(3), weight FLOAT, tests OBJECT, los NUMBER)',
      "INSERT INTO stays SELECT 'a', 70, 61.5, OBJECT_CONSTRUCT('crp', 9), 3",
      'CREATE VIEW board AS SELECT id, los FROM stays',
      'CREATE VIEW counts AS SELECT COUNT(DISTINCT id) AS n, AVG(age) AS age FROM stays',
      'GRANT SELECT ON ALL TABLES IN SCHEMA d.s TO ROLE wards',
      'GRANT SELECT ON ALL TABLES IN SCHEMA d.s TO ROLE analysts',
      'GRANT SELECT ON ALL VIEWS IN SCHEMA d.s TO ROLE wards',
      'GRANT SELECT ON ALL VIEWS IN SCHEMA d.s TO ROLE analysts',
      ...['VARCHAR', 'NUMBER', 'FLOAT', 'OBJECT'].map(
        (type) =>
          `CREATE MASKING POLICY mask_${type} AS (val ${type}) RETURNS ${type} -> ${BODY} COMMENT = 'of ${type}'`,
      ),
      "CREATE TAG marks ALLOWED_VALUES 'identifier', 'sensitive' COMMENT = 'of patients'",
    ])
      await owners.rows(sql);
  });
  after(() => snowflake.close());
  const as = (role: string) => snowflake.connect({ role, database: 'D', schema: 'S', warehouse: 'W' });

  it('takes APPLY MASKING POLICY on the account to set a policy on a tag', async () => {
    const set = `ALTER TAG marks SET ${['varchar', 'number', 'float', 'object'].map((type) => `MASKING POLICY mask_${type}`).join(', ')}`;
    expect((await owners.error(set)).message).to.contain(
      "Insufficient privileges to operate on account 'LOCAL'",
    );
    await admin.rows('GRANT APPLY MASKING POLICY ON ACCOUNT TO ROLE owners');
    await owners.rows(set);
    expect((await owners.error('DROP MASKING POLICY mask_float')).message).to.contain(
      'Policy MASK_FLOAT cannot be dropped/replaced as it is associated with one or more entities.',
    );
    expect((await owners.error('DROP TAG marks')).message).to.contain('cannot be dropped/replaced');
  });

  it('refuses a value that the tag does not allow, and a tag of others', async () => {
    const set = "ALTER TABLE stays MODIFY COLUMN id SET TAG marks = 'secret'";
    expect((await owners.error(set)).message).to.contain("Tag value 'secret' is not in the allowed values");
    const analysts = await as('ANALYSTS');
    expect(
      (await analysts.error("ALTER TABLE stays MODIFY COLUMN id SET TAG marks = 'sensitive'")).message,
    ).to.contain('Insufficient privileges');
  });

  it('shows a column’s values to the roles that its policy names alone, whatever they inherit', async () => {
    await owners.rows(
      "ALTER TABLE stays MODIFY COLUMN id SET TAG marks = 'identifier', COLUMN age SET TAG marks = 'sensitive', COLUMN weight SET TAG marks = 'sensitive', COLUMN tests SET TAG marks = 'sensitive'",
    );
    const all = 'SELECT id, age, weight, tests:crp, los FROM stays';
    const seen = [['a', 70, 61.5, 9, 3]];
    expect(await owners.values(all)).to.deep.equal(seen);
    expect(await (await as('WARDS')).values(all)).to.deep.equal(seen);
    for (const role of ['ANALYSTS', 'SYSADMIN', 'ACCOUNTADMIN'])
      expect(await (await as(role)).values(all), role).to.deep.equal([[null, null, null, null, 3]]);
    expect(await owners.value("SELECT SYSTEM$GET_TAG('marks', 'stays.age', 'COLUMN')")).to.equal('sensitive');
  });

  it('masks what conditions, joins, files and new tables are made of', async () => {
    const sysadmin = await as('SYSADMIN');
    expect(await sysadmin.values("SELECT los FROM stays WHERE id = 'a'")).to.deep.equal([]);
    expect(await sysadmin.values('SELECT a.los FROM stays a JOIN stays b ON a.id = b.id')).to.deep.equal([]);
    await sysadmin.rows('CREATE TABLE copied AS SELECT * FROM stays');
    expect(await sysadmin.values('SELECT id, age, los FROM copied')).to.deep.equal([[null, null, 3]]);
    await sysadmin.rows('COPY INTO @~/masked FROM stays');
    expect(await sysadmin.values('SELECT $1, $5 FROM @~/masked')).to.deep.equal([[null, '3']]);
    await sysadmin.rows("UPDATE stays SET los = 9 WHERE id = 'a'");
    await sysadmin.rows('DELETE FROM stays WHERE age > 60');
    await sysadmin.rows(
      "MERGE INTO stays t USING (SELECT 'a' AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET los = 9",
    );
    expect(await owners.values('SELECT id, los FROM stays')).to.deep.equal([['a', 3]]);
    await owners.rows("UPDATE stays SET los = 4 WHERE id = 'a'");
    await owners.rows('COPY INTO @~/whole FROM stays');
    expect(await owners.values('SELECT $1, $5 FROM @~/whole')).to.deep.equal([['a', '4']]);
  });

  it('takes a view’s owner for the reader of its tables, and masks the view’s own columns', async () => {
    const analysts = await as('ANALYSTS');
    expect(await analysts.values('SELECT n, age FROM counts')).to.deep.equal([[1, 70]]);
    expect(await analysts.values('SELECT id, los FROM board')).to.deep.equal([['a', 4]]);
    await owners.rows("ALTER VIEW board MODIFY COLUMN id SET TAG marks = 'identifier'");
    expect(await analysts.values('SELECT id, los FROM board')).to.deep.equal([[null, 4]]);
    expect(await (await as('WARDS')).values('SELECT id, los FROM board')).to.deep.equal([['a', 4]]);
    await owners.rows('CREATE VIEW over AS SELECT id FROM board');
    expect(await owners.values('SELECT id FROM over')).to.deep.equal([['a']]);
    await owners.rows('CREATE OR REPLACE VIEW board COPY GRANTS AS SELECT id, los FROM stays');
    expect(await analysts.values('SELECT id, los FROM board')).to.deep.equal([['a', 4]]);
  });

  it('gives a procedure with its owner’s rights, and a stream, what their role may see', async () => {
    await owners.rows(
      'CREATE PROCEDURE ids() RETURNS VARCHAR LANGUAGE JAVASCRIPT EXECUTE AS OWNER AS \'var r = snowflake.execute({ sqlText: "SELECT MAX(id) FROM stays" }); r.next(); return r.getColumnValue(1);\'',
    );
    await owners.rows('GRANT USAGE ON PROCEDURE ids() TO ROLE analysts');
    expect(await (await as('ANALYSTS')).value('CALL ids()')).to.equal('a');
    await owners.rows('CREATE STREAM changes ON TABLE stays');
    await owners.rows("INSERT INTO stays SELECT 'b', 50, 80, NULL, 1");
    const query = 'SELECT id, age, los FROM changes';
    expect(await owners.values(query)).to.deep.equal([['b', 50, 1]]);
    expect(await (await as('SYSADMIN')).values(query)).to.deep.equal([[null, null, 1]]);
  });

  it('lists what protects a table, and what protects nothing any more', async () => {
    const references =
      "SELECT REF_COLUMN_NAME, POLICY_NAME, TAG_NAME FROM TABLE(d.INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'd.s.stays', REF_ENTITY_DOMAIN => 'TABLE')) ORDER BY 1";
    expect(await owners.values(references)).to.deep.equal([
      ['AGE', 'MASK_NUMBER', 'MARKS'],
      ['ID', 'MASK_VARCHAR', 'MARKS'],
      ['TESTS', 'MASK_OBJECT', 'MARKS'],
      ['WEIGHT', 'MASK_FLOAT', 'MARKS'],
    ]);
    await owners.rows('ALTER TABLE stays MODIFY COLUMN age UNSET TAG marks');
    await owners.rows('ALTER TAG marks UNSET MASKING POLICY mask_float');
    expect((await owners.values(references)).map(([column]) => column)).to.deep.equal(['ID', 'TESTS']);
    expect(
      await (await as('SYSADMIN')).values('SELECT id, age, weight FROM stays WHERE los = 4'),
    ).to.deep.equal([[null, 70, 61.5]]);
    await owners.rows('ALTER TAG marks SET MASKING POLICY mask_float');
  });

  it('keeps the tags of a table that is cloned or made like it', async () => {
    await owners.rows('CREATE TABLE twin CLONE stays');
    expect(await (await as('SYSADMIN')).values('SELECT DISTINCT id FROM twin')).to.deep.equal([[null]]);
  });

  it('shows tags and policies', async () => {
    expect((await owners.rows('SHOW TAGS IN SCHEMA d.s'))[0]).to.include({
      name: 'MARKS',
      comment: 'of patients',
      allowed_values: '["identifier","sensitive"]',
    });
    expect((await owners.rows('SHOW MASKING POLICIES IN SCHEMA d.s')).map(({ name }) => name)).to.deep.equal([
      'MASK_FLOAT',
      'MASK_NUMBER',
      'MASK_OBJECT',
      'MASK_VARCHAR',
    ]);
    expect((await owners.rows('DESCRIBE MASKING POLICY mask_number'))[0]).to.include({
      signature: '(VAL NUMBER(38,0))',
      return_type: 'NUMBER(38,0)',
      body: BODY,
    });
  });

  it('follows a body that is changed, with the statement that runs next', async () => {
    await owners.rows("ALTER MASKING POLICY mask_varchar SET BODY -> '***'");
    expect(await owners.values('SELECT DISTINCT id FROM stays')).to.deep.equal([['***']]);
    await owners.rows(
      "ALTER MASKING POLICY mask_varchar SET BODY -> CASE WHEN CURRENT_ROLE() = 'WARDS' THEN val ELSE '***' END",
    );
    expect(await (await as('WARDS')).values('SELECT n FROM counts')).to.deep.equal([[2]]);
    expect(await (await as('ANALYSTS')).values('SELECT n FROM counts')).to.deep.equal([[1]]);
    await owners.rows(`ALTER MASKING POLICY mask_varchar SET BODY -> ${BODY}`);
  });

  it('is gone with the tag', async () => {
    const policies = ['varchar', 'number', 'float', 'object'];
    await owners.rows(
      `ALTER TAG marks UNSET ${policies.map((type) => `MASKING POLICY mask_${type}`).join(', ')}`,
    );
    for (const type of policies) await owners.rows(`DROP MASKING POLICY mask_${type}`);
    await owners.rows('DROP TAG marks');
    expect(await (await as('SYSADMIN')).values('SELECT id FROM stays ORDER BY 1')).to.deep.equal([
      ['a'],
      ['b'],
    ]);
    expect(await owners.rows('SHOW TAGS')).to.deep.equal([]);
  });

  for (const [sql, message] of [
    [
      'CREATE MASKING POLICY p AS (v VARCHAR, w VARCHAR) RETURNS VARCHAR -> v',
      'a masking policy of several columns',
    ],
    [
      "CREATE MASKING POLICY p AS (v VARCHAR) RETURNS VARCHAR -> (SELECT 'x')",
      'a subquery in a masking policy',
    ],
    ['CREATE MASKING POLICY p AS (v VARCHAR) RETURNS NUMBER -> 1', 'argument and return type mismatch'],
    ['CREATE MASKING POLICY p AS (v NUMBER) RETURNS NUMBER -> TRUE', 'argument and return type mismatch'],
    ['CREATE TAG x PROPAGATE = ON_DEPENDENCY', 'CREATE TAG … PROPAGATE'],
    ['DESCRIBE TAG x', 'DESCRIBE TAG'],
  ] as const)
    it(`refuses ${sql}`, async () => {
      expect((await owners.error(sql)).message).to.contain(message);
    });
});

describe('masking by tags below Enterprise Edition', () => {
  it('has no policies', async () => {
    const snowflake = await withSnowflake({ kind: { edition: 'STANDARD' } });
    try {
      const admin = await snowflake.connect();
      await admin.rows('CREATE DATABASE d');
      const sql = 'CREATE MASKING POLICY p AS (v VARCHAR) RETURNS VARCHAR -> v';
      expect((await admin.error(sql)).message).to.contain("Unsupported feature 'MASKING POLICY'");
    } finally {
      await snowflake.close();
    }
  });
});
