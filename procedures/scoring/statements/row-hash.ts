import type { Contract } from '../../dataset/contract.js';
import { inputsKey } from '../../dataset/first-inputs.js';
import { literal } from '../../ground/names.js';
import { columnLists, listSql } from './lists.js';

/**
 * The hash that the feature table keeps of each row: over the source row, as far as anything follows from it, over how features are
 * computed from it, and over the features as they are stored. One comparison then finds a source row that has changed unseen as well as a
 * feature row that is not what was written. Of a patient's earlier admissions only what is stored counts: they change by themselves.
 * Snowflake's HASH is deterministic and never NULL (docs: sql-reference/functions/hash).
 */

/** SQL of the part over the source row, by the contract's names; in the contract's types, whatever the table has. */
export function sourceHash(contract: Contract): string {
  const { source } = columnLists(contract);
  return `HASH(${literal(inputsKey(contract))}, ${listSql(source, ({ name, type }) => `${name}::${type}`)})`;
}

/**
 * SQL of the whole.
 * @param source SQL of the part over the source row
 * @param row what stands before the columns of the feature row, e.g. `f.`
 */
export function rowHash(contract: Contract, source: string, row = ''): string {
  const { alone, inputs } = columnLists(contract);
  return `HASH(${source}, ${listSql(alone.concat(inputs), (name) => row + name)}, ${row}DEFAULTED)`;
}
