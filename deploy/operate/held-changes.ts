import type { Contract } from '../../procedures/dataset/contract.js';
import { literal, qualify } from '../../procedures/ground/names.js';
import { adviceOnHeld, describeHeld, type HeldRow, heldRowSql } from '../../procedures/scoring/held-words.js';
import type { Context } from '../context.js';
import { showOrNothing } from '../resources/snowflake/sql-kind.js';

/** Describes held changes of the hospital's rows and what to do, in sentences; undefined: nothing is. */
export async function heldChanges(
  ctx: Context,
  { name }: Contract,
): Promise<{ readonly what: string; readonly next: string } | undefined> {
  const { settings } = ctx;
  const table = qualify(settings, 'LOS_HELD_CHANGES');
  const [held] = await showOrNothing(ctx, heldRowSql(table, literal(name), literal(settings.timeZone)));
  if (held === undefined) return undefined;
  const row = held as unknown as HeldRow;
  return { what: describeHeld(row), next: adviceOnHeld(row) };
}
