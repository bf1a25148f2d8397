import { expect } from 'chai';
import { callProcedure, ProcedureRefusal } from '../../../deploy/clients/call.js';
import type { OpenContext } from '../../../deploy/open.js';
import type { Contract } from '../../../procedures/dataset/contract.js';
import type { ExternalValidation } from '../../../procedures/external-validation/external-validation.js';
import { validationLines } from '../../../report/model/validation.js';
import { embeddedCloud } from '../../deploy/embedded-cloud.js';
import { versionNames } from '../../deploy/version-names.js';

/** Another hospital's table: other names, another code of ages, no beds graded and no deposits. */
const OTHER = `CREATE OR REPLACE TABLE VISITS AS
SELECT CASE_ID + 500000 AS VISIT, PATIENTID AS PERSON, ADMISSION_DATE AS "came in", DISCHARGE_DATE AS GONE,
  IFF(AGE = '51-60', 'fifties', AGE) AS AGE, DEPARTMENT AS UNIT, TYPE_OF_ADMISSION AS URGENCY,
  SEVERITY_OF_ILLNESS, VISITORS_WITH_PATIENT, MOD(CASE_ID, 400) AS CUBICLE
FROM HEALTH_ADMISSIONS WHERE DISCHARGE_DATE IS NOT NULL AND MOD(CASE_ID, 3) = 0`;

const other: Contract = {
  name: 'other',
  table: 'VISITS',
  id: 'VISIT',
  patient: 'PERSON',
  admission: 'CAME',
  discharge: 'GONE',
  afterAdmission: [],
  columns: {
    VISIT: 'NUMBER',
    PERSON: 'NUMBER',
    CAME: 'DATE',
    GONE: 'DATE',
    AGE: 'VARCHAR',
    UNIT: 'VARCHAR',
    URGENCY: 'VARCHAR',
    SEVERITY_OF_ILLNESS: 'VARCHAR',
    VISITORS_WITH_PATIENT: 'NUMBER',
    BED_GRADE: 'NUMBER',
    CUBICLE: 'NUMBER',
  },
  sources: { CAME: 'came in' },
  features: {
    AGE: { type: 'categorical' },
    DEPARTMENT: { type: 'categorical', sql: 'UNIT' },
    TYPE_OF_ADMISSION: { type: 'categorical', sql: 'URGENCY' },
    SEVERITY_OF_ILLNESS: { type: 'categorical' },
    VISITORS_WITH_PATIENT: { type: 'numeric' },
    BED_GRADE: { type: 'categorical' },
  },
  groups: [['SEVERITY_OF_ILLNESS'], ['CUBICLE']],
  holdBack: 0,
};

