import { expect } from 'chai';
import { loadContract } from '../../../deploy/dataset/load.js';
import { loadSettings } from '../../../deploy/settings/load.js';
import type { Measure } from '../../../procedures/judging/measures.js';
import { modelCard } from '../../../report/model/card.js';
import type { Overview } from '../../../report/model/overview.js';
import { modelCardPage } from '../../../report/pages/report.js';

const contract = loadContract(loadSettings('/dev/null', {}).dataset);
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
  ...{ longStays: 0.72, longStaysPredicted: 0.7, crps: 7.94, maeOfMedian: 10.6, brier: 0.1, pit: null },
  ...{ logScore: 3.9, relativeMae: 11 / 34.5, compared: null },
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
      slope: 0.987,
      ...{
        crps: 7.9,
        noFeaturesCrps: 9,
        logScore: 3.9,
        noFeaturesLogScore: 4.2,
        maeOfMedian: 10.6,
        brier: 0.1,
        relativeMae: 0.3,
      },
      confidence: { rmse: [14.5, 15.5], slope: [0.95, 1.02] },
    },
    model: { bands: [{}, {}], longStay: { days: 21 } },
    parameters: { candidate: 'gamma', max_depth: 6 },
    lineage: {
      contract,
      split: { rule: 'by date', train: 100, holdout: 20, unfinished: 7, weighted: true },
      participants: {
        sides: [
          {
            side: 'train',
            rows: 100,
            admissions: 100,
            mean: 31.5,
            longStays: 0.7,
            from: '2022-08-01',
            to: '2022-10-01',
          },
          {
            side: 'holdout',
            rows: 20,
            admissions: 22.4,
            mean: 32.5,
            longStays: 0.75,
            from: '2022-10-02',
            to: '2022-11-30',
          },
        ].map((side) => ({ patients: 18, ...side })),
        missing: { AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL: 0.125, BED_GRADE: 0 },
      },
      ...{ settings: { chooseBy: 'rmse' }, image: 'xgboost:1.7-1', fingerprint: 'f1', code: 'c1' },
      featureOrder: Object.keys(contract.features),
      selection: {
        screen: { job: 'los-screen', rows: 100, explained: 0.8 },
        shares: { AGE: 0.9, WARD_TYPE: 0.002 },
        ...{ leastShare: 0.005, kept: ['AGE'], dropped: ['WARD_TYPE'] },
        suspects: [{ feature: 'AGE', share: 0.9, explained: 0.8 }],
      },
      candidates: [{ name: 'gamma', rmse: 15, mae: 11, crps: 7.5 }],
      competition: {
        ...{ hazard: 'hazard', days: 'gamma', by: 'crps' },
        gain: { days: -0.0123, confidence: [-0.05, 0.0256] },
      },
    },
    trainingJob: 'job-1',
    artifact: 's3://bucket/model.tar.gz',
  },
  versions: [
    { version: 'health-v5', status: 'TRAINED', createdAt: '2026-02-01T10:00:00Z', promotedAt: null },
    {
      version: 'health-v4',
      status: 'CHAMPION',
      createdAt: '2026-01-01T10:00:00Z',
      promotedAt: '2026-01-02T10:00:00Z',
    },
  ],
  measures: [
    measure({}),
    measure({ level: 'a|b', coverage: 0.7 }),
    measure({ groupedBy: 'decile of the prediction', level: '01' }),
  ],
  beds: [
    {
      horizon: 1,
      nights: 120,
      error: 5.96,
      asToday: 6.7,
      sameWeekday: 13.46,
      kaplanMeier: 6.09,
      inside: 0.789,
    },
  ],
} as unknown as Overview;

