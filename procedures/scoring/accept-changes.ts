import { speak } from '../ground/inside.js';
import { literal, qualify } from '../ground/names.js';
import { Refused } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import { queryValues, recordRun, run } from '../runs.js';
import type { AcceptPlan, ScoringSettings } from './plans.js';

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
  plan: ({ contract, settings }: PlanSource<ScoringSettings>) => {
    const held = qualify(settings, 'LOS_HELD_CHANGES');
    const open = `DATASET = ${literal(contract.name)} AND ENDED_AT IS NULL`;
    return {
      PLAN: {
        dataset: contract.name,
        table: contract.table,
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
 * Applies changes of the hospital's table that are held because they look like an accident (docs/runbook/source.md): a person says that
 * they are meant. Who it was and when stays in LOS_HELD_CHANGES and in LOS_RUN_LOG.
 * @param tableName of the hospital, as LOS_HELD_CHANGES and the alarm call it
 * @returns {table, what, withdrawn, discharged, reopened, moved, acceptedBy, run}
 * @throws Error where nothing of that table is held, or where much more has changed since
 * @example
 * CALL ACCEPT_CHANGES('HEALTH_ADMISSIONS');
 */
export default function acceptChanges(tableName: string | null) {
  try {
    return recordRun(PLAN.runLog, { kind: 'acceptance', dataset: PLAN.dataset }, () => {
      if (tableName === null || nameOf(tableName) !== PLAN.table)
        throw new Refused(
          `Changes of ${tableName} are not held.`,
          `ACCEPT_CHANGES takes the name of the hospital's table: CALL ACCEPT_CHANGES('${PLAN.table}');`,
        );
      return accept();
    });
  } catch (error) {
    return speak(error);
  }
}

function accept() {
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
