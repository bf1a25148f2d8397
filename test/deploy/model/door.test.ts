import { expect } from 'chai';
import { drive } from '../../../deploy/clients/drive.js';
import { planOfDeployment } from '../../../deploy/model/plan.js';
import { promote } from '../../../deploy/model/promote.js';
import type { OpenContext } from '../../../deploy/open.js';
import { apply } from '../../../deploy/operate/apply.js';
import { plan } from '../../../deploy/operate/plan.js';
import { runGraph } from '../../../deploy/scoring/graph.js';
import { random } from '../../../procedures/ground/random.js';
import { createServing } from '../../../procedures/versions/version-functions.js';
import type { FeatureCode } from '../../../udfs/encoding/encoding.js';
import type { Model } from '../../../udfs/model.js';
import type { Detail } from '../../../udfs/prediction/detail.js';
import type { ExplainedDetail } from '../../../udfs/prediction/reasons.js';
import { longTests } from '../../long.js';
import { Door } from '../door.js';
import { hostedCloud } from '../embedded-cloud.js';
import { Journey } from '../journey.js';
import { versionNames } from '../version-names.js';

const { long } = longTests(import.meta.url);

describe('predict_los, asked by a person', () => {
  let cloud: ReturnType<typeof hostedCloud>;
  let ctx: OpenContext;
  let door: Door;
  const query = <Row extends Record<string, unknown>>(sql: string) => ctx.snowflake.query<Row>(sql);

  before(async () => {
    cloud = hostedCloud('mail: { to: [] }', 'trained');
    ctx = await cloud.open();
    const { contract } = new Journey(ctx);
    door = new Door(ctx, contract);
    await door.admit(1300);
    // Columns that are missing, whether or not any training row lacked them.
    await ctx.snowflake.execute(
      'UPDATE HEALTH_ADMISSIONS SET BED_GRADE = NULL, CITY_CODE_PATIENT = NULL, WARD_TYPE = NULL WHERE CASE_ID > 900000000 AND MOD(CASE_ID, 7) = 0',
    );
    await runGraph(ctx, contract);
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  it('answers of a row of the table what the log has of it, by whichever door', async () => {
    for (const asked of [
      'PREDICT_LOS(O)',
      'PREDICT_LOS(LOS_INPUTS(O))',
      'LOS_INVOKE_ENDPOINT(LOS_INPUTS(O))',
    ]) {
      const { rows, off } = await door.besideLog(asked);
      expect(rows).to.equal(1300);
      expect(off, asked).to.be.at.most(1e-9);
    }
    const [row] = await query<{ OFF: number }>(
      `SELECT MAX(ABS(PREDICT_LOS(FEATURES) - PREDICTED_LOS)) AS OFF FROM LOS_PREDICTION_LOG`,
    );
    expect(row!.OFF).to.equal(0);
    const [view] = await query<{ OFF: number }>(
      `SELECT MAX(ABS(DAYS - PREDICTED_LOS)) AS OFF FROM (SELECT CASE_ID AS ID, PREDICT_LOS(OBJECT_CONSTRUCT(*)) AS DAYS FROM LOS_FEATURES) JOIN LOS_PREDICTION_LOG ON CASE_ID = TO_VARCHAR(ID)`,
    );
    expect(view!.OFF).to.equal(0);
  });

  it('answers what the log has in whatever case and order values are typed, and says of one that is misspelt', async () => {
    const logged = await query<{ F: Record<string, unknown>; DAYS: number; SHARES: Record<string, number> }>(
      `SELECT l.FEATURES AS F, l.PREDICTED_LOS AS DAYS, r.MODEL:inputs.shares AS SHARES FROM LOS_PREDICTION_LOG AS l
JOIN LOS_MODEL_REGISTRY AS r ON r.VERSION = l.MODEL_VERSION
WHERE ARRAY_SIZE(l.UNSEEN_FEATURES) = 0 AND ARRAY_SIZE(l.MISSING_FEATURES) = 0 AND l.PREDICTED_LOS IS NOT NULL LIMIT 1000`,
    );
    expect(logged.length).to.equal(1000);
    const { SHARES } = logged[0]!;
    const next = random(7);
    const typed = (value: unknown) =>
      typeof value !== 'string'
        ? value
        : `${next() < 0.3 ? ' ' : ''}${[...value].map((sign) => (next() < 0.5 ? sign.toUpperCase() : sign.toLowerCase())).join('')}${next() < 0.3 ? '  ' : ''}`;
    const shuffled = logged.map(({ F }) =>
      Object.fromEntries(
        Object.entries(F)
          .map(([name, value]) => [next(), [next() < 0.5 ? name.toLowerCase() : name, typed(value)]] as const)
          .sort(([a], [b]) => a - b)
          .map(([, entry]) => entry),
      ),
    );
    const answers = await door.answers(shuffled);
    for (const [i, { days, known }] of answers.entries()) {
      expect(days, JSON.stringify(shuffled[i])).to.equal(logged[i]!.DAYS);
      expect(known).to.equal(1);
    }
    // Features that a person says themselves: what is computed of them would be unknown, too.
    const plain = [
      'HOSPITAL_TYPE_CODE',
      'HOSPITAL_REGION_CODE',
      'WARD_TYPE',
      'WARD_FACILITY_CODE',
      'AGE',
    ].filter((name) => name in SHARES);
    expect(plain.length).to.be.greaterThan(2);
    const wrong = logged.map(({ F }) => {
      const name = plain[Math.floor(next() * plain.length)]!;
      const value = String(F[name]);
      const at = Math.floor(next() * (value.length + 1));
      return { name, row: { ...F, [name]: `${value.slice(0, at)}q~${value.slice(at)}` } };
    });
    for (const [i, answer] of (await door.answers(wrong.map(({ row }) => row))).entries()) {
      const { name } = wrong[i]!;
      expect(answer.known).to.be.closeTo(1 - SHARES[name]!, 1e-4);
      expect(answer.days === null ? answer.reason : answer.note)
        .to.contain(`${name} '`)
        .and.to.contain('is new to');
    }
    // As before: of the table's own rows nothing is matched, and nothing new is held against them.
    expect((await door.besideLog()).off).to.be.at.most(1e-9);
  });

  it('names in the log what was NULL, whether the default or the usual value stood in', async () => {
    const rows = await query<{ MISSING: string }>(
      "SELECT DISTINCT ARRAY_TO_STRING(ARRAY_SORT(MISSING_FEATURES), ',') AS MISSING FROM LOS_PREDICTION_LOG WHERE MOD(CASE_ID, 7) = 0",
    );
    for (const { MISSING } of rows)
      for (const name of ['BED_GRADE', 'CITY_CODE_PATIENT', 'WARD_TYPE'])
        expect(MISSING.split(',')).to.include(name);
  });

  it('stays in the range of training rows, with each column taken away and with many', async () => {
    await door.staysInRange(await door.withoutOne());
    const subsets = await door.subsets();
    const answers = await door.staysInRange(subsets);
    expect(answers.filter(({ days }) => days !== null).length).to.be.within(100, 400);
    answers.forEach(({ days, known, reason }, i) => {
      const keys = Object.keys(subsets[i]!).map((key) => key.toUpperCase());
      // A row that says which admission it is has an answer, whatever it lacks.
      if (/has no value/.test(reason ?? '')) expect(days).to.equal(null);
      else expect(days === null).to.equal(known < 0.5 && !keys.includes('CASE_ID'));
    });
  });

  it('says why it does not answer to an empty OBJECT, or to one of which it knows too little', async () => {
    const [empty, little] = await door.answers([{}, { age: '71-80', severity_of_illness: 'Extreme' }]);
    expect(empty!.days).to.equal(null);
    expect(empty!.reason).to.match(/^The OBJECT has no value of a feature of health-v1/);
    expect(little!.reason).to.match(/^Too few inputs are known: \d+ % of what health-v1 relies on/);
  });

  it('says of a group of patients what the table says of them', async () => {
    const [row] =
      await query(`SELECT PREDICT_LOS({'age': '71-80', 'severity_of_illness': 'Extreme', 'visitors_with_patient': 4}) AS DAYS,
  (SELECT AVG(DATEDIFF(day, ADMISSION_DATE, DISCHARGE_DATE)) FROM HEALTH_ADMISSIONS
    WHERE AGE = '71-80' AND SEVERITY_OF_ILLNESS = 'Extreme' AND VISITORS_WITH_PATIENT = 4) AS TOLD`);
    expect(Number(row!.DAYS) / Number(row!.TOLD)).to.be.within(0.8, 1.2);
  });

  it('computes what follows from a column that a person changes, by hand and in the log alike', async () => {
    const [row] = await query<
      Record<'SAME' | 'F' | 'CHANGED', Record<string, unknown>>
    >(`SELECT LOS_INPUTS(F) AS SAME, F, LOS_INPUTS(OBJECT_INSERT(F, 'SEVERITY_OF_ILLNESS', 'Extreme', TRUE)) AS CHANGED
FROM (SELECT FEATURES AS F FROM LOS_PREDICTION_LOG WHERE FEATURES:SEVERITY_OF_ILLNESS = 'Minor' LIMIT 1)`);
    const { LOS_KEYS: _, ...same } = row!.SAME;
    expect(same).to.deep.equal(row!.F);
    expect(row!.CHANGED.ADMISSION_ILLNESS).to.equal(`${row!.F.TYPE_OF_ADMISSION}-Extreme`);
    expect(row!.CHANGED.ADMISSION_MONTH).to.equal(row!.F.ADMISSION_MONTH);
  });

  it('adds its reasons up to the difference between prediction and base', async () => {
    const rows = await query<{ R: ExplainedDetail }>(
      'SELECT PREDICT_LOS_REASONS(OBJECT_CONSTRUCT(*)) AS R FROM (SELECT * FROM HEALTH_ADMISSIONS ORDER BY CASE_ID DESC LIMIT 50)',
    );
    for (const { R } of rows) {
      const told = R.reasons.reduce((sum, { days }) => sum + days, 0);
      expect(told + R.other_days!).to.be.closeTo(R.days - R.base_days!, 1e-3);
      for (const { feature } of R.reasons) expect(R.missing).not.to.include(feature);
    }
  });

  it('knows of a version what is usual of each feature, how often it is missing, and how much it leans on it', async () => {
    const [row] = await query<{ MODEL: Model }>('SELECT MODEL FROM LOS_MODEL_REGISTRY');
    const { inputs, ...model } = row!.MODEL;
    expect(Object.values(inputs!.shares).reduce((sum, share) => sum + share, 0)).to.be.closeTo(1, 1e-4);
    for (const code of model.features) {
      expect(code).to.include.keys('usual', 'absent');
      if (code.kind === 'numeric') expect(code.range![0]).to.be.below(code.range![1]);
    }
  });
});

describe('predict_los in other deployments', () => {
  let cloud: ReturnType<typeof hostedCloud>;
  let ctx: OpenContext;
  before(async () => {
    cloud = hostedCloud('mail: { to: [] }', 'trained');
    ctx = await cloud.open();
  });
  after(async () => {
    await ctx.close();
    cloud.remove();
  });

  const ASKED =
    'SELECT MAX(PREDICT_LOS(LOS_INPUTS(O))) AS DAYS FROM (SELECT OBJECT_CONSTRUCT(*) AS O FROM (SELECT * FROM HEALTH_ADMISSIONS ORDER BY CASE_ID LIMIT 1))';

  async function kinds(): Promise<Record<string, string>> {
    const rows = await ctx.snowflake.query<{ FUNCTION_NAME: string; IS_EXTERNAL: string }>(
      "SELECT FUNCTION_NAME, IS_EXTERNAL FROM INFORMATION_SCHEMA.FUNCTIONS WHERE REGEXP_LIKE(FUNCTION_NAME, '(PREDICT_LOS|LOS_INVOKE_ENDPOINT)(_DETAIL|_REASONS)?')",
    );
    return Object.fromEntries(rows.map((row) => [row.FUNCTION_NAME, row.IS_EXTERNAL]));
  }

  long(
    'is the external function itself where the settings say so, and changes to and fro with its champion',
    async () => {
      const { contract } = new Journey(ctx);
      const [before] = await ctx.snowflake.query(ASKED);
      const snowflake = { ...ctx.settings.snowflake, predictLos: 'inputs' as const };
      const direct = { ...ctx, settings: { ...ctx.settings, snowflake } };
      await apply(direct);
      expect(await kinds()).to.deep.equal({
        ...{ PREDICT_LOS: 'YES', PREDICT_LOS_DETAIL: 'YES', PREDICT_LOS_REASONS: 'YES' },
      });
      expect(await ctx.snowflake.query(ASKED)).to.deep.equal([before]);
      expect((await plan(direct)).changes).to.deep.equal([]);
      await promote(direct, contract, 'health-v1', { force: true });
      const door = new Door(direct, contract);
      await door.admit(20);
      expect(await runGraph(direct, contract)).to.include({ scored: 20 });
      expect((await door.besideLog('PREDICT_LOS(LOS_INPUTS(O))')).off).to.be.at.most(1e-9);
      // As of deployments up to November 2026, whose predict_los took features.
      await apply(ctx);
      expect(await kinds()).to.deep.equal({
        ...{ PREDICT_LOS: 'NO', PREDICT_LOS_DETAIL: 'NO', PREDICT_LOS_REASONS: 'NO' },
        ...{
          LOS_INVOKE_ENDPOINT: 'YES',
          LOS_INVOKE_ENDPOINT_DETAIL: 'YES',
          LOS_INVOKE_ENDPOINT_REASONS: 'YES',
        },
      });
      expect(await ctx.snowflake.query(ASKED)).to.deep.equal([before]);
      expect((await plan(ctx)).changes).to.deep.equal([]);
    },
  );

  long('lets a version that knows no usual values answer as before, and says so', async () => {
    const [row] = await ctx.snowflake.query<{ MODEL: Model }>('SELECT MODEL FROM LOS_MODEL_REGISTRY');
    const { inputs: _, ...rest } = row!.MODEL;
    const features = rest.features.map(({ usual, absent, ...code }) => code as FeatureCode);
    const journey = new Journey(ctx);
    const version = await versionNames(ctx);
    await drive(
      ctx,
      createServing(await planOfDeployment(ctx, journey.contract), version, { ...rest, features }),
    );
    const [asked] = await ctx.snowflake.query<{ D: Detail }>(
      "SELECT PREDICT_LOS_DETAIL({'age': '71-80', 'foo': 1}) AS D",
    );
    expect(asked!.D.days).to.be.above(0);
    expect(asked!.D).to.deep.include({ assumed: null, ignored: null, known: null });
    expect(asked!.D.note).to.contain('health-v1 was trained before usual values were kept');
    // What the feature table marks, too, is read by it as it always was.
    await ctx.snowflake.execute('DELETE FROM LOS_PREDICTION_LOG');
    await ctx.snowflake.execute("CALL RESCORE_ADMISSIONS({'missing': TRUE})");
    const { scored } = await runGraph(ctx, journey.contract);
    expect(scored).to.equal(20);
    expect((await new Door(ctx, journey.contract).besideLog()).off).to.be.at.most(1e-9);
  });
});
