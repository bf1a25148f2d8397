import type { Contract } from '../../procedures/dataset/contract.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Plan } from '../../procedures/ground/plan.js';
import { RESTORE_STREAM } from '../../procedures/training/run.js';
import { procedureResource } from '../compile/sql.js';
import type { Context } from '../context.js';
import { MOST_FAILURES } from '../ground/schedule.js';
import { makePlan, partOf, type TemplateName, type TextName } from '../model/plan.js';
import { idOf, type Resource, type ResourceId, ref } from '../resources/resource.js';
import type { Settings } from '../settings/settings.js';
import { restoreStream, taskBeside, wakingStream } from './beside.js';

interface Part {
  readonly file: string;
  readonly texts?: readonly TextName[];
  readonly templates?: readonly TemplateName[];
}

const MEASURING: readonly TextName[] = [
  'calibration/answered',
  'calibration/calibrated',
  'calibration/described',
  'calibration/levels',
  'calibration/paced-means',
  'calibration/paces',
  'calibration/scale',
  'evaluation/measures',
  'evaluation/no-features',
  'evaluation/stays',
];

const PROMOTING: readonly TextName[] = ['evaluation/newest'];

/** Files of training rows and lines are written by these, and answers loaded. */
const FILES: readonly TextName[] = [
  'training/asked-rows',
  'training/hazard-lines',
  'training/hazard-questions',
  'training/load-answers',
  'training/periods',
];

/** Writes the contract into a version's lineage, so it has all of it. */
const ENTERS = 'training/register-version';
const STEPS = 'training/step-training';

/** The procedures that make versions and choose which one answers, each with what it needs. */
const PROCEDURES: readonly Part[] = [
  { file: 'training/train-model' },
  { file: 'training/step-training' },
  {
    file: 'training/prepare-training',
    texts: [
      ...FILES,
      'evaluation/reference',
      'leaks/each',
      'leaks/feature',
      'leaks/sample',
      'leaks/together',
      'training/ordered',
      'training/out-of-fold',
      'training/permutation-costs',
      'training/permuted-lines',
      'training/screening-rows',
      'training/screening-sample',
    ],
    templates: ['udfs/encoding/encode-value.ts'],
  },
  {
    file: 'training/run-training-jobs',
    texts: [
      ...FILES,
      'evaluation/reference',
      'training/candidate-blocks',
      'training/candidate-errors',
      'training/judge-hazards',
      'training/judge-spread',
    ],
  },
  {
    file: 'training/evaluate-version',
    texts: MEASURING,
    templates: ['udfs/translators/request-translator.ts', 'udfs/translators/reasons-request-translator.ts'],
  },
  { file: ENTERS, texts: PROMOTING },
  { file: 'promoting/promote-model', texts: PROMOTING },
  { file: 'promoting/promote-model-with', texts: PROMOTING },
  { file: 'promoting/roll-back-model', texts: PROMOTING },
  { file: 'promoting/retire-models' },
  { file: 'promoting/compare-models' },
  {
    file: 'external-validation/evaluate-model',
    texts: ['evaluation/external-validation', 'evaluation/measures', 'features/history'],
  },
  { file: 'promoting/shadow-model' },
];

/**
 * What trains, judges and promotes versions inside Snowflake: procedures, a stream on the trainings and the task that goes
 * on with open ones. The task stands beside the scoring graph, not in it: a training that fails must not suspend scoring.
 */
export async function trainingResources(
  ctx: Pick<Context, 'settings' | 'aws'>,
  contract: Contract,
): Promise<Resource[]> {
  const { settings } = ctx;
  const api: ResourceId = `aws.rest-api:${settings.aws.restApi.name}`;
  const plan = await makePlan(ctx, contract, `${ref(api, 'invokeUrl')}/endpoints`);
  const stream = wakingStream(settings, 'LOS_OPEN_TRAININGS', 'LOS_TRAINING_RUNS');
  const restore = { [RESTORE_STREAM]: restoreStream(settings, stream) };
  const procedures = await Promise.all(
    PROCEDURES.map((part) => procedureOf(plan, part, settings, api, part.file === STEPS ? restore : {})),
  );
  const needs = [...procedures, stream];
  const values = {
    failures: String(MOST_FAILURES),
    stream: qualified(settings, 'LOS_OPEN_TRAININGS'),
  };
  const task = taskBeside(settings, 'LOS_TRAIN', 'train.sql', values, [
    ...needs.map(idOf),
    `snowflake.external-function:LOS_SAGEMAKER(VARCHAR, OBJECT)`,
  ]);
  return [...needs, task];
}

function procedureOf(
  plan: Plan,
  { file, texts = [], templates = [] }: Part,
  settings: Settings,
  api: ResourceId,
  more: Readonly<Record<string, string>>,
) {
  const own = partOf(plan, texts, templates, file !== ENTERS);
  return procedureResource(`procedures/${file}.ts`, {
    dependsOn: [
      `snowflake.schema:${settings.snowflake.schema}`,
      // Its URL is in the plan.
      api,
    ],
    define: { PLAN: { ...own, sql: { ...own.sql, ...more } } },
  });
}
