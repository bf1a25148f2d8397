import { expect } from 'chai';
import { type Cohort, everyRow } from '../../../procedures/fitting/cohort.js';
import { unsettledOf } from '../../../procedures/fitting/unsettled.js';
import type { Row } from '../../../procedures/ground/work.js';
import { scripted } from '../scripted.js';

const contract = { admission: 'ADMITTED', discharge: 'LEFT_ON' };

describe('admissions that nothing can be judged by', () => {
  const found = (cohort: Partial<Cohort>, row: Row, of: object = contract) =>
    scripted(unsettledOf(of, { ...everyRow, ...cohort }, 'ADMISSIONS'), () => [row]);
  const row = { N: 12, LONGEST: 60, LAST_DAY: '2018-10-31' };

  it('are those that came too late, and of any day those who are still in, with the days so far', () => {
    const soFar = "DATEDIFF(day, TO_DATE(f.ADMITTED), TO_DATE('2018-10-31', 'YYYY-MM-DD'))";
    const open = `f.LOS IS NULL AND ${soFar} BETWEEN 0 AND 60`;
    expect(found({ openDay: '2018-10-20' }, row)).to.deep.equal({
      late: "(f.LOS >= 0 AND f.ADMITTED >= TO_DATE('2018-10-20', 'YYYY-MM-DD'))",
      ...{ open: `(${open})`, soFar },
    });
    expect(found({}, row)).to.deep.equal({ late: 'FALSE', open: `(${open})`, soFar });
    expect(found({ from: '2018-09-01' }, row)!.open).to.equal(
      `(${open} AND f.ADMITTED >= TO_DATE('2018-09-01', 'YYYY-MM-DD'))`,
    );
  });

  it('are none where everyone has left, or unfinished stays were taken out, or dates do not divide the rows', () => {
    expect(found({}, { ...row, N: 0 })).to.equal(null);
    expect(found({ truncated: true }, row)).to.equal(null);
    expect(found({}, row, { ...contract, split: { column: 'SIDE' } })).to.equal(null);
    expect(found({}, row, {})).to.equal(null);
    expect(found({}, { N: 12, LONGEST: null, LAST_DAY: null })).to.equal(null);
  });
});
