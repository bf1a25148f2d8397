import { expect } from 'chai';
import { simulate } from '../../demo/simulate/simulate.js';
import { beds } from '../../deploy/beds/beds.js';
import { callProcedure } from '../../deploy/clients/call.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { report } from '../../deploy/operate/report.js';
import type { Exploration } from '../../procedures/exploring/answer.js';
import { latestForecast } from '../../report/beds/nights.js';
import { dayOf } from '../../report/beds/tables.js';
import { mailTable } from '../../report/eda/tables.js';
import { formatRows } from '../../report/text/table.js';
import { hostedCloud } from '../deploy/embedded-cloud.js';
import { Journey } from '../deploy/journey.js';
import { type Shown, tablesOfPage, textOf } from '../report/pages/tables.js';

describe('the report', () => {
  const cloud = hostedCloud(
    'mail: { to: [] }\ntasks: { resumed: false }\nwatch: { retrain: false }',
    'trained',
  );
  let ctx: OpenContext;
  let journey: Journey;
  let page: string;
  let tables: Map<string, Shown>;
  let last: string;

  const query = (sql: string) => ctx.snowflake.query<Record<string, string | number | null>>(sql);
  const table = (title: string | RegExp) => {
    const found = [...tables].find(([name]) =>
      typeof title === 'string' ? name === title : title.test(name),
    );
    expect(found, String(title)).not.to.equal(undefined);
    return found![1];
  };
  /** A column of a table by what its first column says, as numbers. */
  const column = ({ columns, rows }: Shown, name: string) => {
    const at = columns.indexOf(name);
    expect(at, `${name} of ${columns}`).to.be.at.least(0);
    return rows.map((row) => Number(row[at]!.replace(/[,%$]/g, '')));
  };

  before(async () => {
    ctx = await cloud.open();
    journey = new Journey(ctx);
    await simulate(ctx, journey.contract, { forecastEvery: 100 });
    const [row] = await query(
      "SELECT TO_VARCHAR(MAX(ADMISSION_DATE), 'YYYY-MM-DD') AS DAY FROM HEALTH_ADMISSIONS",
    );
    last = String(row!.DAY);
    await callProcedure(ctx, 'WATCH_PREDICTIONS', [last]);
    page = await report(ctx, journey.contract);
    tables = tablesOfPage(page);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('is one file that asks no one for anything', () => {
    expect(page).to.match(/^<!doctype html>/);
    expect(page).to.contain("default-src 'none'");
    expect(page).not.to.match(
      /\bsrc=|<link(?! rel="icon" href="data:,")|@import|url\((?!#)|https?:\/\/(?!www\.w3\.org)/,
    );
    expect(Buffer.byteLength(page)).to.be.below(1.5e6);
    expect(page).not.to.match(/NaN|\[object|undefined<|>null</);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).to.equal(ids.length);
    for (const [, target] of page.matchAll(/aria-labelledby="([^"]+)"|href="#([^"]+)"|url\(#([^)]+)\)/g))
      if (target) expect(ids).to.include(target);
  });

  it('is the same for a role that may only read, but for beds, which are whole ones of no small ward', async () => {
    const [me] = await query('SELECT CURRENT_USER() AS NAME, CURRENT_ROLE() AS ROLE');
    await ctx.snowflake.execute(`GRANT ROLE LOS_READ TO USER ${me!.NAME}`);
    await ctx.snowflake.execute('USE ROLE LOS_READ');
    try {
      const theirs = tablesOfPage(await report(ctx, journey.contract));
      for (const title of ['Errors by week of admission, days', 'Numbers'])
        expect(theirs.get(title), title).to.deep.equal(tables.get(title));
      const beds = 'All of the hospital: beds occupied';
      for (const [i, value] of column(theirs.get(beds)!, 'expected').entries())
        expect(Number.isInteger(value) && value).to.be.closeTo(
          column(tables.get(beds)!, 'expected')[i]!,
          0.56,
        );
    } finally {
      await ctx.snowflake.execute(`USE ROLE ${me!.ROLE}`);
    }
  });

  it('has a table under each chart, and in it a line for each place that the chart marks', () => {
    const figures = [...page.matchAll(/<figure[^>]*>(.*?)<\/figure>/gs)].map((match) => match[1]!);
    expect(figures.length).to.be.at.least(40);
    for (const figure of figures) {
      const [, label] = /aria-label="([^"]+)"/.exec(figure)!;
      const rows = [...tablesOfPage(figure).values()][0]!.rows.length;
      for (const [, places] of figure.matchAll(/data-[xy]="([^"]+)"/g))
        expect(places!.split(' ').length, label).to.be.at.most(rows).and.at.least(Math.min(rows, 15));
    }
  });

  it('has the beds of LOS_BED_FORECASTS, every ward, which are those of the mail', async () => {
    const { forecast } = await beds(ctx, journey.contract, last);
    expect(await latestForecast(ctx, journey.contract)).to.deep.equal(forecast);
    const latest =
      "(SELECT * FROM LOS_BED_FORECASTS WHERE KIND = 'forecast' QUALIFY MADE_ON = MAX(MADE_ON) OVER (PARTITION BY DATASET))";
    const units = await query(`SELECT DISTINCT LEVEL, UNIT FROM ${latest}`);
    expect(units.length).to.be.at.least(5);
    for (const { LEVEL, UNIT } of units) {
      const rows = await query(
        `SELECT TO_VARCHAR(NIGHT, 'YYYY-MM-DD') AS NIGHT, MEAN, P10, P90, ADMISSIONS FROM ${latest} WHERE LEVEL = '${LEVEL}' AND UNIT = '${UNIT}' ORDER BY NIGHT`,
      );
      const name =
        LEVEL === 'all' ? 'All of the hospital' : `${LEVEL === 'ward' ? 'Ward' : 'Department'} ${UNIT}`;
      const shown = table(`${name}: beds occupied`);
      expect(shown.rows.map(([night]) => night)).to.deep.equal(rows.map(({ NIGHT }) => dayOf(String(NIGHT))));
      for (const [title, key] of [
        ['expected', 'MEAN'],
        ['8 of 10 from', 'P10'],
        ['to', 'P90'],
        ['admissions', 'ADMISSIONS'],
      ] as const)
        for (const [i, value] of column(shown, title).entries())
          expect(value, `${name}, ${title}`).to.be.closeTo(
            Number(rows[i]![key]),
            Number(rows[i]![key]) >= 1000 ? 0.51 : 0.051,
          );
    }
  });

  // The contract gives no beds, so there are no columns of beds, free ones, state and risk.
  it('begins with LOS_BED_BOARD, a line a ward by risk and the hospital last', async () => {
    const rows = await query('SELECT UNIT, OCCUPIED, LEAVING, P10, P90 FROM LOS_BED_BOARD');
    const shown = table(/^Wards by risk/);
    expect(shown.rows).to.have.length(rows.length).and.at.least(4);
    expect(shown.rows.map((row) => row[1])).to.deep.equal(
      rows.map(({ OCCUPIED }) => Number(OCCUPIED).toLocaleString('en-US')),
    );
    expect(shown.rows.at(-1)![0]).to.equal('All of the hospital');
    expect(rows.at(-1)!.UNIT).to.equal('(all)');
    for (const [i, { P10, P90 }] of rows.entries()) {
      const [low, high] = [P10, P90].map((value) => Math.round(Number(value)).toLocaleString('en-US'));
      expect(shown.rows[i]![4]).to.equal(low === high ? low : `${low}–${high}`);
    }
  });

  it('lists patients where they are asked for and may be read, and refuses to where not', async () => {
    const listed = tablesOfPage(await report(ctx, journey.contract, { patients: true }));
    const leaving = listed.get('Most likely to leave')!;
    const [first] = await query(
      'SELECT CASE_ID FROM LOS_EXPECTED_DISCHARGES WHERE GONE_TODAY IS NOT NULL ORDER BY GONE_TODAY DESC, GONE_BY_TOMORROW DESC, CASE_ID LIMIT 1',
    );
    expect(leaving.rows.length).to.be.within(10, 20);
    expect(leaving.rows[0]![0]!.replaceAll(',', '')).to.equal(String(first!.CASE_ID));
    expect(tables.has('Most likely to leave')).to.equal(false);
    const [me] = await query('SELECT CURRENT_USER() AS NAME, CURRENT_ROLE() AS ROLE');
    await ctx.snowflake.execute(`GRANT ROLE LOS_READ TO USER ${me!.NAME}`);
    await ctx.snowflake.execute('USE ROLE LOS_READ');
    try {
      const refused = await report(ctx, journey.contract, { patients: true }).catch(
        (error: unknown) => error,
      );
      expect(refused).to.be.instanceOf(UserError);
      expect(String((refused as UserError).next)).to.contain('SNOWFLAKE_ROLE=LOS_PATIENTS');
    } finally {
      await ctx.snowflake.execute(`USE ROLE ${me!.ROLE}`);
    }
  });

  it('has the answers of los eda', async () => {
    const explored = await callProcedure<Exploration>(ctx, 'EXPLORE_ADMISSIONS', []);
    expect(explored.questions.length).to.be.at.least(20);
    const words = textOf(page);
    let compared = 0;
    for (const { question, answer, tables: own } of explored.questions) {
      expect(page).to.contain(`>${question}</h3>`);
      expect(words).to.contain(answer);
      for (const each of own) {
        const whole = mailTable(each, 60);
        const shown = table(whole.title);
        if (
          [...own, ...explored.questions.flatMap((one) => one.tables)].filter(
            ({ title }) => title === each.title,
          ).length > 2
        )
          continue;
        expect(shown.columns).to.deep.equal(whole.columns);
        expect(shown.rows).to.deep.equal(formatRows(whole));
        compared++;
      }
    }
    expect(compared).to.be.at.least(30);
  });

  it('has the errors that LOS_EVALUATION gives, weighted', async () => {
    const [row] = await query(`SELECT SUM(WEIGHT * ABS(PREDICTED_LOS - LOS)) / SUM(WEIGHT) AS MAE,
  SQRT(SUM(WEIGHT * POWER(PREDICTED_LOS - LOS, 2)) / SUM(WEIGHT)) AS RMSE, SUM(WEIGHT * CRPS) / SUM(WEIGHT) AS CRPS, COUNT(*) AS N
FROM LOS_EVALUATION WHERE VERSION = 'health-v1' AND SIDE = 'holdout'`);
    const sides = table('Errors in days, on holdout stays');
    const at = sides.rows.findIndex(([name]) => name === 'health-v1');
    for (const name of ['MAE', 'RMSE', 'CRPS'])
      expect(column(sides, name)[at], name).to.be.closeTo(Number(row![name]), 0.0051);
    expect(column(sides, 'stays')[at]).to.equal(Number(row!.N));
    expect(page).to.contain(`<dd>${Number(row!.MAE).toFixed(2)}</dd>`);
  });

  it('has the weeks, inputs and runs of the views', async () => {
    const weeks = await query(
      "SELECT TO_VARCHAR(FROM_DAY, 'YYYY-MM-DD') AS DAY, ADMISSIONS, ESTIMATED, PROMISED FROM LOS_WEEKLY_ERRORS ORDER BY FROM_DAY",
    );
    expect(weeks.length).to.be.at.least(2);
    const shown = table('Errors by week of admission, days');
    expect(shown.rows.map(([day]) => day)).to.deep.equal(weeks.map(({ DAY }) => DAY));
    for (const [i, value] of column(shown, 'estimated').entries())
      expect(value).to.be.closeTo(Number(weeks[i]!.ESTIMATED), 0.0051);
    const drift = await query('SELECT FEATURE, SHIFT FROM LOS_DRIFT');
    const inputs = table(/^Shift of the inputs/);
    expect(inputs.rows).to.have.length(drift.length);
    for (const [i, [feature]] of inputs.rows.entries())
      expect(column(inputs, 'shift, points')[i]).to.be.closeTo(
        100 * Number(drift.find(({ FEATURE }) => FEATURE === feature)!.SHIFT),
        0.0051,
      );
    const [scored] = await query(
      "SELECT COUNT(*) AS RUNS, SUM(ROW_COUNT) AS N FROM LOS_RUN_LOG WHERE KIND = 'scoring'",
    );
    const runs = table(/^Runs since/);
    const at = runs.rows.findIndex(([kind]) => kind === 'scoring');
    expect(column(runs, 'runs')[at]).to.equal(Number(scored!.RUNS));
    expect(column(runs, 'rows')[at]).to.equal(Number(scored!.N));
    expect(table('Promotions and alarms, the latest first').rows[0]!.slice(1, 3)).to.deep.equal([
      'promotion',
      'health-v1',
    ]);
  });

  it('marks a version that was taken back as that, and not as promoted', async () => {
    const marks = () =>
      query("SELECT KIND, SUBJECT FROM LOS_TIMELINE WHERE SUBJECT LIKE 'health-v%' ORDER BY KIND");
    expect(await marks()).to.deep.equal([{ KIND: 'promotion', SUBJECT: 'health-v1' }]);
    await ctx.snowflake.execute(`INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT, DETAILS)
SELECT 'back', 'rollback', 'health', 'SUCCEEDED', PROMOTED_AT, PROMOTED_AT, OBJECT_CONSTRUCT('version', VERSION) FROM LOS_MODEL_REGISTRY`);
    expect(await marks()).to.deep.equal([{ KIND: 'rollback', SUBJECT: 'health-v1' }]);
  });
});
