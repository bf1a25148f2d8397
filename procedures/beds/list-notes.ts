import type { Row } from '../ground/work.js';
import type { ListGaps } from './list.js';

/** What sql/beds/planned/facts.sql finds. */
export interface ListFacts extends Row {
  /** Planned admissions that are expected, and those of them without a predicted curve. */
  readonly BOOKED: number;
  readonly WITHOUT: number;
  /** Bookings of the past half year, and those that an admission has come of. */
  readonly LISTED: number;
  readonly MATCHED: number;
  /** Days since the list's first row, and since its newest; null: it is empty. */
  readonly DAYS: number | null;
  readonly SINCE: number | null;
}

/** A list that is younger is learned from hardly at all. */
const YOUNG = 28;
/** Bookings of which none came: then ids are others. */
const ENOUGH = 20;
/** Days without a new row after which a list may have stopped. */
const STOPPED = 7;

/**
 * Sentences about the list of planned admissions.
 * @param gaps why the list was not read, or the model not asked, if they could not be
 */
export function listNotes(
  list: ListFacts | undefined,
  { unread = [], unasked }: Partial<ListGaps> = {},
): string[] {
  if (!list) return [];
  const of = (name: keyof ListFacts & string) => Number(list[name] || 0);
  const notes = unread.map(
    ({ name, why }) => `${name} cannot be read, so admissions are expected as without them: ${why}`,
  );
  if (unasked !== undefined)
    notes.push(
      `The model could not be asked about planned admissions, so past stays of their kind are used: ${unasked}`,
    );
  if (unread.length > 0) return notes;
  if (list.SINCE === null)
    notes.push('The list of planned admissions is empty, so admissions are expected as without it.');
  else if (of('SINCE') >= STOPPED)
    notes.push(
      `The list of planned admissions has had no new row for ${of('SINCE')} days: check whether it is still filled.`,
    );
  else if (of('DAYS') < YOUNG)
    notes.push(
      `The list of planned admissions begins ${of('DAYS')} days ago, so how many of them come is hardly known.`,
    );
  if (of('DAYS') >= YOUNG && of('LISTED') >= ENOUGH && of('MATCHED') === 0)
    notes.push(
      `None of ${of('LISTED')} bookings has become an admission: planned.id of the contract must have the ids of admissions, or planned.patient say whose they are.`,
    );
  return notes;
}
