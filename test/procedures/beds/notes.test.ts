import { expect } from 'chai';
import { forecastBeds } from '../../../procedures/beds/forecast.js';
import { type Facts, notesOf } from '../../../procedures/beds/notes.js';
import { Refused } from '../../../procedures/ground/work.js';

const usual: Facts = {
  HERE: 106,
  ENDED: 7000,
  SINCE_CAME: 0,
  SINCE_WENT: 0,
  A_DAY: 20,
  OUTSTAYED: 0,
  WITHOUT: 0,
  AFRESH: 0,
  NEGATIVE: 0,
  UNDATED: 0,
  CORRECTED: 0,
  CORRECTED_BY: null,
  YOUNG: null,
  CLOSED: null,
  LAST_BUILT: '2026-11-20 06:15',
};

describe('what a reader of a bed forecast is told', () => {
  it('is nothing where nothing is out of the ordinary', () => {
    expect(notesOf(usual, { N: 84, OWN: 6, BEST: 7 }, true)).to.deep.equal([]);
  });

  for (const [what, facts, said] of [
    [
      'patients who never leave',
      { OUTSTAYED: 2 },
      /^2 patients are currently admitted for longer than any stay .* discharges are missing/,
    ],
    [
      'missing discharges',
      { SINCE_WENT: 3 },
      /^No discharge has been recorded for 3 days, where there are about 20 a day/,
    ],
    [
      'no curve',
      { WITHOUT: 1 },
      /^1 patient is currently admitted without a predicted curve; past stays are used/,
    ],
    [
      'a stay that ends before it begins',
      { NEGATIVE: 1 },
      /^1 stay ends before it begins; its patient is not counted/,
    ],
    [
      'corrected and withdrawn discharges',
      { CORRECTED: 3, CORRECTED_BY: 2 },
      /corrections have changed the beds occupied on 3 nights of the past, by 2 at most/,
    ],
    ['no date', { UNDATED: 4 }, /^4 admissions have no date/],
    ['a ward without history', { YOUNG: 'Q7' }, /whole hospital: Q7\.$/],
    ['an empty hospital', { HERE: 0 }, /^No patient is currently admitted/],
    ['hardly any past', { ENDED: 12 }, /^Only 12 stays/],
    ['no past', { ENDED: 0 }, /^No stay of the past year has ended/],
    ['an end of all admissions', { SINCE_CAME: 20 }, /^No admission for 20 days/],
  ] as const)
    it(`names ${what}, in one sentence`, () => {
      const notes = notesOf({ ...usual, ...facts }, undefined, true);
      expect(notes).to.have.length(1);
      expect(notes[0]).to.match(said);
    });

  it('says that there are no wards where the contract names none', () => {
    expect(notesOf(usual, undefined, false)).to.have.length(1);
    expect(notesOf(usual, undefined, false)[0]).to.match(
      /neither ward nor department, so only the whole hospital/,
    );
  });

  it('a quiet Sunday is no missing data', () => {
    expect(notesOf({ ...usual, A_DAY: 3, SINCE_WENT: 2 }, undefined, true)).to.deep.equal([]);
  });

  it('says when a simple rule has been better for four weeks, and not by a few nights', () => {
    expect(notesOf(usual, { N: 84, OWN: 8, BEST: 6.5 }, true)[0]).to.match(
      /8\.0 beds off, a simple rule 6\.5/,
    );
    expect(notesOf(usual, { N: 12, OWN: 8, BEST: 6.5 }, true)).to.deep.equal([]);
  });
});

describe('a contract without dates', () => {
  it('is refused by name, with what to do', () => {
    const work = forecastBeds({ dataset: 'sparcs_hf', runLog: 'D.S.LOS_RUN_LOG', zone: 'UTC', sql: null });
    expect(() => work.next())
      .to.throw(Refused, /sparcs_hf has no dates of admission and discharge/)
      .with.property('next')
      .that.matches(/admission: and discharge:/);
  });
});
