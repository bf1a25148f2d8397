import { invocations, literal, qualified, schemaPath } from '../../procedures/ground/names.js';
import { classify } from '../../procedures/jobs/answers.js';
import { SnowflakeError } from '../clients/snowflake.js';
import { askForNoEndpoint } from '../doctor/control.js';
import { messageOf } from '../errors.js';
import { makePlan } from '../resources/plan.js';
import { buildStack } from '../stack/index.js';
import {
  breaks,
  type FirstDay,
  type FirstDayCheck,
  holds,
  needsApply,
  needsChampion,
  open,
} from './check.js';

/** What DESCRIBE FUNCTION may say of an external function. */
const PROPERTIES = ['request_translator', 'response_translator', 'api_integration', 'max_batch_rows', 'body'];

async function describe({ ctx }: FirstDay) {
  const rows = await ctx.snowflake.query(
    `DESCRIBE FUNCTION ${qualified(ctx.settings, invocations(ctx.settings).days)}(OBJECT)`,
  );
  const shown = new Set(rows.map(({ property }) => String(property).toLowerCase()));
  const missing = PROPERTIES.filter((name) => !shown.has(name));
  return holds(
    missing.length ? `not shown: ${missing.join(', ')}` : 'shows translators and integration',
    "The champion is the registry's; what DESCRIBE does not show is not compared.",
  );
}

async function secondPlan({ ctx }: FirstDay) {
  const { changes, unchanged } = await makePlan(ctx, await buildStack(ctx));
  if (changes.length === 0)
    return holds(`nothing to do, ${unchanged} objects`, 'All listings say what was declared.');
  const named = changes
    .slice(0, 5)
    .map(({ id, reason, differences }) =>
      [id, reason, ...differences.map(({ property }) => property)].join(', '),
    );
  return breaks(
    `${changes.length} changes: ${named.join('; ')}`,
    'A listing says something else than was declared, and every apply would change it again. If nothing was changed since los apply, send this file back.',
  );
}

/** A SQL function of the checks' own around the external one, called where there is a model to answer it. */
async function sqlAroundExternal({ ctx, schema, champion }: FirstDay) {
  const { settings, snowflake } = ctx;
  const around = `${schema}.AROUND`;
  const instead =
    'Write snowflake.predictLos: inputs in los.config.yaml and run los apply: predict_los(los_inputs(OBJECT_CONSTRUCT(*))) asks the same.';
  try {
    await snowflake.execute(
      `CREATE OR REPLACE FUNCTION ${around}(F OBJECT) RETURNS OBJECT AS $$${qualified(settings, invocations(settings).detail)}(F)$$`,
    );
    if (!champion)
      return holds(
        'such a function is taken',
        'predict_los takes columns. Once a version is promoted, it is called too.',
      );
    const [row] = await snowflake.query(
      `SELECT COUNT(${around}(F)) AS N FROM (SELECT OBJECT_CONSTRUCT(*) AS F FROM ${schemaPath(settings)}.LOS_FEATURES LIMIT 1)`,
    );
    return Number(row?.N) === 1
      ? holds('such a function is taken, and answers', 'predict_los takes columns.')
      : open(
          'there is no row to ask about',
          'Whether predict_los can take columns. Run los first-day again once rows are loaded.',
        );
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    const saw = `refused (${error.code}): ${messageOf(error).split('\n').at(-1)}`;
    return settings.snowflake.predictLos === 'inputs'
      ? holds(saw, 'predict_los takes what LOS_INPUTS makes.')
      : breaks(saw, instead);
  }
}

/** As the least of the roles, with no other beside it. */
async function askedAsReader({ ctx, contract }: FirstDay) {
  const { settings, snowflake } = ctx;
  const [before] = await snowflake.query(
    'SELECT CURRENT_ROLE() AS ROLE, CURRENT_SECONDARY_ROLES() AS OTHERS',
  );
  const all = /"value"\s*:\s*"ALL"/.test(String(before?.OTHERS ?? ''));
  // As it is written in either form of predict_los.
  const asked = `SELECT ${['PREDICT_LOS', 'PREDICT_LOS_DETAIL', 'PREDICT_LOS_REASONS']
    .map((name) => `COUNT(${qualified(settings, name)}(${qualified(settings, 'LOS_INPUTS')}(F)))`)
    .join(', ')} FROM (SELECT OBJECT_CONSTRUCT(*) AS F FROM ${schemaPath(settings)}.LOS_FEATURES LIMIT 1)`;
  const role = settings.snowflake.roles.read;
  try {
    await snowflake.execute(`USE ROLE ${role}`);
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return open(
      `this user may not become the read role (${error.code})`,
      `Whether analysts can ask. Run los first-day with ${settings.snowflake.roles.deploy}, or GRANT ROLE ${role} to this user.`,
    );
  }
  try {
    await snowflake.execute('USE SECONDARY ROLES NONE');
    await snowflake.query(asked);
    return holds(`the read role may ask about ${contract.name}`, 'Callers need no right on translators.');
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    return breaks(
      `refused (${error.code}): ${messageOf(error).split('\n').at(-1)}`,
      'Analysts cannot ask predict_los: they may need USAGE on the translators. Send this file back.',
    );
  } finally {
    await snowflake.execute(`USE ROLE ${String(before?.ROLE)}`);
    await snowflake.execute(`USE SECONDARY ROLES ${all ? 'ALL' : 'NONE'}`);
  }
}

