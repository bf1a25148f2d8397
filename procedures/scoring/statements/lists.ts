import type { Contract } from '../../dataset/contract.js';
import { columnsBesideInputs, featureType } from '../../dataset/feature-sql.js';
import { keyOf } from '../../dataset/first-inputs.js';
import { sourceColumns } from './row-hash.js';

/**
 * Lists of columns in statements. A body has no room for each of them in the contracts of a hundred features, so a text says what stands for
 * each column, and the columns themselves are there once (batches/expand.ts puts them in).
 */
export type Lists = ReturnType<typeof listsOf> & { others: string[] };

/** Words of each column, with a space between: its name, its type, and of inputs the key of first values (first-inputs.ts). */
export function listsOf(contract: Contract) {
  const { columns, features, id } = contract;
  const names = Object.keys(columns);
  const beside = columnsBesideInputs(contract).filter((name) => name !== id);
  return {
    id: [id],
    columns: names,
    source: sourceColumns(contract).map((name) => `${name} ${(columns[name] ?? '').replace(/ /g, '')}`),
    inputs: Object.entries(features).map(
      ([name, feature]) => `${name} ${featureType(feature)} ${keyOf(name, feature)}`,
    ),
    rest: [...beside, 'LOS'],
    // Beside the inputs, where a column is both.
    alone: [...beside.filter((name) => !(name in features)), 'LOS'],
  };
}
