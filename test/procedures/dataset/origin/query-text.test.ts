import { expect } from 'chai';
import fc from 'fast-check';
import { queryProblem, trimQuery } from '../../../../procedures/dataset/origin/query-text.js';

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
