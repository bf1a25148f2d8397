import { itemAt } from '../../udfs/require-value.js';
import type { Admission } from './admission.js';
import { admissionFacts } from './facts.js';
import { drawAdmittedPatients } from './patients.js';
import { type Random, random } from './random.js';
import { drawStay } from './stay.js';

/** Options of the generator. */
export interface HealthOptions {
  /** Same seed, same rows. */
  readonly seed: number;
  /** Admissions from 1 August to 30 November 2022. */
  readonly trainingRows: number;
  /** Admissions in December 2022. */
  readonly simulationRows: number;
  /**
   * 'discharged' leaves out training rows whose stay had not ended by 31 December 2022, as the imitated data
   * seems to do: long stays of late admissions are then missing and November looks short. By default every
   * stay is there, and the number of training rows is exact.
   */
  readonly cut?: 'discharged';
}

const day = 86_400_000;
const firstTrainingDay = Date.UTC(2022, 7, 1) / day;
const trainingDays = 122;
const simulationDays = 31;
const lastDay = firstTrainingDay + trainingDays + simulationDays - 1;
const isoDates: string[] = [];

function isoDate(epochDay: number): string {
  const place = epochDay - firstTrainingDay;
  isoDates[place] ??= new Date(epochDay * day).toISOString().slice(0, 10);
  return isoDates[place];
}

/** Draws the number of admissions on each day, evenly. */
function rowsPerDay(rows: number, days: number, stream: Random): number[] {
  const counts = new Array<number>(days).fill(0);
  for (let i = 0; i < rows; i++) {
    const day = stream.integerBelow(days);
    counts[day] = itemAt(counts, day) + 1;
  }
  return counts;
}

/** Training rows first, then December's; each part in order of admission date. CASE_ID counts on through both. */
export function* generateHealth(options: HealthOptions): Generator<Admission> {
  const { seed, trainingRows, simulationRows } = options;
  const patients = drawAdmittedPatients(seed, trainingRows + simulationRows);
  const calendar = random(seed, 'calendar');
  const stream = random(seed, 'admissions');
  const counts = [
    ...rowsPerDay(trainingRows, trainingDays, calendar),
    ...rowsPerDay(simulationRows, simulationDays, calendar),
  ];
  let caseId = 0;
  for (const [place, count] of counts.entries())
    for (let i = 0; i < count; i++) {
      const patient = itemAt(patients, caseId++);
      const facts = admissionFacts(patient, stream);
      const admitted = firstTrainingDay + place;
      const discharged = admitted + drawStay(facts, stream);
      if (options.cut === 'discharged' && place < trainingDays && discharged > lastDay) continue;
      yield {
        CASE_ID: caseId,
        HOSPITAL_CODE: facts.HOSPITAL_CODE,
        HOSPITAL_TYPE_CODE: facts.HOSPITAL_TYPE_CODE,
        CITY_CODE_HOSPITAL: facts.CITY_CODE_HOSPITAL,
        HOSPITAL_REGION_CODE: facts.HOSPITAL_REGION_CODE,
        AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL: facts.AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL,
        DEPARTMENT: facts.DEPARTMENT,
        WARD_TYPE: facts.WARD_TYPE,
        WARD_FACILITY_CODE: facts.WARD_FACILITY_CODE,
        BED_GRADE: facts.BED_GRADE,
        PATIENTID: facts.PATIENTID,
        CITY_CODE_PATIENT: facts.CITY_CODE_PATIENT,
        TYPE_OF_ADMISSION: facts.TYPE_OF_ADMISSION,
        SEVERITY_OF_ILLNESS: facts.SEVERITY_OF_ILLNESS,
        VISITORS_WITH_PATIENT: facts.VISITORS_WITH_PATIENT,
        AGE: facts.AGE,
        ADMISSION_DEPOSIT: facts.ADMISSION_DEPOSIT,
        ADMISSION_DATE: isoDate(admitted),
        DISCHARGE_DATE: isoDate(discharged),
      };
    }
}

/** First day of the month to simulate; rows admitted before it are training rows. */
export const simulationStart = isoDate(firstTrainingDay + trainingDays);
