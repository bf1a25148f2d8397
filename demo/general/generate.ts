import { itemAt, requireValue } from '../../udfs/require-value.js';
import { type Random, random } from '../health/random.js';
import { arrivalRate, dayOf, TYPES, WAVES, type Wave } from './calendar.js';
import { drawNormal, drawPoisson } from './draw.js';
import { drawMeasurements, type Measurement } from './events.js';
import { drawFacts, drawPerson, type Facts, type Person } from './facts.js';
import { drawStay } from './stay.js';
import { INTENSIVE_CARE, type Ward, wards } from './wards.js';

/** Options of the generator. */
export interface GeneralOptions {
  /** Same seed and same last day, same hospital. */
  readonly seed: number;
  /** The last day that is over, YYYY-MM-DD: nothing later is known. */
  readonly lastDay: string;
  /** Days with admissions, the last one included. */
  readonly days: number;
  /** Wave of admissions to a ward. */
  readonly wave?: Wave;
  /** Share of the hospital's size, for tests (1: 95 admissions a day). */
  readonly size?: number;
}

/** Minutes since 1970-01-01, by the hospital's clock. */
export type Minute = number;
export const MINUTES = 1440;

/** A ward from a moment on. */
export interface Move {
  readonly ward: string;
  readonly at: Minute;
}

/** A stay, whole: also what is not known yet on the last day. */
export interface Encounter {
  readonly id: number;
  readonly person: Person;
  readonly facts: Facts;
  readonly admitted: Minute;
  readonly discharged: Minute;
  /** When the system had the row, and when it had the discharge. */
  readonly entered: Minute;
  readonly dischargeEntered: Minute;
  readonly died: boolean;
  readonly nights: number;
  readonly complicated: boolean;
  /** Moves of the patient, the ward of the admission first. */
  readonly moves: readonly Move[];
  readonly measured: readonly Measurement[];
}

/** A booking of a planned admission: the id is that of the admission, if it comes. */
export interface Booking {
  readonly id: number;
  readonly facts: Facts;
  readonly booked: Minute;
  /** When it was taken back; null: it was not. */
  readonly cancelled: Minute | null;
}

export interface Hospital {
  readonly encounters: readonly Encounter[];
  readonly bookings: readonly Booking[];
}

/** Share of bookings that are taken back; FORECAST_BEDS itself expects 88 % to come where it knows nothing. */
export const CANCELLED = 0.1;
/** Bookings are made at most so many days before. */
export const LONGEST_LEAD = 42;
/** Share of admissions of a patient who was here before. HDHI has 1.25 admissions a patient. */
const AGAIN = 0.2;
/** Share of admissions, and of discharges, that are entered late: the next day. */
const LATE = { admission: 0.01, discharge: 0.03 };
/** Share that dies in hospital. */
const DIES = 0.025;
/** Share of stays of three nights and more that go to intensive care for some nights, without and with complications. */
const WORSE = { usual: 0.012, complicated: 0.08 };

/** Makes a hospital up. Numbers of admissions count on in the order of their days. */
export function generateGeneral(options: GeneralOptions): Hospital {
  const { seed, days, wave, size = 1 } = options;
  const last = dayOf(options.lastDay);
  const encounters: Encounter[] = [];
  const bookings: Booking[] = [];
  /** By ward, who was here. */
  const known = new Map<string, Person[]>(wards.map(({ name }) => [name, []]));
  /** The day on which each person's last stay ends. */
  const free = new Map<number, number>();
  let id = 100_000;
  let person = 500_000;
  // Bookings reach further than admissions.
  for (let day = last - days + 1; day <= last + LONGEST_LEAD; day++) {
    const stream = random(seed, `day ${day}`);
    const busy = Math.exp(WAVES * drawNormal(stream) - WAVES ** 2 / 2);
    for (const ward of wards)
      for (const type of TYPES) {
        const usual = size * arrivalRate(ward, type, day, wave);
        const count = drawPoisson(type === 'Planned' ? usual / (1 - CANCELLED) : usual * busy, stream);
        for (let i = 0; i < count; i++) {
          const here = requireValue(known.get(ward.name), ward.name);
          const one = choosePerson(here, free, ward, day, stream, () => ++person);
          const facts = drawFacts(one, ward, type, day, stream);
          const number = ++id;
          if (type === 'Planned') {
            const booking = drawBooking(number, facts, stream);
            bookings.push(booking);
            if (booking.cancelled !== null) continue;
          }
          if (day > last) continue;
          const encounter = drawEncounter(number, one, facts, stream);
          encounters.push(encounter);
          here.push(one);
          free.set(one.id, day + encounter.nights);
        }
      }
  }
  return { encounters, bookings };
}

