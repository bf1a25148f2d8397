import { itemAt } from '../../udfs/require-value.js';
import { localTime } from '../text/local-time.js';
import { type Board, type BoardLine, byRisk, type Expected } from './board.js';
import type { Night } from './nights.js';
import { groupByUnit, keyOf } from './tables.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;
/** Standard deviations between the middle of a normal distribution and its ninetieth percentile. */
const TO_P90 = 1.2816;

/** A forecast that a mail is to be about. */
export interface Mailed {
  /** All that was forecast. */
  readonly forecast: readonly Night[];
  /** Forecast of the day before; nothing where there was no forecast. */
  readonly eve: readonly Night[];
  /** YYYY-MM-DD: the last day that was known. */
  readonly madeOn: string;
  /** By how many days data are late; of a day of the past that was asked for: 0. */
  readonly late: number;
  /** This ward or department alone. */
  readonly ward?: string;
  /** Wards that may take each other's patients. */
  readonly groups: readonly (readonly string[])[];
  /** When it was made. */
  readonly at: Date;
  /** IANA name of the hospital's. */
  readonly zone: string;
}

/** So many days after a day, YYYY-MM-DD. */
export function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** Part of a forecast that may be mailed: nights of each unit of ten patients and more, the smaller ones together. */
export function withoutSmallUnits(forecast: readonly Night[]): Night[] {
  const parts = new Map<string, Night[]>();
  for (const night of forecast.filter(({ line, unit }) => line !== null && line !== unit)) {
    const key = `${night.level} ${night.horizon}`;
    parts.set(key, [...(parts.get(key) ?? []), night]);
  }
  return [...forecast.filter(({ line, unit }) => line === unit), ...[...parts.values()].map(joinUnits)];
}

/** Small units as one, as LOS_BEDS has them. */
function joinUnits(nights: readonly Night[]): Night {
  const first = itemAt(nights, 0);
  const sum = (of: (night: Night) => number) => nights.reduce((all, night) => all + of(night), 0);
  const takenNow = sum((night) => night.takenNow);
  const mean = sum((night) => night.mean);
  const sd = Math.sqrt(sum(({ p10, p90 }) => ((p90 - p10) / (2 * TO_P90)) ** 2));
  const lowerBound = (deviations: number) => Math.max(0, mean - deviations * sd);
  return {
    ...first,
    unit: first.line ?? first.unit,
    takenNow,
    mean,
    p10: lowerBound(TO_P90),
    p90: mean + TO_P90 * sd,
    atLeast90: Math.floor(lowerBound(TO_P90)),
    atLeast70: Math.floor(lowerBound(0.5244)),
    admissions: sum(({ admissions }) => admissions),
    discharges: sum(({ discharges }) => discharges),
    movedIn: null,
    movedOut: null,
    capacity: nights.some(({ capacity }) => capacity === null) ? null : sum(({ capacity }) => capacity ?? 0),
    closed: nights.some(({ closed }) => closed === null) ? null : sum(({ closed }) => closed ?? 0),
    overCapacity: null,
  };
}

/**
 * The board of a forecast of any day, or of one ward of it: what LOS_BED_BOARD_FIGURES has of the latest, in whole beds.
 * @param nights what may be mailed of it (withoutSmallUnits), of the ward alone where one was asked for
 */
export function boardOf(nights: readonly Night[], { eve, madeOn, late, groups, at, zone }: Mailed): Board {
  const asked = 1 + (nights.some(({ horizon }) => horizon > late) ? late : 0);
  const level = nights.some((night) => night.level === 'ward') ? 'ward' : 'department';
  const before = new Map(
    eve
      .filter((night) => night.horizon === 1 && night.night === madeOn && night.line === night.unit)
      .map((night) => [keyOf(night), wholeBeds(night)]),
  );
  const lines = groupByUnit(nights).flatMap((unit) => {
    const tonight = unit.find(({ horizon }) => horizon === asked);
    const ahead = unit.filter(({ horizon }) => horizon >= asked);
    return tonight ? [lineOf(tonight, ahead, before.get(keyOf(tonight)) ?? null)] : [];
  });
  const madeAt = localTime(at, zone);
  const age = Date.parse(`${madeAt.replace(' ', 'T')}Z`) - Date.parse(madeOn) - DAY;
  const wards = lines.filter((line) => line.level === level).sort(byRisk);
  const hospital = lines.find((line) => line.level === 'all');
  return {
    groups,
    wards,
    // As the views say it.
    hospital:
      hospital?.word === 'easy' && wards.some(({ word }) => word === 'over')
        ? { ...hospital, word: 'tight' }
        : hospital,
    night: dayAfter(madeOn, asked),
    madeOn,
    madeAt,
    daysAgo: late,
    ageHours: Math.max(0, Math.floor(age / HOUR)),
  };
}

function lineOf(tonight: Night, ahead: readonly Night[], lastNight: Expected | null): BoardLine {
  const {
    level,
    unit,
    capacity,
    closed,
    takenNow,
    discharges,
    admissions,
    movedIn,
    movedOut,
    overCapacity: over,
  } = tonight;
  return {
    level,
    unit,
    word: over === null ? null : wordOf(over),
    capacity,
    closed,
    occupied: takenNow,
    leaving: Math.round(discharges),
    coming: Math.round(admissions),
    movedIn: movedIn === null ? null : Math.round(movedIn),
    movedOut: movedOut === null ? null : Math.round(movedOut),
    tonight: wholeBeds(tonight),
    overCapacity: roundShare(over),
    firstOver: ahead.find(({ overCapacity }) => (overCapacity ?? 0) >= 0.5)?.night ?? null,
    lastNight,
  };
}

function wholeBeds({ mean, p10, p90 }: Expected): Expected {
  return { mean: Math.round(mean), p10: Math.round(p10), p90: Math.round(p90) };
}

/** A probability in steps of ten per cent, so that one patient of a ward seldom shows. */
export function roundShare(share: number | null): number | null {
  return share === null ? null : Math.round(share * 10) / 10;
}

/** @param over chance that more beds are needed than there are */
function wordOf(over: number): 'over' | 'tight' | 'easy' {
  if (over >= 0.5) return 'over';
  return over >= 0.1 ? 'tight' : 'easy';
}
