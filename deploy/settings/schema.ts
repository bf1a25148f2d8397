import { candidateNames } from '../../procedures/fitting/candidates.js';
import { hyperparameterPatterns } from '../../procedures/jobs/hyperparameters.js';
import { AWS_NAME, ofAws, ofSnowflake, SNOWFLAKE_NAME } from './account-names.js';
import { array, boolean, choice, integer, number, object, orNull, text } from './keywords.js';

const snowflakeName = <const O extends object>(description: string, more: O) =>
  text(description, { pattern: `^${SNOWFLAKE_NAME}$`, ...more });
/** One address, and nothing of a list around it. */
export const ADDRESS = '^[^@\\s\\[\\]()<>,;:"\\\\]+@[^@\\s\\[\\]()<>,;:"\\\\]+$';
const address = { type: 'string', pattern: ADDRESS } as const;
const interval = '[0-9]+ (MINUTE|HOUR)S?|USING CRON .+';

/**
 * JSON Schema of los.config.yaml; the type `Settings` follows from it. Defaults stand here; names without a default are derived
 * from the prefix in environment.ts.
 */
export const settingsSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'predict-los settings',
  type: 'object',
  additionalProperties: false,
  properties: {
    prefix: text('starts the name of every account-wide object', {
      pattern: '^[a-z][a-z0-9-]{0,15}$',
      default: 'los',
    }),
    names: {
      type: 'object',
      additionalProperties: false,
      patternProperties: {
        [`^(${ofSnowflake.join('|')})$`]: { type: 'string', pattern: `^${SNOWFLAKE_NAME}$` },
        [`^(${ofAws.join('|')})$`]: { type: 'string', pattern: `^${AWS_NAME}$` },
      },
      default: {},
      description: `what account-wide objects are called instead, by what they are called with the prefix los, e.g. { LOS_READ: ANALYSTS }: ${[...ofSnowflake, ...ofAws].join(', ')} (the REST API)`,
    },
    dataset: text('dataset contract: which table is read and what its columns mean', {
      minLength: 1,
      default: 'sql/datasets/health.yaml',
    }),
    state: text('state folder of the local cloud', { minLength: 1, default: '.los' }),
    timeZone: text(
      'the hospital’s zone, e.g. Europe/Berlin: what is today and which days are over follows it, tasks run in it, and times are shown in it; a schedule may name another',
      { minLength: 1, default: 'UTC' },
    ),
    hospital: object({
      name: orNull.text('what the hospital is called on its page and in mails about beds', {
        minLength: 1,
        default: null,
      }),
      units: {
        type: 'object',
        additionalProperties: false,
        patternProperties: { '^.+$': { type: 'string', minLength: 1 } },
        default: {},
        description:
          'what wards and departments are called there, by what the data call them, e.g. { SURG: Surgery }',
      },
    }),
    snowflake: object({
      connection: text('section of connections.toml (cloud target)', { minLength: 1, default: 'default' }),
      database: snowflakeName('database of everything that apply makes; one that is there already is used', {
        default: 'PREDICT_LOS',
      }),
      schema: snowflakeName('schema in it, likewise', { default: 'LOS' }),
      warehouse: object({
        size: choice('its size; each step up doubles what a second costs', {
          enum: ['XSMALL', 'SMALL', 'MEDIUM', 'LARGE', 'XLARGE'],
          default: 'XSMALL',
        }),
      }),
      masking: boolean(
        'ids and what the contract calls sensitive show to the roles patients and deploy alone, to administrators as NULL; needs Enterprise Edition or higher',
        false,
      ),
      predictLos: choice(
        'what predict_los takes: the columns of the table; or inputs, as LOS_INPUTS makes them of the columns, where los first-day finds that the account refuses a SQL function around an external one',
        { enum: ['columns', 'inputs'], default: 'columns' },
      ),
    }),
    aws: object({
      region: text('AWS region of bucket, API and models; a commercial one', {
        pattern: '^[a-z]{2}(-[a-z]+)+-[0-9]$',
        default: 'us-east-1',
      }),
      bucket: orNull.text('bucket for training files and models; null: prefix-account-region', {
        pattern: '^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$',
        default: null,
      }),
      kmsKey: orNull.text(
        'ARN (no alias) of a symmetric key of KMS, of the same account and region, with which bucket, jobs and endpoints are encrypted; los bootstrap prints what its policy must say; null: AWS’s own keys',
        { pattern: '^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$', default: null },
      ),
      privateApi: array(
        'makes the REST API private, reached by Snowflake’s outbound private connectivity alone (Business Critical, Snowflake on AWS in the same region): the id vpce-… of the endpoint that ACCOUNTADMIN has Snowflake make, or the ids vpc-… of Snowflake’s own VPCs, which others’ accounts share; los bootstrap --private-api prints how; none: a regional API',
        { items: { type: 'string', pattern: '^vpce?-[0-9a-f]{8,17}$' }, uniqueItems: true, default: [] },
      ),
      vpc: object({
        subnets: array(
          'subnets in which jobs and endpoints run, all of one VPC with an endpoint for S3, which los bootstrap prints: ids such as subnet-0123; empty: no VPC of yours. Endpoints are then of type instance',
          {
            maxItems: 16,
            uniqueItems: true,
            items: { type: 'string', pattern: '^subnet-[0-9a-f]+$' },
            default: [],
          },
        ),
        securityGroups: array('their security groups, which let calls to S3 out: ids such as sg-0123', {
          maxItems: 5,
          uniqueItems: true,
          items: { type: 'string', pattern: '^sg-[0-9a-f]+$' },
          default: [],
        }),
      }),
      trainingFilesDays: integer(
        'days after which the encoded rows of a training are deleted from the bucket; models stay, and los train --repeat writes the rows again',
        { minimum: 1, maximum: 3650, default: 90 },
      ),
      permissionsBoundary: orNull.text(
        'ARN of the IAM policy that bounds every role that apply makes: with it the deployer may make them itself; null: an administrator makes them (los bootstrap --roles)',
        { pattern: '^arn:aws:iam::([0-9]{12}|aws):policy/.+$', default: null },
      ),
      restApi: object({
        accessLog: orNull.text(
          'ARN of a log group of CloudWatch that gets a line for each call; needs API Gateway’s role for CloudWatch, which an administrator sets once an account and region; null: no log',
          { pattern: '^arn:aws:logs:[a-z0-9-]+:[0-9]{12}:log-group:[^:*]+$', default: null },
        ),
      }),
    }),
    training: object({
      instanceType: text('instance on which a model is trained', {
        pattern: '^ml\\.',
        default: 'ml.m5.xlarge',
      }),
      chooseBy: choice(
        'validation metric by which a candidate is chosen: crps for the whole distribution, rmse for means and bed-days, mae for medians',
        { enum: ['crps', 'rmse', 'mae'], default: 'crps' },
      ),
      candidates: orNull.array('candidates to train; null: every one that suits chooseBy', {
        minItems: 1,
        uniqueItems: true,
        items: { enum: candidateNames },
        default: null,
      }),
      featureSelection: object({
        enabled: boolean(
          'ask a small boosted model first which features it needs, and leave out the others',
          true,
        ),
        leastShare: number(
          'a feature is left out when permuting it has less than this share of what permuting all of them costs, by more than its standard error',
          { minimum: 0, maximum: 0.5, default: 0.001 },
        ),
        fromFeatures: integer('with fewer features all of them stay', { minimum: 0, default: 50 }),
      }),
      refit: boolean('fit what was chosen and judged once more, to all ended stays, and serve that', true),
      parallelJobs: integer('training jobs at a time', { minimum: 1, maximum: 20, default: 2 }),
      hyperparameters: {
        type: 'object',
        additionalProperties: false,
        patternProperties: hyperparameterPatterns,
        default: {},
        description:
          'of XGBoost (the table below), for every candidate, e.g. max_depth; an objective only where all candidates predict days',
      },
      holdoutShare: number('share of the rows that is held out, the latest admissions', {
        exclusiveMinimum: 0,
        maximum: 0.5,
        default: 0.2,
      }),
      longStayDays: orNull.integer(
        'predictions carry the probability of a stay at least this long; null: what the contract says (longStayDays), or 21',
        { minimum: 1, maximum: 3650, default: null },
      ),
      recentDays: orNull.integer(
        'train and judge on the admissions of the last so many days only, of those whose stays can be known; null: on all',
        { minimum: 28, default: null },
      ),
      equity: object({
        bias: orNull.number(
          'days by which the mean prediction of a group of the contract may differ from its mean stay: a version with a group that is off by more, beyond chance, is promoted only by a person who gives a reason, and monitoring raises an alarm; null: groups are compared, and refuse no version',
          { exclusiveMinimum: 0, default: null },
        ),
        coverage: orNull.number(
          'likewise, the share by which the coverage of an 80 % interval may differ from 80 %',
          { exclusiveMinimum: 0, maximum: 0.2, default: null },
        ),
      }),
      keepVersions: integer('versions kept callable beside the champion and the one before it', {
        minimum: 0,
        maximum: 100,
        default: 2,
      }),
    }),
    endpoint: object({
      type: choice('serverless costs nothing when idle; an instance is paid by the hour', {
        enum: ['serverless', 'instance'],
        default: 'serverless',
      }),
      maxConcurrency: integer(
        'calls at a time of one endpoint; AWS limits the sum over all serverless endpoints (new accounts: 10)',
        { minimum: 1, maximum: 200, default: 2 },
      ),
      instanceType: text('of an endpoint of type instance', { pattern: '^ml\\.', default: 'ml.m5.large' }),
    }),
    tasks: object({
      schedule: text(
        'when the root task checks for new admissions: triggered (as soon as there are some, at most every 15 minutes; over rows of others every 15 minutes), or 15 MINUTE, or USING CRON 0 * * * *',
        { pattern: '^([0-9]+ (SECOND|MINUTE|HOUR)S?|USING CRON .+|triggered)$', default: 'triggered' },
      ),
      compute: choice(
        'what tasks compute with: serverless, billed by the second, or the warehouse, which is billed for a minute at least and until it is suspended',
        { enum: ['serverless', 'warehouse'], default: 'serverless' },
      ),
      resumed: boolean('whether apply leaves the task graph running', true),
      silent: orNull.integer(
        'days of a silent period: while it is set, all is predicted and no role but operate and deploy is shown a prediction, in no view, mail or page; after so many days from the first prediction on a mail says what would have been shown; null: none',
        { minimum: 7, maximum: 365, default: null },
      ),
      challenger: orNull.text('version such as health-v3 that predicts new admissions in shadow', {
        pattern: '^[a-z][a-z0-9_]*-v[0-9]+$',
        default: null,
      }),
      beds: text(
        'when the beds of the next 14 nights are forecast: before the bed meeting, in the hospital’s zone unless the schedule ends with another',
        { pattern: `^(${interval})$`, default: 'USING CRON 0 5 * * *' },
      ),
      watch: text(
        'when monitoring checks inputs, predictions and the pipeline, and opens and closes alarms',
        {
          pattern: `^(${interval})$`,
          default: 'USING CRON 30 5 * * *',
        },
      ),
      look: text(
        'how often monitoring checks that admissions get predictions; with tasks.compute: warehouse each check wakes it',
        { pattern: `^(${interval})$`, default: '60 MINUTE' },
      ),
    }),
    stay: object({
      hour: integer(
        'hour of the hospital’s day (timeZone) as of which stays are predicted again every morning, where the contract has events',
        { minimum: 0, maximum: 23, default: 6 },
      ),
    }),
    watch: object({
      retrain: choice(
        'what alarms about inputs and predictions, and age, do: train a version and propose it to a person; train and promote it; or nothing (false)',
        { type: ['string', 'boolean'], enum: ['propose', 'promote', false], default: 'propose' },
      ),
      promoteWithinShift: number(
        'with retrain: promote, the largest shift of an input (distance of the distribution functions, or change of a share) up to which a version is promoted by itself; beyond it a person decides',
        { minimum: 0, maximum: 1, default: 0.2 },
      ),
      retrainAfterDays: orNull.integer(
        'age of the youngest admission a champion knows, in days, after which it is retrained; null: never',
        { minimum: 14, default: 90 },
      ),
      budget: orNull.integer(
        'credits that 30 days may use (los plan estimates them, los status counts them); above, an alarm, and no training begins by itself',
        { minimum: 1, default: null },
      ),
      keepDays: integer(
        'days for which all logs but that of predictions are kept: monitoring, closed alarms, events, runs and their steps, bed forecasts, answers of challengers, holdout predictions of removed versions',
        // Forecasts of beds learn from those of 98 days, and trainings rest for up to 112.
        { minimum: 120, default: 730 },
      ),
      keepInputsDays: orNull.integer(
        'days after which the inputs of a prediction are removed from the log, once the patient is discharged (the prediction stays), and features of admissions that have gone from the table of the hospital; null: never',
        { minimum: 60, default: 730 },
      ),
    }),
    mail: object({
      smtpUrl: orNull.text(
        'mail server without a password; user and password: LOS_SMTP_USER and LOS_SMTP_PASSWORD in the environment',
        { pattern: '^smtps?://', default: null },
      ),
      from: text('sender', { pattern: address.pattern, default: 'los@localhost' }),
      to: array('who gets status mails; empty: no mails', {
        items: address,
        default: ['analytics@localhost'],
      }),
      verified: array(
        'verified addresses of the account’s users whom Snowflake itself mails about alarms and retrainings; none: los notify alone sends them',
        { items: address, default: [] },
      ),
      digestHour: orNull.integer(
        'hour of the hospital’s day (timeZone) from which one mail a day has what repeats and went well (scorings, deployments without a change), warnings, and what the loop did; null: a mail each, at once',
        { minimum: 0, maximum: 23, default: 7 },
      ),
    }),
  },
} as const;
