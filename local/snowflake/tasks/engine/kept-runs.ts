import type { Account } from '../../account.js';
import { type Connection, literal } from '../../storage/storage.js';
import type { GraphRun, TaskRun } from './run.js';

/** TASK_HISTORY goes back seven days; EXECUTE TASK … RETRY fourteen. */
const KEPT_MS = 14 * 86_400_000;

/** A graph run as it is stored: what is not JSON is left out and made again. */
type Stored = Omit<GraphRun, 'runs' | 'abort'> & {
  runs: [name: string, run: Omit<TaskRun, 'graph' | 'abort'>][];
};

/** How often a root has failed in a row since it was resumed; SUSPEND_TASK_AFTER_NUM_FAILURES. */
export interface Failures {
  rootId: number;
  resumedOn: number;
  count: number;
}

/** Stores a graph run that has ended, and what it makes of its root's failures. */
export async function keepRun(
  account: Account,
  run: GraphRun,
  state: GraphRun['state'],
  failures?: Failures,
): Promise<void> {
  const { runs, abort: _, ...rest } = run;
  const plain = [...runs].map(([name, { graph: _graph, abort: _abort, ...each }]) => [name, each]);
  const json = JSON.stringify({ ...rest, state, runs: plain });
  const commands = [...TABLES, `INSERT INTO "$graph_runs" VALUES (${account.clock.now()}, ${literal(json)})`];
  if (failures) {
    const { rootId, resumedOn, count } = failures;
    commands.push(`DELETE FROM "$task_failures" WHERE root = ${rootId}`);
    if (count > 0) commands.push(`INSERT INTO "$task_failures" VALUES (${rootId}, ${resumedOn}, ${count})`);
  }
  await withConnection(account, async (connection) => {
    await connection.begin();
    try {
      await connection.run(commands.join('; '));
      await connection.commit();
    } catch (error) {
      if (connection.inTransaction) await connection.rollback();
      throw error;
    }
  });
}

/** The graph runs that are kept, oldest first; older ones are dropped. */
export function readRuns(account: Account): Promise<{ runs: GraphRun[]; failures: Failures[] }> {
  return withConnection(account, async (connection) => {
    await connection.run(TABLES.join('; '));
    await connection.run(`DELETE FROM "$graph_runs" WHERE ended < ${account.clock.now() - KEPT_MS}`);
    const rows = await connection.rows('SELECT json FROM "$graph_runs" ORDER BY ended');
    const failures = await connection.rows(
      'SELECT root::VARCHAR, resumed::VARCHAR, failures::VARCHAR FROM "$task_failures"',
    );
    return {
      runs: rows.map(([json]) => revive(JSON.parse(json!) as Stored)),
      failures: failures.map(([rootId, resumedOn, count]) => ({
        rootId: Number(rootId),
        resumedOn: Number(resumedOn),
        count: Number(count),
      })),
    };
  });
}

function revive({ runs, ...rest }: Stored): GraphRun {
  const graph: GraphRun = {
    ...rest,
    // Runs that were stored before these were known.
    originallyScheduled: rest.originallyScheduled ?? rest.scheduled,
    runs: new Map(),
    abort: new AbortController(),
  };
  for (const [name, run] of runs) graph.runs.set(name, { ...run, graph, abort: new AbortController() });
  return graph;
}

const TABLES = [
  'CREATE TABLE IF NOT EXISTS "$graph_runs" (ended BIGINT, json VARCHAR)',
  'CREATE TABLE IF NOT EXISTS "$task_failures" (root BIGINT, resumed BIGINT, failures INTEGER)',
];

async function withConnection<T>(account: Account, work: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await account.storage.connect();
  try {
    return await work(connection);
  } finally {
    connection.close();
  }
}
