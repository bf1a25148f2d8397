import { createHash } from 'node:crypto';
import type { Account } from '../../account.js';
import type { Task } from '../../catalog/objects.js';
import { graphOf } from './graph.js';

/**
 * The version that a graph gets when its root is resumed or executed: a new one if a task of it was changed since
 * (docs: user-guide/tasks-graphs, "Versioning").
 */
export function versionOf(account: Account, root: Task): NonNullable<Task['version']> {
  const { children, finalizer } = graphOf(account, root);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([root, ...children, ...(finalizer ? [finalizer] : [])].map(definitionOf)))
    .digest('hex');
  if (root.version?.fingerprint === fingerprint) return root.version;
  return { number: (root.version?.number ?? 0) + 1, fingerprint, committedOn: account.clock.now() };
}

/** What of a task makes a version: all but its state. */
function definitionOf(task: Task): object {
  const { state, resumedOn, suspendedOn, suspendedReason, version, owner, ...rest } = task;
  return rest;
}
