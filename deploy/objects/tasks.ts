import { computeClause, startClause, TRIGGER_SECONDS } from '../ground/schedule.js';
import type { Declaration } from '../headers/header.js';
import { idOf, type Resource, type ResourceId } from '../resources/resource.js';
import { type TaskGraphDefinition, taskGraph } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { type Scope, withFile } from './scope.js';
import { dependencies, placeholdersOf } from './sql-objects.js';

/** A task, before it is part of a graph. */
export interface TaskStatement {
  readonly declared: Declaration;
  readonly name: string;
  readonly create: string;
  readonly needs: readonly ResourceId[];
  /** The task that it follows or finalizes; a root has none. */
  readonly precursor: string | undefined;
  readonly finalizes: boolean;
}

/** The statement of each task's file. @throws Error for one whose text does not say when it starts as its header does */
export function taskStatements(files: readonly Declaration[], scope: Scope): TaskStatement[] {
  return files.map((declared) => withFile(declared, () => taskStatement(declared, scope)));
}

/** When a task starts by its header, in Snowflake's words or `triggered`. */
export function startOf(schedule: string | undefined, scope: Scope): string | undefined {
  const asked = schedule === undefined ? undefined : scope.render(schedule).text;
  // Over rows of others no stream may wake it.
  return asked === 'triggered' && !scope.exists('wakes') ? `${TRIGGER_SECONDS / 60} MINUTE` : asked;
}

function taskStatement(declared: Declaration, scope: Scope): TaskStatement {
  const { name, schedule } = declared.header;
  if (schedule !== undefined && !declared.text.includes('{{start}}'))
    throw new Error('it says "-- schedule:", and its text lacks {{start}}, which becomes the clause of it');
  const starts = startOf(schedule, scope);
  // A root that no schedule starts is started by its condition.
  const triggered =
    starts === 'triggered' || (starts === undefined && !/\b(AFTER|FINALIZE) /.test(declared.text));
  const { text, needs } = scope.statement(declared.text, {
    ...placeholdersOf(declared, scope),
    ...(starts !== undefined && { start: startClause(starts) }),
    compute: computeClause(scope.settings, triggered),
  });
  return {
    declared,
    name: scope.name(name),
    create: text,
    needs: dependencies(declared, scope, needs).filter((id) => !id.startsWith('snowflake.task:')),
    precursor: /^ *(?:AFTER|FINALIZE =) (\S+)/m.exec(text)?.[1]?.split('.').at(-1),
    finalizes: /^ *FINALIZE /m.test(text),
  };
}

/**
 * Tasks that follow or finalize another are one graph with it, which is suspended, changed and resumed as one. A graph starts when all
 * tables are there.
 */
export function taskGraphs(
  tasks: readonly TaskStatement[],
  { snowflake, tasks: { resumed } }: Settings,
  tables: readonly Resource[],
): Resource<TaskGraphDefinition>[] {
  const precursorOf = (name: string) => tasks.find((task) => task.name === name)?.precursor;
  const rootOf = (name: string): string => {
    const precursor = precursorOf(name);
    return precursor === undefined ? name : rootOf(precursor);
  };
  const depth = ({ name, finalizes }: TaskStatement): number => {
    let steps = finalizes ? tasks.length : 0;
    for (let at = precursorOf(name); at !== undefined; at = precursorOf(at)) steps++;
    return steps;
  };
  return tasks
    .filter(({ precursor }) => precursor === undefined)
    .map((root) => {
      const members = tasks
        .filter(({ name }) => rootOf(name) === root.name)
        .sort((a, b) => depth(a) - depth(b));
      const needs = [...members.flatMap((task) => task.needs), ...tables.map(idOf)];
      return taskGraph(
        { tasks: members.map(({ name, create }) => ({ name, create })), resumed },
        [...new Set([...needs, `snowflake.warehouse:${snowflake.warehouse.name}`])],
        members.flatMap(({ declared }) => declared.header.formerly ?? []),
      );
    });
}
