// The table functions TASK_HISTORY, CURRENT_TASK_GRAPHS, COMPLETE_TASK_GRAPHS and TASK_DEPENDENTS.
import type { Task } from '../../catalog/objects.js';
import { localRefusal, SnowflakeError } from '../../errors.js';
import type { TableFunction } from '../../feature.js';
import {
  type InformationView,
  number,
  type Place,
  text,
  time,
  type ViewColumn,
  viewOf,
} from '../../kernel/information-view.js';
import { splitName } from '../../language/split-name.js';
import type { Binder } from '../../query/bind/binder.js';
import { fromRows } from '../../query/bind/table-functions.js';
import { runInDuck } from '../../query/run/run.js';
import type { Typed } from '../../types/coerce.js';
import { type Row, TEXT } from '../../types/data-type.js';
import { taskEngine } from '../engine/engine.js';
import type { GraphRun, TaskRun } from '../engine/run.js';
import { graphOf } from '../graph/graph.js';
import { mayMonitor, runsToCome } from './scheduled.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** The task runs that the session may see, of seven days, and those that are scheduled. */
function visibleRuns(place: Place): TaskRun[] {
  const { account } = place;
  const since = account.clock.now() - 7 * DAY;
  const scheduled = runsToCome(account).map((graph) => [...graph.runs.values()][0]!);
  return [...taskEngine(account).history, ...scheduled].filter(
    (run) => run.scheduled >= since && mayMonitor(place, run.task),
  );
}

/** docs: sql-reference/functions/task_history; no hashes of queries are made here */
const TASK_HISTORY = viewOf<TaskRun>(visibleRuns, [
  text('QUERY_ID', (run) => run.queryId ?? null),
  text('NAME', (run) => run.task.name),
  text('DATABASE_NAME', (run) => run.task.database),
  text('SCHEMA_NAME', (run) => run.task.schema),
  text('QUERY_TEXT', (run) => run.task.definition),
  text('CONDITION_TEXT', (run) => run.task.condition ?? null),
  text('STATE', (run) => run.state),
  text('ERROR_CODE', (run) => run.errorCode ?? null),
  text('ERROR_MESSAGE', (run) => run.errorMessage ?? null),
  time('SCHEDULED_TIME', (run) => run.scheduled),
  time('QUERY_START_TIME', (run) => run.started ?? null),
  time('NEXT_SCHEDULED_TIME', (run) => run.graph.nextScheduled ?? null),
  time('COMPLETED_TIME', (run) => run.completed ?? null),
  text('ROOT_TASK_ID', (run) => String(run.graph.graph.root.id)),
  number('GRAPH_VERSION', (run) => run.graph.graph.root.version?.number ?? 1),
  number('RUN_ID', (run) => run.graph.scheduled),
  text('RETURN_VALUE', (run) => run.returnValue ?? null),
  text('SCHEDULED_FROM', (run) => run.graph.from),
  number('ATTEMPT_NUMBER', (run) => run.attempt),
  text('CONFIG', (run) => run.graph.config ?? null),
  text('QUERY_HASH', () => null),
  number('QUERY_HASH_VERSION', () => null),
  text('QUERY_PARAMETERIZED_HASH', () => null),
  number('QUERY_PARAMETERIZED_HASH_VERSION', () => null),
  text('GRAPH_RUN_GROUP_ID', (run) => run.graph.id || null),
  text('BACKFILL_INFO', () => null),
  number('SPCS_JOB_ID', () => null),
]);

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']);

const firstError = (run: GraphRun): TaskRun | undefined =>
  [...run.runs.values()].find((each) => each.state.startsWith('FAILED'));

function endOf(run: GraphRun): number {
  return Math.max(...[...run.runs.values()].map((each) => each.completed ?? run.scheduled));
}

