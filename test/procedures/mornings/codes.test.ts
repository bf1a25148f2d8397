import { expect } from 'chai';
import { codesOf } from '../../../procedures/mornings/codes.js';
import { mergeRanges } from '../../../procedures/mornings/judging.js';

describe('events that a model of stays reads', () => {
  const features = {
    PULSE: ['last', 'hours', 'mean'],
    WARD: ['category', 'changes'],
    STEPS: { sql: 'COUNT(*)' },
  } as const;
  const found = (name: string, place: number, f: number, levels: readonly string[] | null = null) => ({
    name,
    place,
    f,
    levels,
  });

  it('are those that tell more than chance does, the most telling first', () => {
    const codes = codesOf(
      [
        found('PULSE', 0, 3),
        found('PULSE', 1, 5),
        found('PULSE', 2, 1.1),
        found('WARD', 0, 20, ['A', 'ICU']),
        found('WARD', 1, 2),
        found('STEPS', 0, 4),
      ],
      features,
    );
    expect(codes).to.deep.equal([
      { name: 'WARD', kept: [0], levels: { 0: ['A', 'ICU'] } },
      { name: 'PULSE', kept: [0, 1], passing: [1] },
      { name: 'STEPS', kept: [0] },
    ]);
  });

  it('are none where none tells anything, and not a text without a level of ten patients', () => {
    expect(codesOf([found('PULSE', 0, 1), found('WARD', 0, 50, [])], features)).to.deep.equal([]);
    expect(codesOf([found('PULSE', 0, Number.NaN)], features)).to.deep.equal([]);
  });

  it('have 400 columns at most', () => {
    const many = Array.from({ length: 500 }, (_, i) => found(`E${i}`, 0, 1000 - i));
    expect(codesOf(many, {})).to.have.length(400);
  });
});

describe('ranges of days in which a model of stays is measured', () => {
  it('are of ten patients at least, and join the one before where they are not', () => {
    const count = (bucket: string, patients: number) => ({ bucket, mornings: 2 * patients, patients });
    expect(mergeRanges([count('1', 50), count('2', 9), count('3', 20), count('4-5', 4)])).to.deep.equal([
      { from: 1, days: '1-2', buckets: ['1', '2'], mornings: 118 },
      { from: 3, days: '3-5', buckets: ['3', '4-5'], mornings: 48 },
    ]);
    expect(mergeRanges([count('0', 5), count('1', 30), count('31+', 2)])).to.deep.equal([
      { from: 0, days: '0+', buckets: ['0', '1', '31+'], mornings: 74 },
    ]);
    expect(mergeRanges([count('0', 5)]), 'none of too few').to.deep.equal([]);
  });
});
