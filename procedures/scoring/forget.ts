import { perform, speak } from '../ground/inside.js';
import { refuseHiddenTables } from '../records/hidden-tables.js';
import { recordRun, run, runInTransaction } from '../runs.js';
import type { ForgetPlan } from './plans.js';

/** A version that erased admissions had a part in. */
export interface ShapedVersion {
  readonly version: string;
  readonly status: string;
  /**
   * Which parts: `validation` (it was calibrated and chosen by them), `holdout` (it was only measured on them), `training` (it may have
   * been fitted to them: rows that it learned from were admitted at that time).
   */
  readonly sides: string;
}

/** Counts of an erasure. */
export interface Erasure {
  /** Rows, in all and by table. */
  readonly rows: number;
  readonly erased: Readonly<Record<string, number>>;
  readonly versions: readonly ShapedVersion[];
  /** Copies that cannot be found by id, and until when it stays. */
  readonly stays: readonly string[];
}

/**
 * Erases admissions from every table in which their ids stand, all of it in one transaction. The run log says that it was done,
 * not of whom.
 * @param find says which admissions, in the run that is recorded
 */
export function forget<T extends object>(
  plan: ForgetPlan,
  find: () => { readonly ids: readonly string[]; readonly patient?: string; readonly more: T },
): Erasure & T & { run: string } {
  const { place, dataset: name, table } = plan;
  try {
    perform(place, refuseHiddenTables(place, { name, table }));
  } catch (error) {
    speak(error);
  }
  return recordRun(plan.runLog, { kind: 'erasure', dataset: plan.dataset }, () => {
    const { ids, patient, more } = find();
    const bound = JSON.stringify(ids);
    const erased: Record<string, number> = {};
    let rows = 0;
    let versions: ShapedVersion[] = [];
    if (ids.length > 0 || patient !== undefined)
      runInTransaction(() => {
        if (patient !== undefined && plan.remember !== undefined) run(plan.remember, [patient, patient]);
        if (ids.length === 0) return;
        // By what is about to go.
        versions = shapedVersions(plan.versions, bound);
        for (const { table: where, sql, counts } of plan.steps) {
          if (counts !== undefined) change(counts, bound);
          const gone = change(sql, bound);
          if (gone > 0) erased[where] = gone;
          rows += gone;
        }
      });
    return { rows, erased, versions, stays: plan.stays, ...more };
  });
}

/** The ids of all admissions of a patient. @param statements each of one table that knows whose admissions are */
export function admissionsOf(statements: readonly string[], patient: string): string[] {
  const ids: string[] = [];
  for (const sql of statements)
    whereThere(sql, () => {
      const found = snowflake.execute({ sqlText: sql, binds: [patient] });
      while (found.next()) {
        const id = String(found.getColumnValue(1));
        if (ids.indexOf(id) < 0) ids.push(id);
      }
    });
  return ids;
}

function shapedVersions(sql: string, ids: string): ShapedVersion[] {
  const found = snowflake.execute({ sqlText: sql, binds: [ids] });
  const versions: ShapedVersion[] = [];
  while (found.next())
    versions.push({
      version: String(found.getColumnValue(1)),
      status: String(found.getColumnValue(2)),
      sides: String(found.getColumnValue(3)),
    });
  return versions;
}

/** @returns how many rows were deleted or overwritten: where a row has to stay, what is the patient's in it goes */
function change(sql: string, ids: string): number {
  let rows = 0;
  whereThere(sql, () => {
    const done = run(sql, [ids]);
    rows = done.getNumRowsDeleted() + done.getNumRowsUpdated();
  });
  return rows;
}

/** A table that is only there at times (a training's, a demo's) holds nothing when it is not. */
function whereThere(sql: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const gone = /does not exist/.test(String((error as Error).message));
    if (!gone || !/_(ARRIVALS|DEMO|TRAINING_SET|STAY_DAYS|STAY_ANSWERS|TABLE_COUNTS)\b/.test(sql))
      throw error;
  }
}
