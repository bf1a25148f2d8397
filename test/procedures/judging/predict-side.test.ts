import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import { trainVersion } from '../../../deploy/model/train.js';
import type { OpenContext } from '../../../deploy/open.js';
import { featureObject } from '../../../procedures/dataset/feature-sql.js';
import { calibrateDays } from '../../../procedures/judging/intervals.js';
import {
  predictHoldout,
  predictValidation,
  takeValidation,
} from '../../../procedures/judging/predict-side.js';
import { fitExplained } from '../../../procedures/judging/references.js';
import { championOf, recordOf } from '../../../procedures/versions/registry.js';
import { createServing } from '../../../procedures/versions/version-functions.js';
import type { Model } from '../../../udfs/model.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { versionNames } from '../../deploy/version-names.js';
import { longTests } from '../../long.js';

const { long } = longTests(import.meta.url);

const FIGURES =
  'LOW_LOS, HIGH_LOS, LOW95_LOS, HIGH95_LOS, LONG_STAY, LONG_STAY_LEVEL, MEDIAN_LOS, CRPS, GONE_BEFORE, GONE_BY';

describe('the validation rows of a calibrated version', () => {
  let local: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  before(async () => {
    local = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await local.open();
  });
  after(async () => {
    await ctx?.close();
    await local?.cloud.close();
    local?.remove();
  });

  long('are answered by its batch transform as by its endpoint, digit for digit', async () => {
    const { contract } = forDataset(ctx);
    const plan = await planOfDeployment(ctx, contract);
    // What was fitted once more answers otherwise than what was chosen.
    const training = { ...ctx.settings.training, refit: false };
    const once = { ...ctx, settings: { ...ctx.settings, training } };
    const options = { candidates: ['squared-error'], drive: true };
    const trained = await trainVersion(once, contract, options);
    const version = await versionNames(ctx, trained.version);
    const { model } = await drive(ctx, recordOf(ctx.settings, version.name));
    const read = () =>
      ctx.snowflake.query(
        `SELECT CASE_ID, LOS, PREDICTED_LOS, WEIGHT FROM LOS_EVALUATION
WHERE VERSION = '${version.name}' AND SIDE = 'validation' ORDER BY CASE_ID`,
      );
    const taken = await read();
    await drive(ctx, predictValidation(plan, version, model as Model, taken.length));
    expect(await read()).to.deep.equal(taken);
    expect(await ctx.snowflake.query('SELECT * FROM LOS_CANDIDATE_PREDICTIONS')).to.deep.equal([]);
    // An endpoint of which so little is asked at once that it takes several statements.
    const endpoint = { ...plan.settings.endpoint, maxConcurrency: taken.length / 5000 / 3.5 };
    const small = { ...plan, settings: { ...plan.settings, endpoint } };
    const statements: string[] = [];
    const snowflake = {
      ...ctx.snowflake,
      query: (sql: string, binds?: never) => ctx.snowflake.query(sql, binds),
      execute: (sql: string, binds?: never) => {
        statements.push(sql);
        return ctx.snowflake.execute(sql, binds);
      },
    } as unknown as OpenContext['snowflake'];
    const asked = predictValidation(small, version, model as Model, taken.length);
    expect(await drive({ ...ctx, snowflake }, asked)).to.equal(taken.length);
    expect(statements.filter((sql) => sql.startsWith('INSERT'))).to.have.length(4);
    expect(await read()).to.deep.equal(taken);
  });

  long('are not those that a champion has learned from: on its own holdout its judge answers', async () => {
    const { contract } = forDataset(ctx);
    const plan = await planOfDeployment(ctx, contract);
    const version = await versionNames(ctx, 'health-v2');
    const { model } = await drive(ctx, recordOf(ctx.settings, version.name));
    const champion = (await drive(ctx, championOf(ctx.settings, contract.name)))!;
    expect(champion.version).to.equal('health-v1');
    const pairs = () =>
      ctx.snowflake.query<{ ID: string; JUDGED: number; BEFORE: number }>(
        `SELECT b.CASE_ID AS ID, a.PREDICTED_LOS AS JUDGED, b.BEFORE_LOS AS BEFORE FROM LOS_EVALUATION AS b
LEFT JOIN LOS_EVALUATION AS a ON a.CASE_ID = b.CASE_ID AND a.VERSION = 'health-v1' AND a.SIDE = 'holdout'
WHERE b.VERSION = 'health-v2' AND b.SIDE = 'holdout' ORDER BY ID`,
      );
    const measured = await pairs();
    expect(measured.length).to.be.above(100);
    for (const { JUDGED, BEFORE } of measured) expect(BEFORE).to.equal(JUDGED);
    // Its refit answers otherwise.
    const { predict } = await versionNames(ctx);
    const [now] = await ctx.snowflake.query<{ OTHER: number }>(
      `SELECT COUNT_IF(ABS(D - P) > 0.01) AS OTHER FROM (SELECT ${predict}(${featureObject(contract)}):days::FLOAT AS D, e.PREDICTED_LOS AS P
FROM HEALTH_TRAINING_SET AS s JOIN LOS_EVALUATION AS e ON e.CASE_ID = TO_VARCHAR(s.CASE_ID) AND e.VERSION = 'health-v1' AND e.SIDE = 'holdout')`,
    );
    expect(Number(now!.OTHER)).to.be.above(measured.length / 2);
    // Another row that it has learned from tells nothing of it.
    const ask = () => drive(ctx, predictHoldout(plan, version, model as Model, champion));
    const [gone] = measured;
    const forgetOf = (which: string) =>
      ctx.snowflake.execute(`DELETE FROM LOS_EVALUATION WHERE VERSION = 'health-v1' AND ${which}`);
    await forgetOf(`CASE_ID = '${gone!.ID}'`);
    expect(await ask()).to.deep.equal({ rows: measured.length - 1, unanswered: 0 });
    expect(await pairs()).to.deep.equal(measured.slice(1));
    // Beside a champion that was judged on other rows it is held against what that knows.
    await forgetOf("SIDE = 'holdout'");
    expect(await ask()).to.deep.equal({ rows: measured.length, unanswered: 0 });
  });

  it('say which features move predictions most: reasons are looked for among ten of them', async () => {
    const { contract } = forDataset(ctx);
    const plan = await planOfDeployment(ctx, contract);
    const version = await versionNames(ctx);
    const { model } = await drive(ctx, recordOf(ctx.settings, version.name));
    const { features, references = {} } = model as Model;
    const names = features.map(({ name }) => name);
    // What is no feature moves nothing.
    const others = Array.from({ length: 8 }, (_, i) => `Z${i}`);
    const usual = { ...references, ...Object.fromEntries(others.map((name) => [name, 1])) };
    const own = `OBJECT_CONSTRUCT(${names.map((name) => `'${name}', ${name}`).join(', ')})`;
    const rows = `FROM (SELECT ${own} AS F FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'validation' ORDER BY CASE_ID LIMIT 200)`;
    const moved: [name: string, days: number][] = others.map((name) => [name, 0]);
    for (const [name, value] of Object.entries(references)) {
      const changed = `OBJECT_INSERT(F, '${name}', PARSE_JSON('${JSON.stringify(value)}'), TRUE)`;
      const [row] = await ctx.snowflake.query<{ DAYS: number }>(
        `SELECT AVG(ABS(${version.predict}(F):days::FLOAT - ${version.predict}(${changed}):days::FLOAT)) AS DAYS ${rows}`,
      );
      moved.push([name, row!.DAYS]);
    }
    moved.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    expect(moved.length).to.be.above(10);
    expect(moved[1]![1]).to.be.above(0);
    expect(await drive(ctx, fitExplained(plan, version, model as Model, usual))).to.deep.equal(
      moved
        .slice(0, 10)
        .map(([name]) => name)
        .sort(),
    );
  });

  it('are taken over from what was answered, with scale and floor, but for those without a feature', async () => {
    const { contract } = forDataset(ctx);
    const plan = await planOfDeployment(ctx, contract);
    const version = await versionNames(ctx);
    const { model } = await drive(ctx, recordOf(ctx.settings, version.name));
    const [feature] = (model as Model).features;
    const answered = { run: 'run-1', candidate: 'gamma' };
    const scaled = { features: [feature!], floor: 6, scale: 1.5 };
    const take = (rows: number) => drive(ctx, takeValidation(plan, version, scaled, rows, answered));
    expect(await take(100)).to.equal(0);
    const set = 'HEALTH_TRAINING_SET';
    const rows = await ctx.snowflake.query<{ ID: string; KNOWN: boolean; LINE: number }>(
      `SELECT TO_VARCHAR(CASE_ID) AS ID, ${feature!.name} IS NOT NULL AS KNOWN, ROW_NUMBER() OVER (ORDER BY CASE_ID) AS LINE
FROM ${set} WHERE ROW_SIDE = 'validation' ORDER BY LINE`,
    );
    await ctx.snowflake.execute(
      `INSERT INTO LOS_CANDIDATE_PREDICTIONS (RUN_ID, CANDIDATE, LINE_NUMBER, PREDICTED_LOS)
SELECT COLUMN1, COLUMN2, SEQ, SEQ / 10 FROM (VALUES ('run-1', 'gamma'), ('run-1', 'forest'), ('run-2', 'gamma'))
  CROSS JOIN (SELECT ROW_NUMBER() OVER (ORDER BY CASE_ID) AS SEQ FROM ${set} WHERE ROW_SIDE = 'validation')`,
    );
    await ctx.snowflake.execute(
      `UPDATE ${set} SET ${feature!.name} = NULL WHERE TO_VARCHAR(CASE_ID) = '${rows[70]!.ID}'`,
    );
    const expected = rows
      .filter(({ KNOWN }, i) => KNOWN && i !== 70)
      .map(({ ID, LINE }) => [ID, Math.max((Number(LINE) / 10) * 1.5, 6)]);
    expect(await take(100)).to.equal(expected.length);
    const found = await ctx.snowflake.query<{ CASE_ID: string; PREDICTED_LOS: number }>(
      `SELECT CASE_ID, PREDICTED_LOS FROM LOS_EVALUATION WHERE VERSION = '${version.name}' AND SIDE = 'validation' ORDER BY CASE_ID`,
    );
    expect(found.map((row) => [row.CASE_ID, row.PREDICTED_LOS])).to.deep.equal(expected.sort());
    await ctx.snowflake.execute('DELETE FROM LOS_CANDIDATE_PREDICTIONS');
  });

  it('are described as the version itself would describe them, without asking it again', async () => {
    const { contract } = forDataset(ctx);
    const plan = await planOfDeployment(ctx, contract);
    const version = await versionNames(ctx);
    const { model: trained } = await drive(ctx, recordOf(ctx.settings, version.name));
    const { hazards, ...plain } = trained as Model;
    expect(hazards).to.equal(undefined);
    expect(plain.spread?.around).not.to.equal(undefined);
    const longStay = { days: 21 };
    const { spread: _, longStay: __, ...bare } = plain;
    await drive(ctx, createServing(plan, version, { ...bare, bands: [] }));
    const rows = await drive(ctx, predictValidation(plan, version, bare, 1000));
    expect(rows).to.be.above(100);
    const calibrated = await drive(ctx, calibrateDays(plan, version, { ...plain, longStay }));
    const read = () =>
      ctx.snowflake.query(
        `SELECT CASE_ID, PREDICTED_LOS, ${FIGURES} FROM LOS_EVALUATION
WHERE VERSION = '${version.name}' AND SIDE = 'validation' ORDER BY CASE_ID`,
      );
    const said = await read();
    expect(said.length).to.equal(rows);
    expect(said.filter(({ CRPS, LOW_LOS }) => CRPS === null || LOW_LOS === null)).to.deep.equal([]);
    const model: Model = { ...plain, ...calibrated, longStay };
    await drive(ctx, createServing(plan, version, model));
    await drive(ctx, predictValidation(plan, version, model, 1000));
    expect(said).to.deep.equal(await read());
  });
});
