import { literal, qualified } from '../../procedures/ground/names.js';
import { classify } from '../../procedures/jobs/answers.js';
import type { ControlAnswer } from '../../udfs/control/control-response-translator.js';
import type { Snowflake } from '../clients/snowflake.js';
import type { Context } from '../context.js';
import { messageOf } from '../errors.js';
import type { Check, Problem } from './check.js';
import type { Scene } from './scene.js';

/** SageMaker's control plane, as a procedure reaches it. */
export const controlCheck: Check = {
  name: 'control-call',
  title: 'procedures get answers from SageMaker',
  needs: [
    'external-functions',
    'functions',
    'api-role-permission',
    'api-trust',
    'api-prefixes',
    'resource-policy',
    'deployment',
    'throttling',
    'control-permission',
  ],
  look: controlCall,
};

/**
 * Asks for an endpoint that does not exist: it costs nothing, changes nothing, and passes every hop.
 * @throws SnowflakeError when the question does not get as far as SageMaker
 */
export async function askForNoEndpoint(
  snowflake: Pick<Snowflake, 'query'>,
  settings: Context['settings'],
): Promise<ControlAnswer> {
  const name = literal(`${settings.prefix}-none`);
  const [row] = await snowflake.query<{ ANSWER: ControlAnswer | string }>(
    `SELECT ${qualified(settings, 'LOS_SAGEMAKER')}('DescribeEndpoint', OBJECT_CONSTRUCT('EndpointName', ${name})) AS ANSWER`,
  );
  const answer = row!.ANSWER;
  return typeof answer === 'string' ? (JSON.parse(answer) as ControlAnswer) : answer;
}

async function controlCall(scene: Scene): Promise<Problem | undefined> {
  const { snowflake, settings } = scene.ctx;
  let answer: ControlAnswer;
  try {
    answer = await askForNoEndpoint(snowflake, settings);
  } catch (error) {
    // The policies that were read are right, so what a route lacks is in the API.
    return { what: messageOf(error), fix: scene.los('apply') };
  }
  if (answer.ok || classify(answer) === 'missing') return undefined;
  return {
    what: `SageMaker refuses what procedures ask: ${answer.error}, ${answer.message}`,
    fix:
      classify(answer) === 'denied'
        ? `All policies read right: AWS takes up to a minute to apply a change. Wait, then ${scene.los('doctor')}`
        : scene.los('plan'),
  };
}
