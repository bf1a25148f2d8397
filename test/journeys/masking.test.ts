import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Snowflake } from '../../deploy/clients/snowflake.js';
import { UserError } from '../../deploy/errors.js';
import type { OpenContext } from '../../deploy/open.js';
import { apply } from '../../deploy/operate/apply.js';
import { destroy } from '../../deploy/operate/destroy.js';
import { plan } from '../../deploy/operate/plan.js';
import { report } from '../../deploy/operate/report.js';
import { projectRoot } from '../../deploy/project.js';
import { buildStack } from '../../deploy/stack/index.js';
import { examine } from '../../doctor/examine.js';
import type { MaskingDefinition } from '../../procedures/records/masking.js';
import { Journey } from '../deploy/journey.js';
import { tablesOfPage } from '../report/pages/tables.js';
import { openRoleSessions, type Role, type RoleSessions } from '../security/role-sessions.js';

/** More than the settings leave to the endpoint. */
const MANY = 60;
const ID = 'snowflake.masking:LOS_PATIENT_DATA';

describe('masking', () => {
  let sessions: RoleSessions;
  let folder: string;
  /** What runs los: a user with LOS_DEPLOY alone. */
  let ctx: OpenContext;

  const as = (role: Role) => sessions.as[role];
  const rows = (session: Snowflake, sql: string) => session.query<Record<string, unknown>>(sql);
  const changes = async (of = ctx) =>
    (await plan(of)).changes.map(({ action, id, reason }) => `${action} ${id}: ${reason}`);
  const diagnosis = async () => (await examine(ctx, sessions.contract)).first;
  const masked = async () => {
    const { resources } = await buildStack(ctx);
    return (resources.find(({ kind }) => kind === 'snowflake.masking')!.definition as MaskingDefinition)
      .objects;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'los-masking-'));
    const dataset = join(folder, 'contract.yaml');
    const contract = readFileSync(join(projectRoot, 'sql/datasets/health.yaml'), 'utf8');
    writeFileSync(
      dataset,
      contract
        .replace('  AGE: VARCHAR\n', '  AGE: { type: VARCHAR, sensitive: true }\n')
        .replace(
          '  SEVERITY_OF_ILLNESS: VARCHAR\n',
          '  SEVERITY_OF_ILLNESS: { type: VARCHAR, sensitive: true }\n',
        ),
    );
    sessions = await openRoleSessions(
      `snowflake: { masking: true }\ntasks: { resumed: false }\ndataset: ${dataset}`,
    );
    ctx = { ...sessions.admin, snowflake: as('LOS_DEPLOY') };
  });
  after(async () => {
    await sessions?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is made by apply, and found as declared by those who plan', async () => {
    expect(await changes()).to.deep.equal([]);
    await sessions.admin.snowflake.execute('GRANT ROLE LOS_PLAN TO USER ADMIN');
    await sessions.admin.snowflake.execute('USE ROLE LOS_PLAN');
    expect(await changes(sessions.admin)).to.deep.equal([]);
    await sessions.admin.snowflake.execute('USE ROLE ACCOUNTADMIN');
  });

  it('marks what names a patient, what the contract calls sensitive, and what follows from it', async () => {
    const columns = Object.fromEntries((await masked()).map(({ name, columns }) => [name, columns]));
    expect(columns.HEALTH_ADMISSIONS).to.deep.equal({
      CASE_ID: 'identifier',
      PATIENTID: 'identifier',
      SEVERITY_OF_ILLNESS: 'sensitive',
      AGE: 'sensitive',
    });
    expect(columns.HEALTH_FEATURES).to.include({ ADMISSION_ILLNESS: 'sensitive', FIRST_INPUTS: 'sensitive' });
    expect(columns.HEALTH_FEATURES).not.to.have.property('DEPARTMENT');
  });

  it('shows values to LOS_PATIENTS, and NULL to administrators and to an analyst with a grant of their own', async () => {
    const { snowflake } = sessions.admin;
    let seen = 0;
    for (const { type, name, columns } of await masked()) {
      await snowflake.execute(`GRANT SELECT ON ${type} PREDICT_LOS.LOS.${name} TO ROLE LOS_READ`);
      const sql = `SELECT ${Object.keys(columns).join(', ')} FROM PREDICT_LOS.LOS.${name} LIMIT 20`;
      const shown = valuesOf(await rows(as('LOS_DEPLOY'), sql));
      expect(valuesOf(await rows(as('LOS_PATIENTS'), sql)).length, name).to.equal(shown.length);
      seen += shown.length;
      const hidden = await Promise.all(
        ['SYSADMIN', 'ACCOUNTADMIN'].map(async (role) => {
          await snowflake.execute(`USE ROLE ${role}`);
          return await rows(snowflake, sql);
        }),
      );
      hidden.push(await rows(as('LOS_READ'), sql));
      for (const found of hidden) expect(valuesOf(found), name).to.deep.equal([]);
      await snowflake.execute(`REVOKE SELECT ON ${type} PREDICT_LOS.LOS.${name} FROM ROLE LOS_READ`);
    }
    await snowflake.execute('USE ROLE ACCOUNTADMIN');
    const working = await rows(
      snowflake,
      'SELECT CASE_ID, PATIENTID, AGE, ILLNESS_BEDGRADE FROM PREDICT_LOS.LOS.HEALTH_TRAINING_SET LIMIT 20',
    );
    expect(working.length).to.equal(20);
    expect(valuesOf(working)).to.deep.equal([]);
    // Finding Low of turn 4: which rows are a demo's.
    const recorded = await rows(snowflake, 'SELECT CASE_ID FROM PREDICT_LOS.LOS.HEALTH_DEMO LIMIT 20');
    expect(recorded.length).to.equal(20);
    expect(valuesOf(recorded)).to.deep.equal([]);
    expect(seen).to.be.greaterThan(100);
  });

  it('leaves figures, predictions, beds and lists of patients as they are', async () => {
    const [log] = await rows(
      as('LOS_PATIENTS'),
      'SELECT COUNT(*) AS N, COUNT(DISTINCT CASE_ID) AS CASES, COUNT(PREDICTED_LOS) AS PREDICTED FROM LOS_PREDICTION_LOG',
    );
    expect(log).to.deep.equal({ N: 50, CASES: 50, PREDICTED: 50 });
    await as('LOS_PATIENTS').query('CALL FORECAST_BEDS()');
    const [beds] = await rows(as('LOS_READ'), 'SELECT COUNT(*) AS N FROM LOS_BEDS');
    expect(Number(beds!.N)).to.be.greaterThan(10);
    const [models] = await rows(as('LOS_READ'), 'SELECT COUNT(*) AS N FROM LOS_VERSION_FIGURES');
    expect(Number(models!.N)).to.be.greaterThan(0);
    const page = await report({ ...ctx, snowflake: as('LOS_PATIENTS') }, sessions.contract, {
      patients: true,
    });
    const listed = tablesOfPage(page)
      .get('Most likely to leave')!
      .rows.map(([id]) => id!.replaceAll(',', ''));
    expect(listed.length).to.be.within(10, 20);
    for (const id of listed) expect(Number(id), id).to.be.greaterThan(0);
  });

  it('has a batch transform asked about true values, and scored by operators', async () => {
    await new Journey(ctx).admit(MANY, 2_000_000);
    await as('LOS_RUN').query('CALL BUILD_FEATURES()');
    await as('LOS_RUN').query('CALL SCORE_ADMISSIONS()');
    const [log] = await rows(
      as('LOS_PATIENTS'),
      'SELECT COUNT(DISTINCT CASE_ID) AS CASES, COUNT(PREDICTED_LOS) AS PREDICTED FROM LOS_PREDICTION_LOG WHERE CASE_ID::NUMBER > 2000000',
    );
    expect(log).to.deep.equal({ CASES: MANY, PREDICTED: MANY });
  });

  it('erases a patient, whose id the procedure sees', async () => {
    const [one] = await rows(as('LOS_PATIENTS'), 'SELECT MAX(PATIENTID) AS ID FROM HEALTH_ADMISSIONS');
    await as('LOS_OPERATE').query(`CALL FORGET_PATIENT('${one!.ID}')`);
    const [left] = await rows(
      as('LOS_PATIENTS'),
      `SELECT COUNT(*) AS N FROM HEALTH_ADMISSIONS WHERE PATIENTID = ${one!.ID}`,
    );
    expect(Number(left!.N)).to.equal(0);
  });

  for (const [what, sql, drift] of [
    [
      'a tag taken off a column',
      'ALTER TABLE LOS_QUARANTINE MODIFY COLUMN CASE_ID UNSET TAG LOS_PATIENT_DATA',
      'LOS_QUARANTINE.CASE_ID is not masked',
    ],
    [
      'a column that was tagged',
      "ALTER TABLE LOS_QUARANTINE MODIFY COLUMN REASON SET TAG LOS_PATIENT_DATA = 'sensitive'",
      'LOS_QUARANTINE.REASON is masked',
    ],
    [
      'a policy that shows more',
      'ALTER MASKING POLICY LOS_MASK_NUMBER SET BODY -> VAL',
      'LOS_MASK_NUMBER is not as declared',
    ],
    [
      'a policy taken off the tag',
      'ALTER TAG LOS_PATIENT_DATA UNSET MASKING POLICY LOS_MASK_OBJECT',
      'FEATURES is not masked',
    ],
  ] as const)
    it(`names and mends ${what}`, async () => {
      await ctx.snowflake.execute(sql);
      const [change, ...others] = await changes();
      expect(others).to.deep.equal([]);
      expect(change).to.include(`update ${ID}`).and.to.include(drift);
      const first = await diagnosis();
      expect(first?.check).to.equal('masking');
      expect(first?.what).to.include(drift);
      expect(first?.fix).to.equal('los apply');
      await apply(ctx);
      expect(await changes()).to.deep.equal([]);
    });

  it('masks a view again that is replaced', async () => {
    await ctx.snowflake.execute(
      'CREATE OR REPLACE VIEW LOS_PREDICTIONS COPY GRANTS AS SELECT * FROM LOS_PREDICTION_LOG',
    );
    expect((await changes()).join()).to.include('LOS_PREDICTIONS');
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
    const found = await rows(
      sessions.admin.snowflake,
      'SELECT CASE_ID, FEATURES FROM PREDICT_LOS.LOS.LOS_PREDICTIONS',
    );
    expect(found.length).to.be.greaterThan(50);
    expect(valuesOf(found)).to.deep.equal([]);
  });

  it('says which right is missing, and who has to run apply', async () => {
    const right = 'APPLY MASKING POLICY ON ACCOUNT';
    await ctx.snowflake.execute('ALTER MASKING POLICY LOS_MASK_NUMBER SET BODY -> VAL');
    await sessions.admin.snowflake.execute(`REVOKE ${right} FROM ROLE LOS_DEPLOY`);
    const first = await diagnosis();
    expect(first?.check).to.equal('masking');
    const refused = await apply(ctx).catch((error: UserError) => error);
    expect(refused).to.be.instanceOf(UserError);
    expect((refused as UserError).message).to.include(right);
    expect((refused as UserError).next).to.include(`GRANT ${right} TO ROLE LOS_DEPLOY`);
    await sessions.admin.snowflake.execute(`GRANT ${right} TO ROLE LOS_DEPLOY`);
    await apply(ctx);
    expect(await changes()).to.deep.equal([]);
    await sessions.admin.snowflake.execute(`REVOKE ${right} FROM ROLE LOS_DEPLOY`);
    const lacks = await diagnosis();
    expect(lacks?.what).to.include('APPLY MASKING POLICY');
    await sessions.admin.snowflake.execute(/GRANT .*;/.exec(lacks!.fix!)![0].replace(';', ''));
    expect(await diagnosis()).to.equal(undefined);
  });

  it('leaves nothing behind when it is given up', async () => {
    const off = {
      ...ctx,
      settings: { ...ctx.settings, snowflake: { ...ctx.settings.snowflake, masking: false } },
    };
    // Trainings no longer mark the tables that they make.
    const others = (await changes(off)).filter((change) => !change.startsWith('update snowflake.procedure:'));
    expect(others).to.deep.equal([`remove ${ID}: no longer declared`]);
    await apply(off);
    expect(await changes(off)).to.deep.equal([]);
    expect(await governance()).to.deep.equal([]);
    const [row] = await rows(
      sessions.admin.snowflake,
      'SELECT CASE_ID FROM PREDICT_LOS.LOS.LOS_PREDICTION_LOG LIMIT 1',
    );
    expect(row!.CASE_ID).to.be.a('string');
    const admin = await plan(sessions.admin).catch((error: UserError) => error);
    expect((admin as UserError).next).to.include('SNOWFLAKE_ROLE=LOS_DEPLOY');
    await apply(ctx);
    expect((await governance()).length).to.equal(12);
  });

  it('goes with the deployment', async () => {
    await destroy(ctx, { yes: true, purgeData: false });
    expect(await governance()).to.deep.equal([]);
  });

  /** Tags and masking policies that are left. */
  async function governance() {
    const { snowflake } = sessions.admin;
    const place = 'IN ACCOUNT';
    return [
      ...(await snowflake.query(`SHOW TAGS ${place}`)),
      ...(await snowflake.query(`SHOW MASKING POLICIES ${place}`)),
    ].map(({ name }) => name);
  }
});

const valuesOf = (found: readonly Record<string, unknown>[]) =>
  found.flatMap((row) => Object.values(row)).filter((value) => value !== null);
