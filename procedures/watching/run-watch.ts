import { dayOverSql } from '../ground/days.js';
import { perform, speak } from '../ground/inside.js';
import { qualify } from '../ground/names.js';
import { beginRun, recordRun } from '../runs.js';
import type { DailyPlan } from './plan.js';
import { type WatchResult, watchPredictions } from './watch.js';

/** Watches, writes the run into LOS_RUN_LOG, and answers; refusals are said in words. */
export function runWatch(plan: DailyPlan, day: string | null): WatchResult & { run: string } {
  const { contract, place } = plan;
  try {
    const log = qualify(place, 'LOS_RUN_LOG');
    const kind = { kind: 'watch', dataset: contract.name };
    const [id, over] = beginRun(log, kind, `SELECT UUID_STRING(), ${dayOverSql(plan.zone)}`);
    const { result, run } = recordRun(log, { ...kind, id: String(id) }, () => {
      const watched = perform(place, watchPredictions(plan, String(over), day));
      const { alarms, raised, ended, decision, unanswered } = watched;
      return {
        rows: watched.week.inputs.length + watched.performance.length,
        details: {
          day: watched.day,
          alarms: alarms.length,
          raised,
          ended,
          decision: decision.what,
          why: decision.why,
          ...(unanswered.length > 0 && { unanswered }),
        },
        result: watched,
      };
    });
    return { ...result, run };
  } catch (error) {
    return speak(error);
  }
}
