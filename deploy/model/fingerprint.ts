import type { Contract } from '../../procedures/dataset/contract.js';
import { datasetNames } from '../../procedures/dataset/names.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Context } from '../context.js';

/**
 * A number that stands for the labelled rows, their sides and their weights, whatever their order: the same number, the same
 * contract, code and parameters train the same model. HASH_AGG is Snowflake's own and stable within a release.
 */
export async function dataFingerprint({ snowflake, settings }: Context, contract: Contract): Promise<string> {
  const columns = [contract.id, ...Object.keys(contract.features), 'LOS', 'ROW_SIDE', 'ROW_WEIGHT'];
  const [row] = await snowflake.query<{ FINGERPRINT: string }>(
    `SELECT TO_VARCHAR(HASH_AGG(${columns.join(', ')})) AS FINGERPRINT
FROM ${qualified(settings, datasetNames(contract).trainingSet)}`,
  );
  return String(row?.FINGERPRINT);
}
