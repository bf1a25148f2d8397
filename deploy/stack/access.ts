import { qualify, schemaPath } from '../../procedures/ground/names.js';
import type { Caller } from '../../procedures/object.js';
import type { Context } from '../context.js';
import type { Reader } from '../headers/header.js';
import type { SchemaObject } from '../objects/index.js';
import type { Resource } from '../resources/resource.js';
import type { TaskGraphDefinition } from '../resources/snowflake/definition.js';
import { type Grant, type GrantsDefinition, grantsKind } from '../resources/snowflake/grants.js';

/** How GRANT names what lives in the schema, by the kind that its file declares. */
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

/** What a reader may do with an object of a kind. */
const READING: Readonly<Record<string, string>> = {
  table: 'SELECT',
  view: 'SELECT',
  function: 'USAGE',
  'external-function': 'USAGE',
};

/**
 * What the five roles may do, as objects say it of themselves (`readers`, `writers`, `callers`). `read` reads the views and tables and asks
 * for predictions; `run` also writes the tables of the pipeline and runs the tasks; `operate` also has models trained and promoted; `wards` sees
 * who leaves when; `deploy` is in `operate`, and owns what apply makes when it is run with it (bootstrap.ts gives it what that takes).
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
    (definition as TaskGraphDefinition).tasks.map(({ name }) => qualify(settings, name)),
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
  const reads = (reader: Reader) =>
    objects.flatMap((object) => {
      const privilege = READING[object.declared.kind];
      return privilege !== undefined && readersOf(object) === reader ? [grantsOn(object, privilege)] : [];
    });
  const writes = objects.flatMap((object) =>
    'header' in object.declared && object.declared.header.writers === 'run'
      ? ['INSERT', 'UPDATE', 'DELETE'].map((privilege) => grantsOn(object, privilege))
      : [],
  );
  const calls = (caller: Caller) =>
    objects.flatMap((object) =>
      'callers' in object.declared && object.declared.callers === caller ? [grantsOn(object, 'USAGE')] : [],
    );
  const runs = tasks.flatMap((name) =>
    ['OPERATE', 'MONITOR'].map((privilege) => ({ privilege, type: 'TASK', name })),
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
    ...tasks.map((name) => `TASK ${name}`),
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
      roles.run,
      [
        ...base,
        ...reads('read'),
        ...reads('run'),
        ...writes,
        ...calls('run'),
        ...runs,
        roleGrant(roles.read),
      ],
      new RegExp(`${everything.source}|task-graph$`),
      [roles.read],
    ),
    make(roles.operate, [...calls('operate'), roleGrant(roles.run)], /procedure$/, [roles.run]),
    make(roles.wards, [...base, ...reads('wards')], /view$/, []),
    make(roles.deploy, [roleGrant(roles.operate)], /^$/, [roles.operate]),
  ];
}

function readersOf({ declared }: SchemaObject): Reader | undefined {
  return 'header' in declared ? declared.header.readers : declared.readers;
}
