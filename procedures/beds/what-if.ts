import { isDay } from '../ground/days.js';
import { literal } from '../ground/names.js';
import { Refused } from '../ground/work.js';
import { quote } from '../options.js';

/** One thing that might be otherwise: exactly one of its first four keys. */
export interface Change {
  /** So many more come on `day`, for certain. */
  readonly admissions?: number;
  /** So many beds are closed, on the nights from `from` to `to`. */
  readonly close?: number;
  /** A planned admission is taken back: its id, or all of a ward or a day. */
  readonly cancel_planned?: string | { readonly ward?: string; readonly day?: string };
  /** A planned admission more, as the list would have it; `features` by the contract's columns. */
  readonly planned?: {
    readonly id?: string;
    readonly day: string;
    readonly ward?: string;
    readonly department?: string;
    readonly kind?: string;
    readonly features?: Readonly<Record<string, unknown>>;
  };
  readonly ward?: string;
  readonly kind?: string;
  /** YYYY-MM-DD each. */
  readonly day?: string;
  readonly from?: string;
  readonly to?: string;
}

const MOST_CHANGES = 50;
const MOST_ADMISSIONS = 500;

/** Which keys go with each of the first four. */
const KEYS = {
  admissions: ['ward', 'day', 'kind'],
  close: ['ward', 'from', 'to'],
  cancel_planned: [],
  planned: [],
} as const;

const EXAMPLE =
  "Write a list of {'ward': 'ORTHO', 'day': '2026-12-08', 'admissions': 10}, {'ward': 'ICU', 'close': 4, 'from': '2026-12-08'}, {'cancel_planned': '4711'} or {'planned': {'day': '2026-12-08', 'ward': 'ORTHO'}}.";

/**
 * Reads the option what_if.
 * @param hasList whether the contract names a list of planned admissions
 * @throws Refused for what is no change
 */
export function readChanges(given: readonly unknown[], hasList: boolean): Change[] {
  if (given.length > MOST_CHANGES)
    throw new Refused(`what_if has ${given.length} changes.`, `Ask about at most ${MOST_CHANGES} at once.`);
  return given.map((each) => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) refuse(each);
    const change = each as Change;
    const keys = Object.keys(change);
    const kinds = (Object.keys(KEYS) as (keyof typeof KEYS)[]).filter((kind) => keys.indexOf(kind) >= 0);
    const [kind] = kinds;
    if (kind === undefined || kinds.length > 1) return refuse(each);
    const allowed: readonly string[] = KEYS[kind];
    if (keys.some((key) => key !== kind && allowed.indexOf(key) < 0)) refuse(each);
    for (const key of ['ward', 'kind'] as const) if (change[key] !== undefined) requireText(change[key]);
    for (const key of ['day', 'from', 'to'] as const) if (change[key] !== undefined) requireDay(change[key]);
    if (kind === 'admissions') {
      requireCount(change.admissions);
      requireDay(change.day);
    } else if (kind === 'close') requireCount(change.close);
    else if (!hasList)
      throw new Refused(
        `what_if speaks of ${kind}, and the contract names no list of planned admissions.`,
        'Name one with planned: in the contract, or ask about admissions.',
      );
    else if (kind === 'planned') requirePlanned(change.planned, each);
    else requireCancelled(change.cancel_planned, each);
    return change;
  });
}

function requirePlanned(planned: Change['planned'], each: unknown): void {
  if (typeof planned !== 'object' || planned === null) refuse(each);
  const { day, features, ...texts } = planned as NonNullable<Change['planned']>;
  requireDay(day);
  if (
    features !== undefined &&
    (typeof features !== 'object' || features === null || Array.isArray(features))
  )
    refuse(each);
  for (const key of Object.keys(texts)) {
    if (['id', 'ward', 'department', 'kind'].indexOf(key) < 0) refuse(each);
    requireText(texts[key as keyof typeof texts]);
  }
}

function requireCancelled(cancelled: Change['cancel_planned'], each: unknown): void {
  if (typeof cancelled === 'string') {
    requireText(cancelled);
    return;
  }
  if (typeof cancelled !== 'object' || cancelled === null) refuse(each);
  const { ward, day, ...others } = cancelled as { readonly ward?: string; readonly day?: string };
  if (Object.keys(others).length > 0 || (ward === undefined && day === undefined)) refuse(each);
  if (ward !== undefined) requireText(ward);
  if (day !== undefined) requireDay(day);
}

function refuse(each: unknown): never {
  throw new Refused(`what_if knows no change ${quote(each)}.`, EXAMPLE);
}

function requireText(text: unknown): void {
  if (typeof text !== 'string' || text === '' || text.length > 200) refuse(text);
}

function requireDay(day: unknown): void {
  if (!isDay(day))
    throw new Refused(
      `The day ${quote(day)} in what_if is no day.`,
      'Write it as YYYY-MM-DD; admissions need one.',
    );
}

function requireCount(count: unknown): void {
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 1 || count > MOST_ADMISSIONS)
    throw new Refused(
      `The number ${quote(count)} in what_if is none of admissions or beds.`,
      `Write a whole number from 1 to ${MOST_ADMISSIONS}.`,
    );
}

/** How many days after another one a day is. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000);
}

/**
 * SELECT of the beds that would be closed: LEVEL, UNIT, NIGHT (1: the first) and BEDS; those of a ward are closed in the hospital, too.
 * @param madeOn YYYY-MM-DD, the last day known
 * @param closures SELECT of those that are closed already
 */
export function closedSql(
  changes: readonly Change[],
  madeOn: string,
  nights: number,
  closures: string,
): string {
  const rows: string[] = [];
  for (const { close, ward, from, to } of changes) {
    if (close === undefined) continue;
    const first = Math.max(1, from === undefined ? 1 : daysBetween(madeOn, from));
    const last = Math.min(nights, to === undefined ? nights : daysBetween(madeOn, to));
    for (let night = first; night <= last; night++) {
      rows.push(`('all', '(all)', ${night}, ${close})`);
      if (ward !== undefined) rows.push(`('ward', ${literal(ward)}, ${night}, ${close})`);
    }
  }
  return rows.length === 0
    ? closures
    : `SELECT LEVEL, UNIT, NIGHT, SUM(BEDS) AS BEDS FROM (
  SELECT $1 AS LEVEL, $2 AS UNIT, $3 AS NIGHT, $4 AS BEDS FROM VALUES ${rows.join(', ')}
  UNION ALL SELECT LEVEL, UNIT, NIGHT, BEDS FROM (${closures})
) GROUP BY 1, 2, 3`;
}

/** Days that changes name and that are not among the nights, from `madeOn` on: the first of them. */
export function dayBeyond(changes: readonly Change[], madeOn: string, nights: number): string | undefined {
  const days = changes.map(({ day, planned }) => day || planned?.day);
  return days.filter((day): day is string => {
    if (day === undefined) return false;
    const ahead = daysBetween(madeOn, day);
    return ahead < 1 || ahead > nights;
  })[0];
}
