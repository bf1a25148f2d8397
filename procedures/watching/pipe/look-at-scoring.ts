import { lastDay } from '../../ground/days.js';
import type { Work } from '../../ground/work.js';
import { holdAlarms } from '../alarms.js';
import { wakeSender } from '../events.js';
import { measurePipe } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { pipeSigns, type Sign } from '../signs.js';
import { endSilence, noticeSilence } from './silence.js';
import { healStreams, holdStreams } from './streams.js';

/** What WATCH_SCORING answers. */
export interface ScoringCheck {
  readonly day: string;
  /** Alarms about scoring that last. */
  readonly alarms: readonly Sign[];
  readonly raised: number;
  readonly ended: number;
}

/** Holds the alarms about scoring to what the pipeline shows now, and says so where the daily watch is silent. */
export function* lookAtScoring(plan: WatchPlan): Work<ScoringCheck> {
  const day = yield* lastDay(plan.zone);
  // Where a stream cannot be read, nothing of the pipeline can be seen.
  yield* healStreams(plan, day);
  yield* holdStreams(plan, day);
  const signs = pipeSigns(yield* measurePipe(plan, day)).filter(({ kind }) => kind === 'scoring');
  const { open, raised, ended } = yield* holdAlarms(plan, day, signs, ['scoring']);
  yield* endSilence(plan, day, 'LOS_MONITOR_HOURLY');
  yield* wakeSender(plan);
  yield* noticeSilence(plan.place, plan.contract.name, plan.silence);
  return { day, alarms: open, raised: raised.length, ended: ended.length };
}
