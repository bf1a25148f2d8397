import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { projectRoot } from '../../../deploy/project.js';
import { coarseFigures, daysInWords, roundFigures } from '../../../procedures/publishing/rounding.js';

const days = fc.double({ min: 0, max: 400, noNaN: true });

describe('rounding by population', () => {
  it('leaves the sum behind a mean unknown to half a day, from ten stays on', () => {
    fc.assert(
      fc.property(days, fc.integer({ min: 10, max: 100_000 }), (mean, n) => {
        const shown = Number(daysInWords(mean, n));
        const { mae } = roundFigures({ mae: mean }, n) as { mae: number };
        const step = Math.max(0.001, 10 ** (1 - String(n).length));
        expect(Math.abs(shown - mae)).to.be.at.most(step + 1e-9);
        // Means that are shown alike have sums that lie half a day apart and more.
        expect((n * 10 ** (1 - String(n).length)) / 2).to.be.at.least(0.5 - 1e-9);
        expect(n * Math.abs(shown - mean)).to.be.at.most((n * step) / 2 + 1e-6);
      }),
    );
  });

  it('is coarser by ten for what is not published, and leaves counts, texts and settings as they are', () => {
    const figures = {
      rmse: 3.1357,
      rows: 250,
      name: 'a',
      lost: null,
      of: [{ within1: 0.123456, hyperparameters: { eta: 0.0051 } }],
    };
    expect(coarseFigures(figures, 2500)).to.deep.equal({
      rmse: 3.14,
      rows: 250,
      name: 'a',
      lost: null,
      of: [{ within1: 0.123, hyperparameters: { eta: 0.0051 } }],
    });
    expect(coarseFigures(figures, 250).rmse).to.equal(3.1);
    const bedDays = { bedDaysActual: 812.4, confidence: { bedDays: [0.97123, 1.04321] } };
    expect(roundFigures(bedDays, 250)).to.deep.equal({
      bedDaysActual: 812,
      confidence: { bedDays: [0.971, 1.043] },
    });
  });
});

/** Files that write figures with digits of their own: of what LOS_OPERATE may read, of inputs and the operation. */
const OWN_DIGITS = [
  'beds/notes.ts',
  'ground/percent.ts',
  'publishing/rounding.ts',
  'watching/measures/budget.ts',
  'watching/retraining.ts',
  'watching/signs.ts',
];

describe('sentences of procedures', () => {
  it('have figures of stays that are rounded by how many these are', () => {
    const root = join(projectRoot, 'procedures');
    const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && readFileSync(join(root, file), 'utf8').includes('.toFixed('))
      .sort();
    expect(found).to.deep.equal(OWN_DIGITS);
  });
});
