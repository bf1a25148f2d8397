import { requireValue } from '../../udfs/require-value.js';
import type { Contract } from '../dataset/contract.js';
import { literal } from '../ground/names.js';

/**
 * Morning in SQL: the hospital's hour of a day on which a patient is in hospital. AS_OF is that moment, TIMESTAMP_NTZ by the
 * hospital's clock; the rest of a stay is counted in times of 24 hours from it, so that a rest of 1 ends before the next morning.
 */

/** Parts of a contract that it takes. */
type Dates = Pick<Contract, 'admission' | 'discharge' | 'columns'>;

/** A column that has days, and no times. */
export function isDayColumn({ columns }: Pick<Contract, 'columns'>, column: string): boolean {
  return /^DATE\b/i.test(columns[column] ?? '');
}

/** Admission and discharge of a contract with events: it has both. */
export function datesOf({ admission, discharge }: Pick<Contract, 'admission' | 'discharge'>): {
  readonly admission: string;
  readonly discharge: string;
} {
  return {
    admission: requireValue(admission, 'the admission column of a contract with events'),
    discharge: requireValue(discharge, 'the discharge column of a contract with events'),
  };
}

/**
 * The newest morning that has passed.
 * @param zone the hospital's
 * @param now SQL of a moment (TIMESTAMP_LTZ or TIMESTAMP_TZ); left out: now
 */
export function newestMorning(zone: string, hour: number, now = 'CURRENT_TIMESTAMP()'): string {
  const clock = `CONVERT_TIMEZONE(${literal(zone)}, ${now})::TIMESTAMP_NTZ`;
  return `DATEADD(hour, ${hour}, DATE_TRUNC('day', DATEADD(hour, -${hour}, ${clock})))`;
}

/** The morning of a day, where it has passed; the newest one instead of a later one. @param day SQL of a text, YYYY-MM-DD */
export function morningOf(day: string, zone: string, hour: number): string {
  return `LEAST(DATEADD(hour, ${hour}, TO_DATE(${day}, 'YYYY-MM-DD')::TIMESTAMP_NTZ), ${newestMorning(zone, hour)})`;
}

/** DAY of a morning: calendar days since admission. @param admitted SQL of the admission */
export function dayOfStay(admitted: string, asOf: string): string {
  return `DATEDIFF(day, ${admitted}, ${asOf})`;
}

/**
 * Condition that the patient had come by a morning. Where admissions are days, the first morning is that of the next day.
 * @param admitted SQL of the admission
 */
export function hadCome(contract: Dates, admitted: string, asOf: string): string {
  return isDayColumn(contract, datesOf(contract).admission)
    ? `${admitted} < TO_DATE(${asOf})`
    : `${admitted} <= ${asOf}`;
}

/**
 * Condition that the patient had not left by a morning; where discharges are days, who leaves on the morning's is still in.
 * @param left SQL of the discharge, NULL while the patient is in hospital
 */
export function stillIn(contract: Dates, left: string, asOf: string): string {
  const later = isDayColumn(contract, datesOf(contract).discharge)
    ? `${left} >= TO_DATE(${asOf})`
    : `${left} > ${asOf}`;
  return `(${left} IS NULL OR ${later})`;
}

/**
 * The rest of a stay in times of 24 hours from a morning, at least 1; 0 of who had left before it; NULL while the patient is in hospital.
 * @param left SQL of the discharge
 * @example
 * const days = { admission: 'CAME', discharge: 'WENT', columns: { CAME: 'DATE', WENT: 'DATE' } };
 * restOf(days, 'r.WENT', 'm.AS_OF'); // "GREATEST(0, DATEDIFF(day, m.AS_OF, r.WENT) + 1)"
 */
export function restOf(contract: Dates, left: string, asOf: string): string {
  const rest = isDayColumn(contract, datesOf(contract).discharge)
    ? `DATEDIFF(day, ${asOf}, ${left}) + 1`
    : `CEIL(DATEDIFF(second, ${asOf}, ${left}) / 86400)`;
  return `GREATEST(0, ${rest})`;
}

/** Days whose end the patient has seen at a morning of DAY: what PREDICT_LOS_REMAINING takes of a curve since admission. */
export function daysSeen(day: string): string {
  return `${day} - 1`;
}

/**
 * When RENEW_PREDICTIONS runs: 15 minutes after the hour of the morning, and three more times, which make up for what failed.
 * @example
 * renewSchedule(22, 'Europe/Berlin'); // "USING CRON 15 22,23,0,1 * * * Europe/Berlin"
 */
export function renewSchedule(hour: number, zone: string): string {
  return `USING CRON 15 ${[0, 1, 2, 3].map((later) => (hour + later) % 24).join(',')} * * * ${zone}`;
}
