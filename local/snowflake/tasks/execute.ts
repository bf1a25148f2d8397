import { identifier } from '../catalog/catalog.js';
import type { Task } from '../catalog/objects.js';
import { SnowflakeError } from '../errors.js';
import { type StatementContext, type StatementOutcome, status } from '../kernel/statement.js';
import { type TaskEngine, taskEngine } from './engine/engine.js';
import type { GraphRun } from './engine/run.js';
import { requireRunnable } from './graph/access.js';
import { mergeConfig } from './graph/config.js';
import { fullName, rootOf } from './graph/graph.js';
import { isNonRoot } from './graph/place.js';
import { versionOf } from './graph/versions.js';

/** A failed run can be retried for so long (docs: sql-reference/sql/execute-task). */
const RETRIED_FOR_MS = 14 * 86_400_000;

/**
 * EXECUTE TASK name [USING CONFIG = '…' | RETRY LAST | RETRY GRAPH RUN GROUP 'id']: the graph runs in the
 * background. Docs: sql-reference/sql/execute-task.
 */
export async function execute(context: StatementContext): Promise<StatementOutcome> {
  const { account, session, tokens } = context;
  tokens.expect('EXECUTE', 'TASK');
  const task = account.catalog.resolve('TASK', tokens.name(), session) as Task;
  account.access.requireAny(session, ['OPERATE', 'OWNERSHIP'], task);
  let config: string | undefined;
  let retry: { group?: string } | undefined;
  if (tokens.take('RETRY', 'LAST')) retry = {};
  else if (tokens.take('RETRY', 'GRAPH', 'RUN', 'GROUP')) retry = { group: tokens.string() };
  else if (tokens.take('USING', 'CONFIG')) {
    tokens.expect('=');
    config = mergeConfig(task.config, tokens.string());
  }
  tokens.expectEnd();
  if (isNonRoot(task))
    throw new SnowflakeError(
      '091096',
      '55000',
      `Task ${fullName(task)} is not a root task: EXECUTE TASK runs a whole graph. Execute ${fullName(rootOf(account, task))}.`,
    );
  requireRunnable(account, task);
  const engine = taskEngine(account);
  await engine.ready;
  const version = versionOf(account, task);
  const root = { ...task, version };
  const retryOf = retry && failRun(engine, root, retry.group, account.clock.now());
  if (version !== task.version) await account.catalog.change(session.connection, (tx) => tx.put(root));
  engine.execute(root, {
    ...(config !== undefined && { config }),
    ...(retryOf && { retryOf }),
  });
  return status(`Task ${identifier(task.name)} is scheduled to run immediately.`);
}

/** The run that RETRY means. @throws SnowflakeError 091097 if it cannot be retried */
function failRun(engine: TaskEngine, root: Task, group: string | undefined, now: number): GraphRun {
  const last = engine.lastRun(root, group);
  const refuse = (why: string) =>
    new SnowflakeError('091097', '55000', `Cannot retry task ${fullName(root)}: ${why}.`);
  if (!last)
    throw refuse(group === undefined ? 'it has not run yet' : `it has no graph run group '${group}'`);
  if (last.state !== 'FAILED' && last.state !== 'CANCELLED')
    throw refuse('its last graph run has not failed');
  if (last.graph.root.version?.fingerprint !== root.version?.fingerprint)
    throw refuse('the task graph has been modified since that run');
  if (now - last.originallyScheduled > RETRIED_FOR_MS) throw refuse('that run is older than 14 days');
  return last;
}
