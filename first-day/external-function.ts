import { type Answer, breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { isAnswer } from '../doctor/run.js';
import { invocations, qualify, schemaPath } from '../procedures/ground/names.js';
import { type FirstDay, integrationName, MARK } from './scene.js';

/** An API that nothing answers: to make a function on it is to call no one. */
const NOWHERE = 'https://aaaaaaaaaa.execute-api.us-east-1.amazonaws.com/prod';
const NO_ROLE = 'arn:aws:iam::123456789012:role/predict-los-first-day-none';

/** Asked before the first apply, for what apply makes follows from the answer. */
export const externalFunctionChecks: readonly Check<FirstDay>[] = [
  {
    name: 'sql-around-external',
    asks: 'May a SQL function call an external one?',
    means: 'Whether predict_los can take columns.',
    look: wrapExternal,
    refusal: (error, { ctx }) =>
      ctx.settings.snowflake.predictLos === 'inputs'
        ? holds(refusalText(error), 'It takes what LOS_INPUTS makes.')
        : breaks(
            refusalText(error),
            'Write snowflake.predictLos: inputs in los.config.yaml before los apply: predict_los(los_inputs(OBJECT_CONSTRUCT(*))) asks the same.',
          ),
  },
];

/** A SQL function of the checks' own around an external one: the deployment's where there is one, else the checks' own, which is not called. */
async function wrapExternal(day: FirstDay): Promise<Answer> {
  const { snowflake, settings } = day.ctx;
  let external = qualify(settings, invocations(settings).detail);
  if (!day.deployed) {
    external = `${day.schema}.OUTSIDE`;
    try {
      await snowflake.execute(
        `CREATE OR REPLACE API INTEGRATION ${integrationName(day.ctx)} API_PROVIDER = AWS_API_GATEWAY API_AWS_ROLE_ARN = '${NO_ROLE}' ENABLED = TRUE API_ALLOWED_PREFIXES = ('${NOWHERE}') COMMENT = '${MARK}'`,
      );
    } catch (error) {
      if (!isAnswer(error)) throw error;
      return open(
        `an integration could not be made: ${refusalText(error)}`,
        'Run los first-day again after los apply.',
      );
    }
    await snowflake.execute(
      `CREATE OR REPLACE EXTERNAL FUNCTION ${external}(F OBJECT) RETURNS OBJECT API_INTEGRATION = ${integrationName(day.ctx)} AS '${NOWHERE}/none'`,
    );
  }
  const around = `${day.schema}.AROUND`;
  await snowflake.execute(
    `CREATE OR REPLACE FUNCTION ${around}(F OBJECT) RETURNS OBJECT AS $$${external}(F)$$`,
  );
  if (!day.champion)
    return holds('such a function is taken', 'It can. Once a version is promoted, it is called too.');
  const [row] = await snowflake.query(
    `SELECT COUNT(${around}(F)) AS N FROM (SELECT OBJECT_CONSTRUCT(*) AS F FROM ${schemaPath(settings)}.LOS_FEATURES LIMIT 1)`,
  );
  return Number(row?.N) === 1
    ? holds('such a function is taken, and answers', 'It can.')
    : open('there is no row to ask about', 'Run los first-day again once rows are loaded.');
}
