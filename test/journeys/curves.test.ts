import { expect } from 'chai';
import { drive } from '../../deploy/clients/drive.js';
import { overview } from '../../deploy/model/overview.js';
import { planOfDeployment } from '../../deploy/model/plan.js';
import { measuresOf, recordOf } from '../../deploy/model/registry.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { longStayDaysOf } from '../../procedures/dataset/long-stay.js';
import { evaluate } from '../../procedures/judging/evaluate.js';
import type { Metrics } from '../../procedures/judging/metrics.js';
import { modelCard } from '../../report/model/card.js';
import { type Curve, meanOf, median, shareGone } from '../../udfs/curve/curve.js';
import { describeRemaining, dischargeShares } from '../../udfs/curve/remaining.js';
import { crps } from '../../udfs/fitting/scores.js';
import { longStayText } from '../../udfs/prediction/words.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { refuseProducts } from '../deploy/products.js';
import { versionNames } from '../deploy/version-names.js';

interface Judged extends Record<string, unknown> {
  CASE_ID: string;
  LOS: number;
  WEIGHT: number;
  PREDICTED_LOS: number;
  LONG_STAY: number;
  LONG_STAY_LEVEL: number;
  MEDIAN_LOS: number;
  CRPS: number;
  GONE_BEFORE: number;
  GONE_BY: number;
}

const sum = (values: readonly number[]) => values.reduce((all, value) => all + value, 0);

