import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { KEPT, LAST, nameOf, TRIED } from '../../../bench/beds/choice.js';
import { DATA, knownOn } from '../../../bench/beds/hdhi.js';
import { projectRoot } from '../../../deploy/project.js';
import { CHOSEN, type ForecastConstants } from '../../../procedures/beds/constants.js';

const contract = { admission: 'ADMISSION_DATE', discharge: 'DISCHARGE_DATE', afterAdmission: ['OUTCOME'] };
const header = 'admission_id,admission_date,discharge_date,outcome';

describe('what constants of beds are chosen by', () => {
  it('is what was known on an evening: no one who came later, no end of a stay that ended later', () => {
    const rows = [
      '1,2018-04-01,2018-04-30,DISCHARGED',
      '2,2018-04-30,2018-05-01,EXPIRED',
      '3,2018-04-29,,',
      '4,2018-05-01,2018-05-02,DISCHARGED',
    ];
    expect(knownOn('2018-04-30', [header, ...rows].join('\n'), contract)).to.equal(
      [header, rows[0], '2,2018-04-30,,', rows[2], ''].join('\n'),
    );
  });

  it('has no day of May 2018 or later, where the real admissions are at hand', function () {
    expect(LAST).to.equal('2018-04-30');
    if (!existsSync(DATA)) return this.skip();
    const known = knownOn(LAST, gunzipSync(readFileSync(DATA)).toString('utf8'), contract);
    const days = known.match(/\b20\d\d-\d\d-\d\d\b/g)!.sort();
    expect(days.length).to.be.greaterThan(10_000);
    expect(days[days.length - 1]! <= LAST).to.equal(true);
  });

  /** Lines of what `npm run bench -- beds-choice --write` has written. */
  const written = readFileSync(join(projectRoot, 'bench/RESULTS.md'), 'utf8')
    .split(/^## /m)
    .find((section) => section.startsWith('beds-choice\n'))!
    .split('\n');
  const scoreOf = (what: string) =>
    Number(written.find((line) => line.startsWith(`| ${what} |`))!.split('|')[2]!);

  for (const [constant, values] of Object.entries(TRIED) as [keyof ForecastConstants, readonly number[]][])
    it(`${KEPT.has(constant) ? 'is among what is tried' : 'is the least error'} where ${constant} is ${CHOSEN[constant]}`, () => {
      const scores = values.map((value) => scoreOf(nameOf(constant, value)));
      for (const score of scores) expect(score).to.be.within(0.5, 2);
      const least = values[scores.indexOf(Math.min(...scores))];
      expect(KEPT.has(constant) ? values.includes(CHOSEN[constant]) : least === CHOSEN[constant]).to.equal(
        true,
      );
    });

  it('says of each constant that stays why it does', () => {
    const notes = readFileSync(join(projectRoot, 'bench/notes/beds.md'), 'utf8');
    for (const constant of KEPT) expect(notes).to.contain(`\`${constant}\` stays`);
  });

  it('is as wide as bands had to be where no forecasts tell', () => {
    expect(CHOSEN.usualSpread).to.equal(scoreOf('usualSpread'));
  });
});
