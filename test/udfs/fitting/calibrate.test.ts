import { expect } from 'chai';
import calibrate, { type ValidatedRow } from '../../../udfs/fitting/calibrate.js';
import { intervalsOf } from '../../../udfs/prediction/interval.js';

const MODEL = { version: 'v', floor: 1, longStay: { days: 21 } };

/** Stays about predictions of 8 to 28 days. */
function rows(count: number): ValidatedRow[] {
  return Array.from({ length: count }, (_, i): ValidatedRow => {
    const days = 8 + ((i * 104_729) % 1999) / 100;
    const stay = Math.max(1, Math.round(days + (((i * 7919) % 2003) / 2003 - 0.5) * 12));
    return [String(i), days, stay, 1, i, stay - days];
  });
}

describe('the calibration inside Snowflake', () => {
  it('says of rows what a version that is calibrated so says of them', () => {
    const given = rows(1200);
    const { fitted, rows: said } = calibrate(given, { model: MODEL });
    expect(said.map(([id]) => id)).to.deep.equal(given.map(([id]) => id));
    for (const [i, [, days]] of given.entries()) {
      const data = { version: 'v', floor: 1, rows: [0], bands: fitted.bands };
      const [, low, high, low95, high95, , median] = said[i]!;
      const { of80, of95 } = intervalsOf(days, null, data, 0)!;
      // Where an interval leaves out the median of its curve, it reaches there.
      expect([low, high]).to.deep.equal([Math.min(of80[0], median!), Math.max(of80[1], median!)]);
      expect([low95, high95]).to.deep.equal([Math.min(of95[0], low!), Math.max(of95[1], high!)]);
    }
    expect(fitted.spread?.around.length).to.be.above(1);
  });

  it('fits intervals alone where curves are the model’s own', () => {
    const { fitted, rows: said } = calibrate(rows(600), {});
    expect(fitted.bands).to.have.length(2);
    expect([fitted.spread, said]).to.deep.equal([undefined, []]);
  });

  it('says nothing without rows', () => {
    expect(calibrate([], { model: MODEL })).to.deep.equal({ fitted: { bands: [] }, rows: [] });
  });
});
