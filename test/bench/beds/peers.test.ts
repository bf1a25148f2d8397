import { expect } from 'chai';
import { dayNumber, kaplanMeier, occupied, type Stay, staysOf } from '../../../bench/beds/peers.js';

const EVENING = dayNumber('2018-03-05');

/** Each day two emergencies, who stay five days, and one planned admission of a day. */
const steady = (until: number): Stay[] =>
  Array.from({ length: 150 }, (_, i) => EVENING - 149 + i)
    .concat(Array.from({ length: until }, (_, i) => EVENING + 1 + i))
    .flatMap((came) => [
      { came, went: came + 5, kind: 'emergency' },
      { came, went: came + 5, kind: 'emergency' },
      { came, went: came + 1, kind: 'planned' },
    ]);

describe('the rules that forecasts of beds are held against', () => {
  it('have as many beds as always where all goes on as it has gone', () => {
    expect(occupied(steady(0), EVENING)).to.equal(11);
    for (const kindOf of [undefined, ({ kind }: Stay) => kind])
      for (const beds of kaplanMeier(steady(0), EVENING, 14, kindOf)) expect(beds).to.be.within(10.5, 11.5);
  });

  it('know nothing that came later, neither admissions nor discharges', () => {
    const later = steady(14).map((stay) => (stay.went > EVENING ? { ...stay, went: stay.went + 30 } : stay));
    expect(kaplanMeier(later, EVENING, 14, ({ kind }) => kind)).to.deep.equal(
      kaplanMeier(steady(0), EVENING, 14, ({ kind }) => kind),
    );
  });

  it('are read from rows, a patient who is still in too', () => {
    const csv =
      'admission_id,admission_type,admission_date,discharge_date\n1,emergency,2018-03-01,2018-03-06\n2,planned,2018-03-02,\n';
    expect(staysOf(csv)).to.deep.equal([
      { came: EVENING - 4, went: EVENING + 1, kind: 'emergency' },
      { came: EVENING - 3, went: Number.POSITIVE_INFINITY, kind: 'planned' },
    ]);
  });
});
