import { DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { DeleteEndpointCommand, DeleteModelCommand, ListModelsCommand } from '@aws-sdk/client-sagemaker';
import type { Accident } from './accident.js';
import type { OnCall } from './on-call.js';

const SCHEMA = 'PREDICT_LOS.LOS';
const BUCKET = 'los-123456789012-us-east-1';

const run =
  (...statements: readonly string[]) =>
  async (onCall: OnCall) => {
    for (const sql of statements) await onCall.sql(sql);
  };

async function deleteEndpoint({ dba }: OnCall): Promise<void> {
  await dba.aws.sageMaker.send(new DeleteEndpointCommand({ EndpointName: await endpointOf(dba) }));
}

/** Names carry the training run. */
async function endpointOf({ snowflake }: OnCall['dba']): Promise<string> {
  const [row] = await snowflake.query(
    `SELECT ENDPOINT FROM ${SCHEMA}.LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'`,
  );
  return String(row!.ENDPOINT);
}

async function emptyBucket({ dba }: OnCall): Promise<void> {
  const { Contents = [] } = await dba.aws.s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  await dba.aws.s3.send(
    new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: Contents.map(({ Key }) => ({ Key })) } }),
  );
}

async function deleteModels({ dba }: OnCall): Promise<void> {
  const { Models = [] } = await dba.aws.sageMaker.send(new ListModelsCommand({}));
  for (const { ModelName } of Models) await dba.aws.sageMaker.send(new DeleteModelCommand({ ModelName }));
}

async function dropRequestTranslator({ dba }: OnCall): Promise<void> {
  const [row] = await dba.snowflake.query(
    `SELECT REQUEST_TRANSLATOR AS NAME FROM ${SCHEMA}.LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'`,
  );
  await dba.snowflake.execute(`DROP FUNCTION ${SCHEMA}.${String(row!.NAME).split('.').pop()}(OBJECT)`);
}

/** Tasks that run once a day or less, so that their silence alone would be told late. */
const RARE_TASKS = ['LOS_FORECAST_BEDS', 'LOS_TRAIN'];

/** As a person who restores a row by hand would. */
const SECOND_CHAMPION = `INSERT INTO ${SCHEMA}.LOS_MODEL_REGISTRY (VERSION, DATASET, NUMBER, STATUS, CREATED_AT, PROMOTED_AT)
SELECT 'health-v9', DATASET, 9, 'CHAMPION', CREATED_AT, DATEADD(day, -1, PROMOTED_AT) FROM ${SCHEMA}.LOS_MODEL_REGISTRY WHERE STATUS = 'CHAMPION'`;

/** Inside the schema: something else still runs and can tell. */
export const objects: readonly Accident[] = [
  {
    name: 'the stream of the hospital’s table dropped',
    breaks: run(`DROP STREAM ${SCHEMA}.HEALTH_ADMISSIONS_CHANGES`),
    expected: 'heals',
    names: /HEALTH_ADMISSIONS_CHANGES/,
  },
  {
    name: 'the stream of who waits dropped',
    breaks: run(`DROP STREAM ${SCHEMA}.HEALTH_UNSCORED`),
    expected: 'heals',
    names: /HEALTH_UNSCORED/,
  },
  {
    name: 'SCORE_ADMISSIONS dropped',
    breaks: run(`DROP PROCEDURE ${SCHEMA}.SCORE_ADMISSIONS()`),
    expected: 'told',
    names: /SCORE_ADMISSIONS|LOS_SCORE/,
  },
  {
    name: 'BUILD_FEATURES dropped',
    breaks: run(`DROP PROCEDURE ${SCHEMA}.BUILD_FEATURES()`),
    expected: 'told',
    names: /BUILD_FEATURES/,
  },
  {
    name: 'the hourly monitor’s procedure dropped',
    breaks: run(`DROP PROCEDURE ${SCHEMA}.WATCH_SCORING()`),
    expected: 'outside',
    names: /LOS_MONITOR_HOURLY|WATCH_SCORING/,
  },
  {
    name: 'predict_los’s external function dropped',
    breaks: run(`DROP FUNCTION ${SCHEMA}.LOS_INVOKE_ENDPOINT_DETAIL(OBJECT)`),
    expected: 'told',
    names: /LOS_INVOKE_ENDPOINT_DETAIL|LOS_SCORE/,
  },
  {
    name: 'the API integration dropped',
    breaks: run('DROP INTEGRATION LOS_API'),
    expected: 'told',
    names: /LOS_API|LOS_SCORE/,
  },
  {
    name: 'the integrations of trainings and of files dropped',
    breaks: run('DROP INTEGRATION LOS_CONTROL_API', 'DROP INTEGRATION LOS_S3'),
    expected: 'told',
    names: /(?=[\s\S]*LOS_CONTROL_API is gone)(?=[\s\S]*LOS_S3 is gone)/,
  },
  {
    name: 'the integration of trainings disabled',
    breaks: run('ALTER INTEGRATION LOS_CONTROL_API SET ENABLED = FALSE'),
    expected: 'told',
    names: /LOS_CONTROL_API is disabled/,
  },
  {
    name: 'the task graph suspended',
    breaks: run(`ALTER TASK ${SCHEMA}.LOS_BUILD_FEATURES SUSPEND`),
    expected: 'told',
    names: /task graph|LOS_BUILD_FEATURES/,
  },
  {
    name: 'the tasks of forecasts and trainings suspended',
    breaks: run(...RARE_TASKS.map((task) => `ALTER TASK ${SCHEMA}.${task} SUSPEND`)),
    expected: 'told',
    names: new RegExp(`${RARE_TASKS.map((task) => `(?=[\\s\\S]*The task ${task} is suspended)`).join('')}`),
  },
  {
    name: 'the task that scores dropped',
    breaks: run(`ALTER TASK ${SCHEMA}.LOS_BUILD_FEATURES SUSPEND`, `DROP TASK ${SCHEMA}.LOS_SCORE`),
    expected: 'told',
    names: /task graph|LOS_BUILD_FEATURES|LOS_SCORE/,
  },
];