/** That a task, not a person, has called the external function inside an INSERT and kept its answers. */
async function scoredByTask({ ctx }: FirstDay) {
  const { settings, snowflake } = ctx;
  const means =
    'Scoring by the task, with the external function inside an INSERT of an owner’s-rights procedure.';
  const runs = await snowflake.query(
    `SELECT STATE, ERROR_CODE FROM TABLE(${settings.snowflake.database}.INFORMATION_SCHEMA.TASK_HISTORY(
  TASK_NAME => ${literal('LOS_SCORE')}, RESULT_LIMIT => 100)) WHERE SCHEMA_NAME = ${literal(settings.snowflake.schema)}
  AND COMPLETED_TIME IS NOT NULL`,
  );
  const count = (state: RegExp) => runs.filter(({ STATE }) => state.test(String(STATE))).length;
  const [ok, failed] = [count(/^SUCCEEDED$/), count(/^FAILED/)];
  const codes = [...new Set(runs.flatMap(({ ERROR_CODE }) => (ERROR_CODE ? [String(ERROR_CODE)] : [])))];
  const saw = `${ok} runs succeeded, ${failed} failed${codes.length ? ` (${codes.join(', ')})` : ''}`;
  if (ok > 0) return holds(saw, means);
  return failed > 0
    ? breaks(saw, `${means} los doctor names the hop.`)
    : open(saw, `${means} Run los score.`);
}

async function trainingMetrics({ ctx, champion }: FirstDay) {
  const job = await ctx.aws.sageMaker.describeTrainingJob({ TrainingJobName: champion!.job });
  const names = (job.FinalMetricDataList ?? []).map(({ MetricName }) => MetricName).sort();
  const means = 'A tuning job compares its jobs by the validation metric that their objective aims at.';
  const wanted = ['validation:rmse', 'validation:mae', 'validation:logloss'];
  return wanted.some((name) => names.includes(name))
    ? holds(names.join(', '), means)
    : breaks(`${names.join(', ') || 'none'}; none of ${wanted.join(', ')}`, `${means} Send this file back.`);
}

async function controlRoutes({ ctx }: FirstDay) {
  const means = 'Whether procedures can start and follow jobs in SageMaker, without the command line.';
  const fails = `${means} They cannot here: send this file back.`;
  try {
    const answer = await askForNoEndpoint(ctx.snowflake, ctx.settings);
    if (answer.ok) return breaks('an endpoint of an unknown name', fails);
    // The message names the account.
    const kind = classify(answer);
    return kind === 'missing'
      ? holds(`SageMaker's ${answer.error} arrives as a value`, means)
      : breaks(`${answer.error} (${kind})`, fails);
  } catch (error) {
    if (!(error instanceof SnowflakeError)) throw error;
    // Unknown to a role that is not its owner.
    return /^00(2139|2140|2141|3001)$/.test(String(error.code))
      ? open(
          `this role may not use LOS_SAGEMAKER (${error.code})`,
          `${means} Run los first-day with ${ctx.settings.snowflake.roles.deploy}.`,
        )
      : breaks(`refused (${error.code}): ${messageOf(error).split('\n').at(-1)}`, fails);
  }
}

const onceApplied =
  (means: string, look: FirstDayCheck['look']): FirstDayCheck['look'] =>
  async (day) =>
    day.deployed ? look(day) : needsApply(means);
const oncePromoted =
  (means: string, look: FirstDayCheck['look']): FirstDayCheck['look'] =>
  async (day) =>
    day.champion ? look(day) : needsChampion(means);

export const deploymentChecks: readonly FirstDayCheck[] = [
  {
    name: 'second-plan',
    question: 'Does a plan after los apply find nothing to do?',
    look: onceApplied('Whether listings say what was declared.', secondPlan),
  },
  {
    name: 'describe-function',
    question: 'Does DESCRIBE FUNCTION show translators?',
    look: onceApplied('Whether drift of translators can be seen.', describe),
  },
  {
    name: 'control-routes',
    question: 'Does SageMaker answer a procedure, with its errors as values?',
    look: onceApplied('Whether training can run without the command line.', controlRoutes),
  },
  {
    name: 'sql-around-external',
    question: 'May a SQL function call an external one?',
    look: onceApplied('Whether predict_los can take columns.', sqlAroundExternal),
  },
  {
    name: 'read-role',
    question: 'May a role ask predict_los with USAGE on the functions alone?',
    look: oncePromoted('Whether analysts can ask.', askedAsReader),
  },
  {
    name: 'scored-by-task',
    question: 'Has the task graph scored?',
    look: oncePromoted('Whether scoring runs by itself.', scoredByTask),
  },
  {
    name: 'training-metrics',
    question: 'Which metrics does a training job report?',
    look: oncePromoted('Whether candidates can be compared.', trainingMetrics),
  },
];
