import { splitCsv } from '../csv.js';
import { DAY } from './hdhi.js';

/** A stay, in days since 1970; Infinity: not discharged as far as the rows know. */
export interface Stay {
  readonly came: number;
  readonly went: number;
  /** How the patient came. */
  readonly kind: string;
}

/** Stays that ended longer ago say nothing. */
const PAST = 400;
/** A stay of so many days or more is one of that many. */
const LONGEST = 120;
/** Where fewer are left, all of the rest counts together. */
const FEW = 30;

/** @param csv with a header in lower case: admission_date, discharge_date and admission_type */
export function staysOf(csv: string): Stay[] {
  const [header, ...lines] = csv.trim().split(/\r?\n/);
  const names = splitCsv(header!);
  const [came, went, kind] = ['admission_date', 'discharge_date', 'admission_type'].map((name) =>
    names.indexOf(name),
  );
  return lines.map((line) => {
    const fields = splitCsv(line);
    return {
      came: dayNumber(fields[came!]!),
      went: fields[went!] ? dayNumber(fields[went!]!) : Number.POSITIVE_INFINITY,
      kind: fields[kind!]!,
    };
  });
}

/** Days since 1970. @param day YYYY-MM-DD */
export function dayNumber(day: string): number {
  return Math.round(Date.parse(day) / DAY);
}

/** Beds occupied over the night after a day. */
export function occupied(stays: readonly Stay[], day: number): number {
  return stays.filter(({ came, went }) => came <= day && went > day).length;
}

/**
 * Kaplan–Meier with a factor for each day of the week, and admissions as on the same weekday of six weeks: what a spreadsheet
 * would forecast on an evening, from what is known on it.
 * @param kindOf puts stays together that have a curve and admissions of their own; left out: all are one
 * @returns beds occupied over the next night, the one after it, …
 */
export function kaplanMeier(
  stays: readonly Stay[],
  evening: number,
  nights: number,
  kindOf: (stay: Stay) => string = () => '',
): number[] {
  const known = stays
    .filter(({ came, went }) => came <= evening && went > evening - PAST)
    .map((stay) => (stay.went <= evening ? stay : { ...stay, went: Number.POSITIVE_INFINITY }));
  const weekdays = weekdayFactors(known, evening);
  const beds = new Array<number>(nights).fill(0);
  for (const kind of new Set(known.map(kindOf))) {
    const group = known.filter((stay) => kindOf(stay) === kind);
    const hazards = hazardsOf(group, evening);
    const chance = (stay: number, day: number) =>
      1 - Math.min(1, hazards[Math.min(stay, LONGEST)]! * weekdays[weekday(day)]!);
    for (const { came, went } of group) {
      if (went !== Number.POSITIVE_INFINITY) continue;
      let here = 1;
      for (let night = 1; night <= nights; night++) {
        here *= chance(evening - came + night, evening + night);
        beds[night - 1]! += here;
      }
    }
    for (let first = 1; first <= nights; first++) {
      let here = sameWeekday(group, evening, first) * (1 - hazards[0]!);
      for (let night = first; night <= nights; night++) {
        if (night > first) here *= chance(night - first, evening + night);
        beds[night - 1]! += here;
      }
    }
  }
  return beds;
}

/** 0: Sunday. */
function weekday(day: number): number {
  return (day + 4) % 7;
}

/** The share of those still in who leave on each day of a stay. */
function hazardsOf(stays: readonly Stay[], evening: number): number[] {
  const ended = new Array<number>(LONGEST + 1).fill(0);
  const atRisk = new Array<number>(LONGEST + 1).fill(0);
  for (const { came, went } of stays) {
    if (came <= evening - PAST) continue;
    const stay = Math.min(Math.min(went, evening) - came, LONGEST);
    if (went <= evening) ended[stay]!++;
    for (let day = 0; day <= stay; day++) atRisk[day]!++;
  }
  let [restEnded, restAtRisk] = [0, 0];
  for (let day = 0; day <= LONGEST; day++)
    if (atRisk[day]! < FEW) {
      restEnded += ended[day]!;
      restAtRisk += atRisk[day]!;
    }
  const rest = restAtRisk > 0 ? restEnded / restAtRisk : 0;
  return ended.map((n, day) => (atRisk[day]! < FEW ? rest : n / atRisk[day]!));
}

/** By how much more or less readily patients leave on a day of the week. */
function weekdayFactors(stays: readonly Stay[], evening: number): number[] {
  const hazards = hazardsOf(stays, evening);
  const observed = new Array<number>(7).fill(0);
  const expected = new Array<number>(7).fill(0);
  for (const { came, went } of stays) {
    if (came <= evening - PAST) continue;
    const last = Math.min(went, evening);
    for (let day = came; day <= last; day++)
      expected[weekday(day)]! += hazards[Math.min(day - came, LONGEST)]!;
    if (went <= evening) observed[weekday(went)]!++;
  }
  return observed.map((n, day) => (expected[day]! > 0 ? n / expected[day]! : 1));
}

/** Mean admissions of the same weekday in the six weeks before. */
function sameWeekday(stays: readonly Stay[], evening: number, night: number): number {
  const back = 7 * Math.ceil(night / 7);
  const days = new Set(Array.from({ length: 6 }, (_, week) => evening + night - back - 7 * week));
  return stays.filter(({ came }) => days.has(came)).length / days.size;
}
