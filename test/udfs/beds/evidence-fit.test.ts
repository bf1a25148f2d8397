import { expect } from 'chai';
import fitEvidence, { type Count } from '../../../udfs/beds/evidence-fit.js';

/** Numbers of mulberry32, the same for a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const chanceOf = (odds: number) => 1 / (1 + Math.exp(-odds));

/** Patients of whom a person says that they leave (+3) or stay (−1), and who leave as far as what she says holds. */
function simulate(seed: number, skill: number, groups = 4000): Count[] {
  const next = random(seed);
  return Array.from({ length: groups }, () => {
    const odds = -3 + 2 * next();
    const says = next() < 0.2 ? 3 : -1;
    return [odds, says, next() < chanceOf(odds + skill * says) ? 1 : 0, 1] as const;
  });
}

const weightOf = ({ value, gain }: { value: number; gain: number }) =>
  gain >= 2 ? Math.min(1, Math.max(0, value)) : 0;
/** Mean log-likelihood of who left. */
const score = (counts: readonly Count[], weight: number) =>
  counts.reduce((sum, [odds, says, left]) => {
    const chance = chanceOf(odds + weight * says);
    return sum + Math.log(left === 1 ? chance : 1 - chance);
  }, 0) / counts.length;

describe('the weight of what people say', () => {
  for (const skill of [0, 0.5, 1])
    it(`is ${skill} for a person of whose words as much holds, within .1, on 20 seeds`, () => {
      for (let seed = 1; seed <= 20; seed++)
        expect(weightOf(fitEvidence(simulate(seed, skill), 0, 10)), `seed ${seed}`).to.be.closeTo(skill, 0.1);
    });

  it('makes the blend no worse than the better of both on later stays, on 20 seeds', () => {
    for (const skill of [0, 0.25, 0.5, 1])
      for (let seed = 1; seed <= 20; seed++) {
        const weight = weightOf(fitEvidence(simulate(seed, skill), 0, 10));
        const later = simulate(1000 + seed, skill);
        expect(score(later, weight), `skill ${skill}, seed ${seed}`).to.be.at.least(
          Math.max(score(later, 0), score(later, 1)) - 0.003,
        );
      }
  });

  it('is what few patients say, moved towards the prior', () => {
    const few: Count[] = [[0, 1, 3, 4]];
    expect(fitEvidence(few, 0, 0.3).value).to.be.within(0.05, 0.15);
    expect(fitEvidence(few, 0, 100).value).to.be.closeTo(Math.log(3), 1e-3);
    expect(fitEvidence([], 0.7, 0.3)).to.deep.equal({ value: 0.7, gain: 0 });
  });

  it('stays finite where all left, and where what is said is always the same', () => {
    expect(fitEvidence([[-2, 1, 500, 500]], 0, 1.5).value).to.be.within(4, 12);
    expect(fitEvidence([[-2, 0, 3, 10]], 0, 10)).to.deep.equal({ value: 0, gain: 0 });
  });
});
