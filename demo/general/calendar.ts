import { itemAt } from '../../udfs/require-value.js';
import type { Ward } from './wards.js';

export const TYPES = ['Emergency', 'Planned', 'Transfer'] as const;
export type AdmissionType = (typeof TYPES)[number];

/**
 * Admissions by day of the week, from Monday on, beside a mean day. Source: HDHI (../shared/data), emergencies
 * (8,213) and outpatients' admissions (3,675), April 2017 to October 2018; transfers are made up.
 */
export const WEEKDAYS: Readonly<Record<AdmissionType, readonly number[]>> = {
  Emergency: [1.12, 1.07, 1.01, 0.96, 1.02, 0.96, 0.86],
  Planned: [1.43, 1.22, 0.97, 1.05, 0.99, 0.91, 0.43],
  Transfer: [1.1, 1.1, 1.1, 1.1, 1.1, 0.8, 0.7],
};

/** Day of the year on which most emergencies come: 18 December (first harmonic of HDHI's months). */
const PEAK = 352;
/** From day to day the number varies by more than chance: standard deviation of the logarithm of its rate. */
export const WAVES = 0.07;

const DAY = 86_400_000;

/** Days since 1970-01-01 of an ISO date (YYYY-MM-DD), and the other way. */
export const dayOf = (iso: string): number => Math.floor(Date.parse(iso) / DAY);
export const isoOf = (day: number): string => new Date(day * DAY).toISOString().slice(0, 10);

/** 0: Monday. */
export const weekdayOf = (day: number): number => (((day + 3) % 7) + 7) % 7;

/** Patients of whom more come from one day on. */
export interface Wave {
  readonly ward: string;
  /** The first day, since 1970-01-01. */
  readonly from: number;
  /** Factor on the usual number. */
  readonly times: number;
}

/** Season of a ward's emergencies on a day, beside a mean day. */
export function seasonOf(ward: Pick<Ward, 'winter'>, day: number): number {
  const start = Date.UTC(new Date(day * DAY).getUTCFullYear(), 0, 1) / DAY;
  return 1 + ward.winter * Math.cos((2 * Math.PI * (day - start - PEAK)) / 365.25);
}

/** Admissions that are expected of a type, in a ward, on a day; of planned ones those that come. */
export function arrivalRate(ward: Ward, type: AdmissionType, day: number, wave?: Wave): number {
  const weekday = itemAt(WEEKDAYS[type], weekdayOf(day));
  if (type === 'Planned') return ward.planned * weekday;
  if (type === 'Transfer') return ward.transfer * weekday;
  const surge = wave && wave.ward === ward.name && day >= wave.from ? wave.times : 1;
  return ward.emergency * weekday * seasonOf(ward, day) * surge;
}
