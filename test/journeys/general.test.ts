import { expect } from 'chai';
import { questions } from '../../contracts/semantic/questions.js';
import { type DemoResult, demo } from '../../demo/demo.js';
import { dayOf, isoOf } from '../../demo/general/calendar.js';
import { wards } from '../../demo/general/wards.js';
import { openGeneral } from '../../demo/month/open.js';
import { beds } from '../../deploy/beds/beds.js';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import type { Contract } from '../../procedures/dataset/contract.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { refuseProducts, unwatchedFiles } from '../deploy/products.js';

/** Small, and yet with two weeks that pass day by day. */
const ROWS = 5200;

/** Views that have no row where all is well: each with why. */
const EMPTY: Readonly<Record<string, string>> = {
  LOS_OUTBOX: 'all that happened has been sent',
  LOS_ACCURACY: 'of no month have all patients left, or too few',
};

describe('a demo of the made-up general hospital', () => {
  const statements = refuseProducts();
  const cloud = hostedCloud('');
  let ctx: OpenContext;
  let contract: Contract;
  let result: DemoResult;
  const query = <T extends Record<string, unknown>>(sql: string) => ctx.snowflake.query<T>(sql);
  /** Yesterday, when the demo began. */
  let last: string;

  before(async () => {
    const found = forDataset(await cloud.open(), 'general');
    ctx = found.ctx as OpenContext;
    contract = found.contract;
    last = isoOf(dayOf(new Date().toISOString()) - 1);
    result = await demo(ctx, contract, { rows: ROWS });
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('goes from its tables to predictions of everybody who came, once each', async () => {
    expect(result.champion).to.equal('general-v1');
    expect(result.loggedRows).to.equal(result.scoredRows);
    // Those who were in hospital already are predicted, too, and have not arrived.
    expect(result.arrivedRows).to.be.within(1, result.scoredRows - 1);
    expect(result.duplicateCases).to.equal(0);
    expect(result.r2).to.be.above(0.1);
    const [late] = await query(
      `SELECT COUNT(*) AS N FROM GENERAL_SOURCE AS s WHERE s.DISCHARGED_AT IS NULL
AND NOT EXISTS (SELECT 1 FROM LOS_PREDICTION_LOG AS l WHERE l.CASE_ID = TO_VARCHAR(s.ENCOUNTER_ID))
AND s.ADMITTED_AT >= DATEADD(day, -9, CURRENT_TIMESTAMP())`,
    );
    expect(late!.N).to.equal(0);
  });

  it('leaves an apply nothing to do', async () => {
    const { created, updated, removed } = await apply(ctx);
    expect([...created, ...updated, ...removed]).to.deep.equal([]);
  });

  it('leaves a row in every view, but in those that say why not', async () => {
    const views = await query<{ TABLE_NAME: string }>(
      "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA = 'LOS' ORDER BY 1",
    );
    expect(views.length).to.be.above(25);
    const empty: string[] = [];
    for (const { TABLE_NAME } of views) {
      const [row] = await query(`SELECT COUNT(*) AS N FROM ${TABLE_NAME}`);
      if (Number(row!.N) === 0 && !(TABLE_NAME in EMPTY)) empty.push(TABLE_NAME);
    }
    expect(empty).to.deep.equal([]);
  });

  it('has a calendar that ends yesterday, so that beds and discharges are asked without a day', async () => {
    const { madeOn, forecast } = await beds(ctx, contract);
    expect(madeOn).to.equal(last);
    expect(forecast).to.not.deep.equal([]);
    const units = await query<{ UNIT: string; CAPACITY: number; TAKEN: number }>(
      "SELECT UNIT, CAPACITY, TAKEN_NOW AS TAKEN FROM LOS_BED_FORECASTS WHERE LEVEL = 'ward' AND KIND = 'forecast' AND HORIZON = 1 QUALIFY MADE_ON = MAX(MADE_ON) OVER ()",
    );
    expect(Object.fromEntries(units.map(({ UNIT, CAPACITY }) => [UNIT, Number(CAPACITY)]))).to.deep.equal(
      Object.fromEntries(wards.map(({ name, beds: own }) => [name, own])),
    );
    const [shown] = await query<{ N: number; AGO: number }>(
      'SELECT COUNT(*) AS N, MAX(DAYS_AGO) AS AGO FROM LOS_EXPECTED_DISCHARGES',
    );
    expect(Number(shown!.N)).to.be.closeTo(
      units.reduce((sum, { TAKEN }) => sum + Number(TAKEN), 0),
      1,
    );
    // Midnight may have passed meanwhile.
    expect(shown!.AGO).to.be.at.most(1);
  });

  it('has predictions that follow from what happens, every morning of the last days', async () => {
    const [row] = await query<Record<string, number>>(
      `SELECT COUNT(DISTINCT AS_OF) AS MORNINGS, COUNT_IF(SOURCE = 'stay') / COUNT(*) AS BY_STAY,
  CORR(MEDIAN, ACTUAL_REST) AS CORRELATION FROM LOS_DAILY_PREDICTIONS`,
    );
    // This morning's is the sixth, from the contract's hour on.
    expect(row!.MORNINGS).to.be.within(5, 6);
    expect(row!.BY_STAY).to.be.above(0.5);
    expect(row!.CORRELATION).to.be.above(0.3);
  });

  it('answers each verified query of the semantic view, with the figures of the report', async () => {
    const answers: Record<string, Record<string, unknown>[]> = {};
    for (const { name, sql } of questions('general')) answers[name] = await query(sql);
    const board = await query<Record<string, string | number | null>>('SELECT * FROM LOS_BED_BOARD_FIGURES');
    const lines = board.filter(({ LEVEL }) => LEVEL !== 'all');
    const hospital = board.find(({ LEVEL }) => LEVEL === 'all')!;
    expect(answers.first_ward!.map(({ UNIT, OCCUPIED, TONIGHT }) => [UNIT, OCCUPIED, TONIGHT])).to.deep.equal(
      lines.map(({ UNIT, OCCUPIED, TONIGHT }) => [UNIT, OCCUPIED, TONIGHT]),
    );
    const { CAPACITY, TONIGHT, P10, P90, FREE_TONIGHT } = hospital;
    expect(answers.free_tonight).to.deep.equal([{ CAPACITY, TONIGHT, P10, P90, FREE_TONIGHT }]);
    const byUnit = new Map(lines.map((line) => [line.UNIT, line]));
    expect(answers.leaving_and_coming).to.have.length(lines.length);
    for (const { UNIT, LEAVING, COMING } of answers.leaving_and_coming!)
      expect(byUnit.get(String(UNIT))).to.include({ LEAVING, COMING });
    for (const { UNIT, LAST_NIGHT } of answers.last_forecast!.filter(({ UNIT }) => UNIT !== '(all)'))
      expect(byUnit.get(String(UNIT))!.LAST_NIGHT).to.equal(LAST_NIGHT);
    expect(answers.over_capacity!.filter(({ UNIT }) => UNIT !== '(all)')).to.have.length(
      lines.filter(({ FIRST_NIGHT_OVER }) => FIRST_NIGHT_OVER !== null).length,
    );
    const { forecast } = await beds(ctx, contract);
    const nights = forecast.filter(({ level }) => level === 'all');
    expect(answers.next_nights).to.have.length(nights.length);
    for (const [i, { MEAN }] of answers.next_nights!.entries())
      expect(MEAN).to.be.closeTo(nights[i]!.mean, 0.5);
    const errors = await query<{ HORIZON: number; MAE: number }>(
      "SELECT HORIZON, AVG(ABS(ERROR)) AS MAE FROM LOS_BED_ERRORS WHERE LEVEL = 'all' GROUP BY HORIZON HAVING COUNT(*) >= 10 ORDER BY HORIZON",
    );
    expect(answers.accuracy_of_beds).to.have.length(errors.length);
    for (const [i, { MAE }] of answers.accuracy_of_beds!.entries())
      expect(MAE).to.be.closeTo(Number(errors[i]!.MAE), 0.06);
    const months = await query<{ N: number }>('SELECT COUNT(*) AS N FROM LOS_ACCURACY');
    expect(answers.accuracy_of_stays).to.have.length(Number(months[0]!.N));
  });

  it('has an alarm worth having: scores that no longer come', async () => {
    const alarms = await query<{ SUBJECT: string }>('SELECT SUBJECT FROM LOS_ALARMS');
    expect(alarms.map(({ SUBJECT }) => SUBJECT)).to.include('NEWS (missing)');
    const open = await query("SELECT 1 FROM LOS_TRAINING_RUNS WHERE STATUS = 'OPEN'");
    expect(open).to.deep.equal([]);
  });

  it('is founded again without a trace of the last one', async () => {
    const again = await openGeneral(ctx, contract, { rows: 2400, days: 2 });
    await runGraph(ctx, contract);
    const [row] = await query<Record<string, number>>(
      `SELECT (SELECT COUNT(*) FROM GENERAL_FEATURES WHERE WITHDRAWN_AT IS NULL) AS FEATURES, (SELECT COUNT(*) FROM LOS_PREDICTION_LOG) AS LOGGED,
  (SELECT COUNT(*) FROM LOS_ALARMS) AS ALARMS`,
    );
    expect(row).to.include({ FEATURES: again.history, ALARMS: 0 });
    expect(Number(row!.LOGGED)).to.be.below(again.history);
  });

  it('runs each file of SQL that joins tables, but for those of which other tests say that they do', () => {
    expect(unwatchedFiles(statements)).to.deep.equal([]);
  });
});
