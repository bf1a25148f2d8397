/** A diagnosis that patients come with. */
export interface Diagnosis {
  /** Its group, as working diagnoses are recorded. */
  readonly name: string;
  /** Share of the ward's admissions. */
  readonly share: number;
  /** Median stay in days of a usual patient whose course is without complications. */
  readonly days: number;
}

/** A ward, who is admitted to it, and how many. */
export interface Ward {
  readonly name: string;
  readonly department: string;
  readonly beds: number;
  /** Admissions a day of each type, over the year. */
  readonly emergency: number;
  readonly planned: number;
  readonly transfer: number;
  /** Amplitude of the emergencies' season, around the mean; the peak is in December. */
  readonly winter: number;
  readonly age: { readonly mean: number; readonly sd: number; readonly from: number; readonly to: number };
  /** Share of women. */
  readonly women: number;
  readonly diagnoses: readonly Diagnosis[];
}

const of = (name: string, share: number, days: number): Diagnosis => ({ name, share, days });
const ages = (mean: number, sd: number, from = 18, to = 99) => ({ mean, sd, from, to });

/**
 * HDHI's emergencies have a season of this amplitude (first harmonic of its months from May 2017 to April 2018). A ward has more or less of it.
 */
const SEASON = 0.157;

/**
 * One site with 620 beds in 14 wards. Wards, beds and their diagnoses are made up; README.md says what of it follows real sources.
 */
export const wards: readonly Ward[] = [
  {
    name: 'Acute medicine',
    department: 'Medicine',
    beds: 34,
    emergency: 13.8,
    planned: 0,
    transfer: 0.6,
    winter: SEASON,
    age: ages(66, 17),
    women: 0.49,
    diagnoses: [
      of('Chest pain', 0.34, 1.8),
      of('Syncope', 0.24, 2.4),
      of('Sepsis', 0.2, 4.8),
      of('Intoxication', 0.22, 1.7),
    ],
  },
  {
    name: 'General medicine',
    department: 'Medicine',
    beds: 84,
    emergency: 5.6,
    planned: 1.1,
    transfer: 0.5,
    winter: SEASON,
    age: ages(69, 15),
    women: 0.5,
    diagnoses: [
      of('Diabetes', 0.3, 5),
      of('Gastrointestinal bleeding', 0.36, 4.2),
      of('Kidney disease', 0.34, 5.5),
    ],
  },
  {
    name: 'Respiratory',
    department: 'Medicine',
    beds: 60,
    emergency: 4.6,
    planned: 0.5,
    transfer: 0.3,
    winter: 0.2,
    age: ages(70, 14),
    women: 0.46,
    diagnoses: [of('Pneumonia', 0.52, 5), of('COPD', 0.48, 4.6)],
  },
  {
    name: 'Cardiology',
    department: 'Medicine',
    beds: 68,
    emergency: 5.7,
    planned: 2.6,
    transfer: 0.8,
    winter: SEASON,
    age: ages(70, 13),
    women: 0.4,
    diagnoses: [
      of('Heart failure', 0.42, 4.6),
      of('Myocardial infarction', 0.3, 3.9),
      of('Arrhythmia', 0.28, 2.4),
    ],
  },
  {
    name: 'Stroke and neurology',
    department: 'Neurology',
    beds: 42,
    emergency: 3.4,
    planned: 0.5,
    transfer: 0.4,
    winter: 0.1,
    age: ages(70, 15),
    women: 0.48,
    diagnoses: [of('Stroke', 0.58, 5.9), of('Epilepsy', 0.42, 3.5)],
  },
  {
    name: 'Geriatrics',
    department: 'Medicine',
    beds: 58,
    emergency: 2.6,
    planned: 0.5,
    transfer: 0.8,
    winter: 0.22,
    age: ages(84, 6, 70),
    women: 0.6,
    diagnoses: [of('Falls and frailty', 0.6, 5.5), of('Delirium', 0.4, 5.9)],
  },
  {
    name: 'General surgery',
    department: 'Surgery',
    beds: 56,
    emergency: 5.2,
    planned: 5.2,
    transfer: 0.4,
    winter: 0.04,
    age: ages(58, 18),
    women: 0.5,
    diagnoses: [
      of('Appendicitis', 0.2, 2.6),
      of('Hernia', 0.26, 1.8),
      of('Gallbladder', 0.26, 3.1),
      of('Bowel resection', 0.28, 6.8),
    ],
  },
  {
    name: 'Orthopaedics and trauma',
    department: 'Surgery',
    beds: 58,
    emergency: 4.3,
    planned: 3,
    transfer: 0.3,
    winter: 0.08,
    age: ages(67, 17),
    women: 0.58,
    diagnoses: [
      of('Hip fracture', 0.36, 6.6),
      of('Joint replacement', 0.4, 4.2),
      of('Limb fracture', 0.24, 3.1),
    ],
  },
  {
    name: 'Urology',
    department: 'Surgery',
    beds: 28,
    emergency: 2.5,
    planned: 3.3,
    transfer: 0.1,
    winter: 0,
    age: ages(66, 14),
    women: 0.28,
    diagnoses: [of('Kidney stone', 0.44, 2), of('Prostate', 0.56, 3.3)],
  },
  {
    name: 'Gynaecology',
    department: 'Women and children',
    beds: 20,
    emergency: 1.7,
    planned: 2.9,
    transfer: 0.1,
    winter: 0,
    age: ages(48, 16),
    women: 1,
    diagnoses: [of('Hysterectomy', 0.46, 3.2), of('Ovarian cyst', 0.54, 2.2)],
  },
  {
    name: 'Maternity',
    department: 'Women and children',
    beds: 38,
    emergency: 6.4,
    planned: 3.2,
    transfer: 0.1,
    winter: 0,
    age: ages(31, 5.5, 16, 48),
    women: 1,
    diagnoses: [of('Birth', 0.7, 2.8), of('Caesarean section', 0.3, 4)],
  },
  {
    name: 'Children',
    department: 'Women and children',
    beds: 22,
    emergency: 5.6,
    planned: 1.1,
    transfer: 0.2,
    winter: 0.28,
    age: ages(5, 5, 0, 17),
    women: 0.46,
    diagnoses: [of('Bronchiolitis', 0.46, 3.4), of('Gastroenteritis', 0.54, 2.3)],
  },
  {
    name: 'Oncology',
    department: 'Medicine',
    beds: 38,
    emergency: 1.7,
    planned: 2.3,
    transfer: 0.2,
    winter: 0,
    age: ages(64, 13),
    women: 0.5,
    diagnoses: [of('Chemotherapy', 0.5, 3.7), of('Neutropenic fever', 0.5, 6.6)],
  },
  {
    name: 'Intensive care',
    department: 'Intensive care',
    beds: 14,
    emergency: 1,
    planned: 0.4,
    transfer: 0.4,
    winter: 0.12,
    age: ages(64, 16),
    women: 0.42,
    diagnoses: [of('Respiratory failure', 0.55, 3.3), of('Shock', 0.45, 2.7)],
  },
];

export const INTENSIVE_CARE = 'Intensive care';

export const wardNamed = new Map(wards.map((ward) => [ward.name, ward]));

/** Diagnosis → ward and median days. */
export const diagnosisNamed = new Map(
  wards.flatMap((ward) =>
    ward.diagnoses.map((diagnosis) => [diagnosis.name, { ...diagnosis, ward }] as const),
  ),
);
