import { expect } from 'chai';
import { type Client, type TestSnowflake, withSnowflake } from '../support.js';

/** What a rule of the compiler's refuses, and what beside it is right. */
const rules: Record<string, { refused: string[]; right: string[] }> = {
  'Lengths and scales are numbers within their bounds': {
    refused: [
      "SELECT '2025-03-04'::TIMESTAMP_NTZ(x)",
      "SELECT '2025-03-04'::TIMESTAMP_LTZ(10)",
      "SELECT '10:00'::TIME(12)",
      "SELECT 'a'::VARCHAR(0)",
      "SELECT 'a'::VARCHAR(1.5)",
      'CREATE TABLE x (a VARCHAR(134217729))',
      'CREATE TABLE x (a BINARY(67108865))',
      'SELECT 1::NUMBER(39)',
    ],
    right: [
      "SELECT '2025-03-04'::TIMESTAMP_NTZ(9), '10:00'::TIME(0), 'a'::VARCHAR(1)",
      'SELECT NULL::VARCHAR(134217728), NULL::BINARY(67108864), NULL::NUMBER(38, 37)',
    ],
  },
  'Rows of a DISTINCT are ordered by what is in the list': {
    refused: ['SELECT DISTINCT i FROM m ORDER BY s', 'SELECT DISTINCT i FROM m ORDER BY UPPER(s)'],
    right: [
      'SELECT DISTINCT i, s AS t FROM m ORDER BY t, i + 1, s',
      'SELECT DISTINCT UPPER(s) FROM m ORDER BY UPPER(s), 1',
      'SELECT DISTINCT i, COUNT(*) FROM m GROUP BY i ORDER BY COUNT(*) DESC, 1',
    ],
  },
  'Distances and frames of windows are constants that make sense': {
    refused: [
      'SELECT COUNT() FROM m',
      'SELECT LAG(i, i) OVER (ORDER BY i) FROM m',
      'SELECT NTILE(i) OVER (ORDER BY i) FROM m',
      'SELECT NTH_VALUE(i, 0) OVER (ORDER BY i) FROM m',
      'SELECT SUM(i) OVER (ORDER BY i ROWS BETWEEN 1 FOLLOWING AND 1 PRECEDING) FROM m',
      'SELECT SUM(i) OVER (ORDER BY i ROWS BETWEEN CURRENT ROW AND 1 PRECEDING) FROM m',
    ],
    right: [
      'SELECT LAG(i, -1) OVER (ORDER BY i), LEAD(i, 2, 0) OVER (ORDER BY i), NTILE(3) OVER (ORDER BY i) FROM m',
      'SELECT NTH_VALUE(i, 2) OVER (ORDER BY i), SUM(i) OVER (ORDER BY i ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING) FROM m',
    ],
  },
  'A function returns one value or a table, and tells its arguments apart': {
    refused: [
      "CREATE FUNCTION two(x NUMBER) RETURNS NUMBER AS 'SELECT 1, 2'",
      "CREATE FUNCTION twice(x NUMBER, x NUMBER) RETURNS NUMBER AS 'x'",
    ],
    right: ["CREATE OR REPLACE FUNCTION one(x NUMBER) RETURNS NUMBER AS 'SELECT x + 1'"],
  },
  'What numbers rows is a number without another default': {
    refused: [
      'CREATE TABLE x (a VARCHAR AUTOINCREMENT)',
      'CREATE TABLE x (a NUMBER DEFAULT 1 AUTOINCREMENT)',
    ],
    right: [
      'CREATE OR REPLACE TABLE numbered (a NUMBER AUTOINCREMENT, b INT IDENTITY (5, 2), c NUMBER(5,2) IDENTITY)',
    ],
  },
  'A TIME has no days': {
    refused: [
      'SELECT DATEDIFF(day, tm, tm) FROM m',
      'SELECT DATEADD(month, 1, tm) FROM m',
      "SELECT DATE_TRUNC('week', tm) FROM m",
    ],
    right: ["SELECT DATEDIFF(hour, tm, tm), DATEADD(minute, 1, tm), DATE_TRUNC('hour', tm) FROM m"],
  },
  'Groups are not made by aggregates': {
    refused: [
      'SELECT COUNT(*) FROM m GROUP BY 1',
      'SELECT COUNT(*) AS many FROM m GROUP BY many',
      'SELECT i, SUM(i) + 1 FROM m GROUP BY ROLLUP (1, 2)',
      'WITH w AS (SELECT i FROM m) SELECT MAX(i), 1 FROM w GROUP BY 1',
    ],
    right: ['SELECT i + 1 AS more, COUNT(*) FROM m GROUP BY more', 'SELECT i, COUNT(*) FROM m GROUP BY 1'],
  },
  'A condition is a BOOLEAN': {
    refused: [
      'SELECT IFF(i, 1, 2) FROM m',
      'SELECT CASE WHEN s THEN 1 END FROM m',
      'SELECT COUNT_IF(v) FROM m',
    ],
    right: [
      'SELECT IFF(i > 0, 1, 2), CASE WHEN b THEN 1 END, IFF(NULL, 1, 2) FROM m',
      'SELECT COUNT_IF(b) FROM m',
    ],
  },
  'A part of a date is taken of dates': {
    refused: [
      "SELECT YEAR('2025-03-04')",
      'SELECT MONTH(20250304)',
      "SELECT DAYNAME('2025-03-04')",
      'SELECT YEAR(v) FROM m',
      'SELECT YEAR(tm) FROM m',
      'SELECT DATEDIFF(day, 5, d) FROM m',
    ],
    right: [
      "SELECT YEAR('2025-03-04'::DATE), HOUR(tm), DATE_PART(epoch, ts) FROM m",
      "SELECT DATEDIFF(day, '2025-03-04', d), DATEADD(day, 1, '2025-03-04') FROM m",
    ],
  },
  'Ranks need an order, and what looks at whole partitions takes none': {
    refused: [
      'SELECT RANK() OVER (PARTITION BY i) FROM m',
      'SELECT LAG(i) OVER () FROM m',
      'SELECT MEDIAN(i) OVER (ORDER BY i) FROM m',
      'SELECT UPPER(s) OVER () FROM m',
      'SELECT SUM(i) OVER (ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM m',
      'SELECT LAG(i IGNORE NULLS) OVER (ORDER BY i) FROM m',
    ],
    right: [
      'SELECT RANK() OVER (ORDER BY i), MEDIAN(i) OVER (PARTITION BY i), LAG(i) IGNORE NULLS OVER (ORDER BY i) FROM m',
      'SELECT FIRST_VALUE(i IGNORE NULLS) OVER (ORDER BY i) FROM m',
    ],
  },
  'Percentiles are of numbers': {
    refused: [
      'SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY d) FROM m',
      'SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY ts) FROM m',
      'SELECT PERCENTILE_CONT(1.5) WITHIN GROUP (ORDER BY n) FROM m',
      'SELECT SUM(n) WITHIN GROUP (ORDER BY n) FROM m',
      'SELECT MEDIAN(DISTINCT n) FROM m',
    ],
    right: [
      "SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY DATEDIFF(day, '1970-01-01'::DATE, d)) FROM m",
    ],
  },
  'Stored values are of the column’s family': {
    refused: [
      'INSERT INTO m (n) SELECT TRUE',
      'INSERT INTO m (d) VALUES (42)',
      'INSERT INTO m (o) SELECT ARRAY_CONSTRUCT(1)',
      'INSERT INTO m (s) SELECT ARRAY_CONSTRUCT(1)',
      'UPDATE m SET d = 5',
      'INSERT INTO m (i, i) VALUES (1, 2)',
      'MERGE INTO m USING (SELECT 1 k) u ON m.i = u.k WHEN MATCHED THEN UPDATE SET n = TRUE',
      'MERGE INTO m USING (SELECT 1 k) u ON m.i = u.k WHEN MATCHED THEN UPDATE SET u.k = 1',
      'MERGE INTO m USING (SELECT 1 k) u ON m.i = u.k WHEN MATCHED THEN DELETE WHEN MATCHED THEN DELETE',
    ],
    right: [
      "INSERT INTO m (n, d, s) SELECT '42', '2025-03-04 10:00:00'::TIMESTAMP_NTZ, 42",
      "INSERT INTO m (ts, b) VALUES ('2025-03-04'::DATE, 'yes')",
    ],
  },
  'VALUES holds what the compiler computes': {
    refused: [
      'INSERT INTO m (n) VALUES (SQRT(4))',
      'INSERT INTO m (n) VALUES (IFF(TRUE, ROUND(1.5), 1))',
      'INSERT INTO m (n) VALUES ((SELECT 1))',
      'SELECT * FROM VALUES (POWER(2, 3))',
    ],
    right: ["INSERT INTO m (n, s) VALUES (2 * 3, UPPER('a'))", 'INSERT INTO m (n) SELECT SQRT(4)'],
  },
  'Views and tables of queries name their columns': {
    refused: ['CREATE VIEW x AS SELECT i + 1 FROM m', 'CREATE TABLE x AS SELECT COUNT(*) FROM m'],
    right: [
      'CREATE VIEW x1 (a) AS SELECT i + 1 FROM m',
      'CREATE TABLE x2 AS SELECT i, COUNT(*) c FROM m GROUP BY i',
    ],
  },
  'A default is of the column’s family': {
    refused: [
      "CREATE TABLE x (c DATE DEFAULT '2025-01-01')",
      'CREATE TABLE x (c VARCHAR DEFAULT 7)',
      'CREATE TABLE x (c BOOLEAN DEFAULT 1)',
      'CREATE TABLE x (c INT DEFAULT (SELECT 1))',
      "ALTER TABLE m ADD COLUMN c INT DEFAULT 'x'",
      'ALTER TABLE m ADD COLUMN c TIMESTAMP_LTZ DEFAULT CURRENT_TIMESTAMP()',
    ],
    right: [
      "CREATE TABLE x3 (a DATE DEFAULT '2025-01-01'::DATE, b INT DEFAULT TRUE, c VARCHAR DEFAULT NULL)",
    ],
  },
  'Semi-structured functions convert nothing': {
    refused: [
      "SELECT GET('[1]', 0)",
      'SELECT TYPEOF(5)',
      'SELECT OBJECT_KEYS(a) FROM m',
      'SELECT ARRAY_SIZE(o) FROM m',
      "SELECT ARRAY_CONTAINS('x', a) FROM m",
      "SELECT COUNT(*) FROM TABLE(FLATTEN('[1]'))",
      'SELECT PARSE_JSON(5)',
      'SELECT a = o FROM m',
    ],
    right: [
      "SELECT GET(v, 0), TYPEOF(v), ARRAY_SIZE(v), ARRAY_CONTAINS('x'::VARIANT, a), PARSE_JSON('5') FROM m",
    ],
  },
  'Routines compile when they are made, in the order of their clauses': {
    refused: [
      "CREATE FUNCTION f() RETURNS INT AS '1 +'",
      "CREATE FUNCTION f() RETURNS INT AS 'SELECT nosuch FROM m'",
      "CREATE FUNCTION f() RETURNS TABLE (a INT) AS 'SELECT i, n FROM m'",
      "CREATE FUNCTION f(A FLOAT) RETURNS FLOAT IMMUTABLE LANGUAGE JAVASCRIPT AS 'return A'",
      "CREATE PROCEDURE p() RETURNS FLOAT LANGUAGE JAVASCRIPT EXECUTE AS CALLER COMMENT = 'c' AS 'return 1'",
    ],
    right: [
      "CREATE FUNCTION f(A FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT STRICT IMMUTABLE COMMENT = 'c' AS 'return A'",
    ],
  },
  'Arguments are not forced into types': {
    refused: [
      "CALL called('x')",
      'CALL called(1, 2)',
      'SELECT taken(TRUE)',
      'SELECT taken(DISTINCT 1)',
      'SELECT taken(1, 2)',
    ],
    right: ['CALL called(1)', "CALL called(PARSE_JSON('{}'))", "SELECT taken('5'), taken(1), taken(NULL)"],
  },
  'INFORMATION_SCHEMA’s functions stand in it': {
    refused: ['SELECT * FROM TABLE(TASK_HISTORY())'],
    right: ['SELECT * FROM TABLE(INFORMATION_SCHEMA.TASK_HISTORY())'],
  },
};

