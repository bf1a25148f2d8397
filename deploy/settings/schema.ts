const snowflakeName = { type: 'string', pattern: '^[A-Z_][A-Z0-9_$]{0,254}$' };
const awsName = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9-]{0,62}$' };
const address = { type: 'string', pattern: '^[^@\\s]+@[^@\\s]+$' };
const object = (properties: Record<string, unknown>) => ({
  type: 'object',
  additionalProperties: false,
  default: {},
  properties,
});

/**
 * JSON Schema of los.config.yaml. Defaults stand here; names without a default are derived from the prefix
 * in load.ts.
 */
export const settingsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'predict-los settings',
  type: 'object',
  additionalProperties: false,
  properties: {
    prefix: {
      type: 'string',
      pattern: '^[a-z][a-z0-9-]{0,15}$',
      default: 'los',
      description: 'starts the name of every account-wide object',
    },
    dataset: {
      type: 'string',
      minLength: 1,
      default: 'sql/datasets/health.yaml',
      description: 'dataset contract: which table is read and what its columns mean',
    },
    state: { type: 'string', minLength: 1, default: '.los', description: 'state folder of the local cloud' },
    timeZone: {
      type: 'string',
      minLength: 1,
      default: 'UTC',
      description:
        'the hospital’s zone, e.g. Europe/Berlin: what is today and which days are over follows it, tasks run in it, and times are shown in it; a schedule may name another',
    },
    snowflake: object({
      connection: {
        type: 'string',
        minLength: 1,
        default: 'default',
        description: 'section of connections.toml (cloud target)',
      },
      database: {
        ...snowflakeName,
        default: 'PREDICT_LOS',
        description: 'database of everything that apply makes; one that is there already is used',
      },
      schema: { ...snowflakeName, default: 'LOS', description: 'schema in it, likewise' },
      warehouse: object({
        name: { ...snowflakeName, description: 'warehouse of tasks and commands' },
        size: {
          enum: ['XSMALL', 'SMALL', 'MEDIUM', 'LARGE', 'XLARGE'],
          default: 'XSMALL',
          description: 'its size; each step up doubles what a second costs',
        },
        autoSuspendSeconds: {
          type: 'integer',
          minimum: 30,
          maximum: 86400,
          default: 60,
          description: 'seconds without work after which it sleeps, and costs nothing',
        },
        statementTimeoutSeconds: {
          type: 'integer',
          // A CALL is a statement too: with less, a piece of the queue might never come to its end.
          minimum: 600,
          maximum: 604800,
          default: 3600,
          description: 'seconds after which a statement is ended, so that one that has run wild costs little',
        },
      }),
      roles: object({
        deploy: { ...snowflakeName, description: 'role that owns everything: los apply' },
        run: { ...snowflakeName, description: 'role of operators: los score' },
        read: { ...snowflakeName, description: 'role of analysts: ask and read' },
        operate: { ...snowflakeName, description: 'role of whoever answers for the model: train, promote' },
        wards: { ...snowflakeName, description: 'role that sees which patient leaves when' },
      }),
      integrations: object({
        api: { ...snowflakeName, description: 'API integration, for predictions and SageMaker' },
        storage: { ...snowflakeName, description: 'storage integration, for the bucket' },
        mail: {
          ...snowflakeName,
          description: 'notification integration, where mail.verified names somebody',
        },
      }),
      stages: object({
        load: {
          ...snowflakeName,
          default: 'LOS_LOAD',
          description: 'stage into which los dataset load puts files',
        },
        exchange: { ...snowflakeName, default: 'LOS_EXCHANGE', description: 'stage on the bucket' },
      }),
      predictLos: {
        enum: ['columns', 'inputs'],
        default: 'columns',
        description:
          'what predict_los takes: the columns of the table; or inputs, as LOS_INPUTS makes them of the columns, where los first-day finds that the account refuses a SQL function around an external one',
      },
    }),
    aws: object({
      region: {
        type: 'string',
        pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
        default: 'us-east-1',
        description: 'AWS region of bucket, API and models; a commercial one',
      },
      profile: {
        type: ['string', 'null'],
        default: null,
        description: "AWS profile (cloud target); null: the SDK's default chain",
      },
      bucket: {
        type: ['string', 'null'],
        pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
        default: null,
        description: 'bucket for training files and models; null: prefix-account-region',
      },
      trainingFilesDays: {
        type: 'integer',
        minimum: 1,
        maximum: 3650,
        default: 90,
        description:
          'days after which the encoded rows of a training are deleted from the bucket; models stay, and los train --repeat writes the rows anew',
      },
      roles: object({
        snowflakeApi: { ...awsName, description: 'IAM role as which Snowflake calls the API' },
        snowflakeStorage: {
          ...awsName,
          description: 'IAM role as which Snowflake reads and writes the bucket',
        },
        apiGateway: { ...awsName, description: 'IAM role as which the API asks endpoints' },
        control: { ...awsName, description: 'IAM role as which the API starts jobs of SageMaker' },
        sageMaker: { ...awsName, description: 'IAM role of jobs and endpoints' },
      }),
      restApi: object({
        name: { ...awsName, description: 'REST API of API Gateway' },
        stage: {
          type: 'string',
          pattern: '^[A-Za-z0-9_]{1,128}$',
          default: 'prod',
          description: 'its stage',
        },
      }),
    }),
    training: object({
      instanceType: {
        type: 'string',
        pattern: '^ml\\.',
        default: 'ml.m5.xlarge',
        description: 'instance on which a model is trained',
      },
      instanceCount: {
        type: 'integer',
        minimum: 1,
        maximum: 20,
        default: 1,
        description: 'how many of them',
      },
      volumeGb: {
        type: 'integer',
        minimum: 1,
        maximum: 16384,
        default: 10,
        description: 'disk of each, in GB',
      },
      maxSeconds: {
        type: 'integer',
        minimum: 60,
        maximum: 432000,
        default: 3600,
        description: 'seconds after which a training job is stopped',
      },
      imageTag: {
        type: 'string',
        pattern: '^[0-9]+\\.[0-9]+-[0-9]+$',
        default: '3.2-0',
        description: 'version of the built-in XGBoost of SageMaker',
      },
      chooseBy: {
        enum: ['crps', 'rmse', 'mae'],
        default: 'crps',
        description:
          'validation metric by which a candidate is chosen: crps for the whole distribution, rmse for means and bed-days, mae for medians',
      },
      candidates: {
        type: ['array', 'null'],
        minItems: 1,
        uniqueItems: true,
        items: {
          enum: [
            'linear',
            'forest',
            'squared-error',
            'gamma',
            'tweedie',
            'hazard-linear',
            'hazard-forest',
            'hazard',
            'pseudo-huber',
            'absolute-error',
          ],
        },
        default: null,
        description: 'candidates to train; null: every one that suits chooseBy',
      },
      featureSelection: object({
        enabled: {
          type: 'boolean',
          default: true,
          description: 'ask a small boosted model first which features it needs, and leave out the others',
        },
        leastShare: {
          type: 'number',
          minimum: 0,
          maximum: 0.5,
          default: 0.001,
          description:
            'a feature stays when permuting it has at least this share of what permuting all of them costs',
        },
      }),
      parallelJobs: {
        type: 'integer',
        minimum: 1,
        maximum: 20,
        default: 2,
        description: 'training jobs at a time',
      },
      tuningJobs: {
        type: 'integer',
        minimum: 0,
        maximum: 500,
        default: 0,
        description: 'budget for tuning the best candidate, in training jobs; 0: no tuning',
      },
      hyperparameters: {
        type: 'object',
        additionalProperties: { type: ['string', 'number'] },
        default: {},
        description:
          'of XGBoost, for every candidate, e.g. max_depth; an objective only where all candidates predict days',
      },
      holdoutShare: {
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.2,
        description: 'share of the rows that is held out, the latest admissions',
      },
      longStayDays: {
        type: ['integer', 'null'],
        minimum: 1,
        maximum: 3650,
        default: null,
        description:
          'predictions carry the probability of a stay at least this long; null: what the contract says (longStayDays), or 21',
      },
      recentDays: {
        type: ['integer', 'null'],
        minimum: 28,
        default: null,
        description:
          'train and judge on the admissions of the last so many days only, of those whose stays can be known; null: on all',
      },
      keepVersions: {
        type: 'integer',
        minimum: 0,
        maximum: 100,
        default: 2,
        description: 'versions kept callable beside the champion and the one before it',
      },
    }),
    endpoint: object({
      type: {
        enum: ['serverless', 'instance'],
        default: 'serverless',
        description: 'serverless costs nothing when idle; an instance is paid by the hour',
      },
      memoryMb: {
        enum: [1024, 2048, 3072, 4096, 5120, 6144],
        default: 2048,
        description: 'memory of a serverless endpoint',
      },
      maxConcurrency: {
        type: 'integer',
        minimum: 1,
        maximum: 200,
        default: 2,
        description:
          'calls at a time of one endpoint; AWS limits the sum over all serverless endpoints (new accounts: 10)',
      },
      instanceType: {
        type: 'string',
        pattern: '^ml\\.',
        default: 'ml.m5.large',
        description: 'of an endpoint of type instance',
      },
      instanceCount: {
        type: 'integer',
        minimum: 1,
        maximum: 20,
        default: 1,
        description: 'how many instances',
      },
    }),
    scoring: object({
      revisions: {
        type: 'boolean',
        default: true,
        description: 'whether corrected inputs of a patient who is still in give a new prediction',
      },
      batchAbove: {
        type: ['integer', 'null'],
        minimum: 0,
        default: 200_000,
        description:
          'where more admissions wait, a SageMaker batch transform scores them, and the endpoint only who comes meanwhile; null: never',
      },
    }),
    tasks: object({
      schedule: {
        type: 'string',
        pattern: '^([0-9]+ (SECOND|MINUTE|HOUR)S?|USING CRON .+|triggered)$',
        default: '15 MINUTE',
        description:
          'when the root task looks for new admissions: 15 MINUTE, or USING CRON 0 * * * *, or triggered: as soon as there are some',
      },
      resumed: {
        type: 'boolean',
        default: true,
        description: 'whether apply leaves the task graph running',
      },
      challenger: {
        type: ['string', 'null'],
        pattern: '^[a-z][a-z0-9_]*-v[0-9]+$',
        default: null,
        description: 'version such as health-v3 that predicts new admissions in shadow',
      },
      beds: {
        type: 'string',
        pattern: '^([0-9]+ (MINUTE|HOUR)S?|USING CRON .+)$',
        default: 'USING CRON 0 5 * * *',
        description:
          'when the beds of the next 14 nights are forecast: before the bed meeting, in the hospital’s zone unless the schedule ends with another',
      },
      watch: {
        type: 'string',
        pattern: '^([0-9]+ (MINUTE|HOUR)S?|USING CRON .+)$',
        default: 'USING CRON 30 5 * * *',
        description: 'when inputs, predictions and the pipe are watched, and alarms raised and ended',
      },
      look: {
        type: 'string',
        pattern: '^([0-9]+ (MINUTE|HOUR)S?|USING CRON .+)$',
        default: '60 MINUTE',
        description:
          'how often it is looked whether admissions get their predictions; each look wakes the warehouse',
      },
    }),
    watch: object({
      retrain: {
        type: 'boolean',
        default: true,
        description: 'whether alarms about inputs and predictions, and age, have a new version trained',
      },
      retrainAfterDays: {
        type: ['integer', 'null'],
        minimum: 14,
        default: 90,
        description:
          'age of the youngest admission a champion knows, in days, after which it is trained anew; null: never',
      },
      probationDays: {
        type: 'integer',
        minimum: 0,
        default: 28,
        description: 'days in which a version that a watch promoted is taken back if it turns out worse',
      },
      keepDays: {
        type: 'integer',
        // Forecasts of beds learn from those of 98 days, and trainings rest for up to 112.
        minimum: 120,
        default: 730,
        description:
          'days for which all logs but that of predictions are kept: what was watched, ended alarms, events, runs and their steps, bed forecasts, what a challenger said, what removed versions predicted of their holdout',
      },
      keepInputsDays: {
        type: ['integer', 'null'],
        minimum: 60,
        default: 730,
        description:
          'days after which the inputs of a prediction leave the log, once the patient has left (the prediction stays); null: never',
      },
    }),
    mail: object({
      smtpUrl: {
        type: ['string', 'null'],
        pattern: '^smtps?://',
        default: null,
        description:
          'mail server without a password; user and password: LOS_SMTP_USER and LOS_SMTP_PASSWORD in the environment',
      },
      from: { ...address, default: 'los@localhost', description: 'sender' },
      to: {
        type: 'array',
        items: address,
        default: ['analytics@localhost'],
        description: 'who gets status mails; none: nobody',
      },
      verified: {
        type: 'array',
        items: address,
        default: [],
        description:
          'verified addresses of the account’s users whom Snowflake itself mails about alarms and retrainings; none: los notify alone sends them',
      },
      subjectPrefix: { type: 'string', default: '[predict-los]', description: 'begins every subject' },
      digestHour: {
        type: ['integer', 'null'],
        minimum: 0,
        maximum: 23,
        default: 7,
        description:
          'hour of the hospital’s day (timeZone) from which los sends one mail about what repeats and went well since the day before (scorings, deployments without a change), and one about warnings; null: a mail each, at once',
      },
      spool: {
        type: ['string', 'null'],
        minLength: 1,
        default: null,
        description:
          'folder for mails that no server has taken yet; null: spool in the state folder. The next command sends them',
      },
    }),
  },
} as const;
