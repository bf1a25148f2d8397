import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadCsv } from '../../../contracts/files/load-csv.js';
import { type Admission, generateHealth } from '../../../demo/health/index.js';
import {
  admit,
  admitHistory,
  dischargeBefore,
  pendingSteps,
  stageArrivals,
} from '../../../demo/simulate/arrivals.js';
import { drive } from '../../../deploy/clients/drive.js';
import { forDataset } from '../../../deploy/dataset/context.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import { featureObject, objectOf } from '../../../procedures/dataset/feature-sql.js';
import { fitEncoder } from '../../../procedures/fitting/encoder.js';
import { drawSample, endScreening, permutationLinesSql } from '../../../procedures/fitting/screening.js';
import { splitRows } from '../../../procedures/fitting/split.js';
import { encodeValues, trainingRowsSql } from '../../../procedures/fitting/training-file.js';
import { versionOf } from '../../../procedures/versions/version.js';
import { createEncoder } from '../../../procedures/versions/version-functions.js';
import { columnNames, encode, toCsvLine } from '../../../udfs/encoding/encoding.js';
import { longTests } from '../../long.js';
import { hostedCloud } from '../embedded-cloud.js';
import { planned } from '../planned.js';
import { schemaStatements } from '../schema.js';

const { long } = longTests(import.meta.url);

type Rows = Record<string, unknown>[];

