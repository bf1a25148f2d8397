import type { Binder } from '../query/binder.js';
import { type TableFunction, tableFunctions } from '../query/plugins.js';
import { fromRows } from '../query/table-functions.js';
import type { Typed } from '../types/coerce.js';
import { type Cell, NUMBER, type ResultColumn, type Row, TEXT } from '../types/data-type.js';
import { taskEngine } from './engine.js';
import type { GraphRun, TaskRun } from './run.js';

const text = (name: string): ResultColumn => ({ name, type: TEXT(), nullable: true });
const time = (name: string): ResultColumn => ({
  name,
  type: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  nullable: true,
});
const number = (name: string): ResultColumn => ({ name, type: NUMBER(), nullable: true });

/** docs: sql-reference/functions/task_history */
const TASK_HISTORY: ResultColumn[] = [
  text('QUERY_ID'),
  text('NAME'),
  text('DATABASE_NAME'),
  text('SCHEMA_NAME'),
  text('QUERY_TEXT'),
  text('CONDITION_TEXT'),
  text('STATE'),
  text('ERROR_CODE'),
  text('ERROR_MESSAGE'),
  time('SCHEDULED_TIME'),
  time('QUERY_START_TIME'),
  time('NEXT_SCHEDULED_TIME'),
  time('COMPLETED_TIME'),
  text('ROOT_TASK_ID'),
  number('GRAPH_VERSION'),
  number('RUN_ID'),
  text('RETURN_VALUE'),
  text('SCHEDULED_FROM'),
  number('ATTEMPT_NUMBER'),
  text('CONFIG'),
  text('GRAPH_RUN_GROUP_ID'),
];

/** docs: sql-reference/functions/complete_task_graphs and current_task_graphs */
const TASK_GRAPHS: ResultColumn[] = [
  text('ROOT_TASK_NAME'),
  text('DATABASE_NAME'),
  text('SCHEMA_NAME'),
  text('STATE'),
  text('SCHEDULED_FROM'),
  text('FIRST_ERROR_TASK_NAME'),
  text('FIRST_ERROR_CODE'),
  text('FIRST_ERROR_MESSAGE'),
  time('SCHEDULED_TIME'),
  time('QUERY_START_TIME'),
  time('NEXT_SCHEDULED_TIME'),
  time('COMPLETED_TIME'),
  text('ROOT_TASK_ID'),
  number('GRAPH_VERSION'),
  number('RUN_ID'),
  number('ATTEMPT_NUMBER'),
  text('CONFIG'),
  text('GRAPH_RUN_GROUP_ID'),
];

function cellTime(ms: number | undefined): Cell {
  return ms === undefined
    ? null
    : `${Math.floor(ms / 1000)}.${String(Math.floor(ms % 1000)).padStart(3, '0')}000000`;
}

function taskRow(run: TaskRun): Row {
  const { task, graph } = run;
  return [
    run.queryId ?? null,
    task.name,
    task.database,
    task.schema,
    task.definition,
    task.condition ?? null,
    run.state,
    run.errorCode ?? null,
    run.errorMessage ?? null,
    cellTime(run.scheduled),
    cellTime(run.started),
    cellTime(graph.nextScheduled),
    cellTime(run.completed),
    String(graph.graph.root.id),
    '1',
    String(graph.scheduled),
    run.returnValue ?? null,
    graph.from,
    String(run.attempt - 1),
    graph.config ?? null,
    graph.id,
  ];
}

function graphRow(run: GraphRun): Row {
  const { root } = run.graph;
  const runs = [...run.runs.values()];
  const error = runs.find((each) => each.state.startsWith('FAILED'));
  const ended = ENDED.has(run.state)
    ? Math.max(...runs.map((each) => each.completed ?? run.scheduled))
    : undefined;
  return [
    root.name,
    root.database,
    root.schema,
    run.state,
    run.from,
    error?.task.name ?? null,
    error?.errorCode ?? null,
    error?.errorMessage ?? null,
    cellTime(run.scheduled),
    cellTime(runs[0]?.started),
    cellTime(run.nextScheduled),
    cellTime(ended),
    String(root.id),
    '1',
    String(run.scheduled),
    String(run.attempt - 1),
    run.config ?? null,
    run.id,
  ];
}

