import { expect } from 'chai';
import fc from 'fast-check';
import {
  columnNames,
  encode,
  type FeatureCode,
  type Gaps,
  toCsvLine,
} from '../../../udfs/encoding/encoding.js';
import { featureTexts } from '../../../udfs/encoding/feature-texts.js';

const codes: FeatureCode[] = [
  { kind: 'numeric', name: 'VISITORS' },
  { kind: 'onehot', name: 'WARD', levels: ['P', 'Q', 'R'] },
  { kind: 'target', name: 'HOSPITAL', levels: { '8': 40.5, '26': 31.25 }, unseen: 33, missing: 35 },
];

describe('encode', () => {
  it('writes numbers, one-hot columns and target statistics in the order of the codes', () => {
    expect(encode({ VISITORS: 4, WARD: 'Q', HOSPITAL: '26' }, codes)).to.deep.equal([4, 0, 1, 0, 31.25]);
    expect(columnNames(codes)).to.deep.equal(['VISITORS', 'WARD=P', 'WARD=Q', 'WARD=R', 'HOSPITAL']);
  });

  it('tells levels of the same statistic apart by place in the alphabet and training rows', () => {
    const ward: FeatureCode[] = [
      {
        kind: 'target',
        name: 'WARD',
        levels: { b: 4, '10': 4, '9': 3 },
        rows: [70, 12, 31],
        unseen: 5,
        missing: 6,
      },
    ];
    const of = (WARD: unknown) => encode({ WARD }, ward);
    expect(columnNames(ward)).to.deep.equal(['WARD', 'WARD (place)', 'WARD (rows)']);
    expect([of(10), of('9'), of('b')]).to.deep.equal([
      [4, 0, 70],
      [3, 1, 12],
      [4, 2, 31],
    ]);
    expect([of('never'), of('constructor'), of(null)]).to.deep.equal([
      [5, Number.NaN, Number.NaN],
      [5, Number.NaN, Number.NaN],
      [6, Number.NaN, Number.NaN],
    ]);
    expect(encode({ WARD: 'b' }, ward, undefined, { WARD: 3.5 })).to.deep.equal([3.5, 2, 31]);
    expect(encode({ WARD: 'never' }, ward, undefined, { WARD: 3.5 })).to.deep.equal([
      3.5,
      Number.NaN,
      Number.NaN,
    ]);
  });

  it('takes a code for the same level as number or text', () => {
    expect(encode({ HOSPITAL: 8 }, codes)).to.deep.equal(encode({ HOSPITAL: '8' }, codes));
    expect(encode({ VISITORS: '4' }, codes)[0]).to.equal(4);
  });

  it('defines missing and unseen values and names them', () => {
    const gaps: Gaps = { missing: [], unseen: [] };
    const numbers = encode({ WARD: 'Z', HOSPITAL: '99' }, codes, gaps);
    expect(numbers).to.deep.equal([Number.NaN, 0, 0, 0, 33]);
    expect(gaps).to.deep.equal({ missing: ['VISITORS'], unseen: ['WARD', 'HOSPITAL'] });
    expect(encode({ WARD: null }, codes)[4]).to.equal(35);
  });

  it('takes the place of an ordered level, and a missing number for what has none', () => {
    const age: FeatureCode[] = [{ kind: 'ordered', name: 'AGE', levels: ['0-17', '18-64', '65+'] }];
    const gaps: Gaps = { missing: [], unseen: [] };
    expect(['0-17', '65+', '66+', null].map((AGE) => encode({ AGE }, age, gaps)[0])).to.deep.equal([
      0,
      2,
      Number.NaN,
      Number.NaN,
    ]);
    expect(gaps).to.deep.equal({ missing: ['AGE'], unseen: ['AGE'] });
    expect(columnNames(age)).to.deep.equal(['AGE']);
  });

  it('counts as missing, and names, a number that the model’s float32 cannot hold', () => {
    const largest = 3.4028234663852886e38;
    for (const value of [1e39, -1e300, '1e39', Number.POSITIVE_INFINITY, Number.NaN, 'ten', ' ']) {
      const gaps: Gaps = { missing: [], unseen: [] };
      expect(encode({ VISITORS: value, WARD: 'P', HOSPITAL: 8 }, codes, gaps)[0], String(value)).to.be.NaN;
      expect(gaps).to.deep.equal({ missing: ['VISITORS'], unseen: [] });
    }
    for (const value of [largest, -largest, 1e-300, String(largest), 0])
      expect(encode({ VISITORS: value }, codes)[0]).to.equal(Number(value));
  });

  it('takes the statistics of a row that is fitted to from outside, and nothing else', () => {
    const row = { VISITORS: 4, WARD: 'Q', HOSPITAL: '26' };
    expect(encode(row, codes, undefined, { HOSPITAL: 30.5, VISITORS: 9 })).to.deep.equal([4, 0, 1, 0, 30.5]);
    expect(encode(row, codes, undefined, null)).to.deep.equal(encode(row, codes));
  });

  it('does not mistake a level for something every object has', () => {
    expect(encode({ HOSPITAL: 'constructor' }, codes)[4]).to.equal(33);
    expect(encode({ HOSPITAL: '__proto__' }, codes)[4]).to.equal(33);
  });

  it('returns as many finite-or-missing numbers as there are column names, whatever it is given', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('VISITORS', 'WARD', 'HOSPITAL', 'OTHER'), fc.anything()),
        (row) => {
          // A value of Snowflake is never an object without a text form.
          fc.pre(Object.values(row).every(printable));
          const numbers = encode(row, codes);
          expect(numbers).to.have.length(columnNames(codes).length);
          expect(numbers.every((n) => Number.isFinite(Math.fround(n)) || Number.isNaN(n))).to.equal(true);
        },
      ),
    );
  });

  it('puts feature by feature, with what it has encoded before, into a line what it puts there at once', () => {
    const features: FeatureCode[] = [...codes, { kind: 'onehot', name: 'ABSENT', levels: [] }];
    const value = fc.oneof(
      fc.constantFrom('P', 'Q', '8', 8, '26', 'constructor', '__proto__', '', ' 4', -0, true, null),
      fc.double(),
      fc.string(),
    );
    const name = fc.constantFrom('VISITORS', 'WARD', 'HOSPITAL', 'ABSENT', 'OTHER');
    fc.assert(
      fc.property(fc.array(fc.dictionary(name, value), { minLength: 1, maxLength: 30 }), (rows) => {
        const textsOf = featureTexts(features);
        for (const row of [...rows, ...rows]) {
          const [noted, expected]: Gaps[] = [
            { missing: [], unseen: [] },
            { missing: [], unseen: [] },
          ];
          const line = textsOf(row, noted!).join(',');
          expect(line).to.equal(toCsvLine(encode(row, features, expected)));
          expect(noted).to.deep.equal(expected);
        }
      }),
    );
  });

  it('writes a CSV line that reads back as the same numbers', () => {
    const number = fc.oneof(fc.double({ noDefaultInfinity: true }), fc.integer(), fc.constant(Number.NaN));
    fc.assert(
      fc.property(fc.array(number, { minLength: 1 }), (numbers) => {
        const back = toCsvLine(numbers)
          .split(',')
          .map((field) => (field === '' ? Number.NaN : Number(field)));
        // -0 and 0 are the same number to a model.
        expect(back.map((n) => n + 0)).to.deep.equal(numbers.map((n) => n + 0));
      }),
    );
  });
});

function printable(value: unknown): boolean {
  try {
    String(value);
    return true;
  } catch {
    return false;
  }
}
