import { expect } from 'chai';
import fc from 'fast-check';
import {
  type Arrivals,
  CHANCE,
  chanceOfSoFew,
  isDoubtful,
  judgeArrivals,
  WINDOWS,
} from '../../../../../procedures/watching/pipe/feeds/usual-days.js';
import { KINDS, seeded } from './made-up.js';

/** Rows of a feed, by the hour since its begin in which each was recorded. */
type Hours = number[];

/** After how many days a feed that stops is told, by the rows of its quietest day; undefined: it is never. */
const daysUntilTold = (rows: number) => WINDOWS.find((days) => chanceOfSoFew(0, days * rows) < CHANCE);

/** A hospital's feed as a look sees it, which remembers as the look does. */
class Feed {
  readonly counted = new Map<number, number>();
  readonly alarms: [number, number][] = [];
  readonly told: { hour: number; what: string }[] = [];
  holidays: readonly number[] = [];

  constructor(public rows: Hours) {}

  look(hour: number): string | undefined {
    const today = Math.floor(hour / 24);
    const now = new Map<number, number>();
    let all = 0;
    for (let day = Math.max(0, today - 8); day <= today; day++) {
      const n = this.sum(24 * day, Math.min(24 * (day + 1), hour));
      now.set(day, n);
      all += n;
    }
    const lately = WINDOWS.map((days) => this.sum(hour - 24 * days - 6, hour));
    const arrivals: Arrivals = {
      today,
      counted: this.counted,
      now,
      lately,
      differentLately: lately[0]!,
      all,
      different: all,
      alarms: this.alarms,
      holidays: this.holidays,
    };
    const unusual = judgeArrivals(arrivals);
    const open = this.alarms.findIndex(([, to]) => to > today);
    if (unusual !== undefined && open < 0) {
      this.alarms.push([today, 999_999]);
      this.told.push({ hour, what: unusual.what });
    }
    if (unusual === undefined) {
      if (open >= 0) this.alarms[open]![1] = today;
      for (let day = today - 8; day <= today - 2; day++)
        if (day >= 0 && !this.counted.has(day) && !isDoubtful(this.alarms, day))
          this.counted.set(day, now.get(day)!);
    }
    return unusual?.what;
  }

  run(from: number, to: number, every = 1): void {
    for (let hour = from; hour < to; hour += every) this.look(hour);
  }

  private sum(from: number, to: number): number {
    let n = 0;
    for (let hour = Math.max(0, from); hour < to; hour++) n += this.rows[hour] ?? 0;
    return n;
  }
}

const DAYS = 70;
function rowsOf(kind: string, perDay: number, seed: number): Hours {
  const random = seeded(seed);
  return Array.from({ length: 24 * DAYS }, (_, hour) => KINDS[kind]!(hour, perDay, random));
}

