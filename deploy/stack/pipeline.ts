import type { Contract } from '../../procedures/dataset/contract.js';
import { featureColumns, rawColumns } from '../../procedures/dataset/feature-sql.js';
import { firstInputColumns } from '../../procedures/dataset/first-inputs.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { dayAt } from '../../procedures/ground/days.js';
import { invocations, literal, qualified, schemaPath } from '../../procedures/ground/names.js';
import { FEWEST_PATIENTS } from '../../procedures/ground/small-groups.js';
import { graphEnd, graphSteps } from '../../procedures/scoring/graph-tasks.js';
import { batchColumns, buildPlan, queuePlan } from '../../procedures/scoring/statements/build.js';
import { forgetPlan } from '../../procedures/scoring/statements/forget.js';
import { rescorePlan } from '../../procedures/scoring/statements/rescore.js';
import { scorePlan } from '../../procedures/scoring/statements/score.js';
import { MARKS } from '../../udfs/encoding/marks.js';
import { functionResource, procedureResource } from '../compile/sql.js';
import type { Context } from '../context.js';
import { loadContract } from '../dataset/load.js';
import { MOST_FAILURES, startClause } from '../ground/schedule.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import {
  COMMENT_CLAUSE,
  commentClause,
  describedSql,
  type SqlDefinition,
  sqlResource,
  tableOfFile,
  tableResource,
  taskGraph,
} from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { sqlFile } from '../sql-file.js';
import { backfillResources } from './backfill.js';
import { bedResources } from './beds.js';
import { restoreStream, streamResources } from './beside.js';
import { exploringResources } from './exploring.js';
import { shadowResources } from './shadow.js';
import { trainingResources } from './training.js';
import { notifyingResources, wakingStreams, watchingResources } from './watching.js';

/**
 * What the pipeline itself consists of in Snowflake: tables, streams, views, stage, UDFs, procedures and the
 * task graph, all derived from the configured dataset's contract. Roles, integrations and the external
 * functions are the rest of the stack's.
 */
export async function pipelineResources(ctx: Pick<Context, 'settings' | 'aws'>): Promise<Resource[]> {
  const { settings } = ctx;
  const contract = loadContract(settings.dataset, settings.timeZone);
  const schema: ResourceId = `snowflake.schema:${settings.snowflake.schema}`;
  const tables = tableResources(contract, settings, schema);
  const loading = loadingResources(settings, schema);
  const streams = streamResources(contract, settings);
  const code = await codeResources(contract, settings, schema, streams[0]!);
  const watching = await watchingResources(contract, settings, schema, wakingStreams(settings, streams));
  const tasks = taskResource(contract, settings, [
    ...tables,
    ...streams,
    ...code,
    ...watching.filter(({ kind }) => kind === 'snowflake.procedure' || kind === 'snowflake.table'),
  ]);
  return [
    ...tables,
    ...loading,
    ...streams,
    ...code,
    ...viewResources(contract, settings),
    tasks,
    ...(await trainingResources(ctx, contract)),
    ...(await backfillResources(ctx, contract)),
    ...(await shadowResources(contract, settings, schema)),
    ...(await bedResources(contract, settings, schema)),
    ...(await notifyingResources(contract, settings, schema)),
    ...watching,
    ...(await exploringResources(contract, settings)),
  ];
}

/**
 * How long the changes of the raw table are kept for the stream on it, in days, when nobody reads it: a graph that
 * was suspended over a holiday finds them still there. 90 is the most that Snowflake takes.
 */
const KEPT_CHANGES = 'MAX_DATA_EXTENSION_TIME_IN_DAYS = 90';

