import { random } from '../../procedures/ground/random.js';

const FIRST_DAY = "'2026-01-01'::DATE";

/** The day of the month so many days after its first, YYYY-MM-DD. */
export function dateOf(day: number): string {
  return new Date(Date.parse('2026-01-01') + day * 86_400_000).toISOString().slice(0, 10);
}

/** What becomes of admissions on one day, by id. */
class Events {
  /** Day of the discharge, as it is told now; null: it is taken back. */
  readonly discharges = new Map<number, number | null>();
  readonly severities = new Map<number, string>();
  readonly deposits = new Map<number, number>();
  readonly cancelled = new Set<number>();

  statements(): string[] {
    const update = (column: string, value: string, changes: ReadonlyMap<number, string | number | null>) =>
      changes.size === 0
        ? []
        : [
            `UPDATE HEALTH_ADMISSIONS AS r SET ${column} = ${value} FROM (SELECT $1 AS ID, $2 AS V FROM VALUES ${[
              ...changes,
            ]
              .map(([id, v]) => `(${id}, ${typeof v === 'string' ? `'${v}'` : v})`)
              .join(', ')}) AS e WHERE r.CASE_ID = e.ID`,
          ];
    return [
      ...update('DISCHARGE_DATE', `DATEADD(day, e.V, ${FIRST_DAY})`, this.discharges),
      ...update('SEVERITY_OF_ILLNESS', 'e.V', this.severities),
      ...update('ADMISSION_DEPOSIT', 'e.V', this.deposits),
      ...(this.cancelled.size === 0
        ? []
        : [`DELETE FROM HEALTH_ADMISSIONS WHERE CASE_ID IN (${[...this.cancelled].join(', ')})`]),
    ];
  }
}

/**
 * A hospital's month of events, the same for the same seed: so many admissions a day, a third of whom stay a day or
 * two; one batch in five is delivered twice; one discharge in ten is told days late; severities, deposits and
 * discharges are corrected, discharges are taken back, admissions cancelled.
 * @param parts in how many deliveries a day's admissions come
 * @returns for each day and delivery the statements by which all this reaches the hospital's table; corrections come with the last
 */
export function month(seed: number, days: number, aDay: number, firstId: number, parts = 1): string[][][] {
  const next = random(seed);
  const below = (n: number) => Math.floor(next() * n);
  const one = <T>(...of: T[]): T => of[below(of.length)]!;
  const due = Array.from({ length: days + 60 }, () => new Events());
  return Array.from({ length: days }, (_, day) => {
    const rows = Array.from({ length: aDay }, (_, i) => {
      const id = firstId + day * aDay + i;
      const leaves = day + (next() < 0.35 ? 1 + below(2) : 1 + below(25));
      const told = next() < 0.1 ? leaves + 1 + below(6) : leaves;
      due[told]!.discharges.set(id, leaves);
      if (next() < 0.02) due[told + 1 + below(3)]!.discharges.set(id, leaves + 1 + below(4));
      if (next() < 0.01) due[told + 1 + below(3)]!.discharges.set(id, null);
      if (next() < 0.03) due[day + 1 + below(5)]!.severities.set(id, 'Extreme');
      if (next() < 0.03) due[day]!.deposits.set(id, 3000 + below(4000));
      if (next() < 0.01) due[day + below(3)]!.cancelled.add(id);
      return `(${id}, ${below(30)}, '${one('gynecology', 'surgery', 'anesthesia')}', ${1 + below(4)}, ${100_000 + below(9000)}, '${one('Minor', 'Moderate', 'Extreme')}', '${one('21-30', '41-50', '71-80')}', ${3000 + below(4000)}, ${day}, ${2 + (id % 3)}, '${['Q', 'R', 'S'][id % 3]}', '${['Emergency', 'Trauma', 'Urgent'][Math.floor(id / 3) % 3]}')`;
    });
    const insert = (
      part: number,
    ) => `INSERT INTO HEALTH_ADMISSIONS (CASE_ID, HOSPITAL_CODE, DEPARTMENT, BED_GRADE, PATIENTID, SEVERITY_OF_ILLNESS, AGE, ADMISSION_DEPOSIT, ADMISSION_DATE,
  VISITORS_WITH_PATIENT, WARD_TYPE, TYPE_OF_ADMISSION)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, DATEADD(day, $9, ${FIRST_DAY}), $10, $11, $12 FROM VALUES ${rows.filter((_, i) => i % parts === part).join(', ')}`;
    const twice = next() < 0.2;
    return Array.from({ length: parts }, (_, part) => [
      insert(part),
      ...(twice ? [insert(part)] : []),
      ...(part === parts - 1 ? due[day]!.statements() : []),
    ]);
  });
}
