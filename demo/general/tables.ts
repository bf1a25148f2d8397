import { random } from '../health/random.js';
import { isoOf } from './calendar.js';
import type { Booking, Encounter, Hospital, Minute } from './generate.js';
import { MINUTES } from './generate.js';
import { drawDecisions, drawExpectedDates, drawReadiness } from './teams.js';
import { wardNamed, wards } from './wards.js';

/** A value in a CSV file; null: missing. */
type Value = string | number | null;

/** Discharges are no table of the hospital's: each is written into the row of its encounter. */
export const DISCHARGES = 'DISCHARGES';

/** A table of the hospital: its columns, and its rows, each with the minute from which on it is known. */
export interface Table {
  readonly name: string;
  /** Column → type, in order. */
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: Iterable<readonly [known: Minute, ...values: Value[]]>;
}

/** Share of results that are recorded the next day. */
const LATE_RESULTS = 0.04;

/** Minutes since 1970 as a TIMESTAMP_NTZ. */
export const timeOf = (minute: Minute): string =>
  new Date(minute * 60_000).toISOString().slice(0, 19).replace('T', ' ');

/** From a day on a share of the scores on arrival does not come through: it is missing in the tables, and the stay is what it would have been. */
export interface Outage {
  /** The first day, since 1970-01-01. */
  readonly from: number;
  readonly share: number;
}

/** The hospital's tables, as its systems have them in the end. */
export function tablesOf(
  { encounters, bookings }: Hospital,
  { seed, outage }: { readonly seed: number; readonly outage?: Outage },
): Table[] {
  return [
    {
      name: 'WARDS',
      columns: { WARD: 'VARCHAR', DEPARTMENT: 'VARCHAR', BEDS: 'NUMBER' },
      rows: wards.map(({ name, department, beds }) => [0, name, department, beds] as const),
    },
    {
      name: 'PATIENTS',
      columns: { PATIENT_ID: 'NUMBER', SEX: 'VARCHAR', LIVING: 'VARCHAR' },
      rows: patients(encounters),
    },
    {
      name: 'ENCOUNTERS',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        PATIENT_ID: 'NUMBER',
        ADMITTED_AT: 'TIMESTAMP_NTZ',
        DISCHARGED_AT: 'TIMESTAMP_NTZ',
        ADMISSION_TYPE: 'VARCHAR',
        AGE: 'NUMBER',
        DISPOSITION: 'VARCHAR',
      },
      rows: encounterRows(encounters),
    },
    {
      name: DISCHARGES,
      columns: { ENCOUNTER_ID: 'NUMBER', DISCHARGED_AT: 'TIMESTAMP_NTZ', DISPOSITION: 'VARCHAR' },
      rows: discharges(encounters),
    },
    {
      name: 'MOVEMENTS',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        SEQUENCE: 'NUMBER',
        WARD: 'VARCHAR',
        MOVED_AT: 'TIMESTAMP_NTZ',
        RECORDED_AT: 'TIMESTAMP_NTZ',
      },
      rows: movements(encounters),
    },
    {
      name: 'DIAGNOSES',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        DIAGNOSIS: 'VARCHAR',
        KIND: 'VARCHAR',
        RECORDED_AT: 'TIMESTAMP_NTZ',
      },
      rows: diagnoses(encounters),
    },
    {
      name: 'ASSESSMENTS',
      columns: { ENCOUNTER_ID: 'NUMBER', NEWS: 'NUMBER', CREATININE: 'NUMBER', CRP: 'FLOAT' },
      rows: assessments(encounters, seed, outage),
    },
    {
      name: 'RESULTS',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        NAME: 'VARCHAR',
        VALUE: 'FLOAT',
        TAKEN_AT: 'TIMESTAMP_NTZ',
        RECORDED_AT: 'TIMESTAMP_NTZ',
      },
      rows: results(encounters, seed),
    },
    {
      name: 'BOOKINGS',
      columns: {
        BOOKING_ID: 'NUMBER',
        PLANNED_DAY: 'DATE',
        WARD: 'VARCHAR',
        DEPARTMENT: 'VARCHAR',
        KIND: 'VARCHAR',
        DIAGNOSIS: 'VARCHAR',
        AGE: 'NUMBER',
        SEX: 'VARCHAR',
        CANCELLED: 'BOOLEAN',
        RECORDED_AT: 'TIMESTAMP_NTZ',
      },
      rows: bookingRows(bookings),
    },
    {
      name: 'DECISIONS',
      columns: {
        DECISION_ID: 'NUMBER',
        ADMISSION_DAY: 'DATE',
        WARD: 'VARCHAR',
        DEPARTMENT: 'VARCHAR',
        DIAGNOSIS: 'VARCHAR',
        AGE: 'NUMBER',
        SEX: 'VARCHAR',
        KIND: 'VARCHAR',
        CANCELLED: 'BOOLEAN',
        RECORDED_AT: 'TIMESTAMP_NTZ',
      },
      rows: decisionRows(encounters),
    },
    {
      name: 'DISCHARGE_DATES',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        EXPECTED_ON: 'DATE',
        WRITER: 'VARCHAR',
        CONFIRMED: 'BOOLEAN',
        WRITTEN_AT: 'TIMESTAMP_NTZ',
      },
      rows: dateRows(encounters),
    },
    {
      name: 'READINESS',
      columns: {
        ENCOUNTER_ID: 'NUMBER',
        READY_SINCE: 'TIMESTAMP_NTZ',
        REASON: 'VARCHAR',
        WRITTEN_AT: 'TIMESTAMP_NTZ',
      },
      rows: readinessRows(encounters),
    },
  ];
}

