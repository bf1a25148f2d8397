import { schemaPath } from '../../../procedures/ground/names.js';
import { itemAt } from '../../../udfs/require-value.js';
import type { Row } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import { UserError } from '../../errors.js';
import { objectMarker, readMarker } from '../../ground/marker.js';
import { differencesOf, type Properties } from '../difference.js';
import { defineKind, type LiveResource, type Resource } from '../resource.js';
import type { TaskGraphDefinition } from './definition.js';
import { bodyOf, clauseOf, optionsOf } from './read-statement.js';
import { showOrNothing } from './sql-kind.js';

/**
 * A task graph as one object: Snowflake wants the root suspended before any of its tasks changes, and the
 * children resumed before the root. Every task carries the fingerprint of the whole graph, so a graph that an
 * interrupted apply left half changed or suspended is seen and finished by the next one.
 */
export const taskGraphKind = defineKind<TaskGraphDefinition>({
  id: 'snowflake.task-graph',

  definitionProperties: ({ definition }) =>
    Object.assign({}, ...definition.tasks.map(({ name, create }) => taskProperties(name, taskRow(create)))),

  async list(ctx, wanted) {
    const rows = await showOrNothing(ctx, `SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
    const tasks = rows.map((row) => ({
      name: String(row.name),
      started: String(row.state).toLowerCase() === 'started',
      properties: taskProperties(String(row.name), row),
      ...readMarker(ctx.settings.prefix, row.comment),
    }));
    const inGraphs = new Set<string>();
    const graphs: LiveResource[] = [];
    for (const { name, definition } of wanted) {
      const members = definition.tasks.map((task) => task.name);
      const live = tasks.filter((task) => members.includes(task.name));
      for (const task of live) inGraphs.add(task.name);
      if (live.length === 0) continue;
      const fingerprints = new Set(live.map((task) => task.fingerprint));
      const complete = live.length === members.length && fingerprints.size === 1;
      const word = definition.resumed ? 'is suspended' : 'is running';
      const drift = live
        .filter((task) => task.started !== definition.resumed)
        .map((task) => `${task.name} ${word}`);
      const missing = members.filter((member) => !live.some((task) => task.name === member));
      graphs.push({
        name,
        // A task without the marker is a declared one that was replaced by hand.
        owner: 'managed',
        fingerprint: complete ? itemAt(live, 0).fingerprint : undefined,
        properties: Object.assign(
          {},
          ...live.map((task) => task.properties),
          ...missing.map((member) => ({ [`${member} AS`]: '' })),
        ),
        // Half changed, it is brought to its end anyway.
        ...(complete && drift.length > 0 ? { drift: drift.join(', ') } : {}),
      });
    }
    for (const task of tasks)
      if (task.owner !== 'foreign' && !inGraphs.has(task.name))
        graphs.push({ name: task.name, owner: 'managed', fingerprint: task.fingerprint });
    return graphs;
  },

  // CREATE OR REPLACE TASK drops them; resuming does not.
  dropsGrants: (_resource, differs) => differs,

  create: bring,

  async update(ctx, resource, fingerprint, live) {
    const differences = differencesOf(this.definitionProperties?.(resource) ?? {}, live.properties ?? {});
    if (differences.length || live.fingerprint !== fingerprint) return bring(ctx, resource, fingerprint);
    // As declared except for what runs: nothing is replaced. A child cannot be resumed while its root runs.
    await ctx.snowflake.execute(`ALTER TASK ${resource.name} SUSPEND`);
    await setRunning(ctx, resource.definition);
  },

  async remove(ctx, live) {
    const rows = await showOrNothing(ctx, `SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
    const ownTasks = rows
      .filter((row) => readMarker(ctx.settings.prefix, row.comment).owner !== 'foreign')
      .map((row) => ({
        name: String(row.name),
        graph: readMarker(ctx.settings.prefix, row.comment).fingerprint,
      }));
    const root = ownTasks.find((task) => task.name === live.name);
    if (!root) return;
    await ctx.snowflake.execute(`ALTER TASK IF EXISTS ${root.name} SUSPEND`);
    // Children first: a task whose predecessor is gone would become a root of its own.
    for (const task of ownTasks.filter((task) => task.graph === root.graph).reverse())
      if (task !== root) await ctx.snowflake.execute(`DROP TASK IF EXISTS ${task.name}`);
    await ctx.snowflake.execute(`DROP TASK IF EXISTS ${root.name}`);
  },
});

/** The columns of SHOW TASKS that a statement of tasks/ decides. */
function taskRow(create: string): Row {
  const options = optionsOf(create);
  const after = clauseOf(create, 'AFTER');
  return {
    warehouse: options.WAREHOUSE,
    schedule: options.SCHEDULE,
    predecessors: JSON.stringify(after ? after.split(',').map((name) => name.trim()) : []),
    condition: clauseOf(create, 'WHEN'),
    definition: bodyOf(create),
    allow_overlapping_execution: 'false',
  };
}

function taskProperties(name: string, row: Row): Properties {
  const predecessors = JSON.parse(String(row.predecessors ?? '[]')) as string[];
  return {
    [`${name} WAREHOUSE`]: String(row.warehouse ?? ''),
    [`${name} SCHEDULE`]: String(row.schedule ?? ''),
    [`${name} AFTER`]: predecessors.map((path) => path.replaceAll('"', '')).join(', '),
    [`${name} WHEN`]: String(row.condition ?? ''),
    [`${name} AS`]: String(row.definition ?? '').trim(),
    // Children report null.
    [`${name} ALLOW_OVERLAPPING_EXECUTION`]:
      String(row.allow_overlapping_execution) === 'true' ? 'TRUE' : 'FALSE',
  };
}

async function bring(
  ctx: Context,
  { definition, formerly = [] }: Resource<TaskGraphDefinition>,
  fingerprint: string,
): Promise<undefined> {
  const marker = objectMarker(ctx.settings.prefix, fingerprint);
  // Every task, not the root alone: CREATE OR REPLACE of a child is refused while its root runs, and a task
  // that used to be a root of its own must not run meanwhile.
  for (const task of definition.tasks)
    await ctx.snowflake.execute(`ALTER TASK IF EXISTS ${task.name} SUSPEND`);
  if (formerly.length > 0) await dropFormer(ctx, formerly);
  for (const task of definition.tasks)
    await ctx.snowflake.execute(task.create.replaceAll('{fingerprint}', marker));
  await setRunning(ctx, definition);
}

/**
 * Drops those tasks of ours that have earlier names: ALTER TASK renames none, both must not run beside each other, and a graph takes no
 * second finalizer. An apply that ends before the new ones are made leaves a graph that the next one completes.
 */
async function dropFormer(ctx: Context, formerly: readonly string[]): Promise<void> {
  const rows = await ctx.snowflake.query(`SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
  const former = rows.filter(
    (row) =>
      formerly.includes(String(row.name)) && readMarker(ctx.settings.prefix, row.comment).owner === 'managed',
  );
  for (const { name } of former) {
    await ctx.snowflake.execute(`ALTER TASK IF EXISTS ${name} SUSPEND`);
    await ctx.snowflake.execute(`DROP TASK IF EXISTS ${name}`);
  }
}

/** Resumes the children first and the root last; to suspend, the root goes first. */
async function setRunning(ctx: Context, { tasks, resumed }: TaskGraphDefinition): Promise<void> {
  const order = resumed ? [...tasks.slice(1), ...tasks.slice(0, 1)] : tasks;
  for (const task of order)
    await ctx.snowflake.execute(`ALTER TASK ${task.name} ${resumed ? 'RESUME' : 'SUSPEND'}`);
  await assertRunning(
    ctx,
    tasks.map(({ name }) => name),
    resumed,
  );
}

/** A graph left suspended goes unnoticed: look at what came of it. */
async function assertRunning(ctx: Context, names: readonly string[], resumed: boolean): Promise<void> {
  const rows = await ctx.snowflake.query(`SHOW TASKS IN SCHEMA ${schemaPath(ctx.settings)}`);
  const wanted = resumed ? 'started' : 'suspended';
  const wrong = names.filter(
    (name) => String(rows.find((row) => row.name === name)?.state).toLowerCase() !== wanted,
  );
  if (wrong.length)
    throw new UserError(`The tasks ${wrong.join(', ')} are not ${wanted} although they were told to be.`, {
      next: 'Run los apply again; if it stays so, see TASK_HISTORY for a task that suspended itself.',
    });
}