describe('curves of a trained version', () => {
  refuseProducts({
    runs: [
      'sql/training/candidate-blocks.sql',
      'sql/training/hazard-questions.sql',
      'sql/training/judge-hazards.sql',
    ],
  });
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let journey: Journey;
  let metrics: Metrics;
  let rows: Judged[];

  before(async () => {
    // What serves is what was judged: its curves are held against its figures.
    local = await embeddedCloud(
      'mail: { to: [] }\ntraining: { longStayDays: 21, refit: false }',
      {},
      'loaded',
    );
    ctx = await local.open();
    await apply(ctx);
    journey = new Journey(ctx);
    ({ metrics } = await recordOf(ctx, await journey.train()));
    rows = await ctx.snowflake.query<Judged>(
      `SELECT * FROM LOS_EVALUATION WHERE SIDE = 'holdout' ORDER BY CASE_ID`,
    );
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  const weight = () => sum(rows.map((row) => row.WEIGHT));
  const mean = (of: (row: Judged) => number) => sum(rows.map((row) => row.WEIGHT * of(row))) / weight();

  it('are measured in Snowflake as the definitions say, row by row and in the mean', async () => {
    const asked = await ctx.snowflake.query<{ CASE_ID: string; CURVE: Curve; DAYS: number }>(
      `SELECT TO_VARCHAR(CASE_ID) AS CASE_ID, D:curve AS CURVE, D:days::FLOAT AS DAYS FROM (
        SELECT CASE_ID, PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT(*)) AS D FROM LOS_FEATURES
        WHERE TO_VARCHAR(CASE_ID) IN (${rows
          .slice(0, 50)
          .map(({ CASE_ID }) => `'${CASE_ID}'`)
          .join(', ')}))`,
    );
    expect(asked.length).to.equal(50);
    for (const { CASE_ID, CURVE } of asked) {
      const row = rows.find((each) => each.CASE_ID === CASE_ID)!;
      expect(row.CRPS).to.be.closeTo(crps(CURVE, row.LOS), 1e-9);
      expect(row.MEDIAN_LOS).to.equal(median(CURVE));
      expect([row.GONE_BEFORE, row.GONE_BY]).to.deep.equal([
        shareGone(CURVE, row.LOS - 1),
        shareGone(CURVE, row.LOS),
      ]);
    }
    expect(metrics.crps).to.be.closeTo(
      mean((row) => row.CRPS),
      1e-9,
    );
    expect(metrics.maeOfMedian).to.be.closeTo(
      mean((row) => Math.abs(row.MEDIAN_LOS - row.LOS)),
      1e-9,
    );
    expect(metrics.logScore).to.be.closeTo(
      mean((row) => -Math.log(Math.max(row.GONE_BY - row.GONE_BEFORE, 0.00005))),
      1e-9,
    );
    expect(metrics.relativeMae).to.be.closeTo(metrics.mae / mean((row) => row.LOS), 1e-9);
    const long = longStayDaysOf(journey.contract, ctx.settings.training.longStayDays);
    expect(metrics.brier).to.be.closeTo(
      mean((row) => (row.LONG_STAY - (row.LOS >= long ? 1 : 0)) ** 2),
      1e-9,
    );
  });

  it('beat the training rows’ stays for everybody, whose score is that of their empirical distribution', async () => {
    const stays = await ctx.snowflake.query<{ LOS: number; W: number }>(
      `SELECT LOS, SUM(ROW_WEIGHT) AS W FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train' GROUP BY LOS ORDER BY LOS`,
    );
    const total = sum(stays.map(({ W }) => Number(W)));
    const last = Number(stays.at(-1)!.LOS);
    const days = Array.from({ length: last + 1 }, (_, day) => day);
    const gone = days.map(
      (day) => sum(stays.filter(({ LOS }) => Number(LOS) <= day).map(({ W }) => Number(W))) / total,
    );
    const everybody = { days, gone: [...gone.slice(0, -1), 1] };
    expect(metrics.noFeaturesCrps).to.be.closeTo(
      mean((row) => crps(everybody, row.LOS)),
      1e-9,
    );
    expect(metrics.crps).to.be.below(0.9 * metrics.noFeaturesCrps!);
    const share = (stay: number) =>
      sum(stays.filter(({ LOS }) => Number(LOS) === stay).map(({ W }) => Number(W))) / total;
    expect(metrics.noFeaturesLogScore).to.be.closeTo(
      mean((row) => -Math.log(Math.max(share(row.LOS), 0.00005))),
      1e-9,
    );
    expect(metrics.logScore).to.be.below(metrics.noFeaturesLogScore! - 0.1);
  });

  it('hold a tenth of the stays in each tenth, the same ones whenever it is measured', async () => {
    expect(metrics.pit?.length).to.equal(10);
    expect(sum(metrics.pit!)).to.be.closeTo(1, 1e-3);
    // Some 700 rows: a standard error is .011.
    for (const share of metrics.pit!) expect(share).to.be.within(0.05, 0.15);
    const version = await versionNames(ctx);
    const { calibrationRows } = metrics;
    const plan = await planOfDeployment(ctx, journey.contract);
    const again = await drive(ctx, evaluate(plan, version, { before: null, calibrationRows }));
    expect(again.pit).to.deep.equal(metrics.pit);
    expect(again.crps).to.equal(metrics.crps);
  });

  it('have a score for each group, and tenths of the long-stay probability beside what came', async () => {
    const measures = await measuresOf(ctx, 'health-v1');
    const own = measures.filter(({ predictor }) => predictor === 'model');
    for (const {
      crps: score,
      maeOfMedian,
      brier,
      logScore,
      relativeMae,
      mae,
      bedDaysActual,
      admissions,
    } of own) {
      expect(logScore).to.be.above(0);
      expect(relativeMae).to.be.closeTo((mae * admissions) / bedDaysActual, 1e-9);
      expect(score).to.be.above(0);
      expect(maeOfMedian).to.be.above(0);
      expect(brier).to.be.within(0, 1);
    }
    const tenths = own.filter(({ groupedBy }) => groupedBy === 'decile of the long-stay probability');
    expect(tenths.map(({ level }) => level)).to.deep.equal(
      Array.from({ length: 10 }, (_, i) => String(i + 1).padStart(2, '0')),
    );
    const predicted = tenths.map(({ longStaysPredicted }) => longStaysPredicted!);
    expect(predicted).to.deep.equal([...predicted].sort((a, b) => a - b));
    expect(sum(tenths.map((m) => m.longStays * m.admissions)) / weight()).to.be.closeTo(
      metrics.longStays,
      1e-9,
    );
    for (const { predictor, crps: score, pit } of measures) {
      if (predictor === 'median') expect(score).to.equal(null);
      if (predictor !== 'model') expect(pit).to.equal(null);
    }
  });

  it('gather long stays in the upper levels, whose table is on the card', async () => {
    const long = longStayDaysOf(journey.contract, ctx.settings.training.longStayDays);
    const of = (level: number) => rows.filter((row) => row.LONG_STAY_LEVEL === level);
    const weighed = (some: readonly Judged[]) => sum(some.map((row) => row.WEIGHT));
    const longStays = (some: readonly Judged[]) => weighed(some.filter(({ LOS }) => LOS >= long));
    expect(sum([1, 2, 3, 4, 5].map((level) => of(level).length))).to.equal(rows.length);
    const held = longStays([...of(4), ...of(5)]) / longStays(rows);
    // As many as they were cut for, and more than there are of all patients.
    expect(held).to.be.within(0.6, 0.8);
    expect(held).to.be.above(weighed([...of(4), ...of(5)]) / weight() + 0.02);
    const measures = (await measuresOf(ctx, 'health-v1')).filter(
      ({ groupedBy, predictor }) => groupedBy === 'level of a long stay' && predictor === 'model',
    );
    expect(measures.map(({ level }) => level)).to.deep.equal(['1', '2', '3', '4', '5']);
    for (const { level, rows: count, longStays: share, admissions } of measures) {
      expect(count, level).to.equal(of(Number(level)).length);
      expect(share * admissions, level).to.be.closeTo(longStays(of(Number(level))), 1e-6);
    }
    const card = modelCard(await overview(ctx, journey.contract), '2026-02-03');
    const table = card.slice(card.indexOf('### By level of a long stay'));
    const shares = [...table.matchAll(/^\| [45] \|.*\| ([\d.]+) % \|$/gm)].slice(0, 2);
    expect(sum(shares.map(([, share]) => Number(share)))).to.be.closeTo(100 * held, 0.11);
  });

  it('do not contradict the intervals or the mean, and are logged with what remains of them', async () => {
    const [bad] = await ctx.snowflake.query<{ N: number }>(`SELECT COUNT_IF(NOT (LOW95_LOS <= LOW_LOS AND
      LOW_LOS <= MEDIAN_LOS AND MEDIAN_LOS <= HIGH_LOS AND HIGH_LOS <= HIGH95_LOS)) AS N FROM LOS_EVALUATION WHERE SIDE = 'holdout'`);
    expect(Number(bad!.N)).to.equal(0);
    await journey.admit(30, 7_000_000);
    await runGraph(ctx, journey.contract);
    const logged = await ctx.snowflake.query<{
      PREDICTED_LOS: number;
      MEDIAN_LOS: number;
      CURVE: Curve;
      LONG_STAY: number;
      LONG_STAY_LEVEL: number;
      TEXT: string;
      REST: unknown;
      WITHIN: number[];
    }>(
      `SELECT PREDICTED_LOS, MEDIAN_LOS, CURVE, LONG_STAY, LONG_STAY_LEVEL, PREDICT_LOS_DETAIL(FEATURES):text AS TEXT, PREDICT_LOS_REMAINING(CURVE, 6) AS REST, LOS_DISCHARGE_PROBABILITIES(CURVE, 6, 14) AS WITHIN
FROM LOS_PREDICTIONS WHERE CASE_ID::NUMBER > 7000000`,
    );
    expect(logged.length).to.equal(30);
    const { model } = await recordOf(ctx, 'health-v1');
    const long = model.longStay!.days;
    for (const row of logged) {
      const { PREDICTED_LOS, MEDIAN_LOS, CURVE, REST, WITHIN, LONG_STAY, LONG_STAY_LEVEL, TEXT } = row;
      expect(LONG_STAY).to.be.closeTo(1 - shareGone(CURVE, long - 1), 5.1e-5);
      expect(LONG_STAY_LEVEL).to.equal(
        1 + model.longStay!.levels!.filter((from) => LONG_STAY >= from).length,
      );
      expect(TEXT).to.equal(longStayText(LONG_STAY, long));
      expect(CURVE.days.length).to.be.at.most(40);
      expect(MEDIAN_LOS).to.equal(median(CURVE));
      // The mean is the model's own; the curve's comes from few rows.
      expect(meanOf(CURVE)).to.be.within(0.7 * PREDICTED_LOS, 1.3 * PREDICTED_LOS);
      expect(REST).to.deep.equal(describeRemaining(CURVE, 6));
      expect(WITHIN).to.deep.equal(dischargeShares(CURVE, 6, 14));
    }
    expect(
      await ctx.snowflake.query(
        'SELECT PREDICT_LOS_REMAINING(NULL, 6) AS A, LOS_DISCHARGE_PROBABILITIES(NULL, 1, 2) AS B',
      ),
    ).to.deep.equal([{ A: null, B: null }]);
  });
});
