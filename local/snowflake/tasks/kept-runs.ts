import type { Account } from '../account.js';
import { type Connection, literal } from '../storage/storage.js';
import type { GraphRun, TaskRun } from './run.js';

/** TASK_HISTORY goes back seven days. */
const KEPT_MS = 7 * 86_400_000;

/** A graph run as it is stored: what is not JSON is left out and made again. */
type Stored = Omit<GraphRun, 'runs' | 'abort'> & { runs: [name: string, run: Omit<TaskRun, 'graph'>][] };

/** Stores a graph run that has ended. */
export async function keepRun(account: Account, run: GraphRun): Promise<void> {
  const { runs, abort: _, ...rest } = run;
  const plain = [...runs].map(([name, { graph: _graph, ...each }]) => [name, each]);
  const json = JSON.stringify({ ...rest, runs: plain });
  await withTable(account, (connection) =>
    connection.run(`INSERT INTO "$graph_runs" VALUES (${account.clock.now()}, ${literal(json)})`),
  );
}

/** The graph runs of the last seven days, oldest first; older ones are dropped. */
export function keptRuns(account: Account): Promise<GraphRun[]> {
  return withTable(account, async (connection) => {
    await connection.run(`DELETE FROM "$graph_runs" WHERE ended < ${account.clock.now() - KEPT_MS}`);
    const rows = await connection.rows('SELECT json FROM "$graph_runs" ORDER BY ended');
    return rows.map(([json]) => revived(JSON.parse(json!) as Stored));
  });
}

function revived({ runs, ...rest }: Stored): GraphRun {
  const graph: GraphRun = { ...rest, runs: new Map(), abort: new AbortController() };
  for (const [name, run] of runs) graph.runs.set(name, { ...run, graph });
  return graph;
}

async function withTable<T>(account: Account, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await account.storage.connect();
  try {
    await connection.run('CREATE TABLE IF NOT EXISTS "$graph_runs" (ended BIGINT, json VARCHAR)');
    return await work(connection);
  } finally {
    connection.close();
  }
}
