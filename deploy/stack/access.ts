import { qualify, schemaPath } from '../../procedures/ground/names.js';
import type { Caller } from '../../procedures/object.js';
import type { Context } from '../context.js';
import { taskDeclarations } from '../headers/files.js';
import type { Reader } from '../headers/header.js';
import type { SchemaObject } from '../objects/index.js';
import type { Resource } from '../resources/resource.js';
import type { TaskGraphDefinition } from '../resources/snowflake/definition.js';
import { type Grant, type GrantsDefinition, grantsKind } from '../resources/snowflake/grants.js';

/** Names for GRANT, by the kind that its file declares. */
const TYPES: Readonly<Record<string, string>> = {
  table: 'TABLE',
  view: 'VIEW',
  stage: 'STAGE',
  'file-format': 'FILE FORMAT',
  stream: 'STREAM',
  function: 'FUNCTION',
  'external-function': 'FUNCTION',
  procedure: 'PROCEDURE',
};

/** Privileges of a reader on an object of a kind. */
const READING: Readonly<Record<string, string>> = {
  table: 'SELECT',
  view: 'SELECT',
  function: 'USAGE',
  'external-function': 'USAGE',
};

/**
 * Grants of the five roles, as objects say it of themselves (`readers`, `callers`, `operators`). `read` reads figures
 * and asks for predictions; `patients` also reads rows and lists of patients; `run` has the pipeline run by
 * procedures and tasks; `operate` also has models trained and promoted; `deploy` is in `operate`, and owns what apply
 * makes when it is run with it (bootstrap.ts gives it what that takes). No role writes a table: procedures do, with
 * the rights of their owner.
 * @param objects everything in the schema but the tasks
 * @param account everything that apply makes
 */
export function grantResources(
  { settings }: Pick<Context, 'settings'>,
  objects: readonly SchemaObject[],
  graphs: readonly Resource[],
  account: readonly Resource[],
): Resource<GrantsDefinition>[] {
  const { database, schema, warehouse, roles } = settings.snowflake;
  const tasks = graphs.flatMap(({ definition }) =>
    (definition as TaskGraphDefinition).tasks.map(({ name }) => name),
  );
  const base: Grant[] = [
    { privilege: 'USAGE', type: 'DATABASE', name: database },
    { privilege: 'USAGE', type: 'SCHEMA', name: schemaPath(settings) },
    { privilege: 'USAGE', type: 'WAREHOUSE', name: warehouse.name },
  ];
  const grantsOn = ({ declared, resource }: SchemaObject, privilege: string): Grant => ({
    privilege,
    type: TYPES[declared.kind] ?? declared.kind,
    name: qualify(settings, resource.name),
  });
  const hidden = settings.tasks.silent === null ? new Set<SchemaObject>() : showingPredictions(objects);
  const shown = objects.filter((object) => !hidden.has(object));
  const reads = (reader: Reader, among = shown) =>
    among.flatMap((object) => {
      const privilege = READING[object.declared.kind];
      return privilege !== undefined && readersOf(object) === reader ? [grantsOn(object, privilege)] : [];
    });
  const calls = (caller: Caller, among = shown) =>
    among.flatMap((object) =>
      'callers' in object.declared && [object.declared.callers].flat().includes(caller)
        ? [grantsOn(object, 'USAGE')]
        : [],
    );
  // Figures alone: rows of patients are the owner's in a silent period.
  const ownersAlone = [...hidden];
  const onTasks = (privilege: string, names: readonly string[]) =>
    names.map((name) => ({ privilege, type: 'TASK', name: qualify(settings, name) }));
  const operates = (operator: string) =>
    onTasks(
      'OPERATE',
      tasks.filter((name) =>
        taskDeclarations().some((task) => task.name === name && task.operators === operator),
      ),
    );
  const roleGrant = (name: string): Grant => ({ privilege: 'USAGE', type: 'ROLE', name });
  const owned = [
    `DATABASE ${database}`,
    `SCHEMA ${schemaPath(settings)}`,
    `WAREHOUSE ${warehouse.name}`,
    ...account
      .filter(({ kind }) => kind === 'snowflake.stage')
      .map(({ name }) => `STAGE ${qualify(settings, name)}`),
    ...objects
      .filter(({ declared }) => declared.kind !== 'stage')
      .map(({ declared, resource }) => `${TYPES[declared.kind]} ${qualify(settings, resource.name)}`),
    ...tasks.map((name) => `TASK ${qualify(settings, name)}`),
  ];
  const make = (role: string, grants: Grant[], needs: RegExp, members: string[]) =>
    grantsKind.resource(
      role,
      { grants, objects: owned },
      {
        dependsOn: [
          ...account.filter(({ kind }) => needs.test(kind)).map(({ kind, name }) => `${kind}:${name}`),
          `snowflake.warehouse:${warehouse.name}`,
          `snowflake.schema:${schema}`,
          ...[role, ...members].map((name) => `snowflake.role:${name}`),
        ],
        redo: true,
      },
    );
  const everything = /table$|view$|procedure$|function$/;
  return [
    make(roles.read, [...base, ...reads('read'), ...calls('read')], everything, []),
    make(
      roles.patients,
      [...base, ...reads('patients'), ...calls('patients'), roleGrant(roles.read)],
      /table$|view$|procedure$/,
      [roles.read],
    ),
    make(
      roles.run,
      [
        ...base,
        ...reads('run'),
        ...calls('run'),
        ...operates('run'),
        ...onTasks('MONITOR', tasks),
        roleGrant(roles.read),
      ],
      new RegExp(`${everything.source}|task-graph$`),
      [roles.read],
    ),
    make(
      roles.operate,
      [
        ...reads('operate'),
        ...reads('operate', ownersAlone),
        ...reads('run', ownersAlone),
        ...reads('read', ownersAlone),
        ...calls('operate'),
        ...calls('run', ownersAlone),
        ...operates('operate'),
        roleGrant(roles.run),
      ],
      hidden.size === 0 ? /table$|procedure$|task-graph$/ : new RegExp(`${everything.source}|task-graph$`),
      [roles.run],
    ),
    make(roles.plan, [...base, ...calls('plan')], /procedure$/, []),
    make(roles.deploy, [roleGrant(roles.operate)], /^$/, [roles.operate]),
  ];
}

function readersOf({ declared }: SchemaObject): Reader | undefined {
  return 'header' in declared ? declared.header.readers : declared.readers;
}

/** Finds what says that it shows predictions, and everything that reads it. */
function showingPredictions(objects: readonly SchemaObject[]): Set<SchemaObject> {
  const found = new Set(
    objects.filter(
      ({ declared }) => ('header' in declared ? declared.header : declared).shows === 'predictions',
    ),
  );
  for (let before = -1; before < found.size; ) {
    before = found.size;
    const ids = new Set([...found].map(({ resource }) => `${resource.kind}:${resource.name}`));
    for (const object of objects)
      if (READING[object.declared.kind] && object.resource.dependsOn.some((id) => ids.has(id)))
        found.add(object);
  }
  return found;
}
