import { calibration } from './calibration.js';
import { fromNumericShares, fromShares } from './distribution.js';
import { random } from './random.js';

/** Attributes of a patient over all admissions. */
export interface Patient {
  readonly id: number;
  readonly city: number | null;
  readonly age: string;
  readonly severity: string;
}

/** Patient ids run up to this in the imitated data, where 92,017 of them occur. */
const highestId = 131_624;
const publishedPatients = 92_017;
/** Rows over which 92 k patients are spread here: the standard 230,000 + 71,000. */
const standardRows = 301_000;

/**
 * Who is admitted: one patient for each of `rows` admissions, in random order. Patients come again as often
 * as published (22 % once, a few up to 50 times), and nothing about a patient changes between admissions.
 */
export function drawAdmittedPatients(seed: number, rows: number): Patient[] {
  const stream = random(seed, 'patients');
  const visits = fromNumericShares(calibration.visitsPerPatient.patients);
  const city = fromNumericShares(calibration.cityOfPatient.shares);
  const age = fromShares(calibration.age.shares);
  const severity = fromShares(calibration.severity.shares);
  const count = Math.max(1, Math.round((publishedPatients * rows) / standardRows));
  const spread = Math.max(1, highestId / publishedPatients);
  const slots: Patient[] = [];
  // A little more than one round is drawn where the visits by chance do not fill the rows.
  for (let i = 0; i < count || slots.length < rows; i++) {
    const patient: Patient = {
      id: Math.floor(i * spread) + 1,
      city: stream.nextNumber() < calibration.nulls.CITY_CODE_PATIENT ? null : city.draw(stream),
      age: age.draw(stream),
      severity: severity.draw(stream),
    };
    for (let visit = visits.draw(stream); visit > 0; visit--) slots.push(patient);
  }
  for (let i = slots.length - 1; i > 0; i--) {
    const j = stream.integerBelow(i + 1);
    const other = slots[i] as Patient;
    slots[i] = slots[j] as Patient;
    slots[j] = other;
  }
  slots.length = rows;
  return slots;
}
