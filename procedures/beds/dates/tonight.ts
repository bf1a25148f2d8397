import type { Contract } from '../../dataset/contract.js';
import type { SqlFile } from '../../ground/plan.js';
import { FEWEST_PATIENTS } from '../../ground/small-groups.js';
import type { Row } from '../../ground/work.js';
import type { BedValues } from '../values.js';

/** What sql/beds/dates/tonight.sql finds of the day before the first night; null: the contract names no such feed. */
export interface Tonight extends Row {
  readonly TAKEN_NOW: number;
  /** Patients and admissions that are expected to leave and to come, in all. */
  readonly LEAVING: number | null;
  readonly ADMISSIONS: number;
  /** Patients with a date by then, and how many of them are expected to leave. */
  readonly DATED: number | null;
  readonly DATED_LEAVING: number | null;
  /** Decisions to admit by then, and how many of them are expected to come. */
  readonly DECIDED: number | null;
  readonly DECIDED_COMING: number | null;
}

/** SELECT of what is known of tonight; null: the contract names neither dates nor decisions. */
export function tonightSql(contract: Contract, values: BedValues, sqlFile: SqlFile): string | null {
  const { expectedDischarge, decisions } = contract;
  if (expectedDischarge === undefined && decisions === undefined) return null;
  const nothing = 'SELECT NULL::NUMBER AS N, NULL::FLOAT AS EXPECTED';
  return sqlFile('sql/beds/dates/tonight.sql', {
    ...values,
    dated:
      expectedDischarge === undefined
        ? nothing
        : `SELECT COUNT(*) AS N, SUM(1 - e.MEAN) AS EXPECTED FROM ${values.latest_dates} AS n JOIN ${values.each} AS e ON e.STAY = n.STAY_ID AND e.NIGHT = 1 WHERE n.EXPECTED_DAY <= DATEADD(day, 1, {{from}})`,
    decided:
      decisions === undefined
        ? nothing
        : `SELECT COUNT(*) AS N, SUM(GET(CHANCES, 0)::FLOAT) AS EXPECTED FROM ${values.booked} WHERE REACH = 0 AND PLANNED_DAY <= DATEADD(day, 1, {{from}})`,
  });
}

/** Sentences about what part of tonight people have decided or expect, and what part is the model's; of a hospital of fewer than ten patients none. */
export function tonightNotes(tonight: Tonight | undefined): string[] {
  if (tonight === undefined || Number(tonight.TAKEN_NOW) < FEWEST_PATIENTS) return [];
  const { DATED, DATED_LEAVING, LEAVING, DECIDED, DECIDED_COMING, ADMISSIONS } = tonight;
  const rest = (all: number | null, part: number | null) =>
    Math.max(0, Math.round(Number(all) - Number(part)));
  const about = (part: number | null) => Math.round(Number(part));
  return [
    ...(DATED === null
      ? []
      : [
          `Until the first night people expect ${DATED} of the patients to leave, and about ${about(DATED_LEAVING)} of these are forecast to; beside them about ${rest(LEAVING, DATED_LEAVING)} are.`,
        ]),
    ...(DECIDED === null
      ? []
      : [
          `Until the first night ${DECIDED} admissions are decided, and about ${about(DECIDED_COMING)} of these are forecast to come; beside them about ${rest(ADMISSIONS, DECIDED_COMING)} are.`,
        ]),
  ];
}
