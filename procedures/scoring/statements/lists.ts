import type { Contract } from '../../dataset/contract.js';
import { columnsBesideInputs, featureType } from '../../dataset/feature-sql.js';
import { keyOf } from '../../dataset/first-inputs.js';
import { columnsIn, featuresToCompute } from '../../dataset/inputs-sql.js';

/** Placeholders that texts of sql/features/ share: the contract's names, and qualified tables. */
export type BatchValues = Readonly<
  Record<
    | 'id'
    | 'dataset'
    | 'raw'
    | 'stream'
    | 'changed'
    | 'features'
    | 'log'
    | 'quarantine'
    | 'forgotten'
    | 'waiting'
    | 'los',
    string
  >
>;

/** Columns that statements name one by one. */
export function columnLists(contract: Contract) {
  const { columns, features, id } = contract;
  const names = Object.keys(columns);
  const otherColumns = columnsBesideInputs(contract).filter((name) => name !== id);
  return {
    columns: names,
    others: names.filter((name) => name !== id),
    source: sourceColumns(contract).map((name) => ({ name, type: (columns[name] ?? '').replace(/ /g, '') })),
    inputs: Object.keys(features),
    /** With the types of their values, and their keys among first values (first-inputs.ts). */
    typedInputs: Object.entries(features).map(([name, feature]) => ({
      name,
      type: featureType(feature),
      key: keyOf(name, feature),
    })),
    rest: [...otherColumns, 'LOS'],
    // Beside the inputs, where a column is both.
    alone: [...otherColumns.filter((name) => !(name in features)), 'LOS'],
  };
}

/**
 * SQL of something for each item of a list.
 * @example
 * listSql(['A', 'B'], (name) => `r.${name}`); // "r.A, r.B"
 */
export function listSql<T>(items: readonly T[], each: (item: T) => string, between = ', '): string {
  return items.map(each).join(between);
}

/** The source columns from which features, dates and groups follow, in the contract's order. */
function sourceColumns(contract: Contract): string[] {
  const { columns, discharge, los, features } = contract;
  const read = new Set<string | undefined>([...columnsBesideInputs(contract), discharge, los]);
  for (const [name, { sql, history }] of Object.entries(features))
    if (sql === undefined && history === undefined) read.add(name);
  for (const { sql } of featuresToCompute(contract))
    for (const name of columnsIn(contract, sql)) read.add(name);
  return Object.keys(columns).filter((name) => name !== contract.id && read.has(name));
}
