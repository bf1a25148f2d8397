import { expect } from 'chai';
import { marginOf } from '../../../udfs/curve/mondrian-margin.js';
import calibrate, { type ValidatedRow } from '../../../udfs/fitting/calibrate.js';
import { intervalsOf } from '../../../udfs/prediction/interval.js';

const COLUMNS = ['WARD', 'AGE'];
const GROUPS = [['WARD'], ['AGE', 'WARD']];
const MODEL = { version: 'v', floor: 1, longStay: { days: 21 } };

/** Stays about predictions of 8 to 28 days; of the old in ward Q far from them. */
function rows(count: number): ValidatedRow[] {
  return Array.from({ length: count }, (_, i): ValidatedRow => {
    const [ward, age] = [i % 3 === 0 ? 'Q' : '', i % 4 === 0 ? '70' : '30'];
    const far = ward === 'Q' && age === '70' ? 50 : 12;
    const days = 8 + ((i * 104_729) % 1999) / 100;
    const stay = Math.max(1, Math.round(days + (((i * 7919) % 2003) / 2003 - 0.5) * far));
    return [String(i), days, stay, 1, i, stay - days, ward, age];
  });
}

describe('the calibration inside Snowflake', () => {
  it('says of rows what a version that is calibrated so says of them', () => {
    const given = rows(1200);
    const { fitted, rows: said } = calibrate(given, { columns: COLUMNS, groups: GROUPS, model: MODEL });
    const [ward, both] = fitted.widenings;
    expect(ward?.features).to.deep.equal(['WARD']);
    expect(both?.features).to.deep.equal(['AGE', 'WARD']);
    expect(both!.groups['70|Q']![0]).to.be.above(5);
    expect(said.map(([id]) => id)).to.deep.equal(given.map(([id]) => id));
    for (const [i, [, days, , , , , WARD, AGE]] of given.entries()) {
      const margin = marginOf({ WARD: WARD!, AGE: AGE! }, fitted.widenings);
      const data = {
        version: 'v',
        floor: 1,
        rows: [0],
        bands: fitted.bands,
        ...(margin && { margins: { 0: margin } }),
      };
      const [, low, high, low95, high95, , median] = said[i]!;
      const { of80, of95 } = intervalsOf(days, null, data, 0)!;
      // Where an interval leaves out the median of its curve, it reaches there.
      expect([low, high]).to.deep.equal([Math.min(of80[0], median!), Math.max(of80[1], median!)]);
      expect([low95, high95]).to.deep.equal([Math.min(of95[0], low!), Math.max(of95[1], high!)]);
    }
    expect(fitted.spread?.around.length).to.be.above(1);
  });

  it('fits intervals alone where curves are the model’s own', () => {
    const { fitted, rows: said } = calibrate(rows(600), { columns: [], groups: [], ends: 'curve' });
    expect(fitted.bands).to.have.length(2);
    expect([fitted.widenings, fitted.spread, said]).to.deep.equal([[], undefined, []]);
  });

  it('says nothing without rows', () => {
    expect(calibrate([], { columns: COLUMNS, groups: GROUPS, model: MODEL })).to.deep.equal({
      fitted: { bands: [], widenings: [] },
      rows: [],
    });
  });
});
