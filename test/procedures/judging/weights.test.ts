import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import { measuresOf } from '../../../deploy/model/registry.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Plan } from '../../../procedures/ground/plan.js';
import { random } from '../../../procedures/ground/random.js';
import { evaluate } from '../../../procedures/judging/evaluate.js';
import { fitIntervals } from '../../../procedures/judging/intervals.js';
import { fitLevels } from '../../../procedures/judging/levels.js';
import type { Measure } from '../../../procedures/judging/measures.js';
import type { Metrics } from '../../../procedures/judging/metrics.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { fitBands } from '../../../udfs/fitting/intervals.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';

interface Row {
  readonly los: number;
  readonly predicted: number;
  readonly department: string;
  readonly weight: number;
}

const ROWS = 1400;

/** Skewed stays, a prediction that is sometimes wrong, and in one department always. */
function stays(weights: readonly number[]): Row[] {
  const next = random(11);
  return Array.from({ length: ROWS }, () => {
    const predicted = Math.round(1000 * (2 + 20 * next())) / 1000;
    const department = next() < 0.2 ? 'surgery' : 'gynecology';
    const error = Math.round((-Math.log(1 - next()) - 1) * 40) / 10;
    const los = Math.max(1, Math.round(predicted + (department === 'surgery' ? 3 * error : error)));
    const weight = weights[Math.floor(weights.length * next())]!;
    return { los, predicted, department, weight };
  });
}

/** As SQL's order statistics, or Python's: the median of an even number is the mean of the middle two. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;
/** Binary fractions add up to others in another order. */
const digits = (value: number) => Number(value.toPrecision(10));

