// The table functions TASK_HISTORY, CURRENT_TASK_GRAPHS and COMPLETE_TASK_GRAPHS of INFORMATION_SCHEMA.
import { notSupportedLocally } from '../errors.js';
import { type InformationView, number, type Place, text, time, viewOf } from '../information-schema/view.js';
import type { Binder } from '../query/binder.js';
import { type TableFunction, tableFunctions } from '../query/plugins.js';
import { fromRows } from '../query/table-functions.js';
import type { Typed } from '../types/coerce.js';
import { TEXT } from '../types/data-type.js';
import { taskEngine } from './engine.js';
import type { GraphRun, TaskRun } from './run.js';

/** The task runs that the session may see, newest first. */
function visibleRuns({ account, session }: Place): TaskRun[] {
  const { access } = account;
  return taskEngine(account)
    .history.filter(
      (run) => access.visible(session, run.task) || access.holdsAccount(session, 'MONITOR EXECUTION'),
    )
    .reverse();
}

/** docs: sql-reference/functions/task_history */
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
  number('GRAPH_VERSION', () => 1),
  number('RUN_ID', (run) => run.graph.scheduled),
  text('RETURN_VALUE', (run) => run.returnValue ?? null),
  text('SCHEDULED_FROM', (run) => run.graph.from),
  number('ATTEMPT_NUMBER', (run) => run.attempt - 1),
  text('CONFIG', (run) => run.graph.config ?? null),
  text('GRAPH_RUN_GROUP_ID', (run) => run.graph.id),
]);

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']);

/** The graph runs that the session may see, newest first: those under way, or those that have ended. */
function visibleGraphs({ account, session }: Place, running: boolean): GraphRun[] {
  return taskEngine(account)
    .graphRuns.filter((run) => ENDED.has(run.state) !== running)
    .filter((run) => account.access.visible(session, run.graph.root))
    .reverse();
}

const firstError = (run: GraphRun): TaskRun | undefined =>
  [...run.runs.values()].find((each) => each.state.startsWith('FAILED'));

function endOf(run: GraphRun): number | null {
  if (!ENDED.has(run.state)) return null;
  return Math.max(...[...run.runs.values()].map((each) => each.completed ?? run.scheduled));
}

/** docs: sql-reference/functions/complete_task_graphs and current_task_graphs */
const taskGraphsView = (running: boolean) =>
  viewOf<GraphRun>(
    (place) => visibleGraphs(place, running),
    [
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
      number('GRAPH_VERSION', () => 1),
      number('RUN_ID', (run) => run.scheduled),
      number('ATTEMPT_NUMBER', (run) => run.attempt - 1),
      text('CONFIG', (run) => run.config ?? null),
      text('GRAPH_RUN_GROUP_ID', (run) => run.id),
    ],
  );

/** The name in SQL of a view's column. */
const columnOf = (view: InformationView, name: string): string =>
  `c${view.columns.findIndex((each) => each.name === name) + 1}`;

/** Builds a view's rows when the statement runs, filtered by arguments that may be expressions; newest first. */
function rowsWhenRun(b: Binder, view: InformationView, where: string, limit: number) {
  const placeholder = `(SELECT '$tasks ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async () => {
      await taskEngine(b.account).ready;
      const rows = view.rows({ account: b.account, session: b.session, database: '' });
      return `(${fromRows(view.columns, rows).sql})`;
    },
  });
  const order = columnOf(view, 'SCHEDULED_TIME');
  return {
    sql: `SELECT * FROM ${placeholder} WHERE ${where} ORDER BY ${order} DESC LIMIT ${limit}`,
    columns: fromRows(view.columns, []).columns,
  };
}

/** An argument that must be known before the query runs; undefined if it is not given. */
function constant(name: string, argument: Typed | undefined): Typed['constant'] {
  if (argument && argument.constant === undefined)
    throw notSupportedLocally(`${name} that is no constant`, 'it is read before the query runs');
  return argument?.constant;
}

const taskHistory: TableFunction = (b, args, named) => {
  const at = (i: number, name: string): Typed | undefined => args[i] ?? named.get(name);
  const column = (name: string) => columnOf(TASK_HISTORY, name);
  const where = ['TRUE'];
  const asTime = (value: Typed) => b.cast(value, { kind: 'TIMESTAMP_LTZ', scale: 3 }).sql;
  const start = at(0, 'SCHEDULED_TIME_RANGE_START');
  const end = at(1, 'SCHEDULED_TIME_RANGE_END');
  const limit = Number(constant('RESULT_LIMIT', at(2, 'RESULT_LIMIT')) ?? 100);
  const name = at(3, 'TASK_NAME');
  if (start) where.push(`${column('SCHEDULED_TIME')} >= ${asTime(start)}`);
  if (end) where.push(`${column('SCHEDULED_TIME')} <= ${asTime(end)}`);
  if (name) where.push(`upper(${column('NAME')}) = upper(${name.sql})`);
  if (constant('ERROR_ONLY', at(4, 'ERROR_ONLY')) === true)
    where.push(`${column('STATE')} IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED')`);
  const root = at(5, 'ROOT_TASK_ID');
  if (root) where.push(`${column('ROOT_TASK_ID')} = ${b.cast(root, TEXT()).sql}`);
  return rowsWhenRun(b, TASK_HISTORY, where.join(' AND '), limit);
};

function taskGraphs(running: boolean): TableFunction {
  const view = taskGraphsView(running);
  return (b, args, named) => {
    const limit = Number(constant('RESULT_LIMIT', args[0] ?? named.get('RESULT_LIMIT')) ?? 1000);
    const name = args[1] ?? named.get('ROOT_TASK_NAME');
    const where = name ? `upper(${columnOf(view, 'ROOT_TASK_NAME')}) = upper(${name.sql})` : 'TRUE';
    return rowsWhenRun(b, view, where, limit);
  };
}

/** Makes TABLE(INFORMATION_SCHEMA.TASK_HISTORY(…)) and its like known to the query engine. */
export function registerTaskFunctions(): void {
  tableFunctions.set('TASK_HISTORY', taskHistory);
  tableFunctions.set('CURRENT_TASK_GRAPHS', taskGraphs(true));
  tableFunctions.set('COMPLETE_TASK_GRAPHS', taskGraphs(false));
}