/** The pipeline's own SQL and procedures on a real (local) Snowflake, without AWS. */
describe('the pipeline in Snowflake', () => {
  const cloud = hostedCloud();
  let root: OpenContext;
  let ctx: OpenContext;
  let contract: Contract;

  before(async () => {
    root = await cloud.open();
    const { database, schema, warehouse } = root.settings.snowflake;
    for (const sql of [
      `CREATE WAREHOUSE ${warehouse.name}`,
      `CREATE DATABASE ${database}`,
      `CREATE SCHEMA ${database}.${schema}`,
      `USE SCHEMA ${database}.${schema}`,
    ])
      await root.snowflake.execute(sql);
  });
  after(async () => {
    await root.close();
    cloud.remove();
  });

  const use = async (file?: string) => {
    ({ ctx, contract } = forDataset(root, file));
    for (const create of await schemaStatements(ctx))
      await ctx.snowflake.execute(create.replace(/^CREATE (TABLE|STREAM) /, 'CREATE OR REPLACE $1 '));
  };
  const query = (sql: string) => ctx.snowflake.query(sql);
  const divided = async () => drive(ctx, splitRows(await planned(ctx, contract)));
  const recently = async (recentDays: number) => {
    const plan = await planned(ctx, contract);
    return { ...plan, settings: { ...plan.settings, training: { ...plan.settings.training, recentDays } } };
  };
  const csv = (name: string, lines: string[]) => {
    const file = join(cloud.folder, name);
    writeFileSync(file, `${lines.join('\n')}\n`);
    return file;
  };

  describe('on the health dataset', () => {
    before(() => use());

    const header = () => Object.keys(contract.columns).join(',');
    const load = (...lines: string[]) =>
      loadCsv(ctx, contract, csv('health.csv', [header(), ...lines]), contract.table);

    it('takes semicolons, dotted dates and decimal commas for what they are', async () => {
      const names = Object.keys(contract.columns);
      const line = '3;8;c;3;Z;3;"a; b";R;F;2;31397;7;Emergency;Extreme;2;51-60;4911,25;05.11.2022;2022-11-15';
      await loadCsv(ctx, contract, csv('semicolons.csv', [names.join(';'), line]), contract.table);
      const [row] = await query('SELECT * FROM HEALTH_ADMISSIONS WHERE CASE_ID = 3');
      expect(row).to.include({ DEPARTMENT: 'a; b', ADMISSION_DEPOSIT: 4911.25 });
      const [days] = await query(
        'SELECT TO_VARCHAR(ADMISSION_DATE) AS CAME, TO_VARCHAR(DISCHARGE_DATE) AS WENT FROM HEALTH_ADMISSIONS WHERE CASE_ID = 3',
      );
      expect(days).to.deep.equal({ CAME: '2022-11-05', WENT: '2022-11-15' });
      await query('DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = 3');
    });

    it('fills in defaults, derives the features and leaves an open stay open', async () => {
      await load(
        '1,8,c,3,Z,3,radiotherapy,R,F,2,31397,7,Emergency,Extreme,2,51-60,4911,2022-11-05,2022-11-15',
        '2,8,c,3,Z,,surgery,S,F,,31397,,Trauma,Minor,4,,5000.5,2022-12-01,',
      );
      await query('CALL BUILD_FEATURES()');
      const [first, second] = (await query('SELECT * FROM HEALTH_FEATURES ORDER BY CASE_ID')) as [
        Rows[number],
        Rows[number],
      ];
      expect(first).to.include({
        ADMISSION_MONTH: 'Nov',
        ADMISSION_DAY: 'Sat',
        ADMISSION_ILLNESS: 'Emergency-Extreme',
        ILLNESS_BEDGRADE: 'Extreme-2',
        DEPARTMENT_ILLNESS: 'radiotherapy-Extreme',
        LOS: 10,
      });
      expect(second).to.include({
        AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL: 0,
        BED_GRADE: '0',
        AGE: 'None',
        ILLNESS_BEDGRADE: 'Minor-0',
        LOS: null,
      });
      expect(Object.keys((await query('SELECT * FROM LOS_FEATURES'))[0] ?? {})).to.deep.equal([
        'CASE_ID',
        ...Object.keys(contract.features),
        'LOS_DEFAULTED',
      ]);
    });

    it('brings a discharge to the feature row and to the logged prediction, once', async () => {
      await query(`INSERT INTO LOS_PREDICTION_LOG (DATASET, CASE_ID, MODEL_VERSION, RUN_ID, PREDICTED_AT, PREDICTED_LOS)
        SELECT 'health', '2', 'health-v1', 'r', CURRENT_TIMESTAMP(), 12`);
      await query(`UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = '2022-12-08' WHERE CASE_ID = 2`);
      const [call] = await query('CALL BUILD_FEATURES()');
      expect(call?.BUILD_FEATURES).to.include({ inserted: 0, updated: 1, actuals: 1 });
      expect(await query(`SELECT ACTUAL_LOS FROM LOS_PREDICTION_LOG`)).to.deep.equal([{ ACTUAL_LOS: 7 }]);
      expect((await query('CALL BUILD_FEATURES()'))[0]?.BUILD_FEATURES).to.include({ rows: 0, actuals: 0 });
      expect((await query('SELECT COUNT(*) AS N FROM HEALTH_FEATURES'))[0]?.N).to.equal(2);
    });

    it('scores no one while no version is promoted, and lets open stays wait', async () => {
      await query('UPDATE HEALTH_ADMISSIONS SET DISCHARGE_DATE = NULL WHERE CASE_ID = 1');
      await query('CALL BUILD_FEATURES()');
      const [call] = await query('CALL SCORE_ADMISSIONS()');
      expect(call?.SCORE_ADMISSIONS).to.deep.equal({ rows: 0, version: null, run: null });
      expect(await query('SELECT ID FROM HEALTH_SCORING_QUEUE')).to.deep.equal([{ ID: 1 }]);
    });

    it('records a failed run and keeps what it could not take', async () => {
      await query('ALTER TABLE LOS_PREDICTION_LOG RENAME TO LOG_AWAY');
      await load('3,8,c,3,Z,3,surgery,R,F,2,31397,7,Emergency,Extreme,2,51-60,4911,2022-12-02,');
      let message = '';
      await query('CALL BUILD_FEATURES()').catch((error: Error) => {
        message = error.message;
      });
      await query('ALTER TABLE LOG_AWAY RENAME TO LOS_PREDICTION_LOG');
      expect(message).to.contain('LOS_PREDICTION_LOG');
      const failed = await query(`SELECT MESSAGE FROM LOS_RUN_LOG WHERE STATUS = 'FAILED'`);
      expect(failed).to.have.length(1);
      expect((await query('CALL BUILD_FEATURES()'))[0]?.BUILD_FEATURES).to.include({ inserted: 1 });
    });

    it('records a scoring that could not even begin', async () => {
      await query('ALTER TABLE LOS_QUARANTINE RENAME TO QUARANTINE_AWAY');
      let message = '';
      await query('CALL SCORE_ADMISSIONS()').catch((error: Error) => {
        message = error.message;
      });
      await query('ALTER TABLE QUARANTINE_AWAY RENAME TO LOS_QUARANTINE');
      expect(message).to.contain('LOS_QUARANTINE');
      const [failed] = await query(
        `SELECT MESSAGE, FINISHED_AT FROM LOS_RUN_LOG WHERE STATUS = 'FAILED' AND KIND = 'scoring'`,
      );
      expect(failed?.MESSAGE).to.contain('LOS_QUARANTINE');
      expect(failed?.FINISHED_AT).not.to.equal(null);
    });

    it('names column and line of a value that COPY INTO refuses, and loads nothing', async () => {
      const good = '9,8,c,3,Z,3,surgery,R,F,2,31397,7,Emergency,Extreme,2,51-60,4911,2022-12-02,';
      const lines = [...Array.from({ length: 2100 }, () => good), good.replace('4911', 'Miller')];
      let message = '';
      await load(...lines).catch((error: Error) => {
        message = error.message;
      });
      expect(message)
        .to.match(/ADMISSION_DEPOSIT/)
        .and.not.to.match(/Miller/);
      expect((await query('SELECT COUNT(*) AS N FROM HEALTH_ADMISSIONS'))[0]?.N).to.equal(3);
    });
  });

  describe('on a hospital’s history with unfinished stays', () => {
    // What is known on 30 November: later discharges have not happened yet.
    const known = [...generateHealth({ seed: 3, trainingRows: 12_000, simulationRows: 10 })].slice(0, 12_000);
    const trueMean =
      known.reduce((sum, row) => sum + (Date.parse(row.DISCHARGE_DATE) - Date.parse(row.ADMISSION_DATE)), 0) /
      known.length /
      86_400_000;

    before(async () => {
      await use();
      const columns = Object.keys(contract.columns) as (keyof (typeof known)[number])[];
      const line = (row: (typeof known)[number]) =>
        columns
          .map((name) => (name === 'DISCHARGE_DATE' && row[name] > '2022-11-30' ? '' : (row[name] ?? '')))
          .join(',');
      await loadCsv(
        ctx,
        contract,
        csv('history.csv', [columns.join(','), ...known.map(line)]),
        contract.table,
      );
      await query('CALL BUILD_FEATURES()');
    });

    it('trains on the mature cohort, whose mean stay is the true one', async () => {
      const split = await divided();
      expect(split.unfinished).to.be.above(1000);
      expect(split.immature).to.be.above(1000);
      const [naive] = await query('SELECT AVG(LOS) AS MEAN FROM HEALTH_FEATURES WHERE LOS IS NOT NULL');
      const [used] = await query(
        "SELECT SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) AS MEAN FROM HEALTH_TRAINING_SET WHERE ROW_SIDE NOT IN ('late', 'open')",
      );
      expect(Number(naive?.MEAN)).to.be.below(trueMean - 3);
      expect(Number(used?.MEAN)).to.be.closeTo(trueMean, 1.2);
    });

    it('keeps who came late, and who is still in with the days so far, for what is fitted to all', async () => {
      const [row] =
        await query(`SELECT COUNT_IF(s.ROW_SIDE = 'late') AS LATE, COUNT_IF(s.ROW_SIDE = 'open') AS OPEN,
        COUNT_IF(s.ROW_SIDE = 'open' AND f.LOS IS NOT NULL) AS ENDED, COUNT_IF(s.LOS IS NULL OR s.LOS < 0) AS NONE,
        MAX(IFF(s.ROW_SIDE IN ('late', 'open'), s.ROW_WEIGHT, 1)) AS HEAVIEST,
        COUNT_IF(s.ROW_SIDE = 'open' AND DATEADD(day, s.LOS::NUMBER, s.ADMISSION_DATE) <> (SELECT MAX(IFF(LOS IS NULL, ADMISSION_DATE,
          DATEADD(day, LOS::NUMBER, ADMISSION_DATE))) FROM HEALTH_FEATURES)) AS OTHER_DAYS
        FROM HEALTH_TRAINING_SET AS s JOIN HEALTH_FEATURES AS f ON f.CASE_ID = s.CASE_ID`);
      expect(Number(row!.LATE)).to.be.above(100);
      expect(Number(row!.OPEN)).to.be.above(1000);
      expect(row).to.include({ ENDED: 0, NONE: 0, HEAVIEST: 1, OTHER_DAYS: 0 });
    });

    it('leaves out a stay that ends before it begins, and says so', async () => {
      await query('UPDATE HEALTH_FEATURES SET LOS = -2 - LOS WHERE CASE_ID = 1');
      const split = await divided();
      expect(split.negative).to.equal(1);
      expect(split.trainMin).to.be.at.least(0);
      await query('UPDATE HEALTH_FEATURES SET LOS = -2 - LOS WHERE CASE_ID = 1');
      expect((await divided()).negative).to.equal(0);
    });

    it('shares no patient between training and holdout, and holds out later admissions', async () => {
      const [row] = await query(`SELECT
        (SELECT COUNT(*) FROM HEALTH_TRAINING_SET h WHERE ROW_SIDE = 'holdout' AND PATIENTID IN
          (SELECT PATIENTID FROM HEALTH_TRAINING_SET WHERE ROW_SIDE IN ('train', 'validation'))) AS SHARED,
        (SELECT MAX(ADMISSION_DATE) FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train') <
          (SELECT MIN(ADMISSION_DATE) FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'holdout') AS LATER`);
      expect(row).to.deep.equal({ SHARED: 0, LATER: true });
    });

    it('learns from the last days alone where these are asked for, and is judged on the newest', async () => {
      const split = await drive(ctx, splitRows(await recently(42)));
      const [row] = await query(`SELECT DATEDIFF(day, MIN(ADMISSION_DATE), MAX(ADMISSION_DATE)) AS DAYS,
        MAX(IFF(ROW_SIDE IN ('train', 'validation'), ADMISSION_DATE, NULL)) <
          MIN(IFF(ROW_SIDE = 'holdout', ADMISSION_DATE, NULL)) AS LATER FROM HEALTH_TRAINING_SET
        WHERE ROW_SIDE NOT IN ('late', 'open')`);
      expect(row).to.deep.equal({ DAYS: 41, LATER: true });
      expect(split.rule).to.contain('only the last 42 days are used');
      expect(split.train).to.be.above(3 * split.validation);
    });

    it('encodes in Snowflake what the encoder encodes here', async () => {
      const features = await drive(ctx, fitEncoder(await planned(ctx, contract), 30));
      const version = versionOf(contract, ctx.settings, 1);
      const model = { version: 'v', endpoint: 'e', features, floor: 0, bands: [] };
      await drive(ctx, createEncoder(await planned(ctx, contract), version, model));
      const parts = features.map(({ name, kind }) => {
        const value = kind === 'numeric' ? `NULL, ${name}` : `${name}, NULL`;
        return `${version.encoder}('${name}', ${value})`;
      });
      const rows = await query(
        `SELECT ${featureObject(contract)} AS F, ${parts.join(" || ',' || ")} AS LINE FROM HEALTH_FEATURES LIMIT 500`,
      );
      expect(rows).to.have.length(500);
      for (const row of rows)
        expect(row.LINE).to.equal(toCsvLine(encode(row.F as Record<string, unknown>, features)));
    });
  });

  describe('on a history from which unfinished stays were removed', () => {
    const options = { seed: 5, trainingRows: 12_000, simulationRows: 10 } as const;
    const untilDecember = (rows: Iterable<Admission>) =>
      [...rows].filter((row) => row.ADMISSION_DATE < '2022-12-01');
    const days = (row: Admission) =>
      (Date.parse(row.DISCHARGE_DATE) - Date.parse(row.ADMISSION_DATE)) / 86_400_000;
    const mean = (rows: Admission[]) => rows.reduce((sum, row) => sum + days(row), 0) / rows.length;

    before(async () => {
      await use();
      const columns = Object.keys(contract.columns) as (keyof Admission)[];
      const rows = untilDecember(generateHealth({ ...options, cut: 'discharged' }));
      const lines = rows.map((row) => columns.map((name) => row[name] ?? '').join(','));
      await loadCsv(ctx, contract, csv('cut.csv', [columns.join(','), ...lines]), contract.table);
      await query('CALL BUILD_FEATURES()');
    });

    it('weighs long stays so that their mean is that of all admissions', async () => {
      const truth = mean(untilDecember(generateHealth(options)));
      const split = await divided();
      expect(split.rule).to.contain('discharges break off on 2022-12-31');
      expect(split.weighted).to.equal(true);
      const [row] = await query(`SELECT AVG(LOS) AS NAIVE,
        (SELECT SUM(ROW_WEIGHT * LOS) / SUM(ROW_WEIGHT) FROM HEALTH_TRAINING_SET) AS WEIGHTED FROM HEALTH_FEATURES`);
      expect(Number(row?.NAIVE)).to.be.below(truth - 2);
      expect(Number(row?.WEIGHTED)).to.be.closeTo(truth, 0.8);
    });

    long(
      'writes training rows with weights, and with statistics from other rows than themselves',
      async () => {
        const plan = await planned(ctx, contract);
        const split = await divided();
        const features = await drive(ctx, fitEncoder(plan, split.trainMean));
        const version = versionOf(contract, ctx.settings, 2);
        const model = { version: 'v', endpoint: 'e', features, floor: 0, bands: [] };
        await drive(ctx, createEncoder(plan, version, model));
        await drive(ctx, encodeValues(plan, version, features, split));
        const lines = (side: 'train' | 'validation') =>
          query(
            `SELECT t.*, ${objectOf(
              features.map(({ name }) => name),
              (name) => `s.${name}`,
            )} AS F
FROM (${trainingRowsSql(plan, features, side, split)}) AS t JOIN HEALTH_TRAINING_SET AS s ON s.CASE_ID = t.CASE_ID`,
          ) as Promise<
            { LINE: string; F: Record<string, unknown>; LOS: number; WEIGHT: number; CASE_ID: number }[]
          >;
        const columns = columnNames(features);
        const at = columns.indexOf('HOSPITAL_CODE');
        for (const row of (await lines('validation')).slice(0, 300)) {
          const [los, weight, ...numbers] = row.LINE.split(',');
          expect([Number(los), Number(weight)]).to.deep.equal([row.LOS, row.WEIGHT]);
          expect(numbers.join(',')).to.equal(toCsvLine(encode(row.F, features)));
        }
        const all = (await query(
          "SELECT CASE_ID, PATIENTID, HOSPITAL_CODE, LOS, ROW_WEIGHT AS WEIGHT FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'train'",
        )) as { CASE_ID: number; PATIENTID: number; HOSPITAL_CODE: string; LOS: number; WEIGHT: number }[];
        const fold = (patient: number) => createHash('md5').update(`fold ${patient}`).digest('hex')[0];
        const patients = new Map(all.map((row) => [row.CASE_ID, row.PATIENTID]));
        for (const row of (await lines('train')).slice(0, 100)) {
          const own = fold(patients.get(row.CASE_ID) ?? 0);
          const others = all.filter(
            (o) => o.HOSPITAL_CODE === row.F.HOSPITAL_CODE && fold(o.PATIENTID) !== own,
          );
          const weight = others.reduce((sum, o) => sum + o.WEIGHT, 0);
          const sum = others.reduce((total, o) => total + o.WEIGHT * o.LOS, 0);
          expect(Number(row.LINE.split(',')[at + 2])).to.be.closeTo(
            (sum + 20 * split.trainMean) / (weight + 20),
            0.0002,
          );
        }
      },
    );

    it('writes the lines of a sample as they are, and with each feature taken from another row of it', async () => {
      const plan = await planned(ctx, contract);
      const split = await divided();
      const features = await drive(ctx, fitEncoder(plan, split.trainMean));
      const version = versionOf(contract, ctx.settings, 3);
      await drive(
        ctx,
        createEncoder(plan, version, { version: 'v', endpoint: 'e', features, floor: 0, bands: [] }),
      );
      await drive(ctx, encodeValues(plan, version, features, split));
      const rows = 40;
      await drive(ctx, drawSample(plan, features, rows));
      const sample = await query(`SELECT * FROM HEALTH_TRAINING_SET WHERE ROW_SIDE = 'validation'
        ORDER BY MD5('screening ' || TO_VARCHAR(CASE_ID)), CASE_ID LIMIT ${rows}`);
      const lines = await query(`SELECT $1 AS LINE FROM (${permutationLinesSql(plan, features, rows)})`);
      const expected: string[] = [];
      for (let number = 0; number <= features.length; number++)
        for (let position = 0; position < rows; position++) {
          const own = sample[position]!;
          const other = sample[(position + 1 + number * 37) % rows]!;
          const row = features.map(({ name }, i): [string, unknown] => [
            name,
            (i + 1 === number ? other : own)[name],
          ]);
          expected.push(toCsvLine(encode(Object.fromEntries(row), features)));
        }
      expect(lines.map(({ LINE }) => LINE)).to.deep.equal(expected);
      // Otherwise nothing would have been permuted.
      expect(new Set(expected).size).to.be.above(rows * 5);
      await drive(ctx, endScreening(plan));
    });
  });

  describe('on a table without dates, with names of its own', () => {
    before(async () => {
      const file = csv('clinic.yaml', [
        'name: clinic',
        'table: CLINIC_STAYS',
        'id: STAY_NO',
        'los: NIGHTS',
        'afterAdmission: [BILL]',
        'columns: { STAY_NO: VARCHAR, UNIT: VARCHAR, PULSE: FLOAT, BILL: FLOAT, NIGHTS: NUMBER }',
        'features: { UNIT: { type: categorical }, PULSE: { type: numeric } }',
      ]);
      await use(file);
    });

    it('keeps a share back, lets it arrive in batches and discharges each batch with the next', async () => {
      const lines = Array.from(
        { length: 3000 },
        (_, i) => `${i % 4},unit ${i % 7},${60 + (i % 40)},s${i},${i}.5`,
      );
      const file = csv('clinic.csv', ['nights,UNIT,pulse,stay_no,bill', ...lines]);
      expect(await stageArrivals(ctx, contract, file)).to.equal(3000);
      expect(3000 - (await admitHistory(ctx, contract))).to.be.within(500, 700);
      const steps = await pendingSteps(ctx, contract);
      expect(steps.map((step) => step.label)).to.deep.equal(
        Array.from({ length: 10 }, (_, i) => `batch ${i + 1}`),
      );
      expect(await admit(ctx, contract, 0)).to.equal(steps[0]?.rows);
      const open = 'SELECT COUNT(*) AS N, COUNT(BILL) AS BILLS FROM CLINIC_STAYS WHERE NIGHTS IS NULL';
      expect((await query(open))[0]).to.deep.equal({ N: steps[0]?.rows, BILLS: 0 });
      expect(await dischargeBefore(ctx, contract, 1)).to.equal(steps[0]?.rows);
      expect((await query(open))[0]?.N).to.equal(0);
      expect(await pendingSteps(ctx, contract)).to.have.length(9);
    });

    it('splits at random, the same way every time', async () => {
      await query('CALL BUILD_FEATURES()');
      const split = await divided();
      expect(split.rule).to.contain('no dates');
      expect(split.holdout / (split.holdout + split.validation + split.train)).to.be.closeTo(0.2, 0.03);
      expect(await divided()).to.deep.equal(split);
    });

    it('refuses the last days alone, of which it knows nothing', async () => {
      await drive(ctx, splitRows(await recently(42))).then(
        () => expect.fail('it took them'),
        (error: Error) =>
          expect(error.message).to.equal(
            'recentDays is 42, but clinic has no dates of admission and discharge.',
          ),
      );
    });
  });
});
