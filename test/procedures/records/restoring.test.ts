import { expect } from 'chai';
import { restoreSql, undropReplacedSql } from '../../../procedures/records/restoring.js';
import { place } from '../scripted.js';

const table = { name: 'LOS_X', key: ['RUN_ID', 'LEVEL?'], rows: 'TRUE', expires: false };

/**
 * FROM with Time Travel as Snowflake documents it (sql-reference/constructs/at-before):
 * `table AT ( TIMESTAMP => <constant with its type> ) [ AS alias ]`.
 */
const AT =
  /FROM D\.S\.LOS_X AT \(TIMESTAMP => '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [+-]\d{4}'::TIMESTAMP_TZ\) AS b WHERE /;

describe('the statement that brings rows back', () => {
  const missing =
    "WHERE NOT EXISTS (SELECT 1 FROM D.S.LOS_X AS n WHERE n.RUN_ID = b.RUN_ID AND COALESCE(TO_VARCHAR(n.LEVEL), '') = COALESCE(TO_VARCHAR(b.LEVEL), ''));";

  it('is in the grammar of Time Travel, and takes what is missing alone', () => {
    const sql = restoreSql(place, table, '2026-11-29 16:15:03.123 +0000');
    expect(sql).to.match(AT);
    expect(
      sql.replace(AT, 'FROM … ').replace('WHERE NOT', 'NOT').replace('NOT EXISTS', 'WHERE NOT EXISTS'),
    ).to.equal(`INSERT INTO D.S.LOS_X SELECT b.* FROM … ${missing}`);
  });

  it('frees the name first where another table has taken it', () => {
    expect(undropReplacedSql(place, table)).to.equal(
      `ALTER TABLE D.S.LOS_X RENAME TO D.S.LOS_X_NEW; UNDROP TABLE D.S.LOS_X; INSERT INTO D.S.LOS_X SELECT b.* FROM D.S.LOS_X_NEW AS b ${missing}`,
    );
  });
});
