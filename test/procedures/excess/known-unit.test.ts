import { expect } from 'chai';
import { tellsUnit } from '../../../procedures/excess/known-unit.js';
import { random } from '../../../procedures/ground/random.js';

describe('what tells the unit of a stay', () => {
  const next = random(1);
  const units = Array.from({ length: 2000 }, () => `ward ${Math.floor(8 * next())}`);
  const wardNo = (i: number) => Number(units[i]!.slice(5));

  it('is a column that stands for it one to one, or in 97 of 100 stays', () => {
    expect(
      tellsUnit(
        units.map((_, i) => wardNo(i) + 100),
        units,
      ),
    ).to.equal(true);
    expect(
      tellsUnit(
        units.map((_, i) => (next() < 0.03 ? Math.floor(8 * next()) : wardNo(i))),
        units,
      ),
    ).to.equal(true);
    expect(
      tellsUnit(
        units.map((_, i) => (next() < 0.2 ? Math.floor(8 * next()) : wardNo(i))),
        units,
      ),
    ).to.equal(false);
  });

  it('is a finer column too, as beds of wards', () => {
    expect(
      tellsUnit(
        units.map((_, i) => 20 * wardNo(i) + Math.floor(20 * next())),
        units,
      ),
    ).to.equal(true);
  });

  it('is not a column of which each stay has another value, nor one that says nothing', () => {
    expect(
      tellsUnit(
        units.map((_, i) => i),
        units,
      ),
    ).to.equal(false);
    expect(
      tellsUnit(
        units.map(() => 0),
        units,
      ),
    ).to.equal(false);
  });

  it('is not a column of a hospital nearly all of whose stays are in one ward', () => {
    const one = units.map((_, i) => (i % 50 === 0 ? 'ward 1' : 'ward 2'));
    expect(
      tellsUnit(
        units.map(() => Math.floor(5 * next())),
        one,
      ),
    ).to.equal(false);
    expect(
      tellsUnit(
        units.map((_, i) => (i % 50 === 0 ? 1 : 2)),
        one,
      ),
    ).to.equal(true);
  });
});