function tableResources(contract: Contract, settings: Settings, schema: ResourceId): Resource[] {
  const names = datasetNames(contract);
  const derived = (
    name: string,
    description: string,
    columns: string[],
    { more, ...options }: { adopt?: boolean; more?: string; recomputed?: string[]; sourceOf?: string } = {},
  ) =>
    tableResource(
      name,
      (create) =>
        `${create} ${qualified(settings, name)} (\n  ${columns.join(',\n  ')}\n)\n${more ? `${more}\n` : ''}${commentClause(description)}`,
      { dependsOn: [schema], ...options },
    );
  const fromFile = (name: string, file: string) => tableOfFile(settings, name, file, schema);
  return [
    // A hospital's own table is used as it is.
    derived(
      names.raw,
      'The table of the hospital, one row per admission. One that is there already is used as it is.',
      rawColumns(contract),
      {
        adopt: true,
        more: KEPT_CHANGES,
        sourceOf: qualified(settings, names.features),
      },
    ),
    derived(
      names.features,
      'One row per admission: what the model is told of it, and the stay once it is known.',
      featureColumns(contract),
      { recomputed: Object.keys(contract.features) },
    ),
    // Empty but for the time of a run.
    derived(
      names.changed,
      'Changed admissions while BUILD_FEATURES works on them; empty otherwise.',
      batchColumns(contract),
      { recomputed: Object.keys(contract.columns) },
    ),
    waitingResource(contract, settings),
    fromFile('LOS_PREDICTION_LOG', 'prediction-log.sql'),
    fromFile('LOS_QUARANTINE', 'quarantine.sql'),
    fromFile('LOS_MODEL_REGISTRY', 'model-registry.sql'),
    fromFile('LOS_RUN_LOG', 'run-log.sql'),
    fromFile('LOS_DEPLOYMENT_LOG', 'deployment-log.sql'),
    fromFile('LOS_EVALUATION', 'evaluation.sql'),
    fromFile('LOS_EVALUATION_METRICS', 'evaluation-metrics.sql'),
    fromFile('LOS_SHADOW_LOG', 'shadow-log.sql'),
    fromFile('LOS_TRAINING_RUNS', 'training-runs.sql'),
    fromFile('LOS_TRAINING_STEPS', 'training-steps.sql'),
    fromFile('LOS_CANDIDATE_PREDICTIONS', 'candidate-predictions.sql'),
    fromFile('LOS_BACKFILLS', 'backfills.sql'),
    fromFile('LOS_BACKFILL_ROWS', 'backfill-rows.sql'),
  ];
}

/** What SQL users read: the model's inputs, the latest predictions, and how good they were. */
function viewResources(contract: Contract, settings: Settings): Resource[] {
  const { id, patient, admission, department, ward } = contract;
  const names = datasetNames(contract);
  const table = names.features;
  const zone = literal(settings.timeZone);
  const unit = (column: string | undefined) => (column ? `TO_VARCHAR(f.${column})` : 'NULL::VARCHAR');
  const values = {
    columns: [id, ...Object.keys(contract.features), `NULLIF(DEFAULTED, '') AS ${MARKS.defaulted}`].join(
      ', ',
    ),
    table: qualified(settings, table),
    features: qualified(settings, table),
    log: qualified(settings, 'LOS_PREDICTION_LOG'),
    judge: qualified(settings, 'LOS_EVALUATE_CURVE'),
    dataset: literal(contract.name),
    zone,
    today: dayAt(settings.timeZone),
    fewest: String(FEWEST_PATIENTS),
    id,
    patient: patient ?? id,
    admitted: admission ? `TO_DATE(f.${admission})` : 'NULL::DATE',
    // Without dates an admission counts on the day on which it came into the account.
    came: admission ? `TO_DATE(f.${admission})` : dayAt(settings.timeZone, 'f.FIRST_BUILT_AT'),
    department: unit(department),
    ward: unit(ward),
    ...firstInputColumns(contract),
  };
  const view = (name: string, file: string, ...more: ResourceId[]) =>
    sqlResource(
      'snowflake.view',
      name,
      { create: describedSql(`sql/views/${file}`, { ...values, view: qualified(settings, name) }) },
      { dependsOn: [`snowflake.table:${table}`, ...more] },
    );
  const log: ResourceId = `snowflake.table:LOS_PREDICTION_LOG`;
  return [
    view('LOS_FEATURES', 'features.sql'),
    view(names.firstInputs, 'features-at-admission.sql'),
    view('LOS_PREDICTIONS', 'predictions.sql', log),
    view('LOS_ACCURACY', 'accuracy.sql', log, `snowflake.function:LOS_EVALUATE_CURVE(OBJECT, FLOAT)`),
  ];
}

/**
 * Who is to be scored. Everything in it follows from features and log (sql/scoring/queue.sql), so a new one, in a
 * state of an earlier version too, begins with those who ought to be in it.
 */
function waitingResource(contract: Contract, settings: Settings): Resource {
  const names = datasetNames(contract);
  const columns = [
    `ID ${contract.columns[contract.id]} NOT NULL COMMENT 'Admission'`,
    `SINCE TIMESTAMP_LTZ NOT NULL COMMENT 'Since when it waits'`,
    `RESCORE BOOLEAN NOT NULL COMMENT 'It was asked for once more, whatever is logged'`,
    `RUN_ID VARCHAR COMMENT 'Run that has claimed it; NULL: nobody yet'`,
  ];
  const statement = (create: string) =>
    `${create} ${qualified(settings, names.waiting)} (\n  ${columns.join(',\n  ')}\n)\n${commentClause('Who is to be predicted: it follows from features and log.')}`;
  return tableResource(names.waiting, statement, {
    fill: queuePlan(contract, settings, sqlFile, 'all').fill,
    dependsOn: [names.features, 'LOS_PREDICTION_LOG', 'LOS_MODEL_REGISTRY', 'LOS_QUARANTINE'].map(
      (name): ResourceId => `snowflake.table:${name}`,
    ),
  });
}

