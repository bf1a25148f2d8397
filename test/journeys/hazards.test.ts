import { expect } from 'chai';
import { loadDemoData } from '../../demo/data.js';
import { forDataset } from '../../deploy/dataset/context.js';
import { trainVersion } from '../../deploy/model/train.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { examine } from '../../doctor/examine.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { featureObject } from '../../procedures/dataset/feature-sql.js';
import type { Curve } from '../../udfs/curve/curve.js';
import { meanOf, shareGone } from '../../udfs/curve/curve.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';

interface Told {
  readonly days: number;
  readonly low: number;
  readonly high: number;
  readonly long_stay: number;
  readonly long_stay_days: number;
  readonly level: number;
  readonly text: string;
  readonly median: number;
  readonly curve: Curve;
  readonly version: string;
}

/** Where the champion is a model of hazards, whatever reads a curve works as with any other. */
describe('a champion that predicts hazards', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let contract: Contract;
  let version: string;
  const query = async <Row = Record<string, number | string | null>>(sql: string, binds: string[] = []) =>
    (await ctx.snowflake.query(sql, binds)) as unknown as Row[];

  before(async () => {
    cloud = await embeddedCloud(
      'mail: { to: [] }\ntraining: { candidates: [hazard], hyperparameters: { num_round: 40 }, featureSelection: { enabled: false } }',
      {},
      'applied',
    );
    ctx = await cloud.open();
    await apply(ctx);
    ({ contract } = forDataset(ctx));
    await loadDemoData(ctx, contract, { rows: 5000 });
    await runGraph(ctx, contract);
    version = await new Journey(ctx).train();
  });
  after(async () => {
    await ctx.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  it('was trained, calibrated and measured as the model that serves', async () => {
    const [row] = await query<{ MODEL: { hazards?: { ends: number[] } }; CRPS: number; BASE: number }>(
      `SELECT MODEL, METRICS:crps::FLOAT AS CRPS, METRICS:noFeaturesCrps::FLOAT AS BASE FROM LOS_MODEL_REGISTRY WHERE VERSION = ?`,
      [version],
    );
    expect(row!.MODEL.hazards!.ends.length).to.be.within(5, 15);
    expect(row!.CRPS).to.be.below(row!.BASE);
  });

  it('is sound to the doctor: each row is asked about once a period', async () => {
    const { findings } = await examine(ctx, contract);
    const ofModel = findings.filter(({ check }) =>
      /model|translator|endpoint|gateway-call|prediction/.test(check),
    );
    expect(ofModel).to.have.length.of.at.least(8);
    for (const { check, state, what } of ofModel) expect(state, `${check}: ${what}`).to.equal('sound');
  });

  it('tells mean, median, probability and level from one curve, and predict_los the same mean', async () => {
    const rows = await query<{ D: Told; DAYS: number }>(
      `SELECT predict_los_detail(F) AS D, predict_los(F) AS DAYS FROM (SELECT ${featureObject(contract)} AS F FROM HEALTH_FEATURES ORDER BY CASE_ID LIMIT 200)`,
    );
    expect(rows).to.have.length(200);
    for (const { D, DAYS } of rows) {
      expect(D.version).to.equal(version);
      expect(DAYS).to.be.closeTo(D.days, 1e-9);
      expect(meanOf(D.curve)).to.be.closeTo(D.days, 1e-3);
      expect(D.long_stay).to.be.closeTo(1 - shareGone(D.curve, D.long_stay_days - 1), 1e-3);
      expect(D.low <= D.median && D.median <= D.high).to.equal(true);
      expect(D.level).to.be.within(1, 5);
      expect(D.text).to.be.a('string');
    }
    expect(new Set(rows.map(({ D }) => D.days.toFixed(2))).size).to.be.above(100);
  });

  it('gives reasons in days, which are how far a value moves the mean of the curve', async () => {
    const reasons = await query<{
      CASE_ID: number;
      FEATURE: string;
      DAYS: number;
      MOVES: number;
      WITHOUT: number;
    }>(
      `SELECT CASE_ID, r.value:feature::VARCHAR AS FEATURE, R:days::FLOAT AS DAYS, r.value:days::FLOAT AS MOVES,
  los_invoke_endpoint(OBJECT_INSERT(F, r.value:feature::VARCHAR, r.value:base, TRUE)) AS WITHOUT
FROM (SELECT CASE_ID, F, predict_los_reasons(F) AS R FROM (
  SELECT CASE_ID, ${featureObject(contract)} AS F FROM HEALTH_FEATURES WHERE SEVERITY_OF_ILLNESS = 'Extreme' ORDER BY CASE_ID LIMIT 20
)), LATERAL FLATTEN(R:reasons) AS r`,
    );
    expect(new Set(reasons.map(({ CASE_ID }) => CASE_ID)).size).to.equal(20);
    expect(reasons.length).to.be.within(20, 60);
    for (const { FEATURE, DAYS, MOVES, WITHOUT } of reasons) {
      expect(MOVES, FEATURE).to.be.closeTo(DAYS - WITHOUT, 0.01);
      expect(Math.abs(MOVES), FEATURE).to.be.below(DAYS);
    }
  });

  it('is trained once more to the same predictions', async () => {
    const again = await trainVersion(ctx, contract, { repeat: version });
    expect(again.repeated).to.include({ sameRows: true, sameCode: true, sameModel: true });
  });

  it('is logged with its curve, from which what remains and beds follow', async () => {
    await new Journey(ctx).admit(60, 1_000_000);
    await runGraph(ctx, contract);
    const logged = await query<{ CURVE: Curve; REST: { days: number }; PREDICTED_LOS: number }>(
      `SELECT CURVE, PREDICTED_LOS, predict_los_remaining(CURVE, 5) AS REST FROM LOS_PREDICTION_LOG WHERE MODEL_VERSION = ?`,
      [version],
    );
    expect(logged).to.have.length(60);
    for (const { CURVE, REST, PREDICTED_LOS } of logged) {
      expect(CURVE.gone.at(-1)).to.equal(1);
      expect(REST.days).to.be.above(0);
      expect(meanOf(CURVE)).to.be.closeTo(PREDICTED_LOS, 1e-3);
    }
    const [last] = await query(
      "SELECT TO_VARCHAR(MAX(ADMISSION_DATE), 'YYYY-MM-DD') AS DAY FROM HEALTH_FEATURES",
    );
    await query(`CALL FORECAST_BEDS(OBJECT_CONSTRUCT('as_of', '${last!.DAY}'))`);
    const [nights] = await query('SELECT COUNT(*) AS N FROM LOS_BED_FORECASTS');
    expect(Number(nights!.N)).to.be.above(0);
    await query('CALL WATCH_PREDICTIONS()');
    const [watched] = await query(
      "SELECT COUNT(*) AS N FROM LOS_RUN_LOG WHERE KIND = 'watch' AND STATUS = 'SUCCEEDED'",
    );
    expect(Number(watched!.N)).to.be.above(0);
  });
});
