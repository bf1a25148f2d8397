import { perform, speak } from '../ground/inside.js';
import { releaseLease, renewLease, takeLease } from '../ground/lease.js';
import { qualify } from '../ground/names.js';
import { consumeStream } from '../ground/stale.js';
import { execute, queryFirst, type Work } from '../ground/work.js';
import type { PlanSource, ProcedureObject } from '../object.js';
import type { ScoringSettings } from '../scoring/plans.js';
import type { BackfillPlan } from './plan.js';
import { backfillOf, backfillTable, openBackfills, type RunSummary } from './run.js';
import { backfillConstants } from './statements.js';
import { stepBackfill } from './step.js';

/** Compiled in (statements.ts). */
declare const PLAN: BackfillPlan;

export const object = {
  signature: {
    name: 'STEP_BACKFILL',
    args: [],
    returns: 'VARIANT',
    executeAs: 'OWNER',
  },
  callers: 'run',
  plan: (from: PlanSource<ScoringSettings>) => backfillConstants(from),
} as const satisfies ProcedureObject<typeof stepOpenBackfills>;

/** Milliseconds after which a run that is worked on is held for longer, before the next statement. */
const RENEWED_AFTER = 60_000;

/**
 * Goes on with batch transforms that score what was too much for the endpoint, as far as can be done now, and returns
 * without waiting for a job.
 * @returns the runs as they are now
 * @example
 * CALL STEP_BACKFILL();
 */
export default function stepOpenBackfills(): RunSummary[] {
  const { settings, contract } = PLAN;
  try {
    const lease = String(perform(settings, queryFirst('SELECT UUID_STRING() AS ID'))?.ID);
    const told = perform(settings, openBackfills(settings, contract.name)).map(({ id }) =>
      stepOne(id, lease),
    );
    perform(settings, sleep());
    return told;
  } catch (error) {
    return speak(error);
  }
}

function stepOne(id: string, lease: string): RunSummary {
  const { settings } = PLAN;
  const table = backfillTable(settings);
  if (perform(settings, takeLease(table, id, lease))) {
    let renewed = Date.now();
    const hold = () => {
      if (Date.now() - renewed < RENEWED_AFTER) return;
      renewed = Date.now();
      perform(settings, renewLease(table, id, lease));
    };
    try {
      while (perform(settings, stepBackfill(PLAN, id, lease), hold) === 'moved');
    } finally {
      perform(settings, releaseLease(table, id, lease));
    }
  }
  const run = perform(settings, backfillOf(settings, id));
  if (!run) throw new Error(`LOS_BACKFILLS has no ${id} any more`);
  const { state, status, rows, message } = run;
  return { run: id, state, status, rows, message };
}

/** Puts the task to sleep until something changes; the row of a run that is open is changed with that, and wakes it again. */
function* sleep(): Work<void> {
  const { settings, contract, statements } = PLAN;
  yield* consumeStream(
    `INSERT INTO ${qualify(settings, 'LOS_BACKFILL_ROWS')} (RUN_ID, DATASET, CASE_ID)
SELECT RUN_ID, DATASET, STATE FROM ${qualify(settings, 'LOS_OPEN_BACKFILLS')} WHERE FALSE`,
    statements.restoreStream,
    () =>
      execute(
        `UPDATE ${backfillTable(settings)} SET STEPPED_AT = CURRENT_TIMESTAMP() WHERE STATUS = 'OPEN' AND DATASET = ?`,
        [contract.name],
      ),
  );
}