describe('measures of weighted rows', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let plan: Plan;
  let version = 0;

  before(async () => {
    local = await embeddedCloud('mail: { to: [] }\ntraining: { longStayDays: 21 }', {}, 'applied');
    ctx = await local.open();
    plan = await planOfDeployment(ctx, { ...forDataset(ctx).contract, groups: [['DEPARTMENT']] });
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  /** Both sides of a version have these rows; 80 % intervals of three days around, 95 % of seven. */
  async function measured(rows: readonly Row[]) {
    const names = versionOf(plan.contract, ctx.settings, ++version);
    const values = rows.map(
      (row, i) => `(${i}, ${row.los}, ${row.predicted}, '${row.department}', ${row.weight})`,
    );
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE HEALTH_TRAINING_SET AS
SELECT COLUMN1 + IFF(ROW_SIDE = 'holdout', 10000, 0) AS CASE_ID, COLUMN1 AS PATIENTID, COLUMN2::FLOAT AS LOS, COLUMN3::FLOAT AS PREDICTED,
  COLUMN4 AS DEPARTMENT, ROW_SIDE, COLUMN5::FLOAT AS ROW_WEIGHT
FROM VALUES ${values.join(', ')} CROSS JOIN (SELECT COLUMN1 AS ROW_SIDE FROM VALUES ('train'), ('validation'), ('holdout'))`);
    await ctx.snowflake.execute(
      `INSERT INTO LOS_EVALUATION (VERSION, SIDE, CASE_ID, LOS, PREDICTED_LOS, LOW_LOS, HIGH_LOS, LOW95_LOS, HIGH95_LOS, LONG_STAY, WEIGHT)
SELECT ?, ROW_SIDE, TO_VARCHAR(CASE_ID), LOS, PREDICTED, PREDICTED - 3, PREDICTED + 3, PREDICTED - 7, PREDICTED + 7, PREDICTED / 100, ROW_WEIGHT
FROM HEALTH_TRAINING_SET WHERE ROW_SIDE <> 'train'`,
      [names.name],
    );
    const { bands } = fitBands(
      rows.map(({ los, predicted, weight }, i) => ({
        id: String(i),
        predicted,
        error: los - predicted,
        weight,
        patient: i,
        keys: [],
      })),
    );
    const intervals = await drive(ctx, fitIntervals(plan, names));
    const levels = await drive(ctx, fitLevels(plan, names));
    const measuring = evaluate(plan, names, { before: null, calibrationRows: rows.length });
    const metrics = await drive(ctx, measuring);
    return { bands, intervals, levels, metrics, measures: await measuresOf(ctx, names.name) };
  }

  const plain = (metrics: Metrics) =>
    Object.entries(metrics).flatMap(([name, value]) =>
      typeof value === 'number' && !/^(rows|calibration|effective)/.test(name) ? [[name, digits(value)]] : [],
    );
  const byGroup = (measures: readonly Measure[]) =>
    measures
      .filter(({ groupedBy }) => groupedBy === 'DEPARTMENT')
      .map((m) => [
        m.predictor,
        m.level,
        ...[m.rmse, m.mae, m.bias, m.bedDaysActual, m.admissions].map(digits),
      ]);

  it('are the plain ones where every weight is one', async () => {
    const rows = stays([1]);
    const { metrics } = await measured(rows);
    const errors = rows.map(({ los, predicted }) => predicted - los);
    const variance = mean(rows.map(({ los }) => los ** 2)) - mean(rows.map(({ los }) => los)) ** 2;
    const within = (days: number) => mean(errors.map((error) => (Math.abs(error) <= days ? 1 : 0)));
    const middle = median(rows.map(({ los }) => los));
    const expected = {
      admissions: ROWS,
      rmse: Math.sqrt(mean(errors.map((error) => error ** 2))),
      mae: mean(errors.map(Math.abs)),
      medianError: median(errors.map(Math.abs)),
      within1: within(1),
      within2: within(2),
      within3: within(3),
      r2: 1 - mean(errors.map((error) => error ** 2)) / variance,
      bias: mean(errors),
      bedDaysPredicted: sum(rows.map(({ predicted }) => predicted)),
      bedDaysActual: sum(rows.map(({ los }) => los)),
      coverage: within(3),
      coverage95: within(7),
      width: 6,
      longStays: mean(rows.map(({ los }) => (los >= 21 ? 1 : 0))),
      medianMae: mean(rows.map(({ los }) => Math.abs(los - middle))),
      meanRmse: Math.sqrt(variance),
    };
    for (const [name, value] of Object.entries(expected))
      expect(digits(metrics[name as keyof typeof expected]), name).to.equal(digits(value));
    expect([metrics.rows, metrics.effectiveRows]).to.deep.equal([ROWS, ROWS]);
  });

  it('are those of rows that stand there as often as they weigh', async () => {
    const rows = stays([1, 2, 3]);
    const repeated = rows.flatMap((row) => Array.from({ length: row.weight }, () => ({ ...row, weight: 1 })));
    const [weighted, plainly] = [await measured(rows), await measured(repeated)];
    expect(plain(weighted.metrics)).to.deep.equal(plain(plainly.metrics));
    expect(byGroup(weighted.measures)).to.deep.equal(byGroup(plainly.measures));
    expect(weighted.metrics.effectiveRows).to.be.within(ROWS * 0.8, ROWS * 0.95);
  });

  /** The rows of each band, in order of the error. */
  function banded(rows: readonly Row[], bands: number) {
    const sorted = [...rows].sort((a, b) => a.predicted - b.predicted);
    const size = rows.length / bands;
    return Array.from({ length: bands }, (_, i) =>
      sorted
        .slice(i * size, (i + 1) * size)
        .map(({ los, predicted, weight }) => ({ error: los - predicted, weight }))
        .sort((a, b) => a.error - b.error),
    );
  }

  it('leave the intervals their order statistics where every weight is one', async () => {
    const rows = stays([1]);
    const { bands } = await measured(rows);
    for (const [i, band] of banded(rows, bands.length).entries()) {
      const at = (position: number) => Math.round(band[position - 1]!.error * 1e3) / 1e3;
      const next = band.length + 1;
      expect(bands[i], `band ${i}`).to.deep.include({
        low: at(Math.floor(next * 0.1)),
        high: at(Math.ceil(next * 0.9)),
        low95: at(Math.floor(next * 0.025)),
        high95: at(Math.ceil(next * 0.975)),
      });
    }
    expect(bands.length).to.equal(5);
  });

  it('make intervals cover as much of the weight as they say, and hardly more', async () => {
    const rows = stays([1, 1, 4]);
    const { bands } = await measured(rows);
    for (const [i, band] of banded(rows, bands.length).entries()) {
      const { low, high } = bands[i]!;
      const weigh = (some: typeof band) => sum(some.map(({ weight }) => weight));
      const inside = band.filter(({ error }) => error > low - 1e-3 && error < high + 1e-3);
      expect(weigh(inside) / weigh(band), `band ${i}`).to.be.within(0.8, 0.83);
    }
  });

  it('begin levels where so many of the long stays, by weight, are above', async () => {
    const rows = stays([1, 2, 5]);
    const { levels } = await measured(rows);
    const long = rows.filter(({ los }) => los >= 21);
    const weight = (some: readonly Row[]) => sum(some.map((row) => row.weight));
    expect(levels).to.deep.equal([...levels!].sort((a, b) => a - b));
    for (const [i, share] of [0.95, 0.85, 0.7, 0.35].entries()) {
      const from = levels![i]! * 100 - 1e-6;
      const held = (at: number) => weight(long.filter(({ predicted }) => predicted >= at)) / weight(long);
      expect(held(from), `level ${i + 2}`).to.be.at.least(share);
      // With the next long stay left out it would be less.
      expect(held(from + 1e-3), `level ${i + 2}`).to.be.below(share);
    }
  });

  it('cut no levels where there are hardly any long stays', async () => {
    const rows = stays([1]);
    const long = rows.filter(({ los }) => los >= 21);
    const few = new Set(long.slice(29));
    expect((await measured(rows.filter((row) => !few.has(row)))).levels).to.equal(undefined);
    few.delete(long[29]!);
    expect((await measured(rows.filter((row) => !few.has(row)))).levels).to.have.length(4);
  });
});
