import { expect } from 'chai';
import { openRoleSessions, type Role, type RoleSessions, refusalOf } from './role-sessions.js';

/** The roles that the review had, each with a user of nothing else. */
const TRIED: readonly Role[] = ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE'];

/** The eighteen attacks on roles, tried with each of four: 72. `through`: the roles that it is for. */
const ATTACKS: readonly {
  readonly what: string;
  readonly sql: string;
  readonly through?: readonly Role[];
}[] = [
  { what: 'the role that deploys', sql: 'USE ROLE LOS_DEPLOY' },
  { what: 'the administrator’s role', sql: 'USE ROLE ACCOUNTADMIN' },
  {
    what: 'SageMaker',
    sql: "SELECT LOS_SAGEMAKER('StopTrainingJob', OBJECT_CONSTRUCT('TrainingJobName', 'los-x'))",
  },
  { what: 'a part of a training', sql: "CALL LOS_PREPARE_TRAINING('run', 'lease')" },
  { what: 'the part that registers', sql: "CALL LOS_REGISTER_VERSION('run', 'lease')" },
  { what: 'a table', sql: 'CREATE TABLE PREDICT_LOS.LOS.OWN (X NUMBER)' },
  { what: 'a function of one’s own', sql: "CREATE FUNCTION PREDICT_LOS.LOS.OWN() RETURNS NUMBER AS '1'" },
  {
    what: 'a procedure of one’s own',
    sql: 'CREATE PROCEDURE PREDICT_LOS.LOS.OWN() RETURNS FLOAT LANGUAGE JAVASCRIPT AS $$ return 1; $$',
  },
  { what: 'what is on the stage', sql: 'LIST @LOS_EXCHANGE/training-files' },
  { what: 'a file onto the stage', sql: 'COPY INTO @LOS_EXCHANGE/models/x FROM (SELECT 1 AS X)' },
  { what: 'what a task does', sql: 'ALTER TASK LOS_SCORE MODIFY AS SELECT 1' },
  { what: 'the watch suspended', sql: 'ALTER TASK LOS_WATCH SUSPEND', through: ['LOS_OPERATE'] },
  {
    what: 'the version that answers',
    sql: 'ALTER FUNCTION LOS_INVOKE_ENDPOINT(OBJECT) SET REQUEST_TRANSLATOR = LOS_NO_MODEL',
  },
  { what: 'the warehouse', sql: 'ALTER WAREHOUSE LOS_WH SET WAREHOUSE_SIZE = LARGE' },
  {
    what: 'an external function to elsewhere',
    sql: "CREATE EXTERNAL FUNCTION PREDICT_LOS.LOS.OWN(X NUMBER) RETURNS VARIANT API_INTEGRATION = LOS_API AS 'https://example.org/x'",
  },
  { what: 'the list of patients', sql: 'SELECT * FROM LOS_EXPECTED_DISCHARGES', through: ['LOS_PATIENTS'] },
  {
    what: 'the log joined to the hospital’s rows',
    sql: 'SELECT p.CASE_ID, a.PATIENTID, a.WARD_TYPE, PREDICT_LOS_REMAINING(p.CURVE, 2) FROM LOS_PREDICTIONS AS p JOIN HEALTH_ADMISSIONS AS a ON TO_VARCHAR(a.CASE_ID) = p.CASE_ID',
    through: ['LOS_PATIENTS'],
  },
];

