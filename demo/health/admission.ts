/** One row of the health data set: an admission, its patient, and how long the stay turned out. */
export interface Admission {
  CASE_ID: number;
  HOSPITAL_CODE: number;
  HOSPITAL_TYPE_CODE: string;
  CITY_CODE_HOSPITAL: number;
  HOSPITAL_REGION_CODE: string;
  AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL: number;
  DEPARTMENT: string;
  WARD_TYPE: string;
  WARD_FACILITY_CODE: string;
  BED_GRADE: number | null;
  PATIENTID: number;
  CITY_CODE_PATIENT: number | null;
  TYPE_OF_ADMISSION: string;
  SEVERITY_OF_ILLNESS: string;
  VISITORS_WITH_PATIENT: number;
  AGE: string;
  ADMISSION_DEPOSIT: number;
  /** ISO date (YYYY-MM-DD). */
  ADMISSION_DATE: string;
  /** ISO date (YYYY-MM-DD). */
  DISCHARGE_DATE: string;
}

/** Facts that are known when the patient is admitted. */
export type AdmissionFacts = Omit<Admission, 'CASE_ID' | 'ADMISSION_DATE' | 'DISCHARGE_DATE'>;

/** The columns in the order of the files. */
export const columns = [
  'CASE_ID',
  'HOSPITAL_CODE',
  'HOSPITAL_TYPE_CODE',
  'CITY_CODE_HOSPITAL',
  'HOSPITAL_REGION_CODE',
  'AVAILABLE_EXTRA_ROOMS_IN_HOSPITAL',
  'DEPARTMENT',
  'WARD_TYPE',
  'WARD_FACILITY_CODE',
  'BED_GRADE',
  'PATIENTID',
  'CITY_CODE_PATIENT',
  'TYPE_OF_ADMISSION',
  'SEVERITY_OF_ILLNESS',
  'VISITORS_WITH_PATIENT',
  'AGE',
  'ADMISSION_DEPOSIT',
  'ADMISSION_DATE',
  'DISCHARGE_DATE',
] as const satisfies readonly (keyof Admission)[];
