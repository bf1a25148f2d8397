// Findings 2 and 14 of the security review: what a model tells of single patients, and what erasure reaches.
import { expect } from 'chai';
import { forDataset } from '../../deploy/dataset/context.js';
import type { OpenContext } from '../../deploy/open.js';
import { variant } from '../../procedures/ground/work.js';
import type { FeatureCode } from '../../udfs/encoding/encoding.js';
import type { Model } from '../../udfs/model.js';
import { embeddedCloud } from '../deploy/embedded-cloud.js';

interface LevelOfRows {
  readonly feature: string;
  readonly level: string | null;
  readonly rows: number;
  readonly stays: number;
  readonly patients: readonly string[];
}

describe('what a model says of few patients', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let model: Model;
  let found: LevelOfRows[];
  const query = async (sql: string, binds: (string | number)[] = []) => await ctx.snowflake.query(sql, binds);

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ({ ctx } = forDataset(await cloud.open()));
    const [row] = await query("SELECT MODEL FROM LOS_MODEL_REGISTRY WHERE VERSION = 'health-v1'");
    model = variant<Model>(row!.MODEL);
    const features = Object.keys(forDataset(ctx).contract.features);
    found = [];
    for (const feature of features.filter(
      (name) => forDataset(ctx).contract.features[name]!.type !== 'numeric',
    ))
      for (const one of await query(
        `SELECT ${feature} AS LEVEL, COUNT(*) AS N, SUM(LOS) AS STAYS, ARRAY_AGG(DISTINCT TO_VARCHAR(PATIENTID)) AS PATIENTS
FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train' GROUP BY 1`,
      ))
        found.push({
          feature,
          level: one.LEVEL === null ? null : String(one.LEVEL),
          rows: Number(one.N),
          stays: Number(one.STAYS),
          patients: variant<string[]>(one.PATIENTS),
        });
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  const levelsOf = (feature: string) => found.filter((one) => one.feature === feature);
  const patientsOf = (levels: readonly LevelOfRows[]) =>
    new Set(levels.flatMap(({ patients }) => patients)).size;
  const named = (code: FeatureCode): string[] =>
    code.kind === 'onehot' ? [...code.levels] : code.kind === 'target' ? Object.keys(code.levels) : [];
  const rareLevels = () =>
    model.features
      .filter(({ kind }) => kind === 'onehot' || kind === 'target')
      .flatMap(({ name }) =>
        levelsOf(name).filter(({ level, patients }) => level !== null && patients.length < 10),
      );

  it('finding 2: no statistic of the registry gives back the stays of fewer than ten patients', () => {
    const targets = model.features.filter((code) => code.kind === 'target');
    expect(targets.length).to.be.above(0);
    expect(rareLevels().length, 'rare levels among the training rows').to.be.above(0);
    for (const code of targets) {
      const own = levelsOf(code.name).filter(({ level }) => level !== null && named(code).includes(level));
      for (const one of own) expect(one.patients.length, `${code.name} ${one.level}`).to.be.at.least(10);
      // As in the review: (n + 20) · statistic − 20 · unseen. What all rows leave is of as many patients, or of none.
      const rest = levelsOf(code.name).filter((one) => !own.includes(one));
      if (rest.length > 0) expect(patientsOf(rest), code.name).to.be.at.least(10);
    }
  });

  it('finding 2: a column of a rare level is none of its own', () => {
    for (const code of model.features.filter(({ kind }) => kind === 'onehot')) {
      const own = levelsOf(code.name).filter(({ level }) => level !== null && named(code).includes(level));
      for (const one of own) expect(one.patients.length, `${code.name} ${one.level}`).to.be.at.least(10);
    }
  });

  it('finding 2: the bodies of its functions name no rare level', async () => {
    const functions = await query("SHOW USER FUNCTIONS LIKE '%HEALTH_V1%'");
    expect(functions.length).to.be.at.least(3);
    for (const { name, arguments: args } of functions) {
      const signature = String(args)
        .replace(/ RETURN.*/, '')
        .replace(String(name), '');
      const [row] = await query(`SELECT GET_DDL('FUNCTION', '${name}${signature}') AS BODY`);
      for (const { level } of rareLevels().filter(({ level: text }) => /[-a-z]{5}/i.test(text!)))
        expect(String(row!.BODY).includes(`"${level}"`), `${name} ${level}`).to.equal(false);
    }
  });

  it('finding 2: an answer does not tell whether a rare level was among the training rows', async () => {
    const predict = (feature: string, level: string) =>
      query(
        `SELECT TO_JSON(PREDICT_LOS_DETAIL(OBJECT_INSERT(OBJECT_CONSTRUCT(*), '${feature}', ?, TRUE))) AS D
FROM (SELECT * FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'holdout' ORDER BY CASE_ID LIMIT 5) ORDER BY CASE_ID`,
        [level],
      );
    // The note repeats the value that was asked, and names a level that it is spelt like, which the model has anyhow.
    const answers = (rows: Awaited<ReturnType<typeof predict>>) =>
      rows.map(({ D }) =>
        JSON.stringify(variant(D))
          .replace(/'[^']+' is new to/g, "'…' is new to")
          .replace(/ Did you mean '[^']+'\?/g, ''),
      );
    let tried = 0;
    for (const { feature, level } of rareLevels().slice(0, 12)) {
      const rare = await predict(feature, level!);
      const never = /^\d+$/.test(level!) ? '987654' : 'never there';
      expect(answers(rare), `${feature} ${level}`).to.deep.equal(answers(await predict(feature, never)));
      expect(variant<{ unseen: string[] }>(rare[0]!.D).unseen).to.include(feature);
      tried++;
    }
    expect(tried).to.be.above(0);
  });

  it('finding 2: the reference of drift has cells of ten patients, and adds up to all rows', async () => {
    const cells = await query(
      "SELECT FEATURE, LEVEL, VALUE, ROW_COUNT FROM LOS_FEATURE_REFERENCE WHERE VERSION = 'health-v1'",
    );
    expect(cells.length).to.be.above(50);
    const all = Number(
      (await query("SELECT COUNT(*) AS N FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train'"))[0]!.N,
    );
    const sums = new Map<string, number>();
    for (const { FEATURE, LEVEL, ROW_COUNT } of cells) {
      const name = String(FEATURE);
      expect(Number(ROW_COUNT), `${name} ${LEVEL}`).to.be.at.least(10);
      sums.set(name, (sums.get(name) ?? 0) + Number(ROW_COUNT));
      const own = levelsOf(name).filter(({ level }) => level !== null && level === LEVEL);
      if (own[0]) expect(own[0].patients.length, `${name} ${LEVEL}`).to.be.at.least(10);
    }
    for (const [name, sum] of sums) expect(sum, name).to.equal(all);
    for (const name of new Set(found.map(({ feature }) => feature))) {
      const shown = cells.filter(({ FEATURE }) => FEATURE === name).map(({ LEVEL }) => LEVEL);
      const rest = levelsOf(name).filter(({ level }) => !shown.includes(level as never));
      if (rest.length > 0) expect(patientsOf(rest), name).to.be.at.least(10);
    }
  });

  it('finding 2: no usual value, shortest stay or period is about fewer', async () => {
    const [row] = await query(
      "SELECT COUNT(DISTINCT PATIENTID) AS N FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train' AND LOS <= ?",
      [model.floor],
    );
    if (model.floor > 0) expect(Number(row!.N)).to.be.at.least(10);
    expect(model.fewest).to.equal(10);
    for (const { name, usual } of model.features)
      if (typeof usual === 'string')
        expect(levelsOf(name).find(({ level }) => level === usual)!.patients.length, name).to.be.at.least(10);
  });
});

