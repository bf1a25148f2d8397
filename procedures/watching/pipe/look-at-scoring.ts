import { type Outcome, together } from '../../ground/together.js';
import { attempt, type Work } from '../../ground/work.js';
import type { TablesCheck } from '../../records/check.js';
import { type Alarm, openAlarms } from '../alarms.js';
import { reportTrainings } from '../conclusions.js';
import { championCheck } from '../deployed/champion.js';
import { integrationsCheck } from '../deployed/integrations.js';
import { lookAtTables } from '../deployed/tables.js';
import { wakeSender } from '../events.js';
import { measurePipe } from '../measures/measure-pipe.js';
import type { HourlyPlan } from '../plan.js';
import { pipeSigns, type Sign } from '../signs.js';
import { act, type Check, runChecks } from './checks.js';
import { columnsCheck } from './columns.js';
import { report } from './deliver.js';
import { emptyColumnsCheck } from './empty-columns.js';
import { lookAtFeatures } from './features.js';
import { feedsCheck } from './feeds/feeds.js';
import { lookAtGraph } from './graph-run.js';
import { beat, type Heartbeat, timeToBeat } from './heartbeat.js';
import { sourceCheck } from './source.js';
import { healStreams, holdStreams } from './streams.js';
import { lookAtTasks } from './tasks.js';
import { type UnreadableTable, unreadableTables } from './unreadable.js';

/** Answer of WATCH_SCORING. */
export interface ScoringCheck {
  readonly day: string;
  /** Alarms that last, of what is looked at every hour. */
  readonly alarms: readonly Sign[];
  readonly raised: number;
  readonly ended: number;
  /** Names of what could not be looked at. */
  readonly unanswered: readonly string[];
  /** Whether changes of the admissions' table waited to be read. */
  readonly unread: boolean;
}

const MONITOR = 'LOS_MONITOR_HOURLY';

/** Findings of an hourly look beside signs. */
interface Seen {
  unread: readonly UnreadableTable[];
  /** Whether changes of the admissions' table waited to be read. */
  changes: boolean;
  alarms: Outcome<readonly Alarm[]> | undefined;
  /** Rows of tables that never expire. */
  rows: TablesCheck['kept'];
  alive: Heartbeat | null;
}

/** Plan that is compiled in, and what a look finds beside signs. */
export interface Hour extends HourlyPlan {
  readonly seen: Seen;
}

/** Checks of every hour, in this order. */
export const HOURLY_CHECKS: readonly Check<Hour>[] = [
  act('whether tables can be read', function* (hour) {
    hour.seen.unread = yield* unreadableTables(hour);
  }),
  // Where a stream cannot be read, nothing of the pipeline can be seen.
  act('streams', function* (hour, day) {
    yield* healStreams(hour, day);
    yield* holdStreams(hour, day);
  }),
  columnsCheck,
  emptyColumnsCheck,
  feedsCheck,
  sourceCheck,
  championCheck,
  integrationsCheck,
  { name: 'features', kinds: ['scoring'], look: (hour) => lookAtFeatures(hour) },
  act('trainings', reportTrainings),
  { name: 'tasks', kinds: ['tasks'], look: (hour) => lookAtTasks(hour, 'look') },
  {
    name: 'the task graph',
    kinds: ['scoring'],
    *look(hour) {
      const { sign } = yield* lookAtGraph(hour);
      return sign === null ? [] : [sign];
    },
  },
  act('mails', wakeSender),
  {
    name: 'the pipeline',
    kinds: ['scoring'],
    *look(hour, day) {
      const { measures, unread, failures } = yield* measurePipe(hour, day);
      hour.seen.changes = unread;
      return { signs: pipeSigns(measures).filter(({ kind }) => kind === 'scoring'), failures };
    },
  },
  act('alarms', function* ({ seen, ...hour }) {
    [seen.alarms] = yield* together([() => openAlarms(hour)]);
  }),
  act('the sign of life', function* ({ seen, ...hour }) {
    seen.alive = yield* timeToBeat(hour);
  }),
  // The last: it keeps what it has counted.
  {
    name: 'own tables',
    kinds: ['tables'],
    look: ({ counted, seen }) =>
      lookAtTables(counted, (kept) => {
        seen.rows = kept;
      }),
  },
];

/**
 * Holds alarms to what is to be seen now, and names what cannot be read. An hour in which all could be looked at has its sign of life.
 * @throws Error where nothing of it can be told by an event
 */
export function* lookAtScoring(plan: HourlyPlan, day: string): Work<ScoringCheck> {
  const seen: Seen = { unread: [], changes: false, alarms: undefined, rows: null, alive: null };
  const { signs, kinds, failures } = yield* runChecks({ ...plan, seen }, day, HOURLY_CHECKS);
  const found = { signs, kinds: kinds.concat('unreadable'), failures };
  const { open, raised, ended } = yield* report(plan, day, MONITOR, found, seen.alarms, seen.unread);
  const missed = failures.slice();
  const { unread, alive, rows, changes } = seen;
  if (alive !== null && unread.length === 0 && missed.length === 0)
    yield* attempt(missed, 'the sign of life', undefined, () => beat(plan, alive, rows));
  const unanswered = unread.map(({ name }) => name).concat(missed.map(({ name }) => name));
  return { day, alarms: open, raised: raised.length, ended: ended.length, unanswered, unread: changes };
}
