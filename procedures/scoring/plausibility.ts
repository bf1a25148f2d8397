/**
 * Judges whether changes of the hospital's table are to be believed. Rows go, patients leave, dates are corrected, each day some; what the
 * past of this hospital makes implausible looks like a load that failed half-way, and is held until a person has looked.
 */

/**
 * Kinds of changes that may be held. `reopened`: discharges taken back; `dates`: dates of admission, or lengths of stay that were known; `reused`: ids of
 * ended stays that have another admission after the discharge.
 */
export type HeldKind = 'withdrawals' | 'discharges' | 'reopened' | 'dates' | 'reused';

/** Numbers of admissions that changed, against the features as they are. */
export interface Changes {
  /** Rows that are gone; of patients in hospital. */
  readonly withdrawn: number;
  readonly withdrawnIn: number;
  /** Patients in hospital who are said to have left; who had left and are said to be in. */
  readonly discharged: number;
  readonly reopened: number;
  /** With other dates; of patients in hospital. */
  readonly moved: number;
  readonly movedIn: number;
  /** Ended, and now admitted more than a day after the discharge: another stay under the id of one that has an outcome. */
  readonly reused: number;
  /** New, and in hospital: of a load once a week those who take the place of who has left. */
  readonly admitted: number;
}

/** Numbers that changes are held beside. */
export interface Present {
  /** Admissions known, and patients in hospital. */
  readonly known: number;
  readonly inHospital: number;
  /** Withdrawn within the last 24 hours; of patients in hospital. */
  readonly lately: number;
  readonly latelyIn: number;
}

/** Facts of a hospital's past; see sql/features/past.sql. */
export interface Past extends Present {
  /** The most withdrawals of a day in the year before these; of patients in hospital. */
  readonly mostWithdrawn: number;
  readonly mostWithdrawnIn: number;
  /** The most discharges of a day, but for the two largest days; days since the last one known, at least 1. */
  readonly mostDischarged: number;
  readonly elapsed: number;
  /** Fewest and most patients in hospital at the end of a day of the last year; fewest but for the first eight weeks that are known. */
  readonly fewest: number;
  readonly most: number;
  /** Days of the last year on which patients left. */
  readonly days: number;
  /** Features were built by the contract as it is: one that has changed changes everything, as it should. */
  readonly sameContract: boolean;
  /** Wards that have lost half of their admissions, or of their patients (sql/features/emptied.sql); '': none. */
  readonly emptied: string;
}

/** Fewer admissions than these are no accident of a load, whatever their share. */
export const FEWEST_CHANGES = 10;
/** But so many are, where they are half of the patients in hospital. */
export const VERY_FEW = 5;
/** Fewest days on which patients have left, for it to be known how many leave at once. */
const ENOUGH_DAYS = 14;

/** Shares of those in hospital (IN) or of all that are known (ALL), below which nothing is held. */
const WITHDRAWN_IN = 0.05;
const WITHDRAWN_ALL = 0.1;
/** A table that has lost so much is empty, however often that has been. */
const EMPTIED = 0.9;
const DISCHARGED_IN = 1 / 3;
const REOPENED_IN = 0.05;
const MOVED_IN = 0.2;
const MOVED_ALL = 0.1;

/** The most of a day that a past makes plausible whose largest day had `most`: twice as many, and what chance adds. */
export function plausibleMost(most: number): number {
  return 2 * most + 3 * Math.sqrt(most);
}

/** Fewer changes are always believed, and nothing is asked. */
export function areFew({ withdrawn, discharged, reopened, moved, reused }: Changes): boolean {
  return reused === 0 && withdrawn < VERY_FEW && Math.max(discharged, reopened, moved) < FEWEST_CHANGES;
}

/** Tells whether so many are gone that a whole ward may be: asked of each ward, for it may be a small share of the hospital. */
export function mayEmptyWard({ withdrawn }: Changes): boolean {
  return withdrawn >= VERY_FEW;
}

/** Smaller shares are always believed, and the past is not asked: what it says takes reading of every stay. */
export function areSmallShares(changes: Changes, present: Present): boolean {
  return !(
    changes.reused > 0 ||
    isLargeShareGone(changes, present) ||
    isLargeShareInsideGone(changes, present) ||
    isLargeShareDischarged(changes, present) ||
    isLargeShareReopened(changes, present) ||
    areDatesImplausible(changes, present)
  );
}