describe('what erasure reaches', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  const query = async (sql: string, binds: (string | number)[] = []) => await ctx.snowflake.query(sql, binds);

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ({ ctx } = forDataset(await cloud.open()));
  });
  after(async () => {
    await ctx?.close();
    await cloud.cloud.close();
    cloud.remove();
  });

  interface Erased {
    readonly admissions?: number;
    readonly rows: number;
    readonly erased: Readonly<Record<string, number>>;
    readonly versions: readonly { version: string; status: string; sides: string }[];
    readonly stays: readonly string[];
  }
  const forget = async (what: 'ADMISSION' | 'PATIENT', id: string) =>
    variant<Erased>((await query(`CALL FORGET_${what}(?)`, [id]))[0]![`FORGET_${what}`]);

  it('finding 14: a patient with several admissions is erased from every table, with one call', async () => {
    const [row] = await query(
      'SELECT TO_VARCHAR(PATIENTID) AS P, ARRAY_AGG(TO_VARCHAR(CASE_ID)) AS IDS FROM HEALTH_ADMISSIONS GROUP BY PATIENTID HAVING COUNT(*) >= 3 ORDER BY 1 LIMIT 1',
    );
    const ids = variant<string[]>(row!.IDS);
    const answer = await forget('PATIENT', String(row!.P));
    // Some of the patient's may be among those that are yet to arrive.
    expect(answer.admissions).to.equal(ids.length + (answer.erased.HEALTH_ARRIVALS ?? 0));
    expect(answer.erased).to.include({ HEALTH_ADMISSIONS: ids.length, HEALTH_FEATURES: ids.length });
    for (const { name } of await query('SHOW TABLES'))
      for (const { T } of await query(`SELECT TO_JSON(OBJECT_CONSTRUCT(*)) AS T FROM "${name}"`)) {
        const told = /"(?:CASE_ID|ID)":"?(\d+)/.exec(String(T))?.[1];
        if (told !== undefined) expect(ids, `${name}`).not.to.include(told);
        expect(String(T)).not.to.match(new RegExp(`"PATIENTID":"?${row!.P}[",}]`));
      }
    expect(answer.stays.join(' ')).to.match(/query history.*365 days.*BIND_VALUES/s);
    expect(answer.stays.join(' ')).to.match(/90 days/);
    expect((await forget('PATIENT', String(row!.P))).rows).to.equal(0);
  });

  it('finding 14: the versions that learned from an admission are named: exactly, or by when they were trained', async () => {
    for (const [side, sides] of [
      ['train', 'training'],
      // What serves was fitted once more, to the rows of every side.
      ['validation', 'training, validation'],
      ['holdout', 'holdout, training'],
    ]) {
      const [row] = await query(
        `SELECT TO_VARCHAR(CASE_ID) AS ID FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = '${side}' ORDER BY CASE_ID LIMIT 1`,
      );
      const { versions } = await forget('ADMISSION', String(row!.ID));
      expect(versions, side).to.deep.equal([{ version: 'health-v1', status: 'CHAMPION', sides }]);
    }
    expect((await forget('ADMISSION', 'never there')).versions).to.deep.equal([]);
  });

  it('finding 14: an id that is bound is in no text of the query history', async () => {
    const [row] = await query('SELECT TO_VARCHAR(MAX(CASE_ID)) AS ID FROM HEALTH_ADMISSIONS');
    await forget('ADMISSION', String(row!.ID));
    const texts = await query(
      'SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY(RESULT_LIMIT => 10000))',
    );
    const calls = texts.filter(({ QUERY_TEXT }) => String(QUERY_TEXT).startsWith('CALL FORGET_ADMISSION'));
    expect(calls.length).to.be.above(0);
    for (const { QUERY_TEXT } of texts) expect(String(QUERY_TEXT)).not.to.contain(`'${row!.ID}'`);
  });

  it('finding 14: records of erasures outlive the other runs, and inputs leave the features too', async () => {
    // Older than any day of the made-up admissions by more than is kept: their last day is what monitoring looks back from.
    await query(
      `INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT COLUMN1, COLUMN2, 'health', 'SUCCEEDED', DATEADD(year, -20, CURRENT_TIMESTAMP()) FROM VALUES ('old 1', 'erasure'), ('old 2', 'scoring')`,
    );
    const [row] = await query('SELECT TO_VARCHAR(MIN(CASE_ID)) AS ID FROM HEALTH_FEATURES');
    await query(
      'UPDATE HEALTH_FEATURES SET WITHDRAWN_AT = DATEADD(year, -6, CURRENT_TIMESTAMP()) WHERE TO_VARCHAR(CASE_ID) = ?',
      [String(row!.ID)],
    );
    await query('CALL WATCH_PREDICTIONS()');
    expect(await query("SELECT RUN_ID FROM LOS_RUN_LOG WHERE RUN_ID LIKE 'old %'")).to.deep.equal([
      { RUN_ID: 'old 1' },
    ]);
    expect(
      await query('SELECT 1 FROM HEALTH_FEATURES WHERE TO_VARCHAR(CASE_ID) = ?', [String(row!.ID)]),
    ).to.deep.equal([]);
  });
});
