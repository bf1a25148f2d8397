import type { Contract } from '../../dataset/contract.js';
import { columnsBesideInputs } from '../../dataset/feature-sql.js';
import { inputsKey } from '../../dataset/first-inputs.js';
import { columnsIn, featuresToCompute } from '../../dataset/inputs-sql.js';
import { literal } from '../../ground/names.js';
import { each } from './each.js';

/**
 * The hash that the feature table keeps of each row: over the source row, as far as anything follows from it, over how features are
 * computed from it, and over the features as they are stored. One comparison then finds a source row that has changed unseen as well as a
 * feature row that is not what was written. Of a patient's earlier admissions only what is stored counts: they change by themselves.
 * Snowflake's HASH is deterministic and never NULL (docs: sql-reference/functions/hash).
 */

/** The source columns from which features, dates and groups follow, in the contract's order. */
export function sourceColumns(contract: Contract): string[] {
  const { columns, discharge, los, features } = contract;
  const read = new Set<string | undefined>([...columnsBesideInputs(contract), discharge, los]);
  for (const [name, { sql, history }] of Object.entries(features))
    if (sql === undefined && history === undefined) read.add(name);
  for (const { sql } of featuresToCompute(contract))
    for (const name of columnsIn(contract, sql)) read.add(name);
  return Object.keys(columns).filter((name) => name !== contract.id && read.has(name));
}

/** SQL of the part over the source row, by the contract's names; in the contract's types, whatever the table has. */
export function sourceHash(contract: Contract): string {
  return `HASH(${literal(inputsKey(contract))}, ${each('source', '#1::#2')})`;
}

/**
 * SQL of the whole.
 * @param source SQL of the part over the source row
 * @param row what stands before the columns of the feature row, e.g. `f.`
 */
export function rowHash(source: string, row = ''): string {
  return `HASH(${source}, ${each('alone', `${row}#1`)}, ${each('inputs', `${row}#1`)}, ${row}DEFAULTED)`;
}
