import type { Contract } from '../dataset/contract.js';
import { dateLiteral } from '../ground/names.js';
import { queryFirst, Refused, type Row, type Work } from '../ground/work.js';
import type { Cohort } from './cohort.js';

/** Tells whether dates say which rows are trained on and which are held out: then a training can be on the last days alone. */
export function isSplitByDate({ admission, discharge, split }: Contract): boolean {
  return admission !== undefined && discharge !== undefined && split === undefined;
}

/**
 * @param days training.recentDays, of the settings or of a run
 * @throws Refused where they are given and something else than dates divides the rows: they would say nothing
 */
export function requireDates(contract: Contract, days: number | null | undefined): void {
  if (!days || isSplitByDate(contract)) return;
  throw new Refused(
    `recentDays is ${days}, but ${contract.split ? `the column ${contract.split.column} says which rows are trained on` : `${contract.name} has no dates of admission and discharge`}.`,
    `Leave recentDays out, in the settings (training.recentDays) and in what is asked of TRAIN_MODEL${contract.split ? ', or the split out of the contract' : ''}.`,
  );
}

/** The admissions of the cohort's last days alone. */
export function* recentCohort(
  cohort: Cohort,
  source: string,
  admission: string,
  days: number | null | undefined,
): Work<Cohort> {
  if (!days) return cohort;
  const row = yield* queryFirst<Row & { FROM_DAY: string | null }>(
    `SELECT TO_VARCHAR(DATEADD(day, 1 - ${Number(days)}, MAX(TO_DATE(${admission}))), 'YYYY-MM-DD') AS FROM_DAY
FROM ${source} WHERE LOS >= 0${cohort.condition ? ` AND ${cohort.condition}` : ''}`,
  );
  if (!row?.FROM_DAY) return cohort;
  const recent = `${admission} >= ${dateLiteral(row.FROM_DAY)}`;
  return {
    ...cohort,
    from: row.FROM_DAY,
    condition: cohort.condition ? `(${cohort.condition}) AND ${recent}` : recent,
    rule: `${cohort.rule ? `${cohort.rule}; ` : ''}only the last ${days} days are used, admissions from ${row.FROM_DAY} on`,
  };
}
