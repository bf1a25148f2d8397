import { expect } from 'chai';
import { generateHealth } from '../../../demo/health/index.js';
import {
  type Cohort,
  everyRow,
  inverseWeights,
  lyndenBell,
  openRows,
  shareFrom,
} from '../../../procedures/fitting/cohort.js';
import type { Row } from '../../../procedures/ground/work.js';
import { scripted } from '../scripted.js';

const day = 86_400_000;
const cutOff = Date.parse('2022-12-31') / day;

/** Stays and times to the cut-off of admissions, as counts by days. */
function counted(rows: readonly { stay: number; time: number }[]) {
  const count = (values: number[]) => {
    const counts = new Map<number, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  return { stays: count(rows.map((row) => row.stay)), times: count(rows.map((row) => row.time)) };
}

function admissions(options: { seed: number; cut?: 'discharged' }) {
  return [...generateHealth({ trainingRows: 30_000, simulationRows: 10, ...options })]
    .filter((row) => row.ADMISSION_DATE < '2022-12-01')
    .map((row) => {
      const admitted = Date.parse(row.ADMISSION_DATE) / day;
      return { stay: Date.parse(row.DISCHARGE_DATE) / day - admitted, time: cutOff - admitted };
    });
}

const mean = (rows: readonly { stay: number }[], weight: (stay: number) => number = () => 1) =>
  rows.reduce((sum, { stay }) => sum + weight(stay) * stay, 0) /
  rows.reduce((sum, { stay }) => sum + weight(stay), 0);

const longerOf = (rows: readonly { stay: number }[]) => (days: number) =>
  rows.filter(({ stay }) => stay > days).length / rows.length;

describe('stays missing at the cut-off', () => {
  for (const seed of [1, 2, 3])
    it(`are made up for when only ended stays are in the data (seed ${seed})`, () => {
      const truth = mean(admissions({ seed }));
      const cut = admissions({ seed, cut: 'discharged' });
      expect(mean(cut), 'what dropping them does').to.be.below(truth - 2);
      const { stays, times } = counted(cut);
      const { reach, daysCovering, shareLonger } = lyndenBell(stays, times);
      const shortest = daysCovering(0.95);
      const weights = inverseWeights(reach, [shortest, Number.POSITIVE_INFINITY], 200, shareLonger);
      const cohort = cut.filter((row) => row.time >= shortest);
      expect(cohort.length).to.be.above(cut.length / 3);
      expect(mean(cohort, (stay) => weights[stay] ?? 1)).to.be.closeTo(truth, 0.5);
    });

  it('are made up for when they are in the data as open', () => {
    const all = admissions({ seed: 4 });
    const cohort = all.filter(({ time }) => time >= 80);
    const reach = shareFrom(counted(cohort).times);
    const weights = inverseWeights(reach, [80, Number.POSITIVE_INFINITY], 200, longerOf(all));
    const ended = cohort.filter(({ stay, time }) => stay <= time);
    expect(ended.length).to.be.below(cohort.length);
    expect(mean(ended, (stay) => weights[stay] ?? 1)).to.be.closeTo(mean(cohort), 0.4);
  });

  it('leave short stays their weight of one', () => {
    const reach = shareFrom(
      new Map([
        [10, 50],
        [20, 50],
      ]),
    );
    expect(inverseWeights(reach, [10, 20], 20, () => 0)).to.deep.equal(
      Object.fromEntries(Array.from({ length: 10 }, (_, i) => [11 + i, 2])),
    );
  });

  it('weigh the stays of each side by what its own admissions could show', () => {
    // One admission a day, 10 to 109 days before the cut-off.
    const reach = shareFrom(new Map(Array.from({ length: 100 }, (_, i) => [10 + i, 1])));
    const uniform = (last: number) => (days: number) => Math.max(0, 1 - days / last);
    const late = inverseWeights(reach, [10, 29], 30, uniform(40));
    // Of the twenty late admissions, the half that are 20 days old show a stay of 20 days.
    expect(late['20']).to.equal(2);
    expect(late['10']).to.equal(undefined);
    expect(late['29'], 'never more than ten').to.equal(10);
    expect(inverseWeights(reach, [30, Number.POSITIVE_INFINITY], 30, uniform(40))).to.deep.equal({});
    // Six days of stays that between 6 and 1 of the twenty could show.
    const pooled = inverseWeights(reach, [10, 29], 30, uniform(29));
    expect([23, 24, 26, 29].map((stay) => pooled[stay])).to.deep.equal([2.857, 5.714, 5.714, 5.714]);
  });

  it('have the longest stays that could be shown stand for those that could not', () => {
    const all = admissions({ seed: 5 });
    const longer = longerOf(all);
    // One admission a day, 79 to 113 days before the cut-off; one stay in five hundred is longer.
    const reach = shareFrom(new Map(Array.from({ length: 35 }, (_, i) => [79 + i, 1])));
    const weights = inverseWeights(reach, [79, 113], 119, longer);
    let [stays, shown, plainly, plain] = [0, 0, 0, 0];
    for (const { stay } of all) {
      const chance = reach(stay);
      stays += chance * (weights[stay] ?? 1) * stay;
      shown += chance * (weights[stay] ?? 1);
      if (chance > 0) [plainly, plain] = [plainly + stay, plain + 1];
    }
    const truth = mean(all);
    expect(stays / shown / truth).to.be.closeTo(1, 0.002);
    expect(plainly / plain / truth, 'however the others are weighted').to.be.below(0.996);
  });
});

const contract = { admission: 'ADMITTED', discharge: 'LEFT_ON' };

describe('admissions that nothing can be judged by', () => {
  const found = (cohort: Partial<Cohort>, row: Row, of: object = contract) =>
    scripted(openRows(of, { ...everyRow, ...cohort }, 'ADMISSIONS'), () => [row]);
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