/** docs: sql-reference/functions/complete_task_graphs and current_task_graphs */
const GRAPH_COLUMNS: ViewColumn<GraphRun>[] = [
  text('ROOT_TASK_NAME', (run) => run.graph.root.name),
  text('DATABASE_NAME', (run) => run.graph.root.database),
  text('SCHEMA_NAME', (run) => run.graph.root.schema),
  text('STATE', (run) => run.state),
  text('SCHEDULED_FROM', (run) => run.from),
  text('FIRST_ERROR_TASK_NAME', (run) => firstError(run)?.task.name ?? null),
  text('FIRST_ERROR_CODE', (run) => firstError(run)?.errorCode ?? null),
  text('FIRST_ERROR_MESSAGE', (run) => firstError(run)?.errorMessage ?? null),
  time('SCHEDULED_TIME', (run) => run.scheduled),
  time('QUERY_START_TIME', (run) => [...run.runs.values()][0]?.started ?? null),
  time('NEXT_SCHEDULED_TIME', (run) => run.nextScheduled ?? null),
  time('COMPLETED_TIME', endOf),
  text('ROOT_TASK_ID', (run) => String(run.graph.root.id)),
  number('GRAPH_VERSION', (run) => run.graph.root.version?.number ?? 1),
  number('RUN_ID', (run) => run.scheduled),
  number('ATTEMPT_NUMBER', (run) => run.attempt),
  text('CONFIG', (run) => run.config ?? null),
  text('GRAPH_RUN_GROUP_ID', (run) => run.id || null),
  text('BACKFILL_INFO', () => null),
];

/** "Graph runs that are currently executing or are next scheduled to run within the next 8 days." */
const CURRENT_GRAPHS = viewOf<GraphRun>(
  (place) =>
    [
      ...taskEngine(place.account).graphRuns.filter((run) => !ENDED.has(run.state)),
      ...runsToCome(place.account),
    ].filter((run) => mayMonitor(place, run.graph.root)),
  GRAPH_COLUMNS.filter(({ name }) => name !== 'COMPLETED_TIME'),
);

/** "Runs that executed successfully, failed, or were cancelled in the past 60 minutes." */
const COMPLETE_GRAPHS = viewOf<GraphRun>((place) => {
  const since = place.account.clock.now() - HOUR;
  return taskEngine(place.account).graphRuns.filter(
    (run) =>
      ENDED.has(run.state) &&
      run.state !== 'SKIPPED' &&
      endOf(run) >= since &&
      mayMonitor(place, run.graph.root),
  );
}, GRAPH_COLUMNS);

/** The name in SQL of a view's column. */
const columnOf = (view: InformationView, name: string): string =>
  `c${view.columns.findIndex((each) => each.name === name) + 1}`;

/** The range of time that a function was asked for, in DuckDB SQL; none: without that end. */
interface Range {
  start?: string;
  end?: string;
}

/**
 * Keeps what lies in a range of time that only DuckDB knows. It would find these rows itself, but all of them are put into the
 * statement's text, and who waits for a run asks again and again.
 */
async function rowsWithin(b: Binder, rows: Row[], at: number, { start, end }: Range): Promise<Row[]> {
  const ends = [start ?? 'NULL', end ?? 'NULL'].map((sql) => `CAST(epoch_ms(${sql}) AS VARCHAR)`);
  // What a query in an argument gives, or chance, is not known before the statement runs.
  if ((!start && !end) || /\b(SELECT|random|uuid|next_of_sequence)\b/i.test(ends.join())) return rows;
  const [from, to] = (await boundsOf(b, `SELECT ${ends.join(', ')}`)).map((ms) =>
    ms === null ? undefined : Number(ms),
  );
  return rows.filter((row) => {
    const ms = Number(row[at]) * 1000;
    return !(from !== undefined && ms < from - 1) && !(to !== undefined && ms > to + 1);
  });
}

const MOST_BOUNDS = 100;
/** What ranges of time have come to, by time zone and SQL. */
const knownBounds = new Map<string, Row>();

