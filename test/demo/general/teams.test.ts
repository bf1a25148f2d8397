import { expect } from 'chai';
import { type Encounter, generateGeneral, MINUTES } from '../../../demo/general/generate.js';
import { tablesOf } from '../../../demo/general/tables.js';
import {
  CONFIRMED,
  DECIDED,
  DELAYED,
  drawDecisions,
  drawExpectedDates,
  drawReadiness,
  OPTIMISM,
  REASONS,
  WRITERS,
  type WriterKind,
} from '../../../demo/general/teams.js';

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length;
const share = <T>(some: readonly T[], is: (one: T) => boolean) => mean(some.map((one) => Number(is(one))));

describe('what teams of the made-up hospital write', () => {
  let encounters: readonly Encounter[];
  before(() => {
    encounters = generateGeneral({ seed: 5, lastDay: '2026-11-29', days: 200 }).encounters;
  });

  it('has dates as reliable as their writers are', () => {
    const dates = encounters.flatMap((encounter) => {
      const last = encounter.facts.day + encounter.nights;
      return drawExpectedDates(encounter).map((date) => {
        const left = last - Math.floor(date.written / MINUTES);
        expect(date.day, 'a date in the past').to.be.at.least(last - left);
        return { ...date, left, late: date.day - last };
      });
    });
    expect(share(dates, ({ by }) => by === 'doctor')).to.be.closeTo(WRITERS.doctor.share, 0.02);
    for (const by of Object.keys(WRITERS) as WriterKind[]) {
      // Of a patient who leaves tomorrow; nothing is written of yesterday, so today's are right more often.
      const near = dates.filter((one) => one.by === by && one.left === 1 && !one.isConfirmed);
      expect(
        share(near, ({ late }) => late === 0),
        by,
      ).to.be.closeTo(WRITERS[by].exact, 0.03);
      const far = dates.filter((one) => one.by === by && one.left >= 4 && one.left <= 8);
      expect(mean(far.map(({ late, left }) => late / left)), by).to.be.closeTo(-OPTIMISM, 0.02);
    }
    const confirmed = dates.filter(({ isConfirmed, left }) => isConfirmed && left === 1);
    expect(share(confirmed, ({ late }) => late === 0)).to.be.closeTo(CONFIRMED.exact, 0.03);
  });

  it('has patients who are ready and wait, by reason', () => {
    const long = encounters.filter(({ nights }) => nights >= 3);
    const readiness = long.map((encounter) => ({ ...drawReadiness(encounter), encounter }));
    for (const { since, encounter } of readiness)
      expect(since).to.be.within(encounter.entered, Math.max(encounter.entered, encounter.discharged));
    const delayed = readiness.filter(({ reason }) => reason !== null);
    expect(delayed.length / long.length).to.be.closeTo(DELAYED, 0.01);
    for (const [name, promised] of Object.entries(REASONS))
      expect(
        share(delayed, ({ reason }) => reason === name),
        name,
      ).to.be.closeTo(promised, 0.04);
    const nights = delayed.map(
      ({ since, encounter }) => encounter.facts.day + encounter.nights - Math.floor(since / MINUTES),
    );
    expect(mean(nights)).to.be.closeTo(1.8, 0.2);
  });

  it('has decisions of the evening before, and the stays are the same without them', () => {
    const emergencies = encounters.filter(
      ({ facts, admitted }) => facts.type === 'Emergency' && admitted % MINUTES < DECIDED.before,
    );
    const decisions = emergencies.map((one) => drawDecisions(one));
    expect(share(decisions, (one) => one.length > 0)).to.be.closeTo(DECIDED.share, 0.02);
    const all = decisions.flat();
    expect(share(all, ({ cancelled }) => cancelled !== null)).to.be.closeTo(DECIDED.cancelled, 0.015);
    expect(new Set(all.map(({ id }) => id)).size).to.equal(all.length);
    const made = { encounters, bookings: [] };
    const rows = [...(tablesOf(made, { seed: 5 }).find(({ name }) => name === 'DECISIONS')?.rows ?? [])];
    expect(rows).to.have.length(all.length + all.filter(({ cancelled }) => cancelled !== null).length);
  });
});
