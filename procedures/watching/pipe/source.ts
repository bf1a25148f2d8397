import { datasetNames } from '../../dataset/names.js';
import { sourceName } from '../../dataset/raw.js';
import { literal, qualify } from '../../ground/names.js';
import { isGone } from '../../ground/stale.js';
import { errorLine } from '../../ground/without-values.js';
import { execute, queryFirst, type Row, type Work } from '../../ground/work.js';
import { adviceOnHeld, describeHeld, type HeldRow, heldRowSql } from '../../scoring/held-words.js';
import type { WatchPlan } from '../plan.js';
import type { Sign } from '../signs.js';
import type { Check } from './checks.js';

/**
 * Where a load empties the table and fills it again, a graph run may fall in between. That ends by itself with the next run. Where it has
 * happened within so many days and was over within so many minutes, it is reported only when it has lasted as long.
 */
const REMEMBERED_DAYS = 35;
const PATIENCE_MINUTES = 45;

/** Rows of others that are gone for so many minutes are on their way: renamed and back, replaced, granted again. */
const GONE_MINUTES = 20;

/** Whether changes of the hospital's table are held, and still have to be; or whether it is gone, where others own it. */
export const sourceCheck: Check = {
  name: 'held changes',
  kinds: ['source'],
  *look(plan) {
    const gone = yield* goneSource(plan);
    if (gone !== undefined) return gone.minutes < GONE_MINUTES ? [] : [goneSign(plan, gone)];
    if ((yield* heldRow(plan)) !== undefined)
      // The rows may be back since the last run of the graph.
      yield* execute(`CALL ${qualify(plan.place, 'BUILD_FEATURES')}()`);
    else if (yield* hasLostRows(plan)) yield* execute(`CALL ${qualify(plan.place, 'RECONCILE')}(FALSE)`);
    else return [];
    const held = yield* heldRow(plan);
    if (held === undefined || (Number(held.EARLIER) > 0 && Number(held.MINUTES) < PATIENCE_MINUTES))
      return [];
    return [sourceSign(held)];
  },
};

/** What Snowflake says of rows of others that cannot be read, and for how long runs of the graph have not been able to. */
interface Gone {
  readonly why: string;
  readonly minutes: number;
}

/** @returns undefined: they are there, or the hospital's table is an own one, of which that is told elsewhere */
export function* goneSource({ contract, place }: WatchPlan): Work<Gone | undefined> {
  if (contract.origin === undefined) return undefined;
  let why: string;
  try {
    yield* queryFirst(`SELECT 1 AS X FROM ${qualify(place, datasetNames(contract).raw)} WHERE FALSE`);
    return undefined;
  } catch (error) {
    why = errorLine(error);
    if (!isGone(why)) throw error;
  }
  const runs = `${qualify(place, 'LOS_RUN_LOG')} WHERE DATASET = ${literal(contract.name)} AND KIND = 'features' AND STATUS = 'SUCCEEDED'`;
  const row = yield* queryFirst(
    `SELECT DATEDIFF(minute, MIN(STARTED_AT), CURRENT_TIMESTAMP()) AS MINUTES FROM ${runs} AND DETAILS:sourceGone IS NOT NULL
  AND STARTED_AT > COALESCE((SELECT MAX(STARTED_AT) FROM ${runs} AND DETAILS:sourceGone IS NULL), DATEADD(year, -1, CURRENT_TIMESTAMP()))`,
  );
  return { why, minutes: Number(row?.MINUTES || 0) };
}

/** Whether changes are held, or the rows are gone: who came and left of late is not known, which is no sign of its own. */
export function* isSourceAway(plan: WatchPlan): Work<boolean> {
  const { contract, place } = plan;
  const row = yield* queryFirst(
    `SELECT COUNT(*) AS HELD FROM ${qualify(place, 'LOS_HELD_CHANGES')} WHERE DATASET = ${literal(contract.name)} AND ENDED_AT IS NULL`,
  );
  return Number(row?.HELD) > 0 || (yield* goneSource(plan)) !== undefined;
}

function goneSign({ contract }: WatchPlan, { why, minutes }: Gone): Sign {
  const name = sourceName(contract);
  return {
    kind: 'source',
    subject: name,
    severity: 'critical',
    message: `${name} cannot be read for ${minutes} minutes: ${why}${/[.!?]$/.test(why) ? '' : '.'} New admissions get no prediction; features, log and beds stay as they were.`,
    next: `Is it there, and may the owner of the product’s objects SELECT from it? What replaces a table takes its grants with it: los bootstrap prints those that stay. The next run after it is back goes on by itself.`,
    lookAt: 'source',
  };
}

/** So many rows fewer than features, and such a share of these, are not what the next run of the graph brings. */
const FEW = 10;
const SOME = 0.05;

/**
 * Whether the hospital's table has far fewer rows than there are admissions: one that was replaced or swapped has a new stream, which
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

/** How long it has lasted, and how often it has been over soon. */
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
