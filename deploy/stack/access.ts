import { qualified, schemaPath } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import type { Resource } from '../resources/resource.js';
import type { TaskGraphDefinition } from '../resources/snowflake/definition.js';
import { type Grant, type GrantsDefinition, grantsKind } from '../resources/snowflake/grants.js';

/** Roles beside the deployer's, which owns everything and may call it. Each is in the one before it. */
export type Caller = 'read' | 'run' | 'operate';

/**
 * Who may CALL what. Procedures run with the rights of their owner, the deploy role: USAGE on one is the owner's power to do
 * just that. docs/permissions.md has the same as a table, and a test holds the two together.
 */
export const callers: Readonly<Record<string, Caller | null>> = {
  BUILD_FEATURES: 'run',
  SCORE_ADMISSIONS: 'run',
  SHADOW_ADMISSIONS: 'run',
  FORECAST_BEDS: 'run',
  EXPLORE_ADMISSIONS: 'read',
  RESCORE_ADMISSIONS: 'run',
  STEP_BACKFILL: 'run',
  FORGET_ADMISSION: 'run',
  WATCH_SCORING: 'run',
  REPORT_GRAPH_RUN: 'run',
  SEND_NOTIFICATIONS: 'run',
  // What los notify calls.
  LOS_LEASE_EVENTS: 'run',
  LOS_MARK_EVENTS_SENT: 'run',
  COMPARE_MODELS: 'run',
  TRAIN_MODEL: 'operate',
  STEP_TRAINING: 'operate',
  PROMOTE_MODEL: 'operate',
  ROLL_BACK_MODEL: 'operate',
  RETIRE_MODELS: 'operate',
  SHADOW_MODEL: 'operate',
  // It has versions trained and taken back.
  WATCH_PREDICTIONS: 'operate',
  // It takes a contract, which is SQL.
  EVALUATE_MODEL: null,
  // Parts of STEP_TRAINING.
  LOS_PREPARE_TRAINING: null,
  LOS_RUN_TRAINING_JOBS: null,
  LOS_EVALUATE_VERSION: null,
  LOS_REGISTER_VERSION: null,
};

/** Tables that say what was done to the deployment and its models: their owner's procedures alone write them. */
const KEPT_BY_OWNER: readonly string[] = [
  'LOS_DEPLOYMENT_LOG',
  'LOS_MODEL_REGISTRY',
  'LOS_EVALUATION',
  'LOS_EVALUATION_METRICS',
  'LOS_TRAINING_RUNS',
  'LOS_TRAINING_STEPS',
  'LOS_CANDIDATE_PREDICTIONS',
  'LOS_BACKFILLS',
  'LOS_BACKFILL_ROWS',
  'LOS_BED_FORECASTS',
  'LOS_BED_NIGHTS',
  'LOS_FEATURE_REFERENCE',
  'LOS_WATCH_INPUTS',
  'LOS_WATCH_PERFORMANCE',
  'LOS_WATCH_PIPELINE',
  'LOS_ALARMS',
  'LOS_EVENTS',
];

/** Functions for every role that may ask for predictions; the others are parts of the pipeline. */
const ASKING: readonly string[] = [
  'LOS_INPUTS',
  'PREDICT_LOS',
  'PREDICT_LOS_DETAIL',
  'PREDICT_LOS_REASONS',
  'PREDICT_LOS_REMAINING',
  'LOS_DISCHARGE_PROBABILITIES',
];

/** How GRANT names what lives in the schema. */
const GRANTABLE: Readonly<Record<string, string>> = {
  'snowflake.table': 'TABLE',
  'snowflake.view': 'VIEW',
  'snowflake.stage': 'STAGE',
  'snowflake.file-format': 'FILE FORMAT',
  'snowflake.stream': 'STREAM',
  'snowflake.function': 'FUNCTION',
  'snowflake.external-function': 'FUNCTION',
  'snowflake.procedure': 'PROCEDURE',
};

/**
 * What the five roles may do. `read` reads the views and tables and asks for predictions; `run` also writes
 * the tables and runs the tasks; `operate` also has models trained and promoted; `wards` sees who leaves when; `deploy` is in `operate`, and owns what
 * apply makes when it is run with it (bootstrap.ts gives it what that takes).
 * @param objects everything that is declared in the schema
 */
