import { literal, qualified } from '../../procedures/ground/names.js';
import { messageOf } from '../errors.js';
import { champion, sampleRow } from './champion.js';
import type { Check, Problem } from './check.js';
import type { Scene } from './scene.js';

/** The whole way, as an SQL user goes it. */
export const predictionCheck: Check = {
  name: 'prediction',
  title: 'SELECT predict_los(…) answers',
  needs: [
    'api-role-permission',
    'api-trust',
    'api-prefixes',
    'resource-policy',
    'deployment',
    'throttling',
    'error-mapping',
    'gateway-call',
    'response-translator',
  ],
  look: prediction,
};

async function prediction(scene: Scene): Promise<Problem | undefined> {
  const entry = (await champion(scene))!;
  const sample = literal(JSON.stringify(sampleRow(entry.model)));
  const of = (name: string) => `${qualified(scene.ctx.settings, name)}(PARSE_JSON(${sample})::OBJECT)`;
  let row: { DAYS: number | null; VERSION: string | null } | undefined;
  try {
    [row] = await scene.ctx.snowflake.query<{ DAYS: number | null; VERSION: string | null }>(
      `SELECT ${of('PREDICT_LOS')} AS DAYS, ${of('PREDICT_LOS_DETAIL')}:version::VARCHAR AS VERSION`,
    );
  } catch (error) {
    // What LOS_NO_MODEL says.
    if (/no model has been promoted/i.test(messageOf(error)))
      return {
        what: `${entry.version} is the promoted version, but a function does not ask it.`,
        fix: scene.los(`model promote ${entry.version}`),
      };
    if (!/not authorized|assuming|Access ?Denied|explicit deny/i.test(messageOf(error))) throw error;
    // Trust, policies and deployment have just been read and are right.
    return {
      what: messageOf(error),
      fix: `All policies read right: AWS takes up to a minute to apply a change. Wait, then ${scene.los('doctor')}`,
    };
  }
  if (row?.DAYS === null || !Number.isFinite(Number(row?.DAYS)))
    return { what: `predict_los answered ${row?.DAYS} instead of a number of days.`, fix: scene.los('plan') };
  if (row?.VERSION !== entry.version)
    return {
      what: `${row?.VERSION} answers, while ${entry.version} is the promoted version.`,
      fix: scene.los(`model promote ${entry.version}`),
    };
  return undefined;
}
