import { expect } from 'chai';
import fc from 'fast-check';
import { changedEvents, type EventCode, eventTexts } from '../../../udfs/encoding/events.js';
import { BUCKETS, bucketOf } from '../../../udfs/encoding/stay.js';

const codes: readonly EventCode[] = [
  { name: 'PULSE', kept: [0, 1, 3], passing: [3] },
  { name: 'WARD', kept: [0, 2], levels: { 0: ['ICU', 'A'] } },
];

describe('events as numbers', () => {
  it('are the kept summaries of each name, texts by their levels, and empty where nothing is known', () => {
    const events = { PULSE: [88, -4, 70, 12], WARD: ['A', 1, 3], OTHER: [1] };
    expect(eventTexts(events, codes)).to.deep.equal(['88,-4,12', '0,1,3']);
    expect(eventTexts({ PULSE: [null, 2] }, codes)).to.deep.equal([',2,', '0,0,']);
    for (const none of [{}, null, undefined, 'x', []])
      expect(eventTexts(none, codes)).to.deep.equal([',,', '0,0,']);
  });

  it('have as many columns whatever comes, and no number that a model cannot read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (events) => {
        const fields = eventTexts(events, codes).join(',').split(',');
        expect(fields).to.have.length(6);
        for (const field of fields) expect(Number.isFinite(Math.fround(Number(field)))).to.equal(true);
      }),
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.double(), fc.string(), fc.constant(null)), { maxLength: 5 }),
        (pulse) => {
          const [text] = eventTexts({ PULSE: pulse }, codes);
          expect(text!.split(',')).to.have.length(3);
        },
      ),
    );
  });

  it('name no summary that an object has of its own accord', () => {
    expect(eventTexts({}, [{ name: 'constructor', kept: [0] }])).to.deep.equal(['']);
  });

  it('have changed where more than time has passed', () => {
    const before = { PULSE: [88, 3, 0, 2], WARD: ['A', 0, 1] };
    expect(changedEvents({ ...before, PULSE: [88, 3, 0, 26] }, before, codes)).to.deep.equal([]);
    expect(changedEvents({ ...before, PULSE: [90, 5, 0, 1] }, before, codes)).to.deep.equal([0]);
    expect(changedEvents(before, {}, codes)).to.deep.equal([0, 1]);
    const passing = [{ name: 'SURGERY', kept: [1], passing: [1] }];
    expect(changedEvents({ SURGERY: [1, 5] }, {}, passing), 'nothing but its hours is read').to.deep.equal([
      0,
    ]);
  });
});

describe('ranges of days of stay', () => {
  it('hold every day once, in their order', () => {
    expect([0, 1, 4, 5, 7, 10, 20, 30, 31, 400].map(bucketOf)).to.deep.equal([
      ...['0', '1', '4-5', '4-5', '6-7', '8-10', '15-20', '21-30', '31+', '31+'],
    ]);
    expect(new Set(BUCKETS.map(bucketOf)).size).to.equal(BUCKETS.length);
  });
});
