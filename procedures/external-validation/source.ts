import type { Contract } from '../dataset/contract.js';
import { quoteIdentifier, rawValue, sourceOf } from '../dataset/raw.js';
import { literal, qualify } from '../ground/names.js';
import type { PlanSettings } from '../ground/plan.js';
import { query, Refused, type Work } from '../ground/work.js';

/** A hospital's table as its contract reads it, as far as it has the columns. */
export interface Source {
  /** What stands after FROM: all of the contract's columns, those that the table lacks as NULL. */
  readonly rows: string;
  /** The columns that it lacks, by the table's names for them. */
  readonly missing: readonly string[];
}

/**
 * Looks whether the table of a contract has the columns that the contract names.
 * @throws Refused where there is no such table, or it lacks what says which stays of whom these are
 */
export function* sourceRows(contract: Contract, settings: PlanSettings): Work<Source> {
  const { database, schema } = settings.snowflake;
  const found = yield* query(
    `SELECT COLUMN_NAME FROM ${database}.INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ${literal(schema)} AND TABLE_NAME = ${literal(contract.table)}`,
  );
  if (found.length === 0)
    throw new Refused(
      `There is no table ${contract.table} in ${database}.${schema}.`,
      'Load it (los dataset load), or let its owner grant SELECT on it, or a view of it, to the role that owns this procedure.',
    );
  const has = new Set(found.map(({ COLUMN_NAME }) => String(COLUMN_NAME)));
  const lacking = Object.keys(contract.columns).filter((name) => !has.has(sourceOf(contract, name)));
  const { id, patient, admission, discharge, los } = contract;
  const needed = [id, patient, admission, discharge, los].filter((name) => name !== undefined);
  const without = needed.filter((name) => lacking.indexOf(name) >= 0);
  if (without.length > 0)
    throw new Refused(
      `${contract.table} lacks ${without.map((name) => sourceOf(contract, name)).join(', ')}, without which nothing is known of its stays.`,
      'Name the columns as the table does (source: in the contract).',
    );
  const values = Object.entries(contract.columns).map(([name, type]) =>
    lacking.indexOf(name) >= 0 ? `NULL::${type} AS ${name}` : `${rawValue(contract, name)} AS ${name}`,
  );
  return {
    rows: `(SELECT ${values.join(', ')} FROM ${qualify(settings, quoteIdentifier(contract.table))})`,
    missing: lacking.map((name) => sourceOf(contract, name)),
  };
}
