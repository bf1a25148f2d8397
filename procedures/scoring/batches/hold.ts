import { fill } from '../../ground/plan.js';
import { queryValues, run, scalar } from '../../runs.js';
import type { HoldPlan } from '../plans.js';
import {
  areFew,
  areSmallShares,
  type Changes,
  type HeldKind,
  implausible,
  mayEmptyWard,
  type Past,
  type Present,
} from '../plausibility.js';
import type { Source } from './source.js';

/** Changes of the hospital's that a run does not apply, and whether that may still change in it. */
export interface Hold {
  kinds: readonly HeldKind[];
  /** Discharges are held up to this day, YYYY-MM-DD; null: all of them. */
  until: string | null;
  /** An open row of LOS_HELD_CHANGES. */
  open: boolean;
  /** A person has accepted what is held: whatever differs is applied. */
  accepted: boolean;
  /** End of the hold, once everything is applied; null: it is not, or there is none. */
  over: 'rows back' | 'accepted' | null;
  /** The whole table has been compared in this run. */
  compared: boolean;
  /** Counts that are written down of it. */
  counts: Changes;
}

/** So much more than was accepted may be gone by the time that it is applied. */
const GROWTH = 1.1;
const GROWTH_ROWS = 10;

/** Reads what is held as a run begins. @param values of the statement `open`, which the run has asked */
export function readHold([what, until, accepted, ...counts]: readonly unknown[]): Hold {
  const kinds = what === null || what === undefined ? [] : (String(what).split(',') as HeldKind[]);
  const open = kinds.length > 0;
  return {
    kinds,
    until: textOrNull(until),
    open,
    accepted: open && accepted === true,
    over: null,
    compared: false,
    counts: changesIn(counts).changes,
  };
}

/**
 * Holds the whole table of the hospital against the features, and decides what of it is held: more than before, less, or nothing any
 * more, because the rows are back or a person has accepted it.
 */
export function compareSource(source: Source, hold: Hold): void {
  const plan = source.plan.hold;
  hold.compared = true;
  const { changes, latest } = changesIn(queryValues(source.sql(plan.source), [hold.until]));
  if (hold.accepted) {
    if (!hasGrown(changes, hold.counts)) {
      hold.kinds = [];
      hold.over = 'accepted';
      return;
    }
    endHold(plan, hold, 'overtaken');
  }
  const emptied = plan.emptied === null ? null : source.sql(plan.emptied.source);
  const { kinds, past } = judge(plan, changes, latest, emptied);
  if (past !== null && kinds.length > 0) {
    const until = kinds.indexOf('discharges') < 0 ? null : (hold.until ?? latest);
    writeHold(plan, hold, kinds, until, changes, past);
  } else if (hold.open) {
    hold.kinds = [];
    hold.over = 'rows back';
  }
}

/**
 * Holds what of a batch looks like an accident, beside what is held already.
 * @param counted what sql/features/count.sql counts of changes
 */
export function judgeBatch(plan: HoldPlan, hold: Hold, counted: readonly unknown[]): void {
  if (hold.over !== null) return;
  const { changes, latest } = changesIn(counted);
  const { kinds, past } = judge(plan, changes, latest, plan.emptied?.batch ?? null);
  if (past === null || kinds.length === 0) return;
  const all = hold.kinds.concat(kinds.filter((kind) => hold.kinds.indexOf(kind) < 0));
  const until = later(hold.until, kinds.indexOf('discharges') < 0 ? null : latest);
  writeHold(plan, hold, all, until, largest(hold.counts, changes), past);
}

/** Takes out of a batch what is held: those admissions stay as they are. */
export function dropHeld(plan: HoldPlan, hold: Hold): void {
  if (hold.kinds.length === 0) return;
  const condition = hold.kinds.map((kind) => `(${plan.which[kind]})`).join(' OR ');
  run(fill(plan.drop, { which: condition }), [hold.until]);
}

/** Ends a hold of which everything has been applied. */
export function endHold(plan: HoldPlan, hold: Hold, as: string | null = hold.over): void {
  if (as === null) return;
  run(plan.end, [as]);
  Object.assign(hold, readHold([]), { compared: hold.compared });
}

function judge(
  plan: HoldPlan,
  changes: Changes,
  latest: string | null,
  wards: string | null,
): { kinds: HeldKind[]; past: Past | null } {
  if (areFew(changes)) return { kinds: [], past: null };
  const [known, inHospital, lately, latelyIn] = queryValues(plan.present).map(Number);
  const present = { known, inHospital, lately, latelyIn } as Present;
  const emptied = wards !== null && mayEmptyWard(changes) ? (textOrNull(scalar(wards)) ?? '') : '';
  if (emptied === '' && areSmallShares(changes, present)) return { kinds: [], past: null };
  const values = queryValues(plan.past, [latest]);
  const [mostWithdrawn, mostWithdrawnIn, mostDischarged, elapsed, fewest, most, days] = values.map(Number);
  const past = {
    ...present,
    mostWithdrawn,
    mostWithdrawnIn,
    mostDischarged,
    elapsed,
    fewest,
    most,
    days,
    sameContract: values[7] === true,
    emptied,
  } as Past;
  return { kinds: implausible(changes, past), past };
}

function writeHold(
  plan: HoldPlan,
  hold: Hold,
  kinds: readonly HeldKind[],
  until: string | null,
  counts: Changes,
  { inHospital, known, emptied }: Past,
): void {
  const { withdrawn, withdrawnIn, discharged, reopened, moved, reused } = counts;
  run(plan.write, [
    kinds.join(','),
    until,
    withdrawn,
    withdrawnIn,
    discharged,
    reopened,
    moved,
    reused,
    inHospital,
    known,
    emptied,
  ]);
  Object.assign(hold, { kinds, until, counts, open: true, over: null });
}

/** Reads the counts that the columns of `changesSql` (statements/hold.ts) have. */
function changesIn(values: readonly unknown[]): { changes: Changes; latest: string | null } {
  const count = (column: number) => Number(values[column]) || 0;
  return {
    changes: {
      withdrawn: count(0),
      withdrawnIn: count(1),
      discharged: count(2),
      reopened: count(3),
      moved: count(4),
      reused: count(5),
      movedIn: count(6),
      admitted: count(7),
    },
    latest: textOrNull(values[8]),
  };
}

function hasGrown(now: Changes, accepted: Changes): boolean {
  return (['withdrawn', 'withdrawnIn', 'discharged', 'reopened', 'moved', 'reused'] as const).some(
    (name) => now[name] > accepted[name] * GROWTH + GROWTH_ROWS,
  );
}

function largest(one: Changes, other: Changes): Changes {
  const of = (name: keyof Changes) => Math.max(one[name], other[name]);
  return {
    withdrawn: of('withdrawn'),
    withdrawnIn: of('withdrawnIn'),
    discharged: of('discharged'),
    reopened: of('reopened'),
    moved: of('moved'),
    reused: of('reused'),
    movedIn: of('movedIn'),
    admitted: of('admitted'),
  };
}

function later(one: string | null, other: string | null): string | null {
  return one === null || (other !== null && other > one) ? other : one;
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