describe('the compiler', () => {
  let snowflake: TestSnowflake;
  let client: Client;
  before(async () => {
    snowflake = await withSnowflake();
    client = await snowflake.connect();
    for (const sql of [
      'CREATE DATABASE d',
      'CREATE TABLE m (i INT, n NUMBER(10,2), d DATE, ts TIMESTAMP_NTZ, tm TIME, b BOOLEAN, s VARCHAR(5), v VARIANT, a ARRAY, o OBJECT)',
      "CREATE PROCEDURE called(A VARIANT) RETURNS VARCHAR LANGUAGE JAVASCRIPT AS 'return String(A)'",
      "CREATE FUNCTION taken(A FLOAT) RETURNS FLOAT LANGUAGE JAVASCRIPT AS 'return 1'",
    ])
      await client.statement(sql);
  });
  after(() => snowflake.close());

  for (const [rule, { refused, right }] of Object.entries(rules))
    it(rule, async () => {
      for (const sql of refused) {
        const { code, message } = await client.error(sql);
        expect(message, sql).to.not.match(/internal error|local Snowflake/);
        expect(code, sql).to.match(/^00[12]\d{3}$|^0009\d\d$/);
      }
      for (const sql of right) await client.statement(sql);
    });

  it('knows a view whose table grew by what it was made of', async () => {
    await client.statement('CREATE TABLE grows (a INT)');
    await client.statement('CREATE VIEW grown AS SELECT * FROM grows');
    await client.statement('ALTER TABLE grows ADD COLUMN b INT');
    expect((await client.error('SELECT a FROM grown')).message).to.contain(
      "View definition for 'D.PUBLIC.GROWN' declared 1 column(s), but view query produces 2 column(s).",
    );
  });
});