/**
 * Which of the changes are not to be believed. Where rows are gone, discharges taken back and other dates are not believed
 * either: an older state may have come in the place of the table. A single id that is used again is held: applied, it would take the
 * outcome of the stay that had it.
 * @example
 * const usual = { known: 20000, inHospital: 240, lately: 0, latelyIn: 0, mostWithdrawn: 2, mostWithdrawnIn: 2,
 *   mostDischarged: 45, elapsed: 1, fewest: 200, most: 260, days: 365, sameContract: true, emptied: '' };
 * const none = { withdrawn: 0, withdrawnIn: 0, discharged: 0, reopened: 0, moved: 0, movedIn: 0, reused: 0, admitted: 40 };
 * implausible({ ...none, withdrawn: 3, discharged: 40 }, usual); // []
 * implausible({ ...none, withdrawn: 20000, withdrawnIn: 240 }, usual); // ["withdrawals"]
 * implausible({ ...none, discharged: 240 }, usual); // ["discharges"]
 */
export function implausible(changes: Changes, past: Past): HeldKind[] {
  const held: HeldKind[] = [];
  const gone = past.emptied !== '' || areWithdrawalsImplausible(changes, past);
  if (gone) held.push('withdrawals');
  if (!past.sameContract) return held;
  if (areDischargesImplausible(changes, past)) held.push('discharges');
  if ((gone && changes.reopened > 0) || areReopenedImplausible(changes, past)) held.push('reopened');
  if ((gone && changes.moved > 0) || areDatesImplausible(changes, past)) held.push('dates');
  if (changes.reused > 0) held.push('reused');
  return held;
}

function areWithdrawalsImplausible(changes: Changes, past: Past): boolean {
  const { withdrawn, withdrawnIn } = changes;
  const all = withdrawn + past.lately;
  if (
    isLargeShareGone(changes, past) &&
    (all >= EMPTIED * (past.known + past.lately) || all > plausibleMost(past.mostWithdrawn))
  )
    return true;
  return (
    isLargeShareInsideGone(changes, past) && withdrawnIn + past.latelyIn > plausibleMost(past.mostWithdrawnIn)
  );
}

/** Rows that went within the last day count too: a load may fail in several pieces. */
function isLargeShareGone({ withdrawn }: Changes, { known, lately }: Present): boolean {
  return withdrawn >= FEWEST_CHANGES && withdrawn + lately >= WITHDRAWN_ALL * (known + lately);
}

function isLargeShareInsideGone({ withdrawnIn }: Changes, { inHospital, latelyIn }: Present): boolean {
  const inside = withdrawnIn + latelyIn;
  const before = inHospital + latelyIn;
  return withdrawnIn >= (inside >= before / 2 ? VERY_FEW : FEWEST_CHANGES) && inside >= WITHDRAWN_IN * before;
}

function isLargeShareDischarged({ discharged }: Changes, { inHospital }: Present): boolean {
  return discharged >= FEWEST_CHANGES && discharged >= DISCHARGED_IN * inHospital;
}

/** More than so many days make plausible, or that leave the hospital as empty as it has never been. */
function areDischargesImplausible(changes: Changes, past: Past): boolean {
  if (past.days < ENOUGH_DAYS || !isLargeShareDischarged(changes, past)) return false;
  const { discharged, admitted } = changes;
  const left = past.inHospital - discharged + admitted;
  return (
    discharged > past.elapsed * plausibleMost(past.mostDischarged) ||
    left < past.fewest / 2 - 2 * Math.sqrt(past.fewest)
  );
}

function isLargeShareReopened({ reopened }: Changes, { inHospital }: Present): boolean {
  return reopened >= FEWEST_CHANGES && reopened >= REOPENED_IN * inHospital;
}

/** More patients in hospital than there have ever been. Taking back what was an accident leads to as many as before. */
function areReopenedImplausible(changes: Changes, past: Past): boolean {
  const limit = past.most > 0 ? 1.1 * past.most + 2 * Math.sqrt(past.most) : 2 * past.inHospital;
  return isLargeShareReopened(changes, past) && past.inHospital + changes.reopened > limit;
}

function areDatesImplausible({ moved, movedIn }: Changes, { known, inHospital }: Present): boolean {
  return (
    (movedIn >= FEWEST_CHANGES && movedIn >= MOVED_IN * inHospital) ||
    (moved >= FEWEST_CHANGES && moved >= MOVED_ALL * known)
  );
}
