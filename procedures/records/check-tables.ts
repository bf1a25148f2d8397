import { perform, speak } from '../ground/inside.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { checkTables, type TablesCheck } from './check.js';
import { type CountingSettings, type TablesPlan, tablesPlan } from './counted.js';

declare const PLAN: TablesPlan;

export const object = {
  signature: {
    name: 'CHECK_TABLES',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<CountingSettings>) => ({ PLAN: tablesPlan(from) }),
} as const satisfies ProcedureObject<typeof checkOwnTables>;

/**
 * Counts the rows of the tables that nothing can compute again, and holds them against what was counted before (LOS_TABLE_COUNTS), as
 * hourly monitoring does; rows that are gone, or there more than once, are an alarm until that is mended or ACCEPT_CHANGES accepts it.
 * @returns {counted, losses: [{table, lost, doubled, rows, what, next}], uncounted: [{table, why}], kept}: what the second count takes
 * @example
 * CALL CHECK_TABLES();
 */
export default function checkOwnTables(): TablesCheck {
  try {
    return perform(PLAN.place, checkTables(PLAN));
  } catch (error) {
    return speak(error);
  }
}
