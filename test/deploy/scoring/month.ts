import { random } from '../interrupted.js';

/** What the hospital does to its table on one day, as statements. */
export interface Day {
  readonly statements: readonly string[];
}

export const ADMISSIONS_A_DAY = 500;
const FIRST_DAY = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

const date = (day: number) => `'${new Date(FIRST_DAY + day * DAY_MS).toISOString().slice(0, 10)}'::DATE`;

/**
 * A hospital's month of events, the same for the same seed: 500 admissions a day, a third of whom stay a day or
 * two; one batch in five is delivered twice; one discharge in ten is told days late; severities, deposits and
 * discharges are corrected, discharges are withdrawn, admissions cancelled.
 */
export function month(seed: number, days: number, firstId: number): Day[] {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const stayOf = () => (next() < 0.35 ? 1 + below(2) : 1 + below(25));
  const due: string[][] = Array.from({ length: days + 40 }, () => []);
  const plan: Day[] = [];
  for (let day = 0; day < days; day++) {
    const rows: string[] = [];
    for (let i = 0; i < ADMISSIONS_A_DAY; i++) {
      const id = firstId + day * ADMISSIONS_A_DAY + i;
      const leaves = day + stayOf();
      rows.push(
        `(${id}, ${below(30)}, '${['gynecology', 'surgery', 'anesthesia'][below(3)]}', ${1 + below(4)}, ${100_000 + below(9000)}, '${['Minor', 'Moderate', 'Extreme'][below(3)]}', '${['21-30', '41-50', '71-80'][below(3)]}', ${3000 + below(4000)}, ${day})`,
      );
      const event = (when: number, change: string) => due[Math.min(when, due.length - 1)]!.push(change);
      const set = (change: string) => `UPDATE HEALTH_ADMISSIONS SET ${change} WHERE CASE_ID = ${id}`;
      const told = next() < 0.1 ? leaves + 1 + below(6) : leaves;
      event(told, set(`DISCHARGE_DATE = ${date(leaves)}`));
      if (next() < 0.02) event(told + 1 + below(3), set(`DISCHARGE_DATE = ${date(leaves + 1 + below(4))}`));
      if (next() < 0.01) event(told + 1 + below(3), set('DISCHARGE_DATE = NULL'));
      if (next() < 0.03) event(day + 1 + below(5), set("SEVERITY_OF_ILLNESS = 'Extreme'"));
      if (next() < 0.03) event(day, set(`ADMISSION_DEPOSIT = ${3000 + below(4000)}`));
      if (next() < 0.01) event(day + below(3), `DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID = ${id}`);
    }
    const insert = `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, HOSPITAL_CODE, DEPARTMENT, BED_GRADE, PATIENTID, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DEPOSIT, ADMISSION_DATE)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, DATEADD(day, $9, ${date(0)}) FROM VALUES ${rows.join(', ')}`;
    const twice = next() < 0.2;
    plan.push({ statements: [insert, ...(twice ? [insert] : []), ...due[day]!] });
  }
  return plan;
}