describe('a version on another hospital’s table', () => {
  let cloud: Awaited<ReturnType<typeof embeddedCloud>>;
  let ctx: OpenContext;
  let tried: ExternalValidation;

  const tryIt = (contract: Contract, version: string | null = null) =>
    callProcedure<ExternalValidation>(ctx, 'EVALUATE_MODEL', [version, { object: contract }]);
  const refused = (contract: Contract, version?: string) =>
    tryIt(contract, version).then(
      () => expect.fail('it should have been refused'),
      (error: unknown) => {
        if (!(error instanceof ProcedureRefusal)) throw error;
        return error.message;
      },
    );

  before(async () => {
    cloud = await embeddedCloud('mail: { to: [] }', {}, 'trained');
    ctx = await cloud.open();
    await ctx.snowflake.execute(OTHER);
    tried = await tryIt(other);
  });
  after(async () => {
    await ctx?.close();
    await cloud?.cloud.close();
    cloud?.remove();
  });

  it('is measured as its own function predicts its stays', async () => {
    const rows = await ctx.snowflake.query<{ LOS: number; D: { days: number; low: number; high: number } }>(
      `SELECT DATEDIFF(day, "came in", GONE)::FLOAT AS LOS, ${(await versionNames(ctx)).predict}(OBJECT_CONSTRUCT('AGE', AGE, 'DEPARTMENT', UNIT,
  'TYPE_OF_ADMISSION', URGENCY, 'SEVERITY_OF_ILLNESS', SEVERITY_OF_ILLNESS, 'VISITORS_WITH_PATIENT', VISITORS_WITH_PATIENT)) AS D
FROM VISITS`,
    );
    const mean = (of: (row: (typeof rows)[0]) => number) =>
      rows.reduce((all, row) => all + of(row), 0) / rows.length;
    const own = tried.measures.find((m) => m.predictor === 'model' && m.groupedBy === 'all')!;
    expect(tried).to.deep.include({ version: 'health-v1', dataset: 'other', before: null });
    expect(own.rows).to.equal(rows.length);
    expect(own.rmse).to.be.closeTo(Math.sqrt(mean(({ LOS, D }) => (D.days - LOS) ** 2)), 1e-6);
    expect(own.mae).to.be.closeTo(
      mean(({ LOS, D }) => Math.abs(D.days - LOS)),
      1e-6,
    );
    expect(own.coverage).to.be.closeTo(
      mean(({ LOS, D }) => (LOS >= D.low && LOS <= D.high ? 1 : 0)),
      1e-9,
    );
    const average = mean(({ LOS }) => LOS);
    const constant = tried.measures.find((m) => m.predictor === 'mean' && m.groupedBy === 'all')!;
    expect(constant.rmse).to.be.closeTo(Math.sqrt(mean(({ LOS }) => (average - LOS) ** 2)), 1e-6);
    expect(own.crps).to.be.above(0);
    expect(own.pit).to.have.length(10);
  });

  it('names what the table does not have, and what is new to the version', async () => {
    expect(tried.missing.columns).to.deep.equal(['BED_GRADE']);
    expect(tried.missing.features).to.include.members(['BED_GRADE', 'HOSPITAL_CODE', 'ILLNESS_BEDGRADE']);
    expect(tried.missing.features).not.to.include.members(['AGE']);
    // Not only the level that was made up: also those that fewer than ten patients had.
    const [counted] = await ctx.snowflake.query<{ SHARE: number }>(
      `SELECT COUNT_IF(NOT ARRAY_CONTAINS(AGE::VARIANT, m.LEVELS)) / COUNT(*) AS SHARE FROM VISITS, (
  SELECT GET(f.VALUE, 'levels')::ARRAY AS LEVELS FROM LOS_MODEL_REGISTRY AS r, LATERAL FLATTEN(r.MODEL:features) AS f WHERE f.VALUE:name = 'AGE') AS m`,
    );
    expect(tried.unseen.map(({ feature }) => feature)).to.deep.equal(['AGE']);
    expect(tried.unseen[0]!.share).to.be.closeTo(Number(counted!.SHARE), 1e-5);
    const lines = validationLines(tried).join('\n');
    expect(lines).to.contain('Columns that the table lacks: BED_GRADE.');
    expect(lines).to.match(/Inputs of health-v1 that it cannot check: HOSPITAL_CODE, /);
    expect(lines).to.match(/new to \S+ or was rare in its training: AGE [\d.]+ %/);
  });

  it('tells nothing of fewer than ten patients, and keeps nothing', async () => {
    // Some five stays in a cubicle.
    expect(
      tried.measures.filter(({ groupedBy }) => groupedBy === 'CUBICLE').map(({ level }) => level),
    ).to.deep.equal(['(small groups, together)', '(small groups, together)']);
    expect(tried.measures.filter(({ groupedBy }) => groupedBy === 'SEVERITY_OF_ILLNESS').length).to.equal(6);
    await ctx.snowflake.execute(
      'CREATE OR REPLACE TABLE FEW AS SELECT * FROM VISITS QUALIFY DENSE_RANK() OVER (ORDER BY PERSON) < 10',
    );
    expect(await refused({ ...other, table: 'FEW' })).to.match(/FEW has ended stays of \d patients/);
    const left = await ctx.snowflake.query(`SHOW TABLES LIKE 'LOS_EXTERNAL_VALIDATION%'`);
    expect(left).to.deep.equal([]);
    const [kept] = await ctx.snowflake.query<{ N: number }>(
      `SELECT COUNT(*) AS N FROM LOS_EVALUATION_METRICS WHERE GROUPED_BY = 'CUBICLE'`,
    );
    expect(Number(kept!.N)).to.equal(0);
  });

  it('leaves out late admissions of which only the short stays have ended', async () => {
    await ctx.snowflake.execute(`CREATE OR REPLACE TABLE OPEN_VISITS AS SELECT * REPLACE (
  IFF(GONE > DATEADD(day, 30, (SELECT MAX("came in") FROM VISITS)) OR "came in" > DATEADD(day, -20, (SELECT MAX("came in") FROM VISITS)), NULL, GONE) AS GONE) FROM VISITS`);
    const open = await tryIt({ ...other, table: 'OPEN_VISITS' });
    expect(open.before).to.match(/^\d{4}-\d\d-\d\d$/);
    const [counted] = await ctx.snowflake.query<{ N: number }>(
      `SELECT COUNT(*) AS N FROM OPEN_VISITS WHERE GONE IS NOT NULL AND "came in" < '${open.before}'`,
    );
    expect(open.measures.find((m) => m.groupedBy === 'all')!.rows).to.equal(Number(counted!.N));
  });

  it('is refused where nothing can be said', async () => {
    expect(await refused({ ...other, table: 'NOWHERE' })).to.match(/no table NOWHERE/);
    expect(
      await refused({ ...other, id: 'CASE_NO', columns: { ...other.columns, CASE_NO: 'NUMBER' } }),
    ).to.match(/VISITS lacks CASE_NO/);
    const nothing = { ...other, features: { CUBICLE: { type: 'numeric' as const } }, groups: [] };
    expect(await refused(nothing)).to.match(/says nothing of any input of health-v1/);
    expect(await refused(other, 'health-v9')).to.match(/no version health-v9/);
  });

  it('is called by the owner alone', async () => {
    const grants = await ctx.snowflake.query<{ privilege: string }>(
      'SHOW GRANTS ON PROCEDURE EVALUATE_MODEL(VARCHAR, OBJECT)',
    );
    expect(grants.map(({ privilege }) => privilege)).to.deep.equal(['OWNERSHIP']);
  });
});
