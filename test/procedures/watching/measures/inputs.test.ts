import { expect } from 'chai';
import { random } from '../../../../procedures/ground/random.js';
import {
  type InputFinding,
  inputFindings,
  type LevelRow,
  type NumbersRow,
} from '../../../../procedures/watching/measures/inputs.js';
import { longTests } from '../../../long.js';

const { few } = longTests(import.meta.url);

const normal = (next: () => number) => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
/** Values with ties, skewed, as visitors or deposits are. */
const skewed = (next: () => number) => Math.floor(-2 * Math.log(1 - next()));
const NAMES = Array.from({ length: 60 }, (_, i) => `L${i}`);
const level = (next: () => number, among: number) => NAMES[Math.floor(next() ** 2 * among)]!;

/** What sql/watching/numbers.sql makes of two samples. */
function numbers(feature: string, window: readonly number[], reference: readonly number[]): NumbersRow {
  const [a, b] = [Float64Array.from(window).sort(), Float64Array.from(reference).sort()];
  let [i, j, distance] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (a[i] === value) i++;
    while (b[j] === value) j++;
    distance = Math.max(distance, Math.abs(i / a.length - j / b.length));
  }
  return {
    FEATURE: feature,
    N: window.length,
    MISSING: 0,
    REFERENCE_N: reference.length,
    REFERENCE_MISSING: 0,
    DISTANCE: distance,
    MOVED: null,
    TENTHS: null,
  };
}

/** What sql/watching/levels.sql makes of them. */
function levels(feature: string, window: readonly string[], reference: readonly string[]): LevelRow[] {
  const counted = (values: readonly string[]) => {
    const counts = new Map<string, number>();
    for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
    return counts;
  };
  const [w, r] = [counted(window), counted(reference)];
  return [...new Set([...w.keys(), ...r.keys()])].sort().map((name) => ({
    FEATURE: feature,
    LEVEL: name,
    N: w.get(name) ?? 0,
    REFERENCE_N: r.get(name) ?? 0,
    PATIENTS: w.get(name) ?? 0,
  }));
}

/** Some thirty million values are made here, by a loop: Array.from with a function takes longer. */
function many<T>(size: number, make: () => T): T[] {
  const all: T[] = [];
  for (let i = 0; i < size; i++) all.push(make());
  return all;
}

/** Twelve features of a window of so many admissions beside so many training rows; `shift` standard deviations in one. */
function findings(next: () => number, size: number, training: number, shift = 0, moved = 0): InputFinding[] {
  const sample = (rows: number, by: number, points: number) => ({
    numeric: [0, 1, 2, 3].map((i) => many(rows, () => normal(next) + (i === 0 ? by : 0))),
    skewed: [0, 1].map(() => many(rows, () => skewed(next))),
    levels: [2, 4, 8, 15, 30, 60].map((among, i) =>
      many(rows, () => (i === 2 && next() < points ? 'L0' : level(next, among))),
    ),
  });
  const window = sample(size, shift, moved);
  const reference = sample(training, 0, 0);
  return inputFindings(
    [
      ...window.numeric.map((values, i) => numbers(`N${i}`, values, reference.numeric[i]!)),
      ...window.skewed.map((values, i) => numbers(`S${i}`, values, reference.skewed[i]!)),
    ],
    window.levels.flatMap((values, i) => levels(`C${i}`, values, reference.levels[i]!)),
  );
}

describe('watched inputs', () => {
  for (const size of few([100, 500, 3000]))
    it(`of ${size} rows without drift are not spoken of, in 200 windows`, () => {
      const next = random(size);
      const windows = 200;
      let alarms = 0;
      for (let i = 0; i < windows; i++)
        if (findings(next, size, 3000).some(({ flagged }) => flagged)) alarms++;
      expect(alarms / windows).to.be.at.most(0.05);
    });

  it('that shift by .2 standard deviations, or by 5 points of a share, are found in two windows of 4,000, one after the other', () => {
    const next = random(7);
    let [numeric, categorical] = [0, 0];
    const tries = 20;
    for (let i = 0; i < tries; i++) {
      const found = [0, 1].map(() => findings(next, 4000, 8000, 0.2, 0.08));
      const both = (name: string) =>
        found.every((window) => window.some(({ feature, flagged }) => feature === name && flagged));
      if (both('N0')) numeric++;
      if (both('C2')) categorical++;
    }
    expect(numeric / tries).to.be.at.least(0.95);
    expect(categorical / tries).to.be.at.least(0.95);
  });

  it('that differ surely and hardly are not flagged', () => {
    const next = random(3);
    const [one] = inputFindings(
      [
        numbers(
          'N',
          many(60_000, () => normal(next) + 0.06),
          many(60_000, () => normal(next)),
        ),
      ],
      [],
    );
    expect(one!.rate).to.be.below(0.001);
    expect(one!.shift).to.be.below(0.05);
    expect(one!.flagged).to.equal(false);
  });

  it('that go missing are found as such', () => {
    const row = {
      ...numbers(
        'N',
        many(500, () => 1),
        many(5000, () => 1),
      ),
      MISSING: 120,
      REFERENCE_MISSING: 20,
    };
    const found = inputFindings([row], []).find(({ kind }) => kind === 'missing')!;
    expect(found.flagged).to.equal(true);
    expect(found.missing).to.be.closeTo(120 / 620, 1e-12);
  });

  it('with a level that is new or was rare in training say so, and name none that fewer than ten patients have', () => {
    const row = (LEVEL: string | null, N: number, REFERENCE_N: number, PATIENTS = N): LevelRow => ({
      FEATURE: 'C',
      LEVEL,
      N,
      REFERENCE_N,
      PATIENTS,
    });
    const [found] = inputFindings(
      [],
      [row('A', 200, 4000), row('B', 150, 3000), row('NEW', 150, 0), row(null, 0, 500)],
    );
    expect(found).to.include({ level: 'NEW', flagged: true });
    expect(found!.unseen).to.be.closeTo(0.3, 1e-12);
    const [rare] = inputFindings([], [row('A', 51, 6000), row('NEW', 9, 0)]);
    expect(rare!.level).to.equal('A');
    const [one] = inputFindings([], [row('A', 200, 6000), row('B', 200, 6000), row('NEW', 80, 0, 4)]);
    expect(one!.level).to.equal(null);
  });

  it('of windows with too few rows are not judged', () => {
    expect(findings(random(1), 40, 5000)).to.deep.equal([]);
  });
});
