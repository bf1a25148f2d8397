import { ADDRESS, COMPRESSION, ENDPOINT_TYPE } from '../../deploy/resources/aws/rest-api-properties.js';
import { API_STAGE } from '../../deploy/settings/account-names.js';
import { EXCHANGE_STAGE, schemaPath } from '../../procedures/ground/names.js';
import { graphEnd, graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { controlActionNames } from '../../udfs/control/control-actions.js';
import type { Check } from '../check.js';
import { hop, nameOf, type Symptom, type Symptoms } from './hop.js';
import { checkBlocking, covering, type Integration, mayMask, stageReads, throttling, use } from './looks.js';
import type { Scene } from './scene.js';
import { lacking, PATH } from './words.js';

/* What in a plan breaks which hop. The sentence is made of the plan's own words and of what is said here of why it matters. */

/** Symptom of a dropped or renamed table that has the admissions and the log in it; apply would make an empty one in its place. */
const backOrAnew: Symptom = {
  fix(change, { ctx, los }) {
    const schema = change.id.startsWith('snowflake.schema:');
    const object = schema ? `SCHEMA ${schemaPath(ctx.settings)}` : `DATABASE ${nameOf(change)}`;
    return `${los('apply')}, where there never was one; a dropped or renamed one has the data in it: UNDROP ${object}, or ALTER ${object.replace(/ .*/, '')} … RENAME TO ${object.replace(/.* /, '')}`;
  },
};

export const snowflakeHops: readonly Check<Scene>[] = [
  hop(
    'warehouse',
    'the warehouse exists and starts when it is needed',
    [],
    'snowflake.warehouse',
    { AUTO_RESUME: 'once it is suspended, no task and no statement runs' },
    use(({ settings }) => `USE WAREHOUSE ${settings.snowflake.warehouse.name}`),
  ),
  hop(
    'database',
    'database and schema exist',
    [],
    ['snowflake.database', 'snowflake.schema'],
    { gone: backOrAnew },
    use(({ settings }) => `USE SCHEMA ${schemaPath(settings)}`),
  ),
  hop('roles', 'the roles exist', [], 'snowflake.role'),
  hop('tables', 'all tables and views exist', ['database'], ['snowflake.table', 'snowflake.view']),
  hop('stages', 'stages and file formats exist', ['database'], ['snowflake.stage', 'snowflake.file-format']),
  hop('streams', 'the streams exist', ['database'], 'snowflake.stream'),
  hop('stream-offsets', 'the streams can still be read', ['streams'], 'snowflake.stream', {
    stale: 'its table was replaced, or it was not read for longer than data is retained',
  }),
  hop('procedures', 'the procedures exist', ['database'], 'snowflake.procedure'),
  hop('functions', 'the translators exist', ['database'], 'snowflake.function'),
  hop(
    'external-functions',
    'predict_los and its companions exist',
    ['database'],
    'snowflake.external-function',
  ),
];

export const apiHop = hop('rest-api', 'the REST API exists', [], 'aws.rest-api', {
  [COMPRESSION]: 'what Snowflake sends compressed and is smaller reaches SageMaker still compressed',
  [ADDRESS]: 'Snowflake calls that one',
  [ENDPOINT_TYPE]: 'Snowflake’s integration comes the other way, and a regional one has a public address',
});

/** That an integration exists, is enabled and carries the right role. */
function integrationHop(name: string, asks: string, integration: Integration): Check<Scene> {
  const category = integration === 'storage' ? 'STORAGE' : 'API';
  return hop(name, `${asks} exists and is enabled`, [], integrationId(integration), {
    ENABLED: 'it lets nothing through',
    [`${category}_AWS_ROLE_ARN`]: 'what it reaches lets another role in',
  });
}

/** That an integration's lists let an address through. */
function addressHop(
  name: string,
  asks: string,
  integration: Integration,
  needs: readonly string[],
): Check<Scene> {
  const symptoms: Symptoms = {
    [integration === 'storage' ? 'STORAGE_ALLOWED_LOCATIONS' : 'API_ALLOWED_PREFIXES']: {
      why: 'it does not allow what it is for',
      where: ({ live, declared = '' }) => covering(live, declared) === undefined,
    },
  };
  return hop(name, asks, needs, integrationId(integration), symptoms, checkBlocking(integration));
}

const integrationId =
  (integration: Integration) =>
  ({ ctx }: Scene) =>
    `snowflake.${integration === 'storage' ? 'storage' : 'api'}-integration:${ctx.settings.snowflake.integrations[integration]}`;

/** Snowflake's way out to API Gateway. */
export const outgoingHops: readonly Check<Scene>[] = [
  integrationHop('api-integration', 'the API integration', 'api'),
  addressHop('api-prefixes', "the API integration allows the REST API's address", 'api', [
    'api-integration',
    'rest-api',
  ]),
  hop(
    'function-wiring',
    'predict_los calls the REST API through the integration',
    ['external-functions', 'rest-api'],
    'snowflake.external-function',
    {
      AS: 'it calls another address',
      API_INTEGRATION: 'it calls through another integration',
      RESPONSE_TRANSLATOR: 'its answers are read otherwise',
    },
  ),
];

const withoutMethod = (path: string): Symptoms => ({
  methods: {
    what: (change) => `The REST API ${nameOf(change)} has no method POST ${path}.`,
    where: ({ live, declared }) => lacking(live, declared).includes(`POST ${path}`),
  },
});

const authorizationSymptom = (path: string): Symptoms => ({
  [`authorization of ${path}`]:
    'Snowflake signs its calls by IAM, and without a signature the resource policy shuts it out',
});

const leading = (path: string): Symptoms => ({
  [`integration of ${path}`]: 'calls do not reach SageMaker as they are meant',
});

const answering = (path: string): Symptoms => ({
  [`responses of ${path}`]:
    'Snowflake repeats 429 and 5xx, gives up on other errors, and takes what arrives as 200 for a prediction',
});

/** Hops of the REST API between Snowflake and SageMaker. */
export const gatewayHops: readonly Check<Scene>[] = [
  hop(
    'resource-policy',
    "the REST API's resource policy lets Snowflake's role in",
    ['rest-api', 'api-role'],
    'aws.rest-api',
    { 'resource policy': 'by the declared one Snowflake’s role comes in, and no other' },
  ),
  hop('method', 'the method exists and is authorized by IAM', ['rest-api'], 'aws.rest-api', {
    ...withoutMethod(PATH),
    ...authorizationSymptom(PATH),
  }),
  hop(
    'integration',
    'the method leads to SageMaker with its role and mappings',
    ['method'],
    'aws.rest-api',
    leading(PATH),
  ),
  hop(
    'error-mapping',
    "SageMaker's errors reach Snowflake as such",
    ['integration'],
    'aws.rest-api',
    answering(PATH),
  ),
  hop('deployment', 'the stage serves what is configured', ['rest-api'], 'aws.rest-api', {
    'deployed version': {
      what: ({ differences }) =>
        differences.some(({ property, live }) => property === 'deployed version' && live)
          ? `The stage ${API_STAGE} serves another deployment, not the one that los apply made.`
          : `The REST API has no stage ${API_STAGE}: nothing is deployed.`,
      // Where apply is still to bring a new definition, the stage serves what the last one made, as it should.
      where: ({ live }, { drift }) => !live || drift === true,
    },
  }),
  hop('throttling', 'the stage lets calls through', ['deployment'], [], {}, throttling),
];

/** Snowflake's way out to the routes by which procedures ask SageMaker. */
export const controlHops: readonly Check<Scene>[] = [
  integrationHop('control-integration', 'the API integration of training', 'control'),
  addressHop('control-prefixes', 'that integration allows the routes to SageMaker', 'control', [
    'control-integration',
    'rest-api',
  ]),
];

/** Routes by which procedures ask SageMaker. */
export const controlRoutes: Symptoms = Object.assign(
  {},
  ...controlActionNames
    .map((action) => `/control/${action}`)
    .map((path) => ({ ...authorizationSymptom(path), ...leading(path), ...answering(path) })),
  {
    methods: {
      why: 'procedures cannot ask SageMaker for it',
      where: ({ live, declared }) => lacking(live, declared).some((line) => line.includes('/control/')),
    } satisfies Symptom,
  },
);

/** For other roles than the one that runs the doctor. */
export const grantsHop = hop(
  'grants',
  'the roles of daily use may use all of it',
  ['roles', 'database'],
  'snowflake.grants',
  {
    gone: { what: (change) => `The role ${nameOf(change)} has none of its privileges.` },
    drift: { what: (change) => `The role ${nameOf(change)} ${change.reason}.` },
  },
);

/** Who sees values in columns of patients, where `snowflake.masking` is set. */
export const maskingHop = hop(
  'masking',
  'columns of patients are masked',
  ['tables'],
  'snowflake.masking',
  {
    gone: { what: (change) => `No column of patients is masked: the tag ${nameOf(change)} does not exist.` },
    drift: { what: ({ reason }) => `Masking is not as declared: ${reason}.` },
  },
  mayMask,
);

/** Files out of Snowflake into S3. */
export const storageHops: readonly Check<Scene>[] = [
  hop('bucket', 'the bucket exists', [], 'aws.bucket'),
  integrationHop('storage-integration', 'the storage integration', 'storage'),
  addressHop('storage-locations', 'the storage integration allows the bucket', 'storage', [
    'storage-integration',
  ]),
];

export const stageHop = hop(
  'exchange-stage',
  'Snowflake reads and writes the bucket through its stage',
  ['stages', 'bucket', 'storage-integration', 'storage-locations', 'storage-trust', 'storage-permission'],
  () => `snowflake.stage:${EXCHANGE_STAGE}`,
  { URL: 'training files go elsewhere', STORAGE_INTEGRATION: 'the bucket lets another role in' },
  stageReads,
);

/** The task graph that scores without being asked. */
export const graphHop = hop(
  'tasks',
  'the task graph exists and runs by itself',
  ['database'],
  `snowflake.task-graph:${graphSteps[0].task}`,
  {
    ...Object.fromEntries(
      [...graphSteps, graphEnd].map(({ task }): [string, Symptom] => [
        `${task} AS`,
        { what: () => `The task ${task} does not exist.`, where: ({ live }) => !live },
      ]),
    ),
    drift: {
      what: ({ reason }) => `${reason}, so admissions wait to be scored.`,
      fix: (change, { ctx, los }) =>
        `SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('${schemaPath(ctx.settings)}.${nameOf(change)}'); or ${los('apply')}`,
    },
  },
);
