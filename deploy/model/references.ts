import type { Context } from '../context.js';
import type { Contract } from '../dataset/contract.js';
import { datasetNames, qualified } from '../dataset/names.js';

/**
 * The usual value of each feature among the training rows: the median of a number, the commonest level of a
 * category. Reasons say how far a patient's value moved the prediction away from what this value would give,
 * everything else left as it is. The built-in container returns no contributions (SHAP), so the model is
 * asked: one prediction more per feature. Effects that two features have only together are not told apart.
 */
export async function fitReferences(
  { snowflake, settings }: Context,
  contract: Contract,
): Promise<Record<string, string | number>> {
  const table = qualified(settings, datasetNames(contract).trainingSet);
  const features = Object.entries(contract.features);
  const [row] = await snowflake.query<Record<string, string | number | null>>(
    `SELECT ${features
      .map(([name, { type }]) => `${type === 'numeric' ? 'MEDIAN' : 'MODE'}(${name}) AS ${name}`)
      .join(', ')} FROM ${table} WHERE SIDE = 'train'`,
  );
  return Object.fromEntries(
    features.flatMap(([name]) => {
      const value = row?.[name];
      return value === null || value === undefined ? [] : [[name, value]];
    }),
  );
}
