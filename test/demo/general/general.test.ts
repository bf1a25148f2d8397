import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { dayOf, isoOf, TYPES, weekdayOf } from '../../../demo/general/calendar.js';
import { drawMeasurements, sharesAsOf } from '../../../demo/general/events.js';
import { drawFacts, drawPerson, type Facts } from '../../../demo/general/facts.js';
import { type Encounter, generateGeneral, MINUTES } from '../../../demo/general/generate.js';
import { complicationOf, drawStay, meanOf, sharesOf } from '../../../demo/general/stay.js';
import { wards } from '../../../demo/general/wards.js';
import { random } from '../../../demo/health/random.js';
import { projectRoot } from '../../../deploy/project.js';
import { longTests } from '../../long.js';

const { long } = longTests(import.meta.url);

const LAST = '2026-11-29';
const YEARS = 3;
const DAYS = 365 * YEARS;

/** The rows of README's tables by their first cell: the n-th row that begins so. */
function tableRow(name: string, nth = 0): number[] {
  const page = readFileSync(join(projectRoot, 'demo/general/README.md'), 'utf8');
  const found = page.split('\n').filter((line) => line.startsWith(`| ${name} |`))[nth];
  if (!found) throw new Error(`README.md has no row ${name}`);
  return found.split('|').slice(2, -1).map(Number);
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const variance = (values: readonly number[]) => {
  const middle = mean(values);
  return mean(values.map((x) => (x - middle) ** 2));
};

/** Within 10 %, or within what rounding makes of small ones. */
function near(actual: number, promised: number, what: string, rounding = 0.006): void {
  expect(actual, what).to.be.within(promised * 0.9 - rounding, promised * 1.1 + rounding);
}

/** Somebody who could come. */
const facts: fc.Arbitrary<Facts> = fc
  .record({
    seed: fc.integer(),
    ward: fc.nat(wards.length - 1),
    type: fc.constantFrom(...TYPES),
    day: fc.integer({ min: 18_000, max: 25_000 }),
  })
  .map(({ seed, ward, type, day }) => {
    const stream = random(seed, 'facts');
    const place = wards[ward]!;
    return drawFacts(drawPerson(1, place, stream), place, type, day, stream);
  });

describe('the made-up general hospital', () => {
  let encounters: readonly Encounter[];
  let cancelled: number;
  before(() => {
    const hospital = generateGeneral({ seed: 17, lastDay: LAST, days: DAYS });
    encounters = hospital.encounters;
    cancelled = mean(hospital.bookings.map((booking) => (booking.cancelled === null ? 0 : 1)));
  });
  const nights = (some = encounters) => some.map((one) => one.nights);
  /** Patients in each night of the last so many years but for the first weeks, in which the hospital fills. */
  function census(some = encounters): Map<number, number> {
    const taken = new Map<number, number>();
    const last = dayOf(LAST);
    for (const {
      facts: { day },
      nights: count,
    } of some)
      for (
        let night = Math.max(day, last - 365 * (YEARS - 1) + 1);
        night < day + count && night <= last;
        night++
      )
        taken.set(night, (taken.get(night) ?? 0) + 1);
    return taken;
  }

  it('has 620 beds in 14 wards, with the admissions, nights and patients that its page promises', () => {
    expect(wards).to.have.length(14);
    const all = [...wards.map(({ name }) => name), 'all'];
    for (const name of all) {
      const [beds, admissions, stay, patients] = tableRow(name);
      const own = encounters.filter(({ facts: { ward } }) => name === 'all' || ward === name);
      const ownBeds = wards.filter((ward) => name === 'all' || ward.name === name).map((ward) => ward.beds);
      expect(
        ownBeds.reduce((a, b) => a + b),
        name,
      ).to.equal(beds);
      near(own.length / DAYS, admissions!, `admissions, ${name}`);
      near(mean(nights(own)), stay!, `nights, ${name}`);
      near(mean([...census(own).values()]), patients!, `patients, ${name}`);
    }
  });

  long('has its types, weekdays, months and cancellations', () => {
    for (const type of TYPES) {
      const [share, stay, ...weekdays] = tableRow(type);
      const own = encounters.filter((one) => one.facts.type === type);
      near(own.length / encounters.length, share!, type);
      near(mean(nights(own)), stay!, `nights, ${type}`);
      weekdays.forEach((factor, weekday) => {
        const n = own.filter(({ facts: { day } }) => weekdayOf(day) === weekday).length;
        near((n * 7) / own.length, factor, `${type}, weekday ${weekday}`);
      });
    }
    tableRow('discharges').forEach((factor, weekday) => {
      const n = encounters.filter(
        ({ facts: { day }, nights: count }) => weekdayOf(day + count) === weekday,
      ).length;
      near((n * 7) / encounters.length, factor, `discharges, weekday ${weekday}`);
    });
    const monthOf = (day: number) => Number(isoOf(day).slice(5, 7)) - 1;
    const days = Array.from({ length: DAYS }, (_, i) => dayOf(LAST) - i);
    const perDay = Array.from({ length: 12 }, (_, month) => {
      const came = encounters.filter(({ facts: { day } }) => monthOf(day) === month).length;
      return came / days.filter((day) => monthOf(day) === month).length;
    });
    tableRow('admissions').forEach((factor, month) => {
      near(perDay[month]! / mean(perDay), factor, `month ${month}`);
    });
    const taken = [...census()];
    tableRow('patients').forEach((patients, month) => {
      near(
        mean(taken.filter(([day]) => monthOf(day) === month).map(([, n]) => n)),
        patients,
        `month ${month}`,
      );
    });
    near(cancelled, 0.099, 'cancelled');
  });

  it('has stays of the shape that its page promises, of which the facts explain as much', () => {
    const [middle, sd, ...percentiles] = tableRow('here');
    const sorted = [...nights()].sort((a, b) => a - b);
    near(mean(sorted), middle!, 'mean');
    near(Math.sqrt(variance(sorted)), sd!, 'sd');
    [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99].forEach((part, i) => {
      near(sorted[Math.floor(part * sorted.length)]!, percentiles[i]!, `percentile ${part}`);
    });
    const some = encounters.filter((_, i) => i % 5 === 0);
    near(variance(some.map((one) => meanOf(one.facts))) / variance(nights(some)), 0.384, 'R² of the truth');
    near(mean(encounters.map(({ complicated }) => (complicated ? 1 : 0))), 0.153, 'complicated');
  });

  it('has patients lie in the wards as the README says, another than that of the admission for 7.7 % of nights', () => {
    const last = dayOf(LAST);
    const first = last - 365 * (YEARS - 1) + 1;
    const lying = new Map<string, number>();
    let elsewhere = 0;
    let all = 0;
    for (const { facts: admission, nights: count, moves } of encounters)
      for (
        let night = Math.max(admission.day, first);
        night < admission.day + count && night <= last;
        night++
      ) {
        const ward = moves.filter(({ at }) => at < (night + 1) * MINUTES).at(-1)!.ward;
        lying.set(ward, (lying.get(ward) ?? 0) + 1);
        if (ward !== admission.ward) elsewhere++;
        all++;
      }
    for (const { name } of wards)
      near(lying.get(name)! / (365 * (YEARS - 1)), tableRow(name)[4]!, `patients who lie in ${name}`);
    near(elsewhere / all, 0.077, 'elsewhere');
  });

  it('has nobody in two beds, and times in their order', () => {
    const free = new Map<number, number>();
    const wrong = encounters.filter((one) => {
      const { admitted, discharged, entered, moves } = one;
      const before = free.get(one.person.id) ?? 0;
      free.set(one.person.id, discharged);
      return !(
        admitted >= before &&
        discharged > admitted &&
        Math.floor(discharged / MINUTES) - Math.floor(admitted / MINUTES) === one.nights &&
        entered > admitted &&
        one.dischargeEntered >= Math.max(entered, discharged) &&
        moves.every(({ at }) => at >= admitted && at <= discharged)
      );
    });
    expect(wrong).to.deep.equal([]);
  });

  it('is the same for the same seed and last day, and another for another seed', () => {
    const make = (seed: number) => generateGeneral({ seed, lastDay: LAST, days: 20 });
    expect(make(3)).to.deep.equal(make(3));
    expect(make(3).encounters).to.not.deep.equal(make(4).encounters);
  });

  it('admits more to a ward from a day on, where there is a wave', () => {
    const from = dayOf(LAST) - 99;
    const wave = { ward: 'Respiratory', from, times: 2 };
    const came = (options: object) =>
      generateGeneral({ seed: 5, lastDay: LAST, days: 200, ...options }).encounters.filter(
        ({ facts: { ward, day, type } }) => ward === 'Respiratory' && day >= from && type === 'Emergency',
      ).length;
    expect(came({ wave }) / came({})).to.be.within(1.7, 2.3);
  });

  it('knows the distribution of every stay', () => {
    fc.assert(
      fc.property(facts, (one) => {
        const shares = sharesOf(one);
        expect(shares.every((share) => share >= 0)).to.equal(true);
        expect(shares.reduce((a, b) => a + b, 0)).to.be.closeTo(1, 1e-9);
        expect(complicationOf(one)).to.be.within(0.04, 0.5);
      }),
      { numRuns: 300 },
    );
    // Those that are drawn have it: mean and variance of the number standardised by the truth.
    const z = encounters
      .filter((_, i) => i % 8 === 0)
      .map((one) => {
        const shares = sharesOf(one.facts);
        const expected = shares.reduce((sum, share, n) => sum + n * share, 0);
        const spread = shares.reduce((sum, share, n) => sum + (n - expected) ** 2 * share, 0);
        return (one.nights - expected) / Math.sqrt(spread);
      });
    expect(mean(z)).to.be.closeTo(0, 4 / Math.sqrt(z.length));
    expect(variance(z)).to.be.closeTo(1, 0.08);
  });

  long('knows the distribution of the rest, given what was measured', () => {
    fc.assert(
      fc.property(facts, fc.integer(), (one, seed) => {
        const stream = random(seed, 'stay');
        const stay = drawStay(one, stream);
        if (stay.nights < 1) return;
        const measured = drawMeasurements(stay.nights, stay.complicated, stream);
        const day = 1 + stream.integerBelow(stay.nights);
        const shares = sharesAsOf(one, day, measured);
        expect(shares.reduce((a, b) => a + b, 0)).to.be.closeTo(1, 1e-9);
        expect(shares.slice(0, day).every((share) => share === 0)).to.equal(true);
        // What is measured later tells nothing now.
        expect(
          sharesAsOf(
            one,
            day,
            measured.filter((m) => m.day <= day),
          ),
        ).to.deep.equal(shares);
      }),
      { numRuns: 100 },
    );
    // Probabilities of leaving today are true: of those with one of about p, a share of p leaves.
    const seen = encounters.filter(({ nights: count }, i) => i % 7 === 0 && count >= 3);
    const asked = seen.map((one) => ({
      leaves: one.nights === 3 ? 1 : 0,
      arrival: chance(sharesAsOf(one.facts, 3, []), 3),
      now: chance(sharesAsOf(one.facts, 3, one.measured), 3),
    }));
    const brier = (of: 'arrival' | 'now') => mean(asked.map((one) => (one[of] - one.leaves) ** 2));
    expect(brier('now')).to.be.below(0.85 * brier('arrival'));
    for (const of of ['arrival', 'now'] as const)
      for (const [from, to] of [
        [0, 0.1],
        [0.1, 0.25],
        [0.25, 0.5],
        [0.5, 1],
      ] as const) {
        const some = asked.filter((one) => one[of] >= from && one[of] < to);
        const expected = mean(some.map((one) => one[of]));
        if (some.length >= 100)
          expect(mean(some.map(({ leaves }) => leaves)), `${of} ${from}`).to.be.closeTo(
            expected,
            5 * Math.sqrt((expected * (1 - expected)) / some.length),
          );
      }
  });
});

const chance = (shares: Float64Array, nights: number) => shares[nights]!;
