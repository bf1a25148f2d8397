import { expect } from 'chai';
import fc from 'fast-check';
import { shortage, shortageWords, type WardNeed } from '../../../report/beds/groups.js';

const wards = fc.uniqueArray(
  fc.record({
    unit: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F'),
    needed: fc.integer({ min: 0, max: 40 }),
    capacity: fc.option(fc.integer({ min: 1, max: 40 })),
  }),
  { selector: ({ unit }) => unit },
);
const lacks = (needs: readonly WardNeed[]) =>
  needs.map(({ needed, capacity }) => (capacity === null ? 0 : needed - capacity));

describe('beds that wards lack', () => {
  it('are all of them without groups, and what the whole lacks where all wards help each other', () => {
    fc.assert(
      fc.property(wards, (needs) => {
        const lacking = lacks(needs).filter((lack) => lack > 0);
        const short = lacking.reduce((sum, lack) => sum + lack, 0);
        expect(shortage(needs, [])).to.deep.equal({ short, wards: lacking.length, beyond: short });
        const { beyond } = shortage(needs, [needs.map(({ unit }) => unit)]);
        expect(beyond).to.equal(
          Math.max(
            0,
            lacks(needs).reduce((sum, lack) => sum + lack, 0),
          ),
        );
      }),
    );
  });

  it('are never more where more wards help', () => {
    fc.assert(
      fc.property(wards, (needs) => {
        const parts = [
          ['A', 'B'],
          ['C', 'D'],
          ['E', 'F'],
        ];
        const halves = [
          ['A', 'B', 'C', 'D'],
          ['E', 'F'],
        ];
        const apart = shortage(needs, parts).beyond;
        expect(apart).to.be.at.most(shortage(needs, []).beyond);
        expect(shortage(needs, halves).beyond).to.be.at.most(apart);
      }),
    );
  });

  it('are nothing to speak of below half a bed, and where no capacity is given', () => {
    expect(shortageWords([{ unit: 'A', needed: 30.4, capacity: 30 }], [])).to.equal(undefined);
    expect(shortageWords([{ unit: 'A', needed: 30, capacity: null }], [['A', 'B']])).to.equal(undefined);
  });
});