export function grantResources(ctx: Context, objects: readonly Resource[]): Resource<GrantsDefinition>[] {
  const { settings } = ctx;
  const { database, schema, warehouse, roles } = settings.snowflake;
  const base: Grant[] = [
    { privilege: 'USAGE', type: 'DATABASE', name: database },
    { privilege: 'USAGE', type: 'SCHEMA', name: schemaPath(settings) },
    { privilege: 'USAGE', type: 'WAREHOUSE', name: warehouse.name },
  ];
  const of = (kind: string) => objects.filter((object) => object.kind === kind);
  const on = (kind: string, type: string, privileges: string[]): Grant[] =>
    of(kind).flatMap(({ name }) =>
      privileges.map((privilege) => ({ privilege, type, name: qualified(settings, name) })),
    );
  const taskNames = of('snowflake.task-graph').flatMap(({ definition }) =>
    (definition as TaskGraphDefinition).tasks.map(({ name }) => name),
  );
  // What asks the model, and what a prediction says once days have passed.
  const asking = on('snowflake.function', 'FUNCTION', ['USAGE']).filter(({ name }) =>
    ASKING.some((own) => name.startsWith(`${qualified(settings, own)}(`)),
  );
  // Lists of single patients are for those who look after them, whatever else they may see.
  const patients = (name: string) => name === qualified(settings, 'LOS_EXPECTED_DISCHARGES');
  const ask = [
    // Whoever may use LOS_SAGEMAKER starts jobs that are paid: its owner's procedures alone, which decide for what.
    ...on('snowflake.external-function', 'FUNCTION', ['USAGE']).filter(
      ({ name }) => !name.startsWith(`${qualified(settings, 'LOS_SAGEMAKER')}(`),
    ),
    ...asking,
    ...on('snowflake.view', 'VIEW', ['SELECT']).filter(({ name }) => !patients(name)),
  ];
  const listed = on('snowflake.view', 'VIEW', ['SELECT']).filter(({ name }) => patients(name));
  const calls = (caller: Caller) =>
    on('snowflake.procedure', 'PROCEDURE', ['USAGE']).filter(({ name }) => callerOf(name) === caller);
  const inRole = (name: string): Grant => ({ privilege: 'USAGE', type: 'ROLE', name });
  const owned = [
    `DATABASE ${database}`,
    `SCHEMA ${schemaPath(settings)}`,
    `WAREHOUSE ${warehouse.name}`,
    ...objects.flatMap(({ kind, name }) => {
      const type = GRANTABLE[kind];
      return type ? [`${type} ${qualified(settings, name)}`] : [];
    }),
    ...taskNames.map((name) => `TASK ${qualified(settings, name)}`),
  ];
  const common = [`snowflake.warehouse:${warehouse.name}`, `snowflake.schema:${schema}`];
  const make = (role: string, grants: Grant[], needs: RegExp, members: string[]) =>
    grantsKind.resource(
      role,
      { grants, objects: owned },
      {
        dependsOn: [
          ...objects
            .filter((object) => needs.test(object.kind))
            .map((object) => `${object.kind}:${object.name}`),
          ...common,
          ...[role, ...members].map((name) => `snowflake.role:${name}`),
        ],
        redo: true,
      },
    );
  return [
    make(
      roles.read,
      [...base, ...ask, ...on('snowflake.table', 'TABLE', ['SELECT']), ...calls('read')],
      /table$|view$|procedure$|function$/,
      [],
    ),
    make(
      roles.run,
      [
        ...base,
        ...ask,
        ...on('snowflake.table', 'TABLE', ['SELECT', 'INSERT', 'UPDATE', 'DELETE']).filter(
          ({ privilege, name }) =>
            privilege === 'SELECT' || !KEPT_BY_OWNER.some((own) => name === qualified(settings, own)),
        ),
        ...on('snowflake.function', 'FUNCTION', ['USAGE']).filter((grant) => !asking.includes(grant)),
        ...calls('run'),
        ...taskNames.flatMap((name) =>
          ['OPERATE', 'MONITOR'].map((privilege) => ({
            privilege,
            type: 'TASK',
            name: qualified(settings, name),
          })),
        ),
        inRole(roles.read),
      ],
      /table$|view$|procedure$|function$|task-graph$/,
      [roles.read],
    ),
    make(roles.operate, [...calls('operate'), inRole(roles.run)], /procedure$/, [roles.run]),
    make(roles.wards, [...base, ...listed], /view$/, []),
    make(roles.deploy, [inRole(roles.operate)], /^$/, [roles.operate]),
  ];
}

/** @param name of a procedure, qualified and with its arguments */
function callerOf(name: string): Caller | null {
  const bare = /([A-Z_][A-Z0-9_]*)\(/.exec(name)?.[1] ?? name;
  const caller = callers[bare];
  if (caller === undefined)
    throw new Error(`Nobody has said who may CALL ${bare}: name it in callers of deploy/stack/access.ts`);
  return caller;
}