function* patients(encounters: readonly Encounter[]) {
  const seen = new Set<number>();
  for (const { person, entered } of encounters) {
    if (seen.has(person.id)) continue;
    seen.add(person.id);
    yield [entered, person.id, person.sex, person.living] as const;
  }
}

function* encounterRows(encounters: readonly Encounter[]) {
  for (const { id, person, admitted, entered, facts } of encounters)
    yield [entered, id, person.id, timeOf(admitted), null, facts.type, facts.age, null] as const;
}

function* discharges(encounters: readonly Encounter[]) {
  for (const { id, discharged, dischargeEntered, died } of encounters)
    yield [dischargeEntered, id, timeOf(discharged), died ? 'Died' : 'Home'] as const;
}

function* movements(encounters: readonly Encounter[]) {
  for (const { id, entered, moves } of encounters)
    for (const [i, { ward, at }] of moves.entries()) {
      const recorded = Math.max(entered, at + 10);
      yield [recorded, id, i + 1, ward, timeOf(at), timeOf(recorded)] as const;
    }
}

/** The working diagnosis, and those that are known from earlier. */
function* diagnoses(encounters: readonly Encounter[]) {
  const earlier = [
    'Hypertension',
    'Diabetes mellitus',
    'Heart disease',
    'Lung disease',
    'Kidney disease',
    'Cancer',
  ];
  for (const { id, entered, facts } of encounters) {
    yield [entered, id, facts.diagnosis, 'working', timeOf(entered)] as const;
    for (const name of earlier.slice(0, facts.comorbidities))
      yield [entered, id, name, 'earlier', timeOf(entered)] as const;
  }
}

function* assessments(encounters: readonly Encounter[], seed: number, outage?: Outage) {
  const stream = random(seed, 'assessments');
  for (const { id, entered, facts } of encounters) {
    const isLost = stream.nextNumber() < (outage && facts.day >= outage.from ? outage.share : 0);
    yield [entered, id, isLost ? null : facts.news, facts.creatinine, facts.crp] as const;
  }
}

/** Results for a morning. */
function* results(encounters: readonly Encounter[], seed: number) {
  const stream = random(seed, 'results');
  for (const { id, facts, admitted, measured } of encounters)
    for (const { name, day, value } of measured) {
      const at = Math.max(admitted + 20, (facts.day + day - 1) * MINUTES + 1080 + stream.integerBelow(240));
      const late = stream.nextNumber() < LATE_RESULTS ? MINUTES : 0;
      const recorded = at + 10 + stream.integerBelow(60) + late;
      yield [recorded, id, name, value, timeOf(at), timeOf(recorded)] as const;
    }
}

/** A row for each state of a booking. */
function* bookingRows(bookings: readonly Booking[]) {
  for (const { id, facts, booked, cancelled } of bookings) {
    const { ward, diagnosis, age, sex, day } = facts;
    const department = wardNamed.get(ward)?.department ?? null;
    const state = (known: Minute, isCancelled: boolean) =>
      [
        known,
        id,
        isoOf(day),
        ward,
        department,
        'Planned',
        diagnosis,
        age,
        sex,
        String(isCancelled),
        timeOf(known),
      ] as const;
    yield state(booked, false);
    if (cancelled !== null) yield state(cancelled, true);
  }
}

/** A row for each state of a decision. */
function* decisionRows(encounters: readonly Encounter[]) {
  for (const encounter of encounters) {
    const { ward, diagnosis, age, sex, day, type } = encounter.facts;
    const department = wardNamed.get(ward)?.department ?? null;
    for (const { id, decided, cancelled } of drawDecisions(encounter)) {
      const what = [id, isoOf(day), ward, department, diagnosis, age, sex, type] as const;
      yield [decided, ...what, 'false', timeOf(decided)] as const;
      if (cancelled !== null) yield [cancelled, ...what, 'true', timeOf(cancelled)] as const;
    }
  }
}

/** A row for each writing of a date. */
function* dateRows(encounters: readonly Encounter[]) {
  for (const encounter of encounters)
    for (const { written, by, day, isConfirmed } of drawExpectedDates(encounter))
      yield [written, encounter.id, isoOf(day), by, String(isConfirmed), timeOf(written)] as const;
}

function* readinessRows(encounters: readonly Encounter[]) {
  for (const encounter of encounters) {
    const { written, since, reason } = drawReadiness(encounter);
    yield [written, encounter.id, timeOf(since), reason, timeOf(written)] as const;
  }
}
