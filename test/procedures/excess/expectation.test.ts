import { expect } from 'chai';
import { codesOf, expectStays, type Stay } from '../../../procedures/excess/expectation.js';
import { random } from '../../../procedures/ground/random.js';

/** Stays of 300 patients that take 2, 4 or 8 days by diagnosis, and half as long again from 70 years on, give or take a half. */
function hospital(seed: number, patients = 300): Stay[] {
  const next = random(seed);
  return Array.from({ length: 3 * patients }, (_, i) => {
    const diagnosis = ['pain', 'fracture', 'stroke'][Math.floor(3 * next())]!;
    const age = Math.floor(20 + 80 * next());
    const mean = { pain: 2, fracture: 4, stroke: 8 }[diagnosis]! * (age >= 70 ? 1.5 : 1);
    return { patient: `p${i % patients}`, days: mean * (0.5 + next()), values: [diagnosis, age] };
  });
}
const numeric = [false, true];
const expectedOf = (stays: readonly Stay[]) => expectStays(stays, codesOf(stays, numeric));

describe('the reference expectation', () => {
  it('finds what diagnosis and age make of a stay, within a tenth', () => {
    const stays = hospital(1, 1000);
    const expected = expectedOf(stays);
    for (const [diagnosis, days] of [
      ['pain', 2],
      ['fracture', 4],
      ['stroke', 8],
    ] as const)
      for (const old of [false, true]) {
        const own = stays.flatMap(({ values }, i) =>
          values[0] === diagnosis && (old ? Number(values[1]) > 78 : Number(values[1]) < 60)
            ? [expected[i]!.expected]
            : [],
        );
        const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
        expect(mean, `${diagnosis} ${old}`).to.be.closeTo(old ? 1.5 * days : days, 0.15 * days);
      }
  });

  it('is as many days in all as the stays took', () => {
    const expected = expectedOf(hospital(2));
    const sum = (of: 'days' | 'expected') => expected.reduce((all, each) => all + each[of], 0);
    expect(sum('expected') / sum('days')).to.be.closeTo(1, 0.01);
  });

  it('learns nothing of a patient from the stays of that patient', () => {
    const stays = hospital(3);
    const before = expectedOf(stays);
    const longer = stays.map((stay) => (stay.patient === 'p7' ? { ...stay, days: stay.days + 1 } : stay));
    const after = expectedOf(longer);
    const own = stays.flatMap(({ patient }, i) => (patient === 'p7' ? [i] : []));
    // The mean of all stays sets the cap, by a trifle.
    for (const i of own) expect(after[i]!.expected).to.be.closeTo(before[i]!.expected, 0.01);
    const others = stays.filter(
      ({ patient }, i) => patient !== 'p7' && after[i]!.expected !== before[i]!.expected,
    );
    expect(others.length).to.be.at.least(100);
  });

  it('counts a stay of a year as a long one and not as a year', () => {
    const stays = hospital(4).map((stay, i) => (i === 5 ? { ...stay, days: 365 } : stay));
    expect(expectedOf(stays)[5]!.days).to.be.below(40);
  });

  it('takes a missing value for a level of its own', () => {
    const stays = hospital(5).map((stay, i) => (i % 3 === 0 ? { ...stay, values: [null, null] } : stay));
    expect(codesOf(stays, numeric).map((code) => new Set(code).size)).to.deep.equal([4, 11]);
  });
});
