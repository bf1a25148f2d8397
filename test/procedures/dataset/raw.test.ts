import { expect } from 'chai';
import { parseContract } from '../../../deploy/dataset/load.js';
import { rawColumns } from '../../../procedures/dataset/feature-sql.js';
import { rawRows } from '../../../procedures/dataset/raw.js';

const contract = parseContract(
  `name: zoned
table: T
id: ID
admission: CAME
discharge: WENT
columns:
  ID: NUMBER
  CAME: { type: TIMESTAMP_TZ, source: came at, nulls: ['?', '9999-12-31'] }
  WENT: { type: DATE, nulls: ['9999-12-31', '2999-12-31'] }
  AGE: NUMBER
features: { AGE: { type: numeric }, HOUR: { type: numeric, sql: HOUR(CAME) } }
`,
  'zoned.yaml',
  'Europe/Berlin',
);

describe('the raw table as the contract speaks of it', () => {
  it('keeps its own types', () => {
    expect(rawColumns(contract)).to.deep.equal([
      'ID NUMBER',
      '"came at" TIMESTAMP_TZ',
      'WENT DATE',
      'AGE NUMBER',
    ]);
    expect(contract.columns.CAME).to.equal('TIMESTAMP_NTZ');
  });

  it('has moments by the hospital’s clock, and days that stand for a missing one are missing', () => {
    expect(rawRows(contract, 'D.S.T', ['METADATA$ACTION'])).to.equal(
      `(SELECT ID, IFF(TO_DATE("came at") IN (TO_DATE('9999-12-31', 'YYYY-MM-DD')), NULL, CONVERT_TIMEZONE('Europe/Berlin', "came at")::TIMESTAMP_NTZ) AS CAME, IFF(TO_DATE(WENT) IN (TO_DATE('9999-12-31', 'YYYY-MM-DD'), TO_DATE('2999-12-31', 'YYYY-MM-DD')), NULL, WENT) AS WENT, AGE, METADATA$ACTION FROM D.S.T)`,
    );
  });
});
