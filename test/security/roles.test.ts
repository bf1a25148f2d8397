import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { explainRight } from '../../deploy/clients/missing-right.js';
import type { UserError } from '../../deploy/errors.js';
import { apply } from '../../deploy/operate/apply.js';
import { status } from '../../deploy/operate/status.js';
import { projectRoot } from '../../deploy/project.js';
import { runGraph } from '../../deploy/scoring/graph.js';
import { readingGrants } from '../../procedures/dataset/origin/grants.js';
import { contractOver } from '../deploy/sources/hospital-rows.js';
import { openRoleSessions, ROLES, type Role, type RoleSessions, refusalOf } from './role-sessions.js';

/** The rows of the table of docs/permissions.md: what, and for each role yes or no. */
const page = readFileSync(join(projectRoot, 'docs/permissions.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\|.*\| (yes|no) \|/.test(line))
  .map((line) => {
    const [what = '', ...cells] = line.slice(2, -2).split(' | ');
    return { what, cells };
  });

const HOSPITAL = 'HEALTH_ADMISSIONS';
const CURVE = "OBJECT_CONSTRUCT('days', ARRAY_CONSTRUCT(1, 3), 'gone', ARRAY_CONSTRUCT(0.5, 1))";

/** What is tried for each row of the page. Statements leave the account as it was, or change what no other one looks at. */
const TRIES: Readonly<Record<string, readonly string[]>> = {
  'read figures: beds, accuracy, drift, versions, runs, alarms': [
    ...['LOS_BEDS', 'LOS_ACCURACY', 'LOS_DRIFT', 'LOS_MODELS', 'LOS_BACKLOG', 'LOS_OUTBOX', 'LOS_RUN_LOG'],
    ...[
      'LOS_ALARMS',
      'LOS_TIMELINE',
      'LOS_WEEKLY_ERRORS',
      'LOS_TRAINING_COSTS',
      'LOS_BED_ACCURACY',
      'LOS_BED_BOARD_FIGURES',
      'LOS_HOLIDAYS',
      'LOS_VERSION_FIGURES',
      'LOS_GROUP_FIGURES',
    ],
  ].map((name) => `SELECT * FROM ${name}`),
  'ask `predict_los`, explore the admissions': [
    "SELECT PREDICT_LOS(OBJECT_CONSTRUCT('AGE', '51-60', 'DEPARTMENT', 'surgery'))",
    "SELECT PREDICT_LOS_DETAIL(OBJECT_CONSTRUCT('AGE', '51-60'))",
    "SELECT PREDICT_LOS_REASONS(OBJECT_CONSTRUCT('AGE', '51-60'))",
    `SELECT PREDICT_LOS_REMAINING(${CURVE}, 1)`,
    `SELECT LOS_DISCHARGE_PROBABILITIES(${CURVE}, 1, 2)`,
    'CALL EXPLORE_ADMISSIONS()',
  ],
  'read rows and lists of patients, or unload them': [
    ...[HOSPITAL, 'HEALTH_FEATURES', 'LOS_PREDICTION_LOG', 'LOS_PREDICTIONS', 'LOS_EXPECTED_DISCHARGES'],
    ...['LOS_FEATURES', 'HEALTH_FEATURES_AT_ADMISSION', 'LOS_QUARANTINE', 'LOS_EVALUATION', 'LOS_SHADOW_LOG'],
    ...[
      'LOS_BED_FORECASTS',
      'LOS_BED_NIGHTS',
      'LOS_BED_WHAT_IFS',
      'LOS_FEATURE_REFERENCE',
      'LOS_CANDIDATE_PREDICTIONS',
    ],
    ...['HEALTH_SCORING_QUEUE', 'HEALTH_CHANGED_ADMISSIONS', 'LOS_WATCH_PERFORMANCE'],
  ]
    .map((name) => `SELECT * FROM ${name} LIMIT 1`)
    .concat(
      `SELECT p.CASE_ID, a.PATIENTID, PREDICT_LOS_REMAINING(p.CURVE, 2) FROM LOS_PREDICTIONS AS p JOIN ${HOSPITAL} AS a ON TO_VARCHAR(a.CASE_ID) = p.CASE_ID LIMIT 1`,
      `COPY INTO @~/unloaded FROM ${HOSPITAL} OVERWRITE = TRUE`,
      "CALL EXPLORE_ADMISSIONS({'current': TRUE})",
      'SELECT * FROM LOS_BED_ERRORS LIMIT 1',
      'SELECT * FROM LOS_BED_BOARD',
      'COPY INTO @~/unloaded FROM (SELECT CASE_ID FROM LOS_PREDICTION_LOG) OVERWRITE = TRUE',
    ),
  'read events, counts of tables': ['LOS_EVENTS', 'LOS_TABLE_COUNTS', 'LOS_WATCH_PIPELINE'].map(
    (name) => `SELECT * FROM ${name} LIMIT 1`,
  ),
  'read models and the data of trainings': [
    'SELECT MODEL FROM LOS_MODEL_REGISTRY',
    'SELECT * FROM LOS_EVALUATION_METRICS',
    'SELECT * FROM LOS_WATCH_INPUTS LIMIT 1',
    'SELECT * FROM LOS_TRAINING_STEPS',
    'SELECT DATA FROM LOS_TRAINING_RUNS',
  ],
  'close beds, and open them': ["CALL CLOSE_BEDS({'ward': 'none', 'beds': 1})", "CALL OPEN_BEDS('none')"],
  'have beds forecast': ['CALL FORECAST_BEDS()', "CALL FORECAST_BEDS({'what_if': []})"],
  'build features, score, reconcile': [
    'CALL BUILD_FEATURES()',
    'CALL SCORE_ADMISSIONS()',
    'CALL RECONCILE(FALSE)',
    'CALL CHECK_TABLES()',
    "CALL LOS_REPORT_ROUTINE('no such kind', 1)",
    'CALL WATCH_SCORING()',
  ],
  'run, suspend and resume the tasks of the pipeline': [
    'ALTER TASK LOS_FORECAST_BEDS SUSPEND',
    'ALTER TASK LOS_FORECAST_BEDS RESUME',
    'EXECUTE TASK LOS_FORECAST_BEDS',
    'EXECUTE TASK LOS_BUILD_FEATURES',
  ],
  'see how tasks ran': ['DESCRIBE TASK LOS_WATCH', 'DESCRIBE TASK LOS_SCORE'],
  'run, suspend and resume tasks that train, watch and mail': [
    ...['LOS_WATCH', 'LOS_MONITOR_HOURLY', 'LOS_TRAIN'].flatMap((task) => [
      `ALTER TASK ${task} SUSPEND`,
      `ALTER TASK ${task} RESUME`,
      `EXECUTE TASK ${task}`,
    ]),
  ],
  'train, promote, roll back, watch, accept changes, erase, send events, score again': [
    "CALL RESCORE_ADMISSIONS({'since': 'no day'})",
    "CALL LOS_LEASE_EVENTS('a lease', 'notify')",
    "CALL LOS_MARK_EVENTS_SENT('a lease', [], [])",
    "CALL TRAIN_MODEL({'no such option': TRUE})",
    'CALL STEP_TRAINING()',
    "CALL STOP_TRAINING('no such run')",
    "CALL PROMOTE_MODEL('health-v999')",
    "CALL CHECK_MODEL('health-v999')",
    'CALL ROLL_BACK_MODEL()',
    'CALL RETIRE_MODELS()',
    'CALL WATCH_PREDICTIONS()',
    "CALL ACCEPT_CHANGES('no such hold')",
    "CALL FORGET_ADMISSION('no such admission')",
    "CALL FORGET_PATIENT('no such patient')",
  ],
  'call SageMaker, or the parts of a training; report in words of one’s own': [
    "CALL LOS_REPORT_EVENT('a lease', 'no such scope', {})",
    "SELECT LOS_SAGEMAKER('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', 'los-none'))",
    "CALL LOS_PREPARE_TRAINING('run', 'lease')",
    "CALL LOS_REGISTER_VERSION('run', 'lease')",
    "CALL LOS_RUN_TRAINING_JOBS('run', 'lease')",
    "CALL LOS_EVALUATE_VERSION('run', 'lease')",
  ],
  'write rows of a table': [
    `INSERT INTO ${HOSPITAL} SELECT * FROM ${HOSPITAL} WHERE FALSE`,
    `UPDATE ${HOSPITAL} SET CASE_ID = CASE_ID WHERE FALSE`,
    `DELETE FROM ${HOSPITAL} WHERE FALSE`,
    'UPDATE LOS_PREDICTION_LOG SET PREDICTED_LOS = 1 WHERE FALSE',
    "DELETE FROM LOS_RUN_LOG WHERE KIND = 'no such kind'",
    "UPDATE LOS_RUN_LOG SET STATUS = 'SUCCEEDED' WHERE FALSE",
    "INSERT INTO LOS_RUN_LOG (RUN_ID, KIND, DATASET, STATUS, STARTED_AT) SELECT 'r', 'k', 'd', 'FAILED', CURRENT_TIMESTAMP() WHERE FALSE",
    'UPDATE LOS_EVENTS SET SENT_AT = CURRENT_TIMESTAMP() WHERE FALSE',
    "INSERT INTO LOS_HOLIDAYS (DAY, NAME) SELECT CURRENT_DATE(), 'x' WHERE FALSE",
    'DELETE FROM LOS_HOLIDAYS WHERE FALSE',
    "MERGE INTO LOS_QUARANTINE AS q USING (SELECT 'x' AS X) AS s ON q.CASE_ID = s.X WHEN MATCHED THEN DELETE",
    'TRUNCATE TABLE HEALTH_CHANGED_ADMISSIONS',
    `COPY INTO ${HOSPITAL} FROM @LOS_LOAD/none`,
  ],
  'read files of a stage, or write them': [
    'LIST @LOS_LOAD',
    'LIST @LOS_EXCHANGE',
    'COPY INTO @LOS_EXCHANGE/training-files/theirs FROM (SELECT 1 AS X) OVERWRITE = TRUE',
    'REMOVE @LOS_EXCHANGE/none',
  ],
  'create, alter or drop an object': [
    'CREATE TABLE OWN_TABLE (X NUMBER)',
    'DROP TABLE OWN_TABLE',
    'CREATE VIEW OWN_VIEW AS SELECT 1 AS X',
    'DROP VIEW OWN_VIEW',
    'ALTER WAREHOUSE LOS_WH SET AUTO_SUSPEND = 60',
    'ALTER FUNCTION LOS_INVOKE_ENDPOINT(OBJECT) SET MAX_BATCH_ROWS = 100',
    'ALTER TABLE LOS_RUN_LOG ADD COLUMN OWN_COLUMN NUMBER',
    'ALTER TABLE LOS_RUN_LOG DROP COLUMN OWN_COLUMN',
    'CREATE STAGE OWN_STAGE',
    'DROP STAGE OWN_STAGE',
  ],
  'grant a right, or take on another role': [
    'GRANT SELECT ON TABLE LOS_PREDICTION_LOG TO ROLE LOS_DEPLOY',
    'GRANT ROLE LOS_PATIENTS TO ROLE LOS_OPERATE',
    'REVOKE ROLE LOS_PATIENTS FROM ROLE LOS_OPERATE',
  ],
};

/** Of a contract over rows of others. */
const EVENTS = `events:
  - { source: CLINIC.CORE.RESULTS, stay: CASE_ID, time: AT, name: NAME, value: VALUE }
eventFeatures: { lactate: [last] }
`;
const PLANNED = `planned:
  { source: CLINIC.CORE.BOOKINGS, id: CASE_ID, day: { column: DAY, type: DATE }, recorded: RECORDED }
`;

/** The same where the rows are those of others. */
const TRIES_OF_OTHERS: typeof TRIES = {
  'read rows and lists of patients, or unload them': [
    'SELECT * FROM HEALTH_SOURCE LIMIT 1',
    'COPY INTO @~/unloaded FROM (SELECT CASE_ID FROM HEALTH_SOURCE) OVERWRITE = TRUE',
    ...['HEALTH_EVENTS', 'LOS_DAILY_PREDICTIONS', 'LOS_STAY_HISTORY', 'LOS_STAY_ACCURACY']
      .concat('HEALTH_PLANNED', 'LOS_PLANNED_PREDICTIONS')
      .map((name) => `SELECT * FROM ${name} LIMIT 1`),
  ],
  'build features, score, reconcile': [
    'CALL BUILD_FEATURES()',
    'CALL RECONCILE(FALSE)',
    'CALL RENEW_PREDICTIONS()',
    "CALL RENEW_PREDICTIONS('2026-01-05')",
  ],
  'run, suspend and resume the tasks of the pipeline': [
    'ALTER TASK LOS_RENEW SUSPEND',
    'ALTER TASK LOS_RENEW RESUME',
    'EXECUTE TASK LOS_RENEW',
  ],
  'call SageMaker, or the parts of a training; report in words of one’s own': [
    "CALL LOS_LEARN_STAYS('run', 'lease')",
  ],
  // What is below the views, and who was erased from them, is for none but their owner, to be read as well.
  'write rows of a table': [
    'SELECT * FROM CLINIC.CORE.ENCOUNTER LIMIT 1',
    'SELECT * FROM HEALTH_SOURCE_ROWS LIMIT 1',
    'SELECT * FROM CLINIC.CORE.RESULTS LIMIT 1',
    'SELECT * FROM HEALTH_EVENT_ROWS LIMIT 1',
    'UPDATE LOS_DAILY_PREDICTIONS SET DAYS = 1 WHERE FALSE',
    'DELETE FROM LOS_DAILY_PREDICTIONS WHERE FALSE',
    'SELECT * FROM CLINIC.CORE.BOOKINGS LIMIT 1',
    'UPDATE LOS_PLANNED_PREDICTIONS SET CURVE = NULL WHERE FALSE',
    'DELETE FROM LOS_PLANNED_PREDICTIONS WHERE FALSE',
    'SELECT * FROM LOS_FORGOTTEN LIMIT 1',
    'DELETE FROM LOS_FORGOTTEN WHERE FALSE',
    ...['LOS_PUBLICATIONS', 'LOS_PUBLISHED_ROWS', 'LOS_PUBLISHED_STAYS'].flatMap((table) => [
      `SELECT * FROM ${table} LIMIT 1`,
      `DELETE FROM ${table} WHERE FALSE`,
    ]),
    "INSERT INTO LOS_FORGOTTEN (DATASET, ID_HASH, FORGOTTEN_AT) SELECT 'health', 'x', CURRENT_TIMESTAMP() WHERE FALSE",
  ],
  'create, alter or drop an object': ['ALTER VIEW HEALTH_SOURCE UNSET COMMENT'],
};

/** Who may read a table, and who sees the values in it, are two things. */
describe('what each role can and cannot do where columns of patients are masked', () => {
  let sessions: RoleSessions;
  before(async () => {
    sessions = await openRoleSessions('snowflake: { masking: true }');
  });
  after(() => sessions?.close());
  tryEach(() => sessions);
});

describe('what each role can and cannot do', () => {
  let sessions: RoleSessions;
  before(async () => {
    sessions = await openRoleSessions();
  });
  after(() => sessions?.close());

  it('has something to try for every row of docs/permissions.md, and no other', () => {
    expect(page.map(({ what }) => what)).to.have.members(Object.keys(TRIES));
    for (const { what, cells } of page) expect(cells, what).to.have.length(ROLES.length);
  });

  tryEach(() => sessions);

  it('lets operators and analysts look at the status, and calls nothing gone that they do not see', async () => {
    for (const role of ['LOS_READ', 'LOS_PATIENTS', 'LOS_RUN', 'LOS_OPERATE'] as const) {
      const { health, champion, deployed } = await status({
        ...sessions.admin,
        snowflake: sessions.as[role],
      });
      expect(
        health.problems.filter((problem) => /gone|missing|not there/.test(problem)),
        role,
      ).to.deep.equal([]);
      expect(champion?.version, role).to.equal('health-v1');
      expect(
        deployed.toChange.filter((id) => id.startsWith('snowflake.table')),
        role,
      ).to.deep.equal([]);
    }
  });

  it('names the role that a command is for, where the session has another', async () => {
    const as = (role: Role) => ({ ...sessions.admin, snowflake: sessions.as[role] });
    const refused = await runGraph(as('LOS_READ'), sessions.contract).catch((error: unknown) => error);
    const told = (await explainRight(as('LOS_READ'), 'score', refused)) as UserError;
    expect(told.next).to.equal(
      'los score is for the role LOS_RUN, and this session has LOS_READ. Set SNOWFLAKE_ROLE=LOS_RUN; where the user does not have it, its owner runs GRANT ROLE LOS_RUN TO USER …',
    );
    // One that has the right is told of something else.
    expect(await explainRight(as('LOS_OPERATE'), 'score', refused)).to.equal(refused);
    expect(await explainRight(as('LOS_DEPLOY'), 'apply', refused)).to.equal(refused);
  });

  it('keeps rows of others for those who may see patients, and what is below for their owner', async () => {
    const { admin } = sessions;
    for (const sql of [
      'CREATE DATABASE CLINIC',
      'CREATE SCHEMA CLINIC.CORE',
      `CREATE TABLE CLINIC.CORE.ENCOUNTER AS SELECT * FROM PREDICT_LOS.LOS.${HOSPITAL}`,
      'CREATE TABLE CLINIC.CORE.RESULTS (CASE_ID NUMBER, AT TIMESTAMP_NTZ, NAME VARCHAR, VALUE VARCHAR)',
      'CREATE TABLE CLINIC.CORE.BOOKINGS (CASE_ID NUMBER, DAY DATE, RECORDED TIMESTAMP_NTZ)',
      ...readingGrants(
        ['CLINIC.CORE.ENCOUNTER', 'CLINIC.CORE.RESULTS', 'CLINIC.CORE.BOOKINGS'],
        'LOS_DEPLOY',
      ).map((grant) => grant.replace(';', '')),
    ])
      await admin.snowflake.execute(sql);
    const dataset = join(mkdtempSync(join(tmpdir(), 'los-roles-')), 'contract.yaml');
    writeFileSync(
      dataset,
      `${contractOver('source: CLINIC.CORE.ENCOUNTER')}
${EVENTS}${PLANNED}`,
    );
    await apply({
      ...admin,
      snowflake: sessions.as.LOS_DEPLOY,
      settings: { ...admin.settings, dataset },
    });
    for (const [what, tries] of Object.entries(TRIES_OF_OTHERS))
      for (const sql of tries)
        for (const [i, role] of ROLES.entries()) {
          const refusal = await refusalOf(sessions.as[role as Role], sql);
          const { cells } = page.find((row) => row.what === what)!;
          expect(refusal === undefined ? 'yes' : 'no', `${role}: ${sql}: ${refusal}`).to.equal(cells[i]);
        }
  });
});

/** Tries each cell of the page. */
function tryEach(sessions: () => RoleSessions): void {
  for (const { what, cells } of page)
    it(`findings 3 and 4: ${what}`, async () => {
      for (const sql of TRIES[what] ?? [])
        for (const [i, role] of ROLES.entries()) {
          const refusal = await refusalOf(sessions().as[role as Role], sql);
          expect(refusal === undefined ? 'yes' : 'no', `${role}: ${sql}: ${refusal}`).to.equal(cells[i]);
        }
    });
}