describe('usual days of a feed', () => {
  it('raise nothing in quiet weeks with a holiday and a late load, however a feed comes and how large it is', () => {
    for (const kind of Object.keys(KINDS))
      for (const perDay of [1, 5, 20, 90, 1255])
        for (let seed = 0; seed < 6; seed++) {
          const feed = new Feed(rowsOf(kind, perDay, seed));
          // A Monday off, and four hours late on another day.
          const holiday = 49;
          feed.holidays = [holiday];
          for (let hour = 24 * holiday; hour < 24 * (holiday + 1); hour++) feed.rows[hour] = 0;
          const late = 24 * 59 + 2;
          feed.rows[late + 4] = (feed.rows[late + 4] ?? 0) + feed.rows[late]!;
          feed.rows[late] = 0;
          feed.run(24, 24 * DAYS);
          expect(feed.told, `${kind} ${perDay} ${seed}`).to.deep.equal([]);
        }
  });

  it('tell an outage as soon as the quietest day allows, until it is over, and a second one as soon', () => {
    for (const perDay of [20, 90, 1255]) {
      const feed = new Feed(rowsOf('by the hour', perDay, 3));
      const [first, back, second] = [24 * 40, 24 * 43, 24 * 50];
      for (let hour = first; hour < feed.rows.length; hour++)
        if (hour < back || hour >= second) feed.rows[hour] = 0;
      feed.run(24, 24 * DAYS);
      expect(feed.told, JSON.stringify([perDay, feed.told, feed.alarms])).to.have.length(2);
      const days = daysUntilTold(perDay / 2) as number;
      for (const [i, begin] of [first, second].entries())
        expect(feed.told[i]!.hour - begin, `${perDay}`).to.be.within(1, 24 * days + 6 + 24);
      // The dead feed stays an alarm: the outage is no yardstick.
      expect(feed.alarms[1]![1]).to.equal(999_999);
      expect(feed.alarms[0]![1] * 24 - back).to.be.at.most(48);
    }
  });

  it('tell within a look what has been emptied, halved or doubled, and that it is mended', () => {
    for (const kind of Object.keys(KINDS))
      for (const [share, what] of [
        [0, 'lost'],
        [0.5, 'lost'],
        [2, 'twice'],
      ] as const) {
        const feed = new Feed(rowsOf(kind, 90, 5));
        feed.run(24, 24 * 40);
        const before = feed.rows;
        feed.rows = before.map((n, hour) => (hour < 24 * 40 ? Math.round(n * share) : n));
        expect(feed.look(24 * 40 + 10), `${kind} ${share}`).to.equal(what);
        feed.rows = before;
        feed.run(24 * 40 + 11, 24 * DAYS);
        expect(feed.told, `${kind} ${share}`).to.have.length(1);
        expect(feed.alarms[0]![1]).to.equal(40);
      }
  });

  it('tell a feed of which half stays away within nine days, and one of which four fifths do within two', () => {
    for (const [share, days] of [
      [0.5, 9],
      [0.2, 2],
    ] as const)
      for (let seed = 0; seed < 5; seed++) {
        const feed = new Feed(rowsOf('by the hour', 400, seed));
        feed.rows = feed.rows.map((n, hour) => (hour < 24 * 40 ? n : Math.round(n * share)));
        feed.run(24, 24 * DAYS);
        expect(feed.told, JSON.stringify([share, seed, feed.told, feed.alarms])).to.have.length(1);
        expect(feed.told[0]!.hour - 24 * 40, JSON.stringify([feed.told, feed.alarms])).to.be.within(
          1,
          24 * days,
        );
      }
  });

  it('say nothing of a clock that is off by hours, which others do, nor of feeds of which too little is known', () => {
    for (const off of [-3, 3]) {
      const feed = new Feed(rowsOf('by the hour', 400, 8));
      const before = feed.rows;
      feed.rows = before.map((n, hour) => (hour < 24 * 40 ? n : (before[hour - off] ?? 0)));
      feed.run(24, 24 * DAYS);
      expect(feed.told).to.deep.equal([]);
    }
    const young = new Feed(rowsOf('by the hour', 400, 8).fill(0, 24 * 9));
    young.run(24, 24 * 14);
    expect(young.told.every(({ what }) => what !== 'few')).to.equal(true);
  });

  it('follow from the chance of so few, which grows with the rows and falls with the mean', () => {
    expect([1, 2, 4, 6, 12].map(daysUntilTold)).to.deep.equal([undefined, 7, 3, 2, 1]);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 600 }),
        fc.double({ min: 0.1, max: 2000, noNaN: true }),
        (n, mean) => {
          const chance = chanceOfSoFew(n, mean);
          expect(chance).to.be.within(0, 1 + 1e-9);
          expect(chanceOfSoFew(n + 1, mean)).to.be.at.least(chance);
          expect(chanceOfSoFew(n, mean + 1)).to.be.at.most(chance + 1e-12);
        },
      ),
    );
    expect(chanceOfSoFew(0, 5)).to.be.closeTo(Math.exp(-5), 1e-12);
  });
});