describe('attacks of roles', () => {
  let sessions: RoleSessions;
  before(async () => {
    sessions = await openRoleSessions();
  });
  after(() => sessions?.close());
  const owner = async <T>(sql: string) =>
    (await sessions.as.LOS_DEPLOY.query(sql)) as unknown as readonly T[];

  for (const { what, sql, through = [] } of ATTACKS)
    it(`findings 3 and 4: reach ${what} by ${through.join(', ') || 'none'}`, async () => {
      for (const role of TRIED) {
        const refusal = await refusalOf(sessions.as[role], sql);
        expect(refusal === undefined, `${role}: ${refusal}`).to.equal(through.includes(role));
        if (sql.endsWith('SUSPEND')) await owner('ALTER TASK LOS_WATCH RESUME');
      }
    });

  it('finding 3: no row or id of a patient is in anything that LOS_READ, LOS_RUN or LOS_OPERATE may read', async () => {
    const ids = new Set(
      (
        await owner<{ ID: string }>(
          'SELECT TO_VARCHAR(CASE_ID) AS ID FROM HEALTH_ADMISSIONS WHERE CASE_ID >= 1000000',
        )
      ).map(({ ID }) => ID),
    );
    expect(ids.size).to.be.at.least(50);
    for (const role of ['LOS_READ', 'LOS_RUN', 'LOS_OPERATE'] as const) {
      const session = sessions.as[role];
      const names = [
        ...(await session.query('SHOW TABLES IN SCHEMA PREDICT_LOS.LOS')),
        ...(await session.query('SHOW VIEWS IN SCHEMA PREDICT_LOS.LOS')),
      ].map(({ name }) => String(name));
      let read = 0;
      for (const name of names) {
        if ((await refusalOf(session, `SELECT * FROM ${name} LIMIT 1`)) !== undefined) continue;
        const rows = await session.query(`SELECT TO_JSON(OBJECT_CONSTRUCT(*)) AS ROW_TEXT FROM ${name}`);
        read++;
        const found = rows
          .flatMap(({ ROW_TEXT }) => String(ROW_TEXT).match(/\d{7,}/g) ?? [])
          .filter((number) => ids.has(number));
        expect(found, `${role} in ${name}`).to.deep.equal([]);
      }
      expect(read, role).to.be.at.least(12);
    }
  });

  it('finding 3: nothing of patients is unloaded or cloned by a role that reads figures', async () => {
    for (const role of ['LOS_READ', 'LOS_RUN', 'LOS_OPERATE'] as const)
      for (const sql of [
        'COPY INTO @~/x FROM HEALTH_ADMISSIONS',
        'COPY INTO @~/x FROM (SELECT FEATURES FROM LOS_PREDICTION_LOG)',
        'CREATE TEMPORARY TABLE PREDICT_LOS.LOS.COPIED CLONE HEALTH_FEATURES',
        'CREATE TEMPORARY TABLE PREDICT_LOS.LOS.COPIED AS SELECT * FROM HEALTH_FEATURES',
        'SELECT * FROM HEALTH_ADMISSIONS_CHANGES',
        'SELECT COUNT(*) FROM HEALTH_FEATURES',
      ])
        expect(await refusalOf(sessions.as[role], sql), `${role}: ${sql}`).to.be.a('string');
  });

  it('finding 4: LOS_RUN leaves the log, the audit trail, events and the hospital’s table as they are', async () => {
    const counts = () =>
      owner(
        "SELECT (SELECT COUNT(*) FROM LOS_PREDICTION_LOG) AS LOGGED, (SELECT COUNT_IF(PREDICTED_LOS = 1) FROM LOS_PREDICTION_LOG) AS WRONG, (SELECT COUNT(*) FROM HEALTH_ADMISSIONS) AS ADMISSIONS, (SELECT COUNT_IF(KIND = 'erasure') FROM LOS_RUN_LOG) AS ERASED, (SELECT COUNT_IF(STATUS = 'FAILED') FROM LOS_RUN_LOG) AS FAILED",
      );
    await owner(
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT UUID_STRING(), $1, 'health', $2, CURRENT_TIMESTAMP() FROM VALUES ('erasure', 'SUCCEEDED'), ('scoring', 'FAILED')",
    );
    const before = await counts();
    for (const role of ['LOS_RUN', 'LOS_OPERATE'] as const)
      for (const sql of [
        "UPDATE LOS_PREDICTION_LOG SET PREDICTED_LOS = 1, MODEL_VERSION = 'health-v9'",
        "UPDATE LOS_RUN_LOG SET STATUS = 'SUCCEEDED' WHERE STATUS = 'FAILED'",
        "DELETE FROM LOS_RUN_LOG WHERE KIND = 'erasure'",
        "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'x', 'promotion', 'health', 'SUCCEEDED', CURRENT_TIMESTAMP()",
        'DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID < 5',
        'INSERT INTO HEALTH_ADMISSIONS SELECT * FROM HEALTH_ADMISSIONS LIMIT 1',
        'UPDATE LOS_EVENTS SET SENT_AT = CURRENT_TIMESTAMP()',
        'DELETE FROM LOS_ALARMS',
        'MERGE INTO HEALTH_FEATURES AS f USING (SELECT 1 AS X) AS s ON TRUE WHEN MATCHED THEN DELETE',
        'TRUNCATE TABLE LOS_HELD_CHANGES',
      ])
        expect(await refusalOf(sessions.as[role], sql), `${role}: ${sql}`).to.be.a('string');
    expect(await counts()).to.deep.equal(before);
  });

  it('finding 4: LOS_RUN has no model trained or promoted, and no admission erased', async () => {
    for (const sql of [
      'EXECUTE TASK LOS_WATCH',
      'EXECUTE TASK LOS_TRAIN',
      'ALTER TASK LOS_MONITOR_HOURLY SUSPEND',
      'ALTER TASK LOS_WATCH SUSPEND',
      'CALL WATCH_PREDICTIONS()',
      'CALL STEP_TRAINING()',
      "CALL FORGET_ADMISSION('1000001')",
    ])
      expect(await refusalOf(sessions.as.LOS_RUN, sql), sql).to.be.a('string');
  });

  it('finding 9 of turn 4: LOS_RUN has no admissions scored again, and no evening of years ago forecast', async () => {
    const waiting = () => owner('SELECT COUNT(*) AS N FROM HEALTH_SCORING_QUEUE');
    const before = await waiting();
    expect(await refusalOf(sessions.as.LOS_RUN, "CALL RESCORE_ADMISSIONS({'since': '2020-01-01'})")).to.be.a(
      'string',
    );
    expect(await waiting()).to.deep.equal(before);
    for (const role of ['LOS_RUN', 'LOS_PATIENTS'] as const) {
      const error = await sessions.as[role].query("CALL FORECAST_BEDS({'as_of': '2020-01-01'})").then(
        () => undefined,
        ({ message }: Error) => message,
      );
      expect(error, role).to.contain('The day 2020-01-01 is more than 366 days before the last admission');
    }
    expect(
      await owner("SELECT COUNT(*) AS N FROM LOS_BED_FORECASTS WHERE MADE_ON < '2021-01-01'"),
    ).to.deep.equal([{ N: 0 }]);
  });

  it('finding 15: a promotion without a version is no line of LOS_TIMELINE', async () => {
    await owner(
      "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT, FINISHED_AT) SELECT UUID_STRING(), $1, 'health', 'SUCCEEDED', CURRENT_TIMESTAMP(), CURRENT_TIMESTAMP() FROM VALUES ('promotion'), ('rollback')",
    );
    expect(await owner('SELECT * FROM LOS_TIMELINE WHERE SUBJECT IS NULL')).to.deep.equal([]);
  });
});
