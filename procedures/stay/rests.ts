import type { Contract } from '../dataset/contract.js';
import { hasEvents } from '../dataset/origin/events.js';
import { literal, type Place, qualify } from '../ground/names.js';
import type { SqlFile } from '../ground/plan.js';
import { datesOf, isDayColumn, restOf } from './rest.js';

/** Statements that bring LOS_DAILY_PREDICTIONS up to date with the features. */
export interface RestsPlan {
  /** Statement for the admissions of a batch, and for all. */
  readonly batch: string;
  readonly all: string;
  /** Statement for those whose discharge was known when a run of RENEW_PREDICTIONS predicted them. Bind: the run. */
  readonly run: string;
  /** Marks those of which neither feature nor raw row is left. */
  readonly lost: string;
}

/**
 * The statements; null: there are no daily predictions.
 * @param values placeholders of sql/features/: qualified names, raw and changed rows
 */
export function restsPlan(
  contract: Contract,
  place: Place,
  sqlFile: SqlFile,
  values: Readonly<Record<'changed' | 'features' | 'raw', string>>,
): RestsPlan | null {
  if (!hasEvents(contract)) return null;
  const { id } = contract;
  const { admission, discharge } = datesOf(contract);
  const daily = qualify(place, 'LOS_DAILY_PREDICTIONS');
  const dataset = literal(contract.name);
  const byDay = isDayColumn(contract, discharge);
  // Features have the day of a discharge, and the hospital's rows have its time. Of an admission with several, the one that counts.
  const rest = `CASE WHEN COALESCE(f.LOS, -1) < 0 THEN NULL WHEN f.LEFT_AT IS NULL THEN d.ACTUAL_REST ELSE ${restOf(contract, 'f.LEFT_AT', 'd.AS_OF')} END`;
  const statement = (rows: string, condition: string) =>
    sqlFile('sql/stay/rests.sql', {
      id,
      daily,
      dataset,
      features: values.features,
      rest,
      which: condition,
      left: byDay ? `DATEADD(day, FLOOR(f.LOS)::NUMBER(9, 0), TO_DATE(f.${admission}))` : `r.${discharge}`,
      rows: byDay
        ? ''
        : `LEFT JOIN ${rows} AS r ON r.${id} = f.${id} AND DATEDIFF(day, f.${admission}, r.${discharge}) = f.LOS`,
    });
  return {
    batch: statement(values.changed, `f.${id} IN (SELECT ${id} FROM ${values.changed})`),
    all: statement(
      values.raw,
      `TO_VARCHAR(f.${id}) IN (SELECT CASE_ID FROM ${daily} WHERE DATASET = ${dataset})`,
    ),
    run: statement(
      values.raw,
      `f.LOS IS NOT NULL AND TO_VARCHAR(f.${id}) IN (SELECT CASE_ID FROM ${daily} WHERE DATASET = ${dataset} AND RUN_ID = ?)`,
    ),
    lost: `UPDATE ${daily} SET WITHDRAWN_AT = CURRENT_TIMESTAMP() WHERE DATASET = ${dataset} AND WITHDRAWN_AT IS NULL
  AND CASE_ID NOT IN (SELECT TO_VARCHAR(${id}) FROM ${values.features} WHERE ${id} IS NOT NULL)`,
  };
}