/** The stage and format by which a user's CSV comes in. */
function loadingResources(settings: Settings, schema: ResourceId): Resource[] {
  const { load } = settings.snowflake.stages;
  const values = {
    format: qualified(settings, 'LOS_CSV'),
    stage: qualified(settings, load),
    comment: COMMENT_CLAUSE,
  };
  return [
    sqlResource(
      'snowflake.file-format',
      'LOS_CSV',
      { create: sqlFile('sql/loading/csv-format.sql', values) },
      { dependsOn: [schema] },
    ),
    sqlResource(
      'snowflake.stage',
      load,
      { create: sqlFile('sql/loading/stage.sql', values) },
      { dependsOn: [schema, `snowflake.file-format:LOS_CSV`] },
    ),
  ];
}

async function codeResources(
  contract: Contract,
  settings: Settings,
  schema: ResourceId,
  rawStream: Resource<SqlDefinition>,
): Promise<Resource[]> {
  const dependsOn = [schema];
  return await Promise.all([
    functionResource('udfs/translators/response-translator.ts', { dependsOn }),
    functionResource('udfs/translators/detail-response-translator.ts', { dependsOn }),
    functionResource('udfs/translators/reasons-response-translator.ts', { dependsOn }),
    functionResource('udfs/translators/no-model.ts', { dependsOn }),
    functionResource('udfs/curve/predict-los-remaining.ts', { dependsOn }),
    functionResource('udfs/curve/discharge-probabilities.ts', { dependsOn }),
    functionResource('udfs/fitting/evaluate-curve.ts', { dependsOn }),
    functionResource('udfs/fitting/calibrate.ts', { dependsOn }),
    functionResource('udfs/fitting/evaluate-spread.ts', { dependsOn }),
    functionResource('udfs/fitting/evaluate-hazards.ts', { dependsOn }),
    functionResource('udfs/fitting/means-by-pace.ts', { dependsOn }),
    procedureResource('procedures/scoring/build-features.ts', {
      dependsOn,
      define: { PLAN: buildPlan(contract, settings, sqlFile, restoreStream(settings, rawStream)) },
    }),
    procedureResource('procedures/scoring/score-admissions.ts', {
      dependsOn,
      define: { PLAN: scorePlan(contract, settings, sqlFile) },
    }),
    procedureResource('procedures/scoring/rescore-admissions.ts', {
      dependsOn,
      define: { PLAN: rescorePlan(contract, settings, sqlFile) },
    }),
    procedureResource('procedures/scoring/forget-admission.ts', {
      dependsOn,
      define: { PLAN: forgetPlan(contract, settings) },
    }),
  ]);
}

function taskResource(contract: Contract, settings: Settings, needs: readonly Resource[]): Resource {
  const names = datasetNames(contract);
  const values = {
    schema: schemaPath(settings),
    warehouse: settings.snowflake.warehouse.name,
    when: startClause(settings.tasks.schedule),
    failures: String(MOST_FAILURES),
    zone: literal(settings.timeZone),
  };
  const [root] = graphSteps;
  const task = (step: { readonly task: string; readonly file: string }, more: Record<string, string>) => ({
    name: step.task,
    create: describedSql(`tasks/${step.file}`, { ...values, ...more, task: qualified(settings, step.task) }),
  });
  return taskGraph(
    {
      tasks: [
        ...graphSteps.map((step, i) =>
          task(
            step,
            i > 0
              ? { after: qualified(settings, graphSteps[i - 1]!.task) }
              : {
                  stream: qualified(settings, names.rawStream),
                  // What a failed scoring left waits for the next run, not for the next admission.
                  unscored: qualified(settings, names.waker),
                },
          ),
        ),
        task(graphEnd, { root: qualified(settings, root.task) }),
      ],
      resumed: settings.tasks.resumed,
    },
    [
      ...needs.map(idOf),
      `snowflake.warehouse:${settings.snowflake.warehouse.name}`,
      `snowflake.external-function:${invocations(settings).detail}(OBJECT)`,
    ],
  );
}