describe('the model card', () => {
  const card = modelCard(overview, '2026-02-03');

  it('tells how good forecasts of beds were, where there are any', () => {
    expect(card).to.contain('## Forecasts of beds');
    expect(card).to.match(
      /\| Nights ahead \|.*\n\| ---: \|.*\n\| 1 \| 120 \| 5\.96 \| 6\.70 \| 13\.46 \| 6\.09 \| 78\.9 % \|/,
    );
    expect(modelCard({ ...overview, beds: [] }, '2026-02-03')).not.to.contain('Forecasts of beds');
  });

  it('has data, use, performance with intervals, groups, limits and lineage', () => {
    for (const heading of [
      'Intended use',
      'Data',
      'Participants',
      'Outcome',
      'Predictors',
      'Missing data',
      'Model',
      'Performance',
      'Calibration',
      'Performance by group',
      'Explanations',
      'Limits',
      'Versions',
      'Lineage',
    ])
      expect(card).to.contain(`\n## ${heading}\n`);
    expect(card).to.contain('| RMSE, days (95 % confidence) | 15.00 (14.50 to 15.50) |');
    expect(card).to.contain('the days from ADMISSION_DATE to DISCHARGE_DATE');
    expect(card).to.contain('- Admitted: 2022-08-01 to 2022-11-30');
    expect(card).to.contain('| fitted to | 100 | 100 | 2022-08-01 | 2022-10-01 | 31.50 | 70.0 % | 18 |');
    expect(card).to.contain('- Unfinished stays, not used: 7');
    expect(card).to.contain('weighted by the inverse of their chance of being observed');
    expect(card).to.contain('| BED_GRADE | filled | counts as `0` |');
    expect(card).to.contain('| AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL | 12.5 % | counts as `0` |');
    expect(card).to.contain('- Calibration slope (actual over predicted): 0.99 (0.95 to 1.02)');
    expect(card).to.contain('| health-v4 | champion | 2026-01-01 | 2026-01-02 |');
    expect(card.indexOf('### By decile')).to.be.within(
      card.indexOf('## Calibration'),
      card.indexOf('## Performance by group'),
    );
    expect(card).to.contain('- `max_depth`: 6');
    expect(card).not.to.match(/undefined|NaN|\[object|\{\{/);
  });

  it('tells which features were left out, and which candidates were tried', () => {
    expect(card).to.contain(
      '1 of 2 features dropped, each clearly below 0.5 % of what permuting all features costs: WARD_TYPE.',
    );
    expect(card).to.contain('| AGE | 90.00 % | yes |\n| WARD_TYPE | 0.20 % | dropped |');
    expect(card).to.contain('| gamma | 7.500 | 15.000 | 11.000 |');
    expect(card).to.contain('RMSE decides. All figures are about the candidate');
    expect(card).to.match(/- Suspected leak: .*AGE.* 90\.0 %/);
  });

  it('says whether the costlier candidate was worth it, and by how much', () => {
    expect(card).to.contain(
      'a CRPS 0.012 days higher (95 % interval of the gain: -0.050 to 0.026) than gamma, which is asked once. It was not chosen.',
    );
    const hazards = { ends: [1, 2, 5], suffixes: [',0,0', ',1,0', ',2,0'], excess: 3 };
    const { spread: _, ...rest } = overview.record.model!;
    const model = { ...rest, hazards, paces: { all: 0.97 }, ends: 'curve' as const };
    const own = modelCard({ ...overview, record: { ...overview.record, model } }, '2026-02-03');
    expect(own).to.contain('for each of 4 periods of a stay (the last from day 5 on)');
    expect(own).to.contain('Hazards are multiplied by 0.97');
    expect(card).to.contain('taken from the errors on 20000 validation rows, in 2 bands');
    expect(own).to.contain('taken from where 20000 validation rows lay on their own curves, in 2 bands');
    expect(own).not.to.match(/undefined|NaN|\[object|\{\{/);
  });

  it('compares groups, with intervals, and names those in which the version is not to be trusted', () => {
    expect(card).not.to.contain('## Groups compared');
    const group = (level: string, days: number, inside = 0.8, groupedBy = 'DEPARTMENT', rows = 900) => {
      const error = 15 / Math.sqrt(rows);
      return measure({
        ...{ groupedBy, level, rows, effectiveRows: rows, admissions: rows, bedDaysActual: 34.5 * rows },
        compared: {
          bias: { mean: days, error },
          bounded: { mean: days / 2, error: error / 2 },
          coverage: { mean: inside, error: 0.4 / Math.sqrt(rows) },
          goneBy7: { mean: 0.002, error: 0.01 },
          goneBy14: null,
        },
      });
    };
    const all = group('all', 0.2, 0.8, 'all', 5000);
    const shown = (...groups: Measure[]) =>
      modelCard({ ...overview, measures: [all, ...groups] }, '2026-01-02');
    const compared = shown(
      group('a|b', 3.6),
      group('surgery', 0, 0.7, 'DISCHARGE_DATE'),
      group('few', 0, 0.8, 'WARD_TYPE', 60),
    );
    expect(compared).to.contain(
      '- DEPARTMENT a\\|b: predictions are 3.6 days too long on average (900 stays).',
    );
    expect(compared).to.contain(
      '- DISCHARGE_DATE surgery: 70.0 % of 900 stays are inside their 80 % interval (the group is known only after admission).',
    );
    expect(compared).to.match(/- Too few patients to tell .*WARD_TYPE few \(60\)/);
    expect(compared).to.contain(
      '| DEPARTMENT a\\|b | 900 | 3.60 (2.62 to 4.58) | 80.0 % (77.4 % to 82.6 %) | 0.2 % (-1.8 % to 2.2 %) |  |',
    );
    // As many digits as 60 stays allow: no sum of them follows from a mean.
    expect(compared).to.contain('| WARD_TYPE few | 60 | 0.0 (-3.8 to 3.8) | 80 % (70 % to 90 %) |');
    expect(compared).to.contain('2 groups of 100 effective rows or more and 0 pairs of groups were compared');
    expect(shown(group('surgery', 0, 0.8, 'DEPARTMENT', 4900))).to.contain(
      '- No group is off beyond chance by more than that.',
    );
    expect(compared).not.to.match(/undefined|NaN|\[object|\{\{/);
  });

  it('says that the probability of a long stay says nothing, where its errors are those of a constant', () => {
    const withBrier = (brier: number) =>
      modelCard(
        { ...overview, record: { ...overview.record, metrics: { ...overview.record.metrics, brier } } },
        '2026-01-02',
      );
    const sentence =
      '- The probability of a long stay says little about a patient: its Brier score is 0.1580';
    // The share of long stays for everybody has .16.
    expect(withBrier(0.158)).to.contain(sentence);
    expect(withBrier(0.1565)).not.to.contain('says little about');
    expect(card).not.to.contain('says little about');
  });

  it('tells errors of groups beside their own mean stay, and the log score of their curves', () => {
    const card = modelCard(overview, '2026-01-02');
    const [head, , line] = card.slice(card.indexOf('| Group | Stays')).split('\n');
    const cells = (row: string) => row.split('|').map((text) => text.trim());
    const at = (name: string) => cells(line!)[cells(head!).indexOf(name)];
    expect([at('MAE'), at('MAE of mean stay'), at('Log score')]).to.deep.equal(['11.00', '31.9 %', '3.90']);
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

  it('is also a page of HTML of its own, in which nothing of the data is markup', () => {
    const level = '<script>alert("x")</script> & `a|b`';
    const page = modelCardPage({ ...overview, measures: [measure({ level, coverage: 0.7 })] }, '2026-02-03');
    expect(page).to.match(/^<!doctype html>.*<title>Model card: health-v4<\/title>.*<\/html>\n$/s);
    const shown = page.replace(/<script>\n\/\/ What the page[\s\S]*?<\/script>/, '');
    expect(shown).not.to.match(/<script|src=|href="(?!data:|#)|url\(|@import|\{\{|undefined/);
    expect(page).to.contain(
      '<td>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#x60;a|b&#x60;</td>',
    );
    expect(page).to.contain('<td>fitted to</td><td class="number">100</td>');
    for (const tag of [
      'h1',
      'h2',
      'h3',
      'h4',
      'table',
      'ul',
      'li',
      'p',
      'td',
      'th',
      'code',
      'section',
      'figure',
    ])
      expect(page.split(`<${tag}>`).length + page.split(`<${tag} `).length - 1, tag).to.equal(
        page.split(`</${tag}>`).length,
      );
    // Every heading of the card is one of the page.
    const headings = [...page.matchAll(/<h3[^>]*>([^<]*)<\/h3>/g)].map((match) => match[1]);
    for (const line of card.split('\n').filter((each) => each.startsWith('## ')))
      expect(headings).to.include(line.slice(3));
  });
});
