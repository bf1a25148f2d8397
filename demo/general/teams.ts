import { itemAt } from '../../udfs/require-value.js';
import { type Random, random } from '../health/random.js';
import { drawNormal } from './draw.js';
import { type Encounter, MINUTES, type Minute } from './generate.js';

/** A date that a team wrote down. */
export interface ExpectedDate {
  readonly written: Minute;
  readonly by: WriterKind;
  /** Day of the discharge, since 1970-01-01. */
  readonly day: number;
  readonly isConfirmed: boolean;
}

/** Since when a patient is fit to leave, and what the patient still waits for; null: nothing, the patient leaves that day. */
export interface Readiness {
  readonly written: Minute;
  readonly since: Minute;
  readonly reason: Reason | null;
}

/** Share of the dates that each kind writes, and how good it is. */
export const WRITERS = {
  /** exact: share of dates of today and tomorrow that are right; spread: standard deviation of others, in nights for each night left. */
  doctor: { share: 0.4, exact: 0.8, spread: 0.25 },
  nurse: { share: 0.6, exact: 0.6, spread: 0.45 },
} as const;
export type WriterKind = keyof typeof WRITERS;

/** Share of confirmed dates that are right; half of the doctors' dates of tomorrow are confirmed. */
export const CONFIRMED = { share: 0.5, exact: 0.93 };
/** People expect discharges too early: in nights for each night left. */
export const OPTIMISM = 0.08;
/** Share of mornings on which a date is written. */
const WRITES = { first: 0.5, later: 0.35 };

/** Share of stays of three nights and more that go on after the patient is fit to leave, for two nights on average. */
export const DELAYED = 0.12;
/** Share of delayed stays by what they wait for. */
export const REASONS = {
  'Social care': 0.4,
  Rehabilitation: 0.25,
  Diagnostics: 0.15,
  Medication: 0.12,
  Transport: 0.08,
} as const;
export type Reason = keyof typeof REASONS;

/** Share of emergencies that come before ten in the morning of whom it was decided the evening before, and of decisions taken back by then. */
export const DECIDED = { share: 0.9, before: 600, cancelled: 0.06 };

/** Streams of their own: all else stays as it is without what teams write. */
const streamOf = ({ id }: Encounter, what: string) => random(id, what);

/** The dates that teams write down during a stay, in the order of their writing. */
export function drawExpectedDates(encounter: Encounter): ExpectedDate[] {
  const stream = streamOf(encounter, 'dates');
  const { facts, nights } = encounter;
  const dates: ExpectedDate[] = [];
  for (let day = 1; day <= nights; day++) {
    if (stream.nextNumber() >= (dates.length === 0 ? WRITES.first : WRITES.later)) continue;
    const by: WriterKind = stream.nextNumber() < WRITERS.doctor.share ? 'doctor' : 'nurse';
    const isConfirmed = by === 'doctor' && nights - day <= 1 && stream.nextNumber() < CONFIRMED.share;
    const expected = nights + drawError(nights - day, by, isConfirmed, stream);
    const written = (facts.day + day) * MINUTES + 540 + stream.integerBelow(25);
    dates.push({ written, by, day: facts.day + Math.max(day, expected), isConfirmed });
  }
  return dates;
}

/** Draws how many nights too late a date is. @param left nights that are left */
function drawError(left: number, by: WriterKind, isConfirmed: boolean, stream: Random): number {
  const { exact, spread } = WRITERS[by];
  if (left <= 1) {
    const right = isConfirmed ? CONFIRMED.exact : exact;
    if (stream.nextNumber() < right) return 0;
    return stream.nextNumber() < 0.5 ? -1 : 1;
  }
  return Math.round(left * (spread * drawNormal(stream) - OPTIMISM));
}

/** Since when the patient of a stay is fit to leave. */
export function drawReadiness(encounter: Encounter): Readiness {
  const stream = streamOf(encounter, 'ready');
  const { facts, nights, discharged, entered } = encounter;
  const isDelayed = nights >= 3 && stream.nextNumber() < DELAYED;
  let delay = isDelayed ? 1 : 0;
  while (isDelayed && delay < nights - 1 && stream.nextNumber() < 0.5) delay++;
  const morning = (facts.day + nights - delay) * MINUTES + 510 + stream.integerBelow(50);
  const since = Math.max(entered, Math.min(morning, discharged - 5));
  return { since, written: since + 5, reason: isDelayed ? drawReason(stream) : null };
}

function drawReason(stream: Random): Reason {
  const names = Object.keys(REASONS) as Reason[];
  let rest = stream.nextNumber();
  for (const name of names) {
    rest -= REASONS[name];
    if (rest < 0) return name;
  }
  return itemAt(names, 0);
}

/** Decision to admit an emergency next morning. */
export interface Decision {
  readonly id: number;
  readonly decided: Minute;
  /** When it was taken back; null: the patient came. */
  readonly cancelled: Minute | null;
}

/** The decision that was made of an emergency the evening before, and perhaps one of another patient who then went home. */
export function drawDecisions({ id, facts, admitted }: Encounter): Decision[] {
  const stream = random(id, 'decision');
  const isNextMorning = facts.type === 'Emergency' && admitted % MINUTES < DECIDED.before;
  if (!isNextMorning || stream.nextNumber() >= DECIDED.share) return [];
  const decided = (facts.day - 1) * MINUTES + 1080 + stream.integerBelow(330);
  const own = { id, decided, cancelled: null };
  if (stream.nextNumber() >= DECIDED.cancelled / (1 - DECIDED.cancelled)) return [own];
  return [own, { id: id + OTHERS, decided, cancelled: facts.day * MINUTES + 300 + stream.integerBelow(120) }];
}

/** Numbers of patients who were decided to come and did not begin behind those of admissions. */
const OTHERS = 50_000_000;
