import { type Outcome, together } from '../../ground/together.js';
import { attempt, type Failure, type Work } from '../../ground/work.js';
import type { TablesCheck } from '../../records/check.js';
import { type Alarm, openAlarms } from '../alarms.js';
import { reportTrainings } from '../conclusions.js';
import { championCheck } from '../deployed/champion.js';
import { integrationsCheck } from '../deployed/integrations.js';
import { lookAtTables } from '../deployed/tables.js';
import { wakeSender } from '../events.js';
import { measurePipe, NOTHING_SEEN } from '../measures/measure-pipe.js';
import type { HourlyPlan } from '../plan.js';
import { pipeSigns, type Sign } from '../signs.js';
import { beside, type Check, runChecks } from './checks.js';
import { columnsCheck } from './columns.js';
import { deliver } from './deliver.js';
import { emptyColumnsCheck } from './empty-columns.js';
import { lookAtFeatures } from './features.js';
import { feedsCheck } from './feeds/feeds.js';
import { lookAtGraph } from './graph-run.js';
import { beat, type Heartbeat, timeToBeat } from './heartbeat.js';
import { sourceCheck } from './source.js';
import { healStreams, holdStreams } from './streams.js';
import { lookAtTasks } from './tasks.js';
import { type UnreadableTable, unreadableSigns, unreadableTables } from './unreadable.js';

/** What WATCH_SCORING answers. */
export interface ScoringCheck {
  readonly day: string;
  /** Alarms that last, of what is looked at every hour. */
  readonly alarms: readonly Sign[];
  readonly raised: number;
  readonly ended: number;
  /** What could not be looked at. */
  readonly unanswered: readonly string[];
  /** Whether changes of the admissions' table waited to be read. */
  readonly unread: boolean;
}

const MONITOR = 'LOS_MONITOR_HOURLY';

/** What is looked at every hour, in this order. */
const CHECKS: readonly Check<HourlyPlan>[] = [
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
  columnsCheck,
  emptyColumnsCheck,
  feedsCheck,
  sourceCheck,
  championCheck,
  integrationsCheck,
  { name: 'features', kinds: ['scoring'], look: (plan) => lookAtFeatures(plan) },
  {
    name: 'trainings',
    kinds: [],
    *look(plan, day) {
      yield* reportTrainings(plan, day);
      return [];
    },
  },
  { name: 'tasks', kinds: ['tasks'], look: (plan) => lookAtTasks(plan, 'look') },
  {
    name: 'the task graph',
    kinds: ['scoring'],
    *look(plan) {
      const { sign } = yield* lookAtGraph(plan);
      return sign === null ? [] : [sign];
    },
  },
  {
    name: 'mails',
    kinds: [],
    *look(plan) {
      yield* wakeSender(plan);
      return [];
    },
  },
];

/**
 * Holds alarms to what is to be seen now, and names what cannot be read. An hour in which all could be looked at has its sign of life.
 * @throws Error where nothing of it can be told by an event
 */
export function* lookAtScoring(plan: HourlyPlan, day: string): Work<ScoringCheck> {
  let unread: readonly UnreadableTable[] = [];
  let pipe = NOTHING_SEEN;
  let alarms: Outcome<readonly Alarm[]> | undefined;
  let rows: TablesCheck['kept'] = null;
  let monitored = null as Heartbeat | null;
  const checked = yield* runChecks(plan, day, [
    beside('whether tables can be read', function* () {
      unread = yield* unreadableTables(plan);
    }),
    ...CHECKS,
    beside('the pipeline', function* () {
      pipe = yield* measurePipe(plan, day);
    }),
    beside('alarms', function* () {
      [alarms] = yield* together([() => openAlarms(plan)]);
    }),
    beside('the sign of life', function* () {
      monitored = yield* timeToBeat(plan);
    }),
    // The last: it keeps what it has counted.
    {
      name: 'own tables',
      kinds: ['tables'],
      look: ({ counted }) =>
        lookAtTables(counted, (kept) => {
          rows = kept;
        }),
    },
  ]);
  const signs = checked.signs.concat(pipeSigns(pipe.measures).filter(({ kind }) => kind === 'scoring'));
  const failures: Failure[] = checked.failures.concat(pipe.failures);
  const answered = checked.kinds.filter((kind) => kind !== 'scoring' || pipe.failures.length === 0);
  const { open, raised, ended, silent } = yield* deliver(
    plan,
    day,
    unreadableSigns(plan, unread, failures).concat(signs),
    answered.concat('unreadable'),
    MONITOR,
    alarms,
  );
  if (silent !== null) throw new Error(silent);
  const alive = monitored;
  if (alive !== null && unread.length === 0 && failures.length === 0)
    yield* attempt(failures, 'the sign of life', undefined, () => beat(plan, alive, rows));
  const unanswered = unread.map(({ name }) => name).concat(failures.map(({ name }) => name));
  return { day, alarms: open, raised: raised.length, ended: ended.length, unanswered, unread: pipe.unread };
}
