import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualified } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** Features that the version which answers reads and the contract no longer has, in a sentence; undefined: there are none, or no version answers. */
export async function lostFeatures(ctx: Context, contract: Contract): Promise<string | undefined> {
  const rows = await showOrNothing(
    ctx,
    `SELECT DISTINCT r.VERSION, f.VALUE:name::VARCHAR AS NAME
FROM ${qualified(ctx.settings, 'LOS_MODEL_REGISTRY')} AS r, LATERAL FLATTEN(INPUT => r.MODEL:features) AS f
WHERE r.DATASET = ${literal(contract.name)} AND r.STATUS = 'CHAMPION' ORDER BY NAME`,
  );
  const lost = rows.flatMap(({ NAME }) => (String(NAME) in contract.features ? [] : [String(NAME)]));
  if (lost.length === 0) return undefined;
  return `${rows[0]!.VERSION} answers and reads ${lost.join(', ')}, which the contract no longer has: ${lost.length === 1 ? 'it is' : 'they are'} missing in every prediction.`;
}