/** A patient who was in the ward before and has left, or a new one. */
function choosePerson(
  known: readonly Person[],
  free: ReadonlyMap<number, number>,
  ward: Ward,
  day: number,
  stream: Random,
  next: () => number,
): Person {
  const again = stream.nextNumber() < AGAIN && known.length > 0;
  const found = again ? itemAt(known, stream.integerBelow(known.length)) : undefined;
  return found && (free.get(found.id) ?? day) < day ? found : drawPerson(next(), ward, stream);
}

function drawBooking(id: number, facts: Facts, stream: Random): Booking {
  const lead = 2 + Math.floor((LONGEST_LEAD - 2) * stream.nextNumber() ** 1.5);
  const booked = (facts.day - lead) * MINUTES + 480 + stream.integerBelow(540);
  const isCancelled = stream.nextNumber() < CANCELLED;
  // Most are taken back in the last days.
  const before = Math.min(lead, Math.floor(8 * stream.nextNumber() ** 2));
  const cancelled = (facts.day - before) * MINUTES + 420 + stream.integerBelow(60);
  return { id, facts, booked, cancelled: isCancelled ? Math.max(cancelled, booked + 60) : null };
}

function drawEncounter(id: number, person: Person, facts: Facts, stream: Random): Encounter {
  const { nights, complicated } = drawStay(facts, stream);
  // Planned ones come in the morning, others by the clock, more of them by day.
  const hour =
    facts.type === 'Planned'
      ? 420 + stream.integerBelow(180)
      : Math.floor(1439 * stream.nextNumber() ** 0.75);
  const admitted = facts.day * MINUTES + hour;
  // Who leaves on the day of the arrival does so in what is left of it.
  const leaves =
    nights === 0
      ? admitted + Math.max(1, Math.floor((MINUTES - 1 - hour) * stream.nextNumber()))
      : (facts.day + nights) * MINUTES + 570 + stream.integerBelow(480);
  const discharged = Math.min(leaves, (facts.day + nights) * MINUTES + MINUTES - 1);
  const delay = (share: number) => (stream.nextNumber() < share ? 600 + stream.integerBelow(900) : 0);
  const entered = admitted + 5 + stream.integerBelow(20) + delay(LATE.admission);
  return {
    id,
    person,
    facts,
    admitted,
    discharged,
    entered,
    dischargeEntered: Math.max(entered, discharged + 5 + stream.integerBelow(20) + delay(LATE.discharge)),
    died: stream.nextNumber() < DIES,
    nights,
    complicated,
    moves: drawMoves(id, facts, admitted, nights, complicated, stream),
    measured: drawMeasurements(nights, complicated, stream),
  };
}

/** Next wards of patients: the share that does, and after how many nights at most (each as often). */
const STEPS_ON: Readonly<
  Record<string, { readonly share: number; readonly within: number; to(facts: Facts): string }>
> = {
  'Acute medicine': {
    share: 0.85,
    within: 2,
    to({ age, diagnosis }) {
      if (diagnosis === 'Chest pain') return 'Cardiology';
      return age >= 80 ? 'Geriatrics' : 'General medicine';
    },
  },
  [INTENSIVE_CARE]: {
    share: 0.7,
    within: 5,
    to: ({ age }) => (age < 65 ? 'General surgery' : 'Respiratory'),
  },
};

/** The day of the stay on which a patient steps on, and where to; null: never, or the stay ends before. */
function drawStepOn(id: number, facts: Facts, nights: number): { day: number; ward: string } | null {
  const step = STEPS_ON[facts.ward];
  // A stream of its own: all else stays as it is without steps.
  const stream = random(id, 'step on');
  if (!step || stream.nextNumber() >= step.share) return null;
  const day = 1 + stream.integerBelow(step.within);
  return day < nights ? { day, ward: step.to(facts) } : null;
}

/** The ward of the admission, the one that the patient steps on to, and perhaps intensive care for some nights, and back. */
function drawMoves(
  id: number,
  facts: Facts,
  admitted: Minute,
  nights: number,
  complicated: boolean,
  stream: Random,
): Move[] {
  const moves: Move[] = [{ ward: facts.ward, at: admitted }];
  const step = drawStepOn(id, facts, nights);
  const worse = stream.nextNumber() < (complicated ? WORSE.complicated : WORSE.usual);
  const from = 1 + stream.integerBelow(2);
  const length = 1 + stream.integerBelow(3);
  const minuteOf = (day: number) => (facts.day + day) * MINUTES + 660 + stream.integerBelow(240);
  // At ten, before anyone goes to intensive care.
  const stepOn = () => {
    if (step) moves.push({ ward: step.ward, at: (facts.day + step.day) * MINUTES + 600 });
  };
  if (!worse || nights < 3 || facts.ward === INTENSIVE_CARE) {
    stepOn();
    return moves;
  }
  if (step && step.day <= from) stepOn();
  moves.push({ ward: INTENSIVE_CARE, at: minuteOf(from) });
  if (from + length < nights) moves.push({ ward: step?.ward ?? facts.ward, at: minuteOf(from + length) });
  return moves;
}
