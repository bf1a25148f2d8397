import { makePlan } from '../deploy/resources/plan.js';
import { buildStack } from '../deploy/stack/index.js';
import { askForNoEndpoint, sampleRow } from '../doctor/champion.js';
import { type Answer, breaks, type Check, holds, open, refusalText } from '../doctor/check.js';
import { invocations, literal, qualify } from '../procedures/ground/names.js';
import { classify } from '../procedures/jobs/answers.js';
import { requireValue } from '../udfs/require-value.js';
import { asReader } from './as-reader.js';
import { APPLIED, type FirstDay, PROMOTED } from './scene.js';

/** Properties that DESCRIBE FUNCTION may give of an external function. */
const PROPERTIES = ['request_translator', 'response_translator', 'api_integration', 'max_batch_rows', 'body'];

/** Checks that need a deployment. */
export const deploymentChecks: readonly Check<FirstDay>[] = [
  {
    name: 'second-plan',
    asks: 'Does a plan after los apply find nothing to do?',
    means: 'Whether listings say what was declared.',
    needs: [APPLIED],
    async look({ ctx }) {
      const { changes, unchanged } = await makePlan(ctx, await buildStack(ctx));
      if (changes.length === 0) return holds(`nothing to do, ${unchanged} objects`);
      const named = changes
        .slice(0, 5)
        .map(({ id, reason, differences }) =>
          [id, reason, ...differences.map(({ property }) => property)].join(', '),
        );
      return breaks(
        `${changes.length} changes: ${named.join('; ')}`,
        'Some differ, so every apply would change them again. If nothing has changed since los apply, send this file back.',
      );
    },
  },
  {
    name: 'describe-function',
    asks: 'Does DESCRIBE FUNCTION show translators?',
    means: 'Whether drift of translators can be seen.',
    needs: [APPLIED],
    async look({ ctx: { snowflake, settings } }) {
      const rows = await snowflake.query(
        `DESCRIBE FUNCTION ${qualify(settings, invocations(settings).days)}(OBJECT)`,
      );
      const shown = new Set(rows.map(({ property }) => String(property).toLowerCase()));
      const missing = PROPERTIES.filter((name) => !shown.has(name));
      return holds(
        missing.length ? `not shown: ${missing.join(', ')}` : 'shows translators and integration',
        "The champion is the registry's; what DESCRIBE does not show is not compared.",
      );
    },
  },
  {
    name: 'control-routes',
    asks: 'Does SageMaker answer a procedure, with its errors as values?',
    means: 'Whether procedures can start and follow jobs in SageMaker, without the command line.',
    needs: [APPLIED],
    async look({ ctx }) {
      const answer = await askForNoEndpoint(ctx);
      if (answer.ok) return breaks('an endpoint of an unknown name', SEND_BACK);
      // The message names the account.
      const kind = classify(answer);
      return kind === 'missing'
        ? holds(`SageMaker's ${answer.error} arrives as a value`)
        : breaks(`${answer.error} (${kind})`, SEND_BACK);
    },
    refusal: (error, { ctx }) =>
      // Unknown to a role that is not its owner.
      /^00(2139|2140|2141|3001)$/.test(String(error.code))
        ? open(
            `this role may not use LOS_SAGEMAKER (${error.code})`,
            `Run los first-day with ${ctx.settings.snowflake.roles.deploy}.`,
          )
        : breaks(refusalText(error), SEND_BACK),
  },
  {
    name: 'read-role',
    asks: 'May a role ask predict_los with USAGE on the functions alone?',
    means: 'Whether analysts can ask without a right on translators.',
    needs: [PROMOTED],
    look: askAsReader,
    refusal: (error) =>
      breaks(refusalText(error), 'They cannot: they may need USAGE on the translators. Send this file back.'),
  },
  {
    name: 'scored-by-task',
    asks: 'Has the task graph scored?',
    means: 'Scoring by the task, with the external function inside an INSERT of an owner’s-rights procedure.',
    needs: [PROMOTED],
    look: checkTaskScoring,
  },
];

const SEND_BACK = 'They cannot here: send this file back.';

/** As the least of the roles, with no other beside it, about a row of no patient. */
function askAsReader(day: FirstDay): Promise<Answer> {
  const { settings, snowflake } = day.ctx;
  return asReader(day, async () => {
    // As it is written in either form of predict_los.
    const calls = ['PREDICT_LOS', 'PREDICT_LOS_DETAIL', 'PREDICT_LOS_REASONS'].map(
      (name) => `COUNT(${qualify(settings, name)}(${qualify(settings, 'LOS_INPUTS')}(F)))`,
    );
    const row = literal(JSON.stringify(sampleRow(requireValue(day.champion, 'champion').model)));
    await snowflake.query(`SELECT ${calls.join(', ')} FROM (SELECT PARSE_JSON(${row})::OBJECT AS F)`);
    return holds(`the read role may ask about ${day.contract.name}`);
  });
}

/** That a task, not a person, has called the external function inside an INSERT and kept its answers. */
async function checkTaskScoring({ ctx: { settings, snowflake } }: FirstDay): Promise<Answer> {
  const runs = await snowflake.query(
    `SELECT STATE, ERROR_CODE FROM TABLE(${settings.snowflake.database}.INFORMATION_SCHEMA.TASK_HISTORY(
  TASK_NAME => 'LOS_SCORE', RESULT_LIMIT => 100)) WHERE SCHEMA_NAME = ${literal(settings.snowflake.schema)}
  AND COMPLETED_TIME IS NOT NULL`,
  );
  const count = (state: RegExp) => runs.filter(({ STATE }) => state.test(String(STATE))).length;
  const [ok, failed] = [count(/^SUCCEEDED$/), count(/^FAILED/)];
  const codes = [...new Set(runs.flatMap(({ ERROR_CODE }) => (ERROR_CODE ? [String(ERROR_CODE)] : [])))];
  const saw = `${ok} runs succeeded, ${failed} failed${codes.length ? ` (${codes.join(', ')})` : ''}`;
  if (ok > 0) return holds(saw);
  return failed > 0 ? breaks(saw, 'los doctor names the hop.') : open(saw, 'Run los score.');
}
