import { sourceName } from '../dataset/raw.js';
import { perform, speak } from '../ground/inside.js';
import { literal, type Place, placeOf, qualify } from '../ground/names.js';
import { Refused } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { queryValues, recordRun, run, scalar } from '../runs.js';
import { acceptLoss } from './check.js';
import { refuseHiddenTables } from './hidden-tables.js';

interface AcceptPlan {
  readonly place: Place;
  readonly dataset: string;
  /** Table of the hospital, as alarms call it, and what it may be called in a CALL. */
  readonly table: string;
  readonly names: readonly string[];
  readonly runLog: string;
  readonly accept: string;
  /** Query of what was accepted: HOLD_ID, WHAT, ACCEPTED_BY, counts. */
  readonly accepted: string;
  /** Query of how the hold of bind 1 ended. */
  readonly ended: string;
  readonly build: string;
}

/** Derived from the dataset contract and compiled in. */
declare const PLAN: AcceptPlan;

export const object = {
  signature: {
    name: 'ACCEPT_CHANGES',
    args: [['TABLE_NAME', 'VARCHAR']],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'operate',
  plan: ({ contract, settings }: PlanSource<Place>) => {
    const held = qualify(settings, 'LOS_HELD_CHANGES');
    const open = `DATASET = ${literal(contract.name)} AND ENDED_AT IS NULL`;
    return {
      PLAN: {
        place: placeOf(settings),
        dataset: contract.name,
        table: sourceName(contract),
        names: [contract.table, nameOf(sourceName(contract))],
        runLog: qualify(settings, 'LOS_RUN_LOG'),
        accept: `UPDATE ${held} SET ACCEPTED_AT = CURRENT_TIMESTAMP(), ACCEPTED_BY = COALESCE(CURRENT_USER(), '(unknown)') WHERE ${open}`,
        accepted: `SELECT HOLD_ID, WHAT, ACCEPTED_BY, WITHDRAWN, DISCHARGED, REOPENED, MOVED FROM ${held} WHERE ${open}`,
        ended: `SELECT ENDED_AS FROM ${held} WHERE HOLD_ID = ?`,
        build: `CALL ${qualify(settings, 'BUILD_FEATURES')}()`,
      } satisfies AcceptPlan,
    };
  },
} as const satisfies ProcedureObject<typeof acceptChanges>;

/**
 * Accepts what looks like an accident, because a person says that it is meant. Of the hospital's table, changes that are held are
 * applied (docs/runbook/source.md); of a table of ours, rows that are gone are no loss any more (docs/runbook/tables.md). Who it was and when
 * stays in LOS_RUN_LOG.
 * @param tableName as the alarm calls it
 * @returns {table, acceptedBy, run}, of the hospital's table also {what, withdrawn, discharged, reopened, moved}
 * @throws Error where nothing of that table is to be accepted, or where much more has changed since
 * @example
 * CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS');
 * CALL ACCEPT_CHANGES('LOS_PREDICTION_LOG');
 */
export default function acceptChanges(tableName: string | null) {
  try {
    perform(
      PLAN.place,
      refuseHiddenTables(PLAN.place, { name: PLAN.dataset, table: PLAN.names[0] as string }),
    );
    return recordRun(PLAN.runLog, { kind: 'acceptance', dataset: PLAN.dataset }, () => {
      const table = nameOf(tableName ?? '');
      return PLAN.names.indexOf(table) >= 0 ? acceptHeld() : acceptRows(table);
    });
  } catch (error) {
    return speak(error);
  }
}

function acceptRows(table: string) {
  if (!perform(PLAN.place, acceptLoss(PLAN.place, PLAN.dataset, table)))
    throw new Refused(
      `There is no table ${table} whose rows could be accepted.`,
      `ACCEPT_CHANGES takes the table of an alarm: the hospital's, CALL ACCEPT_CHANGES('${PLAN.table}'); or one of LOS_TABLE_COUNTS.`,
    );
  const told = { table, acceptedBy: String(scalar(`SELECT COALESCE(CURRENT_USER(), '(unknown)')`)) };
  return { ...told, rows: 0, details: told };
}

function acceptHeld() {
  if (run(PLAN.accept).getNumRowsUpdated() === 0)
    throw new Refused(
      `Nothing of ${PLAN.table} is held: no change of it waits to be accepted.`,
      'SELECT * FROM LOS_HELD_CHANGES ORDER BY SINCE DESC; shows what was held and how it ended.',
    );
  const [hold, what, acceptedBy, ...counts] = queryValues(PLAN.accepted);
  const [withdrawn = 0, discharged = 0, reopened = 0, moved = 0] = counts.map(Number);
  // Should it fail, the next run of the task graph applies what is accepted.
  run(PLAN.build);
  const [endedAs] = queryValues(PLAN.ended, [String(hold)]);
  if (endedAs !== 'accepted')
    throw new Refused(
      `By now much more of ${PLAN.table} has changed than was reported when it was accepted, so it is held again.`,
      `SELECT * FROM LOS_HELD_CHANGES WHERE ENDED_AT IS NULL; shows how much. If that is meant: CALL ACCEPT_CHANGES('${PLAN.table}');`,
    );
  const told = { table: PLAN.table, what, acceptedBy, withdrawn, discharged, reopened, moved };
  return { ...told, rows: withdrawn + discharged + reopened + moved, details: told };
}

/** The last part of a name, which may be qualified and quoted. */
function nameOf(given: string): string {
  const last = /("(?:[^"]|"")+"|[^."]+)\s*$/.exec(given.trim());
  const name = last === null ? given : (last[1] as string);
  return name.charAt(0) === '"' ? name.slice(1, -1).split('""').join('"') : name.toUpperCase();
}
