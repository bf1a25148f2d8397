import { expect } from 'chai';
import { type Ending, innerDaysOf } from '../../../procedures/fitting/inner-days.js';

const endings = (rows: Readonly<Record<number, number>>) =>
  Object.entries(rows).map(([day, n]): Ending => ({ day: Number(day), weight: n, patients: n }));

describe('days inside periods', () => {
  it('are those by which other shares are gone than a straight line has', () => {
    // Hardly anybody leaves on the first day, and on the sixth twice as many as on the days around it.
    const stays = endings({ 1: 40, 2: 160, 3: 100, 4: 100, 5: 100, 6: 300, 7: 100, 8: 100 });
    expect(innerDaysOf(stays, [2, 4, 7])).to.deep.equal([
      { day: 1, share: 0.2 },
      { day: 5, share: 0.2 },
      { day: 6, share: 0.8 },
    ]);
  });

  it('are none where stays are spread evenly, nor where fewer than ten patients leave', () => {
    expect(innerDaysOf(endings({ 1: 50, 2: 50, 3: 50, 4: 50, 5: 50 }), [2, 4])).to.deep.equal([]);
    expect(innerDaysOf(endings({ 1: 9, 2: 91, 3: 91, 4: 9, 5: 50 }), [2, 4])).to.deep.equal([]);
  });

  it('count rows by their weights', () => {
    const [one] = innerDaysOf(
      [
        { day: 1, weight: 20, patients: 20 },
        { day: 2, weight: 180, patients: 90 },
        { day: 3, weight: 50, patients: 50 },
      ],
      [2],
    );
    expect(one).to.deep.equal({ day: 1, share: 0.1 });
  });

  it('are so few that a curve keeps its 40 points', () => {
    const rows: Record<number, number> = {};
    for (let day = 1; day <= 300; day++) rows[day] = day % 2 === 0 ? 1000 : 100;
    const ends = [20, 40, 60, 80, 100, 120, 140, 160, 180, 200, 220, 240, 250, 260, 280];
    const inner = innerDaysOf(endings(rows), ends);
    expect(inner).to.have.length.within(1, 14);
    expect(inner.every(({ day }, i) => i === 0 || day > inner[i - 1]!.day)).to.equal(true);
  });
});
