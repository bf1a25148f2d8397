import { expect } from 'chai';
import { isDoubtful, NEWEST } from '../../../../../procedures/watching/pipe/feeds/usual-days.js';
import { type Hours, hoursOff } from '../../../../../procedures/watching/pipe/feeds/usual-hours.js';
import { KINDS, seeded } from './made-up.js';

const DAYS = 80;
/** The day with whose rows an accident begins. */
const BEGIN = 50;

/** Rows of each day by the hour; from the day of the accident on so many hours later. */
function daysOf(kind: string, perDay: number, seed: number, late = 0): Hours[] {
  const random = seeded(seed);
  const rows = Array.from({ length: 24 * DAYS }, (_, hour) => KINDS[kind]!(hour, perDay, random));
  const days = Array.from({ length: DAYS }, () => new Array<number>(24).fill(0));
  rows.forEach((n, hour) => {
    const at = hour + (hour >= 24 * BEGIN ? late : 0);
    const day = days[Math.floor(at / 24)];
    if (day) day[at % 24]! += n;
  });
  return days;
}

/** Looks at the begin of each day, as the hourly look does. @returns the first day that was told, and what */
function firstSign(days: readonly Hours[]): { day: number; late: number } | undefined {
  const remembered = new Map<number, Hours>();
  const alarms: [number, number][] = [];
  let first: { day: number; late: number } | undefined;
  for (let today = 1; today < DAYS; today++) {
    const now = new Map<number, Hours>();
    for (let day = Math.max(0, today - NEWEST - 1); day < today; day++) now.set(day, days[day]!);
    const late = hoursOff({ today, remembered, now, alarms });
    if (late !== undefined && first === undefined) {
      first = { day: today, late };
      alarms.push([today, 999_999]);
    }
    const over = today - 2;
    if (over >= 0 && !isDoubtful(alarms, over)) remembered.set(over, days[over]!);
  }
  return first;
}

describe('usual hours of a feed', () => {
  it('raise nothing in quiet weeks, however a feed comes and how large it is', () => {
    for (const kind of Object.keys(KINDS))
      for (const perDay of [1, 5, 20, 90, 1255, 20_000])
        for (let seed = 0; seed < 8; seed++)
          expect(firstSign(daysOf(kind, perDay, seed)), `${kind} ${perDay} ${seed}`).to.equal(undefined);
  });

  it('tell a clock that is off by hours, by how many, after two days, of few rows and many hours after a week', () => {
    for (const kind of ['by the hour', 'on weekdays'])
      for (const late of [-7, -5, -3, -2, 2, 3, 6, 11])
        for (const [perDay, least, within, off] of [
          [20, 5, 12, 4],
          [90, 3, 8, 1],
          [1255, 2, 4, 1],
        ] as const)
          for (let seed = 0; seed < 3 && Math.abs(late) >= least; seed++) {
            const found = firstSign(daysOf(kind, perDay, seed, late));
            const about = `${kind} ${late} ${perDay} ${seed}: ${JSON.stringify(found)}`;
            expect(found, about).to.not.equal(undefined);
            expect(found!.day - BEGIN, about).to.be.within(1, within);
            expect(found!.late, about).to.be.within(late - off, late + off);
          }
  });

  it('say nothing of a load that comes at another hour, nor before two weeks are known', () => {
    for (const late of [-3, 3])
      expect(firstSign(daysOf('by a nightly load', 400, 1, late))).to.equal(undefined);
    const days = daysOf('by the hour', 400, 1, 3);
    const young = new Map(days.slice(BEGIN - 13, BEGIN).map((day, i) => [BEGIN - 13 + i, day]));
    const now = new Map(days.map((day, i) => [i, day]));
    const today = BEGIN + NEWEST;
    expect(hoursOff({ today, remembered: young, now, alarms: [] })).to.equal(undefined);
    young.set(BEGIN - 14, days[BEGIN - 14]!);
    expect(hoursOff({ today, remembered: young, now, alarms: [] })).to.be.within(2, 4);
  });

  it('tell rows of which all were moved, days long counted too', () => {
    const [before, after] = [daysOf('by the hour', 90, 2), daysOf('by the hour', 90, 2)];
    const moved = after.map((day) => day.map((_, hour) => day[(hour + 3) % 24]!));
    const remembered = new Map(before.slice(0, 48).map((day, i) => [i, day]));
    const now = new Map(moved.slice(40, 50).map((day, i) => [40 + i, day]));
    expect(hoursOff({ today: 50, remembered, now, alarms: [] })).to.be.within(-4, -2);
  });
});