const ENDED = new Set(['SUCCEEDED', 'FAILED', 'CANCELLED', 'SKIPPED']);

/** Builds the rows when the statement runs, filtered by arguments that may be expressions. */
function rowsWhenRun(
  b: Binder,
  columns: ResultColumn[],
  rows: () => Row[],
  where: string,
  order: string,
  limit: number,
) {
  const placeholder = `(SELECT '$tasks ${b.collected.next()}')`;
  b.collected.deferred.push({
    placeholder,
    sql: async () => {
      await taskEngine(b.account).ready;
      return `(${fromRows(columns, rows()).sql})`;
    },
  });
  const shape = fromRows(columns, []);
  return {
    sql: `SELECT * FROM ${placeholder} WHERE ${where} ORDER BY ${order} DESC LIMIT ${limit}`,
    columns: shape.columns,
  };
}

const taskHistory: TableFunction = (b, args, named) => {
  const at = (i: number, name: string): Typed | undefined => args[i] ?? named.get(name);
  const column = (name: string) => `c${TASK_HISTORY.findIndex((each) => each.name === name) + 1}`;
  const where = ['TRUE'];
  const asTime = (value: Typed) => b.cast(value, { kind: 'TIMESTAMP_LTZ', scale: 3 }).sql;
  const start = at(0, 'SCHEDULED_TIME_RANGE_START');
  const end = at(1, 'SCHEDULED_TIME_RANGE_END');
  const limit = Number(at(2, 'RESULT_LIMIT')?.constant ?? 100);
  const name = at(3, 'TASK_NAME');
  if (start) where.push(`${column('SCHEDULED_TIME')} >= ${asTime(start)}`);
  if (end) where.push(`${column('SCHEDULED_TIME')} <= ${asTime(end)}`);
  if (name) where.push(`upper(${column('NAME')}) = upper(${name.sql})`);
  if (at(4, 'ERROR_ONLY')?.constant === true)
    where.push(`${column('STATE')} IN ('FAILED', 'FAILED_AND_AUTO_SUSPENDED', 'CANCELLED')`);
  const root = at(5, 'ROOT_TASK_ID');
  if (root) where.push(`${column('ROOT_TASK_ID')} = ${b.cast(root, TEXT()).sql}`);
  const rows = () =>
    taskEngine(b.account)
      .history.filter(
        (run) =>
          b.account.access.visible(b.session, run.task) ||
          b.account.access.holdsAccount(b.session, 'MONITOR EXECUTION'),
      )
      .reverse()
      .map(taskRow);
  return rowsWhenRun(b, TASK_HISTORY, rows, where.join(' AND '), column('SCHEDULED_TIME'), limit);
};

const taskGraphs =
  (running: boolean): TableFunction =>
  (b, args, named) => {
    const limit = Number((args[0] ?? named.get('RESULT_LIMIT'))?.constant ?? 1000);
    const name = args[1] ?? named.get('ROOT_TASK_NAME');
    const rows = () =>
      taskEngine(b.account)
        .graphRuns.filter((run) => ENDED.has(run.state) !== running)
        .filter((run) => b.account.access.visible(b.session, run.graph.root))
        .reverse()
        .map(graphRow);
    const where = name ? `upper(c1) = upper(${name.sql})` : 'TRUE';
    return rowsWhenRun(b, TASK_GRAPHS, rows, where, 'c9', limit);
  };

/** Makes TABLE(INFORMATION_SCHEMA.TASK_HISTORY(…)) and its like known to the query engine. */
export function registerTaskFunctions(): void {
  tableFunctions.set('TASK_HISTORY', taskHistory);
  tableFunctions.set('CURRENT_TASK_GRAPHS', taskGraphs(true));
  tableFunctions.set('COMPLETE_TASK_GRAPHS', taskGraphs(false));
}
