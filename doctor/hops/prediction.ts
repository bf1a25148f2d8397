import { messageOf } from '../../deploy/errors.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { classify } from '../../procedures/jobs/answers.js';
import { askForNoEndpoint, sampleRow } from '../champion.js';
import { type Answer, breaks, type Check } from '../check.js';
import { hop } from './hop.js';
import { controlRoutes } from './hops.js';
import { requireChampion } from './model.js';
import { describeRefusedWay } from './private-endpoint.js';
import type { Scene } from './scene.js';

/** Trust, policies and deployment have just been read and are right. */
const waitAdvice = ({ los }: Scene) =>
  `All policies read right: AWS takes up to a minute to apply a change. Wait, then ${los('doctor')}`;

/** The whole way, as an SQL user goes it. */
export const predictionCheck: Check<Scene> = {
  name: 'prediction',
  asks: 'SELECT predict_los(…) answers',
  needs: [
    'api-role-permission',
    'api-trust',
    'api-prefixes',
    'resource-policy',
    'deployment',
    'throttling',
    'error-mapping',
    'gateway-call',
    'private-endpoint',
    'response-translator',
  ],
  async look(scene) {
    const { settings, snowflake } = scene.ctx;
    const { version, model } = await requireChampion(scene);
    const sample = literal(JSON.stringify(sampleRow(model)));
    const of = (name: string) => `${qualify(settings, name)}(PARSE_JSON(${sample})::OBJECT)`;
    const promote = scene.los(`model promote ${version}`);
    let row: Readonly<Record<string, unknown>> | undefined;
    try {
      [row] = await snowflake.query(
        `SELECT ${of('PREDICT_LOS')} AS DAYS, ${of('PREDICT_LOS_DETAIL')}:version::VARCHAR AS VERSION`,
      );
    } catch (error) {
      // What LOS_NO_MODEL says.
      if (/no model has been promoted/i.test(messageOf(error)))
        return breaks(`${version} is the promoted version, but a function does not ask it.`, promote);
      const way = describeRefusedWay(scene, error);
      if (way) return way;
      if (!/not authorized|assuming|Access ?Denied|explicit deny/i.test(messageOf(error))) throw error;
      return breaks(messageOf(error), waitAdvice(scene));
    }
    if (row?.DAYS === null || !Number.isFinite(Number(row?.DAYS)))
      return breaks(`predict_los answered ${row?.DAYS} instead of a number of days.`, scene.los('plan'));
    return row?.VERSION === version
      ? undefined
      : breaks(`${row?.VERSION} answers, while ${version} is the promoted version.`, promote);
  },
};

/** SageMaker's control plane, as a procedure reaches it. */
export const controlCheck = hop(
  'control-call',
  'procedures get answers from SageMaker',
  [
    'external-functions',
    'functions',
    'control-api-permission',
    'control-trust',
    'control-prefixes',
    'resource-policy',
    'deployment',
    'throttling',
    'private-endpoint',
    'control-permission',
  ],
  'aws.rest-api',
  controlRoutes,
  async (scene): Promise<Answer | undefined> => {
    let answer: Awaited<ReturnType<typeof askForNoEndpoint>>;
    try {
      answer = await askForNoEndpoint(scene.ctx);
    } catch (error) {
      const way = describeRefusedWay(scene, error);
      if (way) return way;
      throw error;
    }
    if (answer.ok || classify(answer) === 'missing') return undefined;
    return breaks(
      `SageMaker refuses what procedures ask: ${answer.error}, ${answer.message}`,
      classify(answer) === 'denied' ? waitAdvice(scene) : scene.los('plan'),
    );
  },
);
