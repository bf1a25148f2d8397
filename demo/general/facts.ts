import { requireValue } from '../../udfs/require-value.js';
import type { Random } from '../health/random.js';
import type { AdmissionType } from './calendar.js';
import { drawNormal } from './draw.js';
import { diagnosisNamed, type Ward } from './wards.js';

export const LIVING = ['With family', 'Alone', 'Care home'] as const;

/** Who a patient is, over all admissions. */
export interface Person {
  readonly id: number;
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly living: (typeof LIVING)[number] | null;
}

/** Facts of an admission that are recorded on arrival. */
export interface Facts {
  readonly ward: string;
  readonly type: AdmissionType;
  readonly diagnosis: string;
  readonly age: number;
  readonly sex: 'F' | 'M';
  readonly living: (typeof LIVING)[number] | null;
  /** Illnesses that were recorded before. */
  readonly comorbidities: number;
  /** Early warning score (NEWS2) of the nurses, 0 to 12. */
  readonly news: number | null;
  /** Creatinine, µmol/l. */
  readonly creatinine: number | null;
  /** C-reactive protein, mg/l. */
  readonly crp: number | null;
  /** Day of the admission, since 1970-01-01. */
  readonly day: number;
}

/** Share of admissions without each value. HDHI lacks 2 % of creatinines and 7 % of glucoses; the others are made up. */
export const MISSING = { living: 0.08, news: 0.06, creatinine: 0.03, crp: 0.12 } as const;

/** Draws a new patient of a ward. */
export function drawPerson(id: number, { age, women }: Ward, stream: Random): Person {
  const years = Math.round(age.mean + age.sd * drawNormal(stream));
  const old = Math.min(age.to, Math.max(age.from, years));
  const sex = stream.nextNumber() < women ? 'F' : 'M';
  const u = stream.nextNumber();
  const isKnown = stream.nextNumber() >= MISSING.living;
  const alone = old >= 75 && u > 0.88 ? 'Care home' : 'Alone';
  const home = old < 18 || u < 0.62 ? 'With family' : alone;
  return { id, age: old, sex, living: isKnown ? home : null };
}

/** Draws what is found out on arrival. */
export function drawFacts(
  person: Person,
  ward: Ward,
  type: AdmissionType,
  day: number,
  stream: Random,
  chosen?: string,
): Facts {
  const diagnosis = chosen ?? drawDiagnosis(ward, stream);
  const { age } = person;
  // Who comes without being planned is iller.
  const ill = { Planned: 0, Transfer: 1.4, Emergency: 1 }[type];
  const severe = ward.name === 'Intensive care' ? 3 : 0;
  const news = Math.round(
    Math.max(
      0,
      Math.min(12, 1 + 1.6 * ill + severe + 0.012 * Math.max(0, age - 40) + 1.7 * drawNormal(stream)),
    ),
  );
  let comorbidities = 0;
  for (let i = 0; i < 6; i++) if (stream.nextNumber() < Math.min(0.5, age / 180)) comorbidities++;
  const creatinine = Math.round(
    Math.exp(Math.log(62 + 0.35 * age) + 0.3 * drawNormal(stream) + 0.04 * comorbidities),
  );
  const crp = Math.round(10 * Math.exp(2.1 + 0.75 * ill + 0.1 * news + 0.9 * drawNormal(stream))) / 10;
  const unless = <T>(share: number, value: T): T | null => (stream.nextNumber() < share ? null : value);
  return {
    ward: ward.name,
    type,
    diagnosis,
    age,
    sex: person.sex,
    living: person.living,
    comorbidities,
    news: unless(MISSING.news, news),
    creatinine: unless(MISSING.creatinine, creatinine),
    crp: unless(MISSING.crp, crp),
    day,
  };
}

function drawDiagnosis({ diagnoses }: Ward, stream: Random): string {
  let left = stream.nextNumber();
  for (const { name, share } of diagnoses) {
    left -= share;
    if (left < 0) return name;
  }
  return requireValue(diagnoses.at(-1), 'a diagnosis').name;
}

/** Median days of the diagnosis, for a usual patient without complications. */
export function usualDays(diagnosis: string): number {
  return requireValue(diagnosisNamed.get(diagnosis), diagnosis).days;
}
