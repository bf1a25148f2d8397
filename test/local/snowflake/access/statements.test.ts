import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** A statement, the grants without any one of which it must fail, and what it is refused with. */
const CASES: { statement: string; grants: string[]; refusal: RegExp }[] = [
  {
    statement: 'SELECT * FROM d.s.t',
    grants: ['SELECT ON TABLE d.s.t'],
    refusal: /Object 'D\.S\.T' does not exist or not authorized/,
  },
  {
    statement: 'SELECT * FROM d.s.v',
    grants: ['SELECT ON VIEW d.s.v'],
    refusal: /Object 'D\.S\.V' does not exist or not authorized/,
  },
  {
    statement: 'INSERT INTO d.s.t VALUES (1)',
    grants: ['INSERT ON TABLE d.s.t'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'UPDATE d.s.t SET x = 2',
    grants: ['UPDATE ON TABLE d.s.t'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'DELETE FROM d.s.t',
    grants: ['DELETE ON TABLE d.s.t'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'TRUNCATE TABLE d.s.t',
    grants: ['TRUNCATE ON TABLE d.s.t'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'MERGE INTO d.s.t USING d.s.u ON t.x = u.x WHEN NOT MATCHED THEN INSERT (x) VALUES (u.x)',
    grants: ['INSERT ON TABLE d.s.t', 'SELECT ON TABLE d.s.t', 'SELECT ON TABLE d.s.u'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'SELECT d.s.f(1)',
    grants: ['USAGE ON FUNCTION d.s.f(FLOAT)'],
    refusal: /Unknown (user-defined )?function|does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'CALL d.s.p()',
    grants: ['USAGE ON PROCEDURE d.s.p()'],
    refusal: /Unknown|does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'SELECT d.s.q.NEXTVAL',
    grants: ['USAGE ON SEQUENCE d.s.q'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'LIST @d.s.st',
    grants: ['READ ON STAGE d.s.st'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'REMOVE @d.s.st',
    grants: ['WRITE ON STAGE d.s.st'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'COPY INTO d.s.t FROM @d.s.st FILE_FORMAT = (TYPE = CSV)',
    grants: ['INSERT ON TABLE d.s.t', 'READ ON STAGE d.s.st'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'EXECUTE TASK d.s.k',
    grants: ['OPERATE ON TASK d.s.k'],
    refusal: /does not exist or not authorized|Insufficient privileges/,
  },
  {
    statement: 'CREATE OR REPLACE TABLE d.s.made (x NUMBER)',
    grants: ['CREATE TABLE ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: 'CREATE OR REPLACE VIEW d.s.made_v AS SELECT 1 AS x',
    grants: ['CREATE VIEW ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: 'CREATE OR REPLACE STAGE d.s.made_st',
    grants: ['CREATE STAGE ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: 'CREATE OR REPLACE SEQUENCE d.s.made_q',
    grants: ['CREATE SEQUENCE ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: 'CREATE OR REPLACE STREAM d.s.made_r ON TABLE d.s.t',
    grants: ['CREATE STREAM ON SCHEMA d.s', 'SELECT ON TABLE d.s.t'],
    refusal: /Insufficient privileges|does not exist or not authorized/,
  },
  {
    statement: "CREATE OR REPLACE TASK d.s.made_k SCHEDULE = '60 MINUTES' AS SELECT 1",
    grants: ['CREATE TASK ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: "CREATE OR REPLACE FUNCTION d.s.made_f() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'",
    grants: ['CREATE FUNCTION ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: "CREATE OR REPLACE PROCEDURE d.s.made_p() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'",
    grants: ['CREATE PROCEDURE ON SCHEMA d.s'],
    refusal: /Insufficient privileges to operate on schema 'S'/,
  },
  {
    statement: 'CREATE OR REPLACE SCHEMA d.made_s',
    grants: ['CREATE SCHEMA ON DATABASE d'],
    refusal: /Insufficient privileges to operate on database 'D'/,
  },
  {
    statement: 'CREATE OR REPLACE WAREHOUSE made_w',
    grants: ['CREATE WAREHOUSE ON ACCOUNT'],
    refusal: /Insufficient privileges to operate on account/,
  },
  {
    statement: 'CREATE OR REPLACE NOTIFICATION INTEGRATION made_n TYPE = EMAIL ENABLED = TRUE',
    grants: ['CREATE INTEGRATION ON ACCOUNT'],
    refusal: /Insufficient privileges to operate on account/,
  },
];

describe('every statement asks for its privileges', () => {
  let snowflake: TestSnowflake;
  let admin: Client;
  let user: Client;
  before(async () => {
    snowflake = await withSnowflake();
    admin = await snowflake.connect();
    for (const statement of [
      'CREATE DATABASE d',
      'CREATE SCHEMA s',
      'CREATE TABLE t (x NUMBER) CHANGE_TRACKING = TRUE',
      'CREATE TABLE u (x NUMBER)',
      'CREATE VIEW v AS SELECT x FROM t',
      'CREATE SEQUENCE q',
      'CREATE STAGE st',
      "CREATE FUNCTION f(x FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return X'",
      "CREATE PROCEDURE p() RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'",
      "CREATE TASK k SCHEDULE = '60 MINUTES' AS SELECT 1",
      'CREATE ROLE worker',
      "CREATE USER worker PASSWORD = 'a long password' DEFAULT_ROLE = worker",
      'GRANT ROLE worker TO USER worker',
      'GRANT USAGE ON DATABASE d TO ROLE worker',
      'GRANT USAGE ON SCHEMA d.s TO ROLE worker',
    ])
      await admin.rows(statement);
    user = await snowflake.connect({ username: 'worker', password: 'a long password' });
  });
  after(() => snowflake.close());

  for (const { statement, grants, refusal } of CASES) {
    it(statement, async () => {
      for (const missing of grants) {
        for (const grant of grants) if (grant !== missing) await admin.rows(`GRANT ${grant} TO ROLE worker`);
        const error = await user.error(statement);
        expect(error.message, `without ${missing}`).to.match(refusal);
        for (const grant of grants) await admin.rows(`REVOKE ${grant} FROM ROLE worker`);
      }
      for (const grant of grants) await admin.rows(`GRANT ${grant} TO ROLE worker`);
      await user.rows(statement);
      for (const grant of grants) await admin.rows(`REVOKE ${grant} FROM ROLE worker`);
    });
  }
});
