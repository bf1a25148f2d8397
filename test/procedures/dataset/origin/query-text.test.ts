import { expect } from 'chai';
import fc from 'fast-check';
import {
  expressionProblem,
  queryProblem,
  trimQuery,
} from '../../../../procedures/dataset/origin/query-text.js';

describe('the query of a contract', () => {
  const taken = [
    'SELECT 1 AS X',
    'select * from a.b.c where note = \'; DROP TABLE "x"\'',
    'WITH a AS (SELECT 1 AS x) SELECT x FROM a',
    '-- of all wards\n(SELECT 1) UNION ALL (SELECT 2)',
    'SELECT "odd;name" /* ; */ FROM t -- it ends; here',
    'SELECT $$;$$ AS X',
    "SELECT 'it''s \\' )' AS X",
  ];
  for (const text of taken)
    it(`takes ${JSON.stringify(text)}`, () => expect(queryProblem(text)).to.equal(undefined));

  const refused: [string, RegExp][] = [
    ['', /no statement/],
    ['-- nothing', /no statement/],
    ['DELETE FROM T', /begins with DELETE/],
    ['CALL P()', /begins with CALL/],
    ['SHOW TABLES', /begins with SHOW/],
    ['SELECT 1; DROP TABLE T', /more than one statement/],
    ['SELECT 1) AS X; DROP TABLE T; SELECT (1', /more than one statement/],
    ['SELECT 1) UNION ALL (SELECT 2', /brackets/],
    ['SELECT (1', /brackets/],
    ["SELECT 'open", /not closed/],
    ['SELECT 1 /* open', /not closed/],
  ];
  const beyond: [string, string][] = [
    ['SELECT 1 ->> SELECT 2', '->>'],
    ["SELECT SYSTEM$SEND_EMAIL('i', 'a', 's', 't')", 'SYSTEM$SEND_EMAIL'],
    ['SELECT USER_NAME FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY', 'ACCOUNT_USAGE'],
    ['SELECT * FROM "SNOWFLAKE"."ACCOUNT_USAGE"."USERS"', 'ACCOUNT_USAGE'],
    ["SELECT D.S.LOS_SAGEMAKER('DeleteEndpoint', X) FROM T", 'LOS_SAGEMAKER'],
    ['SELECT "LOS_INVOKE_ENDPOINT" (X) FROM T', 'LOS_INVOKE_ENDPOINT'],
    ['SELECT predict_los_detail(X) FROM T', 'predict_los_detail'],
  ];
  for (const [text, what] of beyond)
    it(`finding Low of turn 4: refuses ${JSON.stringify(text)}, by name`, () =>
      expect(queryProblem(text)).to.equal(
        `${what} has no place in it: a contract reads rows and computes with their columns`,
      ));
  it('finding Low of turn 4: lets texts, names and comments say all that', () => {
    for (const text of [
      "SELECT '->> SYSTEM$WAIT ACCOUNT_USAGE LOS_SAGEMAKER(1)' AS X",
      'SELECT "a ->> b" FROM T -- SYSTEM$WAIT(1)',
      'SELECT SYSTEM_CODE, MY_ACCOUNT_USAGES, PREDICT_LOS FROM PREDICT_LOS.LOS.T',
    ])
      expect(queryProblem(text), text).to.equal(undefined);
  });

  for (const [text, why] of refused)
    it(`refuses ${JSON.stringify(text)}`, () => expect(queryProblem(text)).to.match(why));

  it('loses the semicolon at its end, and nothing else', () => {
    expect(trimQuery('SELECT 1;\n')).to.equal('SELECT 1');
    expect(trimQuery("SELECT ';' ; -- all;\n")).to.equal("SELECT ';'  -- all;");
    expect(trimQuery('SELECT 1;;')).to.equal('SELECT 1');
  });

  it('is never more than a text where its parts are texts, names and comments', () => {
    const text = fc.string().map((value) => `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`);
    const name = fc.string({ minLength: 1 }).map((value) => `"${value.replaceAll('"', '""')}"`);
    const comment = fc.string().map((value) => `/*${value.replaceAll('*/', '')} */`);
    fc.assert(
      fc.property(fc.array(fc.oneof(text, name, comment)), (parts) => {
        expect(queryProblem(`SELECT ${parts.join(' ')} 1`)).to.equal(undefined);
      }),
    );
  });
});

describe('an expression of a contract', () => {
  for (const text of [
    '1) FROM X; DROP TABLE T; SELECT (1',
    'AGE; DROP TABLE T',
    'AGE)',
    '(AGE',
    'A) FROM X, (SELECT 1',
  ])
    it(`finding Low of turn 4: is one, and not ${JSON.stringify(text)}`, () =>
      expect(expressionProblem(text)).to.equal('it is more than one expression'));
  for (const text of ["LOS_SAGEMAKER('StopTrainingJob', X)", "SYSTEM$SEND_EMAIL('a')", 'A ->> SELECT 1'])
    it(`finding Low of turn 4: computes with columns, and not ${JSON.stringify(text)}`, () =>
      expect(expressionProblem(text)).to.contain('has no place in it'));
  it('is any other', () => {
    for (const text of [
      "A || '-;)' || B",
      'IFF(A > (B + 1), 1, 0)',
      'HOUR(AT) -- ; )',
      "COALESCE(\"x;y\", 'a''b')",
    ])
      expect(expressionProblem(text), text).to.equal(undefined);
  });
});