/** Who waits for a run asks with the same range again and again. */
async function boundsOf({ session }: Binder, sql: string): Promise<Row> {
  const key = `${session.timezone} ${sql}`;
  const known = knownBounds.get(key) ?? (await session.connection.rows(sql))[0]!;
  if (knownBounds.size >= MOST_BOUNDS) knownBounds.clear();
  knownBounds.set(key, known);
  return known;
}

/** Whole rows of a source, which other statements take apart. */
const WHOLE_ROWS = /("\$t\d+")(?: AS \1|\.\*)/;

/** Which columns a statement can mean: those whose names stand in it, for whatever source. */
function columnCheck(statement: string | undefined): (column: string) => boolean {
  if (statement === undefined || WHOLE_ROWS.test(statement)) return () => true;
  const names = new Set(statement.match(/\bc\d+\b/g));
  return (column) => names.has(column);
}

/** Builds a view's rows when the statement runs, filtered by arguments that may be expressions; newest first. */
function rowsWhenRun(
  b: Binder,
  view: InformationView,
  where: string[],
  limit: number,
  order: string,
  range: Range = {},
  called?: string,
) {
  const placeholder = `(SELECT '$tasks ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async (statement) => {
      await taskEngine(b.account).ready;
      const column = (wanted: string) => view.columns.findIndex(({ name }) => name === wanted);
      const every = view.rows({ account: b.account, session: b.session, database: '' });
      const all =
        called === undefined
          ? every
          : every.filter((row) => String(row[column('NAME')]).toUpperCase() === called.toUpperCase());
      const at = column(order);
      const rows = await runInDuck(() => rowsWithin(b, all, at, range));
      return `(${fromRows(view.columns, rows, columnCheck(statement)).sql})`;
    },
  });
  return {
    sql: `SELECT * FROM ${placeholder} WHERE ${['TRUE', ...where].join(' AND ')} ORDER BY ${columnOf(view, order)} DESC LIMIT ${limit}`,
    columns: fromRows(view.columns, []).columns,
  };
}

/** An argument that must be known before the query runs; undefined if it is not given. */
function constant(name: string, argument: Typed | undefined): Typed['constant'] {
  if (argument && argument.constant === undefined)
    throw localRefusal(`${name} that is no constant`, 'it is read before the query runs');
  return argument?.constant;
}

function resultLimit(argument: Typed | undefined, standard: number): number {
  const limit = Number(constant('RESULT_LIMIT', argument) ?? standard);
  if (Number.isInteger(limit) && limit >= 1 && limit <= 10_000) return limit;
  throw new SnowflakeError('001015', '22023', `RESULT_LIMIT must be between 1 and 10000, but is ${limit}.`);
}

/** The name in a string as the catalog has it: folded, unless it is quoted in itself. */
function nameArgument(name: string, argument: Typed | undefined): string | undefined {
  const value = constant(name, argument);
  return value === undefined || value === null ? undefined : splitName(String(value)).at(-1);
}

const quote = (value: string): string => `'${value.replaceAll("'", "''")}'`;
const ERRORS = "('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED')";

const taskHistory: TableFunction = (b, args, named) => {
  const at = (i: number, name: string): Typed | undefined => args[i] ?? named.get(name);
  const column = (name: string) => columnOf(TASK_HISTORY, name);
  const where: string[] = [];
  const asTime = (value: Typed) => b.cast(value, { kind: 'TIMESTAMP_LTZ', scale: 3 }).sql;
  const start = at(0, 'SCHEDULED_TIME_RANGE_START');
  const end = at(1, 'SCHEDULED_TIME_RANGE_END');
  const limit = resultLimit(at(2, 'RESULT_LIMIT'), 100);
  const name = at(3, 'TASK_NAME');
  const database = nameArgument('DATABASE_NAME', at(4, 'DATABASE_NAME'));
  const schema = nameArgument('SCHEMA_NAME', at(5, 'SCHEMA_NAME'));
  if (schema !== undefined && database === undefined)
    throw new SnowflakeError('001015', '22023', 'SCHEMA_NAME needs DATABASE_NAME as well.');
  const range: Range = { ...(start && { start: asTime(start) }), ...(end && { end: asTime(end) }) };
  if (range.start) where.push(`${column('SCHEDULED_TIME')} >= ${range.start}`);
  if (range.end) where.push(`${column('SCHEDULED_TIME')} <= ${range.end}`);
  if (name) where.push(`upper(${column('NAME')}) = upper(${name.sql})`);
  if (database !== undefined) where.push(`${column('DATABASE_NAME')} = ${quote(database)}`);
  if (schema !== undefined) where.push(`${column('SCHEMA_NAME')} = ${quote(schema)}`);
  if (constant('ERROR_ONLY', at(6, 'ERROR_ONLY')) === true) where.push(`${column('STATE')} IN ${ERRORS}`);
  const root = at(7, 'ROOT_TASK_ID');
  if (root) where.push(`${column('ROOT_TASK_ID')} = ${b.cast(root, TEXT()).sql}`);
  const called = typeof name?.constant === 'string' ? name.constant : undefined;
  return rowsWhenRun(b, TASK_HISTORY, where, limit, 'SCHEDULED_TIME', range, called);
};

function taskGraphs(view: InformationView, order: string): TableFunction {
  return (b, args, named) => {
    const limit = resultLimit(args[0] ?? named.get('RESULT_LIMIT'), 1000);
    const name = args[1] ?? named.get('ROOT_TASK_NAME');
    const where = name ? [`upper(${columnOf(view, 'ROOT_TASK_NAME')}) = upper(${name.sql})`] : [];
    if (view === COMPLETE_GRAPHS && constant('ERROR_ONLY', args[2] ?? named.get('ERROR_ONLY')) === true)
      where.push(`${columnOf(view, 'STATE')} IN ${ERRORS}`);
    return rowsWhenRun(b, view, where, limit, order);
  };
}

/** docs: sql-reference/functions/task_dependents */
const taskDependents: TableFunction = (b, args, named) => {
  const { account, session } = b;
  const name = constant('TASK_NAME', args[0] ?? named.get('TASK_NAME'));
  const recursive = constant('RECURSIVE', args[1] ?? named.get('RECURSIVE')) !== false;
  const task = account.catalog.resolve('TASK', splitName(String(name ?? '')), session) as Task;
  const { children, finalizer } = graphOf(account, task);
  const self = account.catalog.nameOf(task);
  const below = children.filter((each) => recursive || each.predecessors.includes(self));
  const view = viewOf<Task>(
    (place) => [task, ...below, ...(finalizer ? [finalizer] : [])].filter((each) => mayMonitor(place, each)),
    [
      time('CREATED_ON', (each) => each.createdOn),
      text('NAME', (each) => each.name),
      text('DATABASE_NAME', (each) => each.database),
      text('SCHEMA_NAME', (each) => each.schema),
      text('OWNER', (each) => each.owner),
      text('COMMENT', (each) => each.comment),
      text('WAREHOUSE', (each) => each.warehouse ?? null),
      text('SCHEDULE', (each) => each.schedule ?? null),
      text('PREDECESSORS', (each) => JSON.stringify(each.predecessors)),
      text('STATE', (each) => each.state),
      text('DEFINITION', (each) => each.definition),
      text('CONDITION', (each) => each.condition ?? null),
    ],
  );
  return fromRows(view.columns, view.rows({ account, session, database: '' }));
};

/** What INFORMATION_SCHEMA tells of tasks. */
export const taskTableFunctions: Record<string, TableFunction> = {
  TASK_HISTORY: taskHistory,
  CURRENT_TASK_GRAPHS: taskGraphs(CURRENT_GRAPHS, 'SCHEDULED_TIME'),
  COMPLETE_TASK_GRAPHS: taskGraphs(COMPLETE_GRAPHS, 'COMPLETED_TIME'),
  TASK_DEPENDENTS: taskDependents,
};
