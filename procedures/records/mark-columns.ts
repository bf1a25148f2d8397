import { literal, qualify } from '../ground/names.js';
import type { Plan } from '../ground/plan.js';
import { execute, type Work } from '../ground/work.js';

/** The tag on every column of patients where `snowflake.masking` is set; apply makes it, with its masking policies. */
export const PATIENT_DATA = 'LOS_PATIENT_DATA';

/**
 * Marks columns of a table that a training has just made, where the settings have columns of patients masked: roles above the owner's do
 * not see them then.
 * @param marks columns with `identifier` or `sensitive`
 */
export function* markColumns(
  { settings }: Pick<Plan, 'settings'>,
  table: string,
  marks: Readonly<Record<string, 'identifier' | 'sensitive'>>,
): Work<void> {
  if (!settings.snowflake.masking) return;
  const set = Object.entries(marks).map(
    ([column, mark]) => `COLUMN ${column} SET TAG ${qualify(settings, PATIENT_DATA)} = ${literal(mark)}`,
  );
  yield* execute(`ALTER TABLE ${table} MODIFY ${set.join(', ')}`);
}