/** What all tasks stand on: nothing inside can tell. */
export const outside: readonly Accident[] = [
  {
    name: 'the warehouse suspended, and not to be resumed',
    async breaks(onCall) {
      await onCall.sql('ALTER WAREHOUSE LOS_WH RESUME IF SUSPENDED');
      await onCall.sql('ALTER WAREHOUSE LOS_WH SET AUTO_RESUME = FALSE');
      await onCall.sql('ALTER WAREHOUSE LOS_WH SUSPEND');
    },
    expected: 'outside',
    names: /LOS_WH/,
  },
  {
    name: 'the warehouse dropped',
    breaks: run('DROP WAREHOUSE LOS_WH'),
    expected: 'outside',
    names: /LOS_WH/,
  },
  {
    name: 'the hourly monitor suspended',
    breaks: run(`ALTER TASK ${SCHEMA}.LOS_MONITOR_HOURLY SUSPEND`),
    expected: 'outside',
    names: /LOS_MONITOR_HOURLY/,
  },
  {
    name: 'the task that mails suspended',
    breaks: run(`ALTER TASK ${SCHEMA}.LOS_NOTIFY SUSPEND`),
    expected: 'outside',
    names: /LOS_NOTIFY/,
  },
  {
    name: 'the notification integration dropped',
    breaks: run('DROP INTEGRATION LOS_MAIL'),
    expected: 'outside',
    names: /LOS_MAIL/,
  },
  {
    name: 'the roles dropped',
    breaks: run('DROP ROLE LOS_RUN', 'DROP ROLE LOS_READ'),
    expected: 'outside',
    names: /LOS_RUN/,
  },
  {
    name: 'the schema dropped',
    breaks: run(`DROP SCHEMA ${SCHEMA}`),
    expected: 'outside',
    names: /PREDICT_LOS\.LOS/,
  },
];

/** What answers in AWS, and what Snowflake knows of it. */
export const model: readonly Accident[] = [
  {
    name: 'a second champion in the registry',
    breaks: run(SECOND_CHAMPION),
    expected: 'told',
    names: /2 versions in LOS_MODEL_REGISTRY are CHAMPION/,
  },
  {
    name: 'no champion in the registry',
    breaks: run(`UPDATE ${SCHEMA}.LOS_MODEL_REGISTRY SET STATUS = 'RETIRED' WHERE STATUS = 'CHAMPION'`),
    expected: 'told',
    names: /No version in LOS_MODEL_REGISTRY is CHAMPION/,
  },
  {
    name: 'the endpoint deleted',
    breaks: deleteEndpoint,
    expected: 'told',
    names: /LOS_SCORE|endpoint/,
  },
  {
    name: 'the endpoint deleted and the bucket emptied',
    async breaks(onCall) {
      await deleteEndpoint(onCall);
      await deleteModels(onCall);
      await emptyBucket(onCall);
    },
    expected: 'told',
    names: /LOS_SCORE|endpoint/,
  },
  {
    name: 'the bucket emptied',
    breaks: emptyBucket,
    expected: 'silent',
  },
  {
    name: 'the champion’s request translator dropped',
    breaks: dropRequestTranslator,
    expected: 'told',
    names: /LOS_SCORE|LOS_REQUEST/,
  },
  {
    name: 'the endpoint deleted while LOS_EVENTS is gone',
    async breaks(onCall) {
      await deleteEndpoint(onCall);
      await onCall.sql(`DROP TABLE ${SCHEMA}.LOS_EVENTS`);
    },
    expected: 'told',
    names: /LOS_EVENTS/,
  },
];
