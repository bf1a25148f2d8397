import { expect } from 'chai';
import type { WhatIfNight } from '../../../../report/beds/nights.js';
import { whatIfLines } from '../../../../report/beds/what-if/answer.js';
import { parseWhatIf } from '../../../../report/beds/what-if/parse-what-if.js';

/** A Monday. */
const TODAY = '2026-11-30';

describe('what people ask about beds', () => {
  for (const [text, changes] of [
    ['10 ORTHO on Tuesday', [{ admissions: 10, ward: 'ORTHO', day: '2026-12-01' }]],
    ['10 on mon', [{ admissions: 10, day: '2026-12-07' }]],
    ['2 more "Ward 7 B" on 2026-12-08', [{ admissions: 2, ward: 'Ward 7 B', day: '2026-12-08' }]],
    [
      'close 4 ICU from Friday to 2026-12-12',
      [{ close: 4, ward: 'ICU', from: '2026-12-04', to: '2026-12-12' }],
    ],
    ['close 20', [{ close: 20 }]],
    [
      'cancel 4711; 1 A on sun',
      [{ cancel_planned: '4711' }, { admissions: 1, ward: 'A', day: '2026-12-06' }],
    ],
  ] as const)
    it(`is understood: ${text}`, () => expect(parseWhatIf(text, TODAY)).to.deep.equal(changes));

  for (const text of [
    '',
    'ten ORTHO on Tuesday',
    '10 ORTHO',
    '10 ORTHO on Someday',
    'close ICU',
    '1 A on 2026-02-30',
  ])
    it(`is refused: ${text || 'nothing'}`, () => expect(parseWhatIf(text, TODAY)).to.equal(undefined));

  it('is answered by the nights of what changes, and the first that is likelier than not over its beds', () => {
    const night = (unit: string, mean: number, over: number): WhatIfNight => ({
      level: 'ward',
      unit,
      night: '2026-12-01',
      base: 30,
      mean,
      p10: mean - 4,
      p90: mean + 4,
      capacity: 36,
      baseOver: 0.04,
      over,
    });
    const of = { occupied: 47, madeOn: TODAY, notes: ['A note.'] };
    const lines = whatIfLines(of, [night('ORTHO', 40, 0.8), night('OTHER', 30, 0.04)], []).join('\n');
    expect(lines).to.contain('ward ORTHO').and.not.to.contain('OTHER');
    expect(lines).to.contain(
      'ORTHO will then probably exceed its 36 beds on Tue 2026-12-01 (80 %); as things are, on none of these nights.',
    );
    expect(lines).to.contain('A note.');
    expect(lines).to.contain('On Tue 2026-12-01 4 patients more would find no bed in their wards.');
    const both = whatIfLines(of, [night('ORTHO', 40, 0.8), night('OTHER', 33, 0.04)], [['ORTHO', 'OTHER']]);
    expect(both.join('\n')).to.contain(
      '1 patient more would find no bed in their wards and those that may take them',
    );
    expect(whatIfLines(of, [night('OTHER', 30, 0.04)], []).join('\n')).to.contain('no night changes');
  });
});
