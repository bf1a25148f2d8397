import { datasetNames } from '../../dataset/names.js';
import { literal, qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { type Outcome, resultOf, together } from '../../ground/together.js';
import { execute, queryFirst, type Row, type Work } from '../../ground/work.js';
import { adviceOnHeld, describeHeld, type HeldRow, heldRowSql } from '../../scoring/held-words.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Check } from './checks.js';

/**
 * Days of memory: where a load empties the table and fills it again, a graph run may fall in between. That ends by itself with the next run. Where it has
 * happened within so many days and was over within so many minutes, it is reported only when it has lasted as long.
 */
const REMEMBERED_DAYS = 35;
const PATIENCE_MINUTES = 45;

/** Check of whether changes of the hospital's table are held, and still have to be. */
export const sourceCheck: Check = {
  name: 'held changes',
  kinds: ['source'],
  *look(plan) {
    // That it cannot be read is told elsewhere.
    if (yield* isSourceGone(plan)) return [];
    const [open, lost] = yield* together<Held | boolean | undefined>([
      () => heldRow(plan),
      () => hasLostRows(plan),
    ]);
    if (resultOf(open as Outcome<Held>) !== undefined)
      // The rows may be back since the last run of the graph.
      yield* execute(`CALL ${qualify(plan.place, 'BUILD_FEATURES')}()`);
    else if (resultOf(lost as Outcome<boolean>))
      yield* execute(`CALL ${qualify(plan.place, 'RECONCILE')}(FALSE)`);
    else return [];
    const held = yield* heldRow(plan);
    if (held === undefined || (Number(held.EARLIER) > 0 && Number(held.MINUTES) < PATIENCE_MINUTES))
      return [];
    return [sourceSign(held)];
  },
};

/** Tells whether rows of others cannot be read: dropped, renamed, or replaced without the right to SELECT. Of an own table that is no state. */
export function* isSourceGone({ contract, place }: WatchPlan): Work<boolean> {
  if (contract.origin === undefined) return false;
  try {
    yield* queryFirst(`SELECT 1 AS X FROM ${qualify(place, datasetNames(contract).raw)} WHERE FALSE`);
    return false;
  } catch (error) {
    if (!isGone(String((error as Error).message))) throw error;
    return true;
  }
}

/** Tells whether changes are held, or the rows are gone: who came and left of late is not known, which is no sign of its own. */
export function* isSourceAway(plan: WatchPlan): Work<boolean> {
  const { contract, place } = plan;
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS HELD FROM ${qualify(place, 'LOS_HELD_CHANGES')} WHERE DATASET = ${literal(contract.name)} AND ENDED_AT IS NULL`,
  );
  return Number(row?.HELD) > 0 || (yield* isSourceGone(plan));
}

/** So many rows fewer than features, and such a share of these, are not what the next run of the graph brings. */
const FEW = 10;
const SOME = 0.05;

/**
 * Tells whether the hospital's table has far fewer rows than there are admissions: one that was replaced or swapped has a new stream, which
 * says nothing of rows that are gone, and an empty one does not even wake the graph.
 */
function* hasLostRows({ contract, place }: WatchPlan): Work<boolean> {
  const { raw, features } = datasetNames(contract);
  const row = yield* queryFirst(
    `SELECT (SELECT COUNT(*) FROM ${qualify(place, features)} WHERE WITHDRAWN_AT IS NULL) AS KNOWN, (SELECT COUNT(*) FROM ${qualify(place, raw)}) AS THERE`,
  );
  const known = Number(row?.KNOWN);
  const lost = known - Number(row?.THERE);
  return lost >= FEW && lost >= SOME * known;
}

/** Duration of the hold: how long it has lasted, and how often it has been over soon. */
type Held = HeldRow & Row & { readonly MINUTES: number; readonly EARLIER: number };

/** @returns undefined: nothing is held */
function* heldRow({ contract, place, zone }: WatchPlan): Work<Held | undefined> {
  const table = qualify(place, 'LOS_HELD_CHANGES');
  const dataset = literal(contract.name);
  return yield* queryFirst<Held>(
    `SELECT h.*, DATEDIFF(minute, h."sinceMoment", CURRENT_TIMESTAMP()) AS MINUTES, b.EARLIER FROM (${heldRowSql(table, dataset, literal(zone))}) AS h
CROSS JOIN (
  SELECT COUNT(*) AS EARLIER FROM ${table} WHERE DATASET = ${dataset} AND ENDED_AS = 'rows back'
    AND ENDED_AT < DATEADD(minute, ${PATIENCE_MINUTES}, SINCE) AND SINCE > DATEADD(day, -${REMEMBERED_DAYS}, CURRENT_TIMESTAMP())
) AS b`,
  );
}

/** Counts of the operation alone: no stay can be told from them. */
export function sourceSign(held: HeldRow): Sign {
  return {
    kind: 'source',
    subject: held.table,
    severity: 'critical',
    message: `${describeHeld(held)} That looks like a load that failed, so features, log and beds stay as they were. ${adviceOnHeld(held)}`,
    lookAt: 'source',
  };
}
