import { lastDay } from '../../ground/days.js';
import type { Work } from '../../ground/work.js';
import { holdAlarms } from '../alarms.js';
import { reportTrainings } from '../conclusions.js';
import { wakeSender } from '../events.js';
import { measurePipe } from '../measures/measuring.js';
import type { WatchPlan } from '../plan.js';
import { pipeSigns, type Sign } from '../signs.js';
import { type Check, failureSign, runChecks } from './checks.js';
import { lookAtFeatures } from './features.js';
import { endSilence, noticeSilence } from './silence.js';
import { sourceCheck } from './source.js';
import { healStreams, holdStreams } from './streams.js';
import { lookAtTables } from './tables.js';

/** What WATCH_SCORING answers. */
export interface ScoringCheck {
  readonly day: string;
  /** Alarms that last, of what is looked at every hour. */
  readonly alarms: readonly Sign[];
  readonly raised: number;
  readonly ended: number;
}

/** What is looked at every hour, in this order. */
const CHECKS: readonly Check[] = [
  { name: 'own tables', kinds: ['tables'], look: (plan) => lookAtTables(plan) },
  {
    // Where a stream cannot be read, nothing of the pipeline can be seen.
    name: 'streams',
    kinds: [],
    *look(plan, day) {
      yield* healStreams(plan, day);
      yield* holdStreams(plan, day);
      return [];
    },
  },
  sourceCheck,
  { name: 'features', kinds: ['scoring'], look: (plan) => lookAtFeatures(plan) },
  {
    name: 'trainings',
    kinds: [],
    *look(plan, day) {
      yield* reportTrainings(plan, day);
      return [];
    },
  },
  {
    name: 'scoring',
    kinds: ['scoring'],
    *look(plan, day) {
      return pipeSigns(yield* measurePipe(plan, day)).filter(({ kind }) => kind === 'scoring');
    },
  },
];

/** Holds alarms to what is to be seen now, and says so where the daily watch is silent. */
export function* lookAtScoring(plan: WatchPlan): Work<ScoringCheck> {
  const day = yield* lastDay(plan.zone);
  const { signs, kinds, failures } = yield* runChecks(plan, day, CHECKS);
  const { open, raised, ended } = yield* holdAlarms(
    plan,
    day,
    signs.concat(failures.map(failureSign)),
    kinds.concat('unreadable'),
  );
  yield* endSilence(plan, day, 'LOS_MONITOR_HOURLY');
  yield* wakeSender(plan);
  yield* noticeSilence(plan.place, plan.contract.name, plan.silence);
  return { day, alarms: open, raised: raised.length, ended: ended.length };
}
