import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { modelCard } from '../../../deploy/model/card.js';
import type { Measure } from '../../../deploy/model/measures.js';
import type { Overview } from '../../../deploy/model/overview.js';
import { loadSettings } from '../../../deploy/settings/load.js';

const contract = loadContract(loadSettings(undefined, {}).dataset);
const measure = (of: Partial<Measure>): Measure => ({
  ...{
    predictor: 'model',
    groupedBy: 'DEPARTMENT',
    level: 'surgery',
    rows: 400,
    rmse: 15,
    mae: 11,
    bias: 0.5,
  },
  ...{
    bedDaysPredicted: 14_000,
    bedDaysActual: 13_800,
    admissions: 400,
    effectiveRows: 400,
    coverage: 0.8,
    width: 36,
    coverage95: 0.95,
  },
  ...of,
});
const overview = {
  entry: {
    version: 'health-v4',
    status: 'CHAMPION',
    createdAt: '2026-01-01',
    promotedAt: null,
    endpoint: 'los-health-v4',
  },
  record: {
    metrics: {
      ...{ rows: 5000, calibrationRows: 20_000, rmse: 15, mae: 11.5, medianError: 9, r2: 0.45, bias: 0.1 },
      ...{ within1: 0.1, within2: 0.2, within3: 0.3, bedDaysPredicted: 100, bedDaysActual: 99, width: 36 },
      ...{ coverage: 0.801, coverage95: 0.949, width95: 58, longStays: 0.8, longStaysPredicted: 0.79 },
      ...{ meanRmse: 20, meanMae: 15, medianRmse: 21, medianMae: 14.5, before: null },
      confidence: { rmse: [14.5, 15.5] },
    },
    model: { bands: [{}, {}], widenings: [], longStay: { days: 21, points: [] } },
    parameters: { candidate: 'gamma', max_depth: 6 },
    lineage: {
      contract,
      split: { rule: 'by date', train: 100, holdout: 20 },
      settings: { chooseBy: 'rmse' },
      selection: {
        screens: [
          { name: 'tree', shares: { AGE: 0.9, WARD_TYPE: 0.001 } },
          { name: 'boosted', shares: { AGE: 0.8, WARD_TYPE: 0.002 } },
        ],
        ...{ leastShare: 0.005, kept: ['AGE'], dropped: ['WARD_TYPE'] },
        suspects: [{ feature: 'AGE', screen: 'tree', share: 0.9, explained: 0.8 }],
      },
      candidates: [{ name: 'gamma', rmse: 15, mae: 11, rounds: 143 }],
    },
    trainingJob: 'job-1',
    artifact: 's3://bucket/model.tar.gz',
  },
  measures: [
    measure({}),
    measure({ level: 'a|b', coverage: 0.7 }),
    measure({ groupedBy: 'decile of the prediction', level: '01' }),
  ],
} as unknown as Overview;

describe('the model card', () => {
  const card = modelCard(contract, overview, new Date('2026-02-03'));

  it('has data, use, performance with intervals, groups, limits and lineage', () => {
    for (const heading of [
      'Intended use',
      'Data',
      'Performance',
      'Performance by group',
      'Limits',
      'Lineage',
    ])
      expect(card).to.contain(`\n## ${heading}\n`);
    expect(card).to.contain('| RMSE, days (95 % confidence) | 15.00 (14.50 to 15.50) |');
    expect(card).to.contain('the days from ADMISSION_DATE to DISCHARGE_DATE');
    expect(card).to.contain('| BED_GRADE | categorical | count as `0` |');
    expect(card).to.contain('- `max_depth`: 6');
    expect(card).not.to.match(/undefined|NaN|\[object|\{\{/);
  });

  it('tells which features were left out, and which candidates were tried', () => {
    expect(card).to.contain(
      '1 of 2 features dropped, each below 0.5 % of the gain in both screens: WARD_TYPE.',
    );
    expect(card).to.contain('| AGE | 90.00 % | 80.00 % | yes |\n| WARD_TYPE | 0.10 % | 0.20 % | dropped |');
    expect(card).to.contain('| gamma | 15.000 | 11.000 | 143 |');
    expect(card).to.contain('RMSE decides and is that of the rounds that are served');
    expect(card).to.contain(
      '- Suspected leak: AGE carries 90.0 % of the gain of the tree screen, which explains 80.0 %',
    );
  });

  it('names by itself the groups in which the version is not to be trusted', () => {
    expect(card).to.contain('- DEPARTMENT a|b: only 70.0 % of 400 stays are inside their 80 % interval.');
    expect(card).not.to.contain('- DEPARTMENT surgery');
  });

  it('is Markdown whose tables hold together, also with a bar in a name', () => {
    const lines = card.split('\n');
    for (const [i, line] of lines.entries())
      if (/^\|( ---:?:? \|)+$/.test(line)) {
        const cells = (text: string) => text.replaceAll('\\|', '').split('|').length;
        for (let row = i + 1; lines[row]?.startsWith('|'); row++)
          expect(cells(lines[row]!), lines[row]).to.equal(cells(line));
        expect(lines[i + 1]).to.match(/^\|/);
      }
  });
});
