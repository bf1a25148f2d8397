import type { Contract } from '../../procedures/dataset/contract.js';
import { hasStream } from '../../procedures/dataset/origin/door.js';
import { hasEvents } from '../../procedures/dataset/origin/events.js';
import { hasHuddle } from '../../procedures/dataset/origin/expected.js';
import { readsOthers } from '../../procedures/dataset/origin/relation.js';
import type { Marks } from '../../procedures/records/mark-columns.js';
import type { Context } from '../context.js';
import { readDeclarations } from '../headers/files.js';
import type { Declaration } from '../headers/header.js';
import { challengerOf } from '../model/challenger.js';
import type { Resource } from '../resources/resource.js';
import type { SqlDefinition } from '../resources/snowflake/definition.js';
import { codeResource, type DeclaredCode, readCodeObjects } from './code-objects.js';
import { marksOf } from './marks.js';
import { Scope } from './scope.js';
import { planSource } from './source.js';
import { makeResource, showName } from './sql-objects.js';
import { type TaskStatement, taskGraphs, taskStatements } from './tasks.js';

/** An object of the schema: what its file says, and what apply makes of it. */
export interface SchemaObject {
  readonly declared: Declaration | DeclaredCode;
  readonly resource: Resource;
  /** Marks of a table or view of patients. */
  readonly marks?: Marks;
}

export interface SchemaObjects {
  readonly objects: readonly SchemaObject[];
  /** Headers and statements of the tasks; they are made as graphs. */
  readonly tasks: readonly TaskStatement[];
  readonly graphs: readonly Resource[];
}

/**
 * Everything that lives in the schema, by these settings: tables, views, streams, functions, procedures, tasks, as the files of sql/,
 * tasks/, udfs/ and procedures/ declare them.
 * @param account what they may refer to beside each other: integrations
 * @throws Error for a file that declares what cannot be made
 * @example
 * const { objects } = await schemaObjects(ctx, contract, [...awsResources(ctx), ...snowflakeResources(ctx)]);
 */
export async function schemaObjects(
  ctx: Pick<Context, 'settings' | 'aws'>,
  contract: Contract,
  account: readonly Resource[],
): Promise<SchemaObjects> {
  const { settings } = ctx;
  const scope = new Scope(contract, settings, {
    dates: contract.admission !== undefined,
    mail: settings.mail.verified.length > 0,
    challenger: challengerOf(contract, settings) !== null,
    columns: settings.snowflake.predictLos === 'columns',
    table: contract.origin === undefined,
    origin: contract.origin !== undefined,
    stream: hasStream(contract),
    events: hasEvents(contract),
    others: readsOthers(contract),
    planned: contract.planned !== undefined,
    decisions: contract.decisions !== undefined,
    lists: contract.planned !== undefined || contract.decisions !== undefined,
    expected: contract.expectedDischarge !== undefined,
    ready: contract.readyForDischarge !== undefined,
    huddle: hasHuddle(contract),
    moves: contract.moves !== undefined,
    excess: contract.excess !== undefined,
    wakes: hasStream(contract) && contract.origin === undefined,
  });
  const files = readDeclarations().filter(({ header }) => scope.exists(header.only));
  const code = readCodeObjects().filter(({ only }) => scope.exists(only));
  for (const { kind, name } of account) scope.add(kind, name);
  for (const file of files) scope.add(`snowflake.${file.kind}`, showName(file, scope));
  for (const { kind, name } of code) scope.add(`snowflake.${kind}`, name);

  const made = files.flatMap((declared) =>
    declared.kind === 'task'
      ? []
      : [
          {
            declared,
            resource: makeResource(declared.kind, declared, scope),
            marks: marksOf(declared, scope),
          },
        ],
  );
  const of = (kind: string) => made.map(({ resource }) => resource).filter((each) => each.kind === kind);
  const restorable = [...of('snowflake.stream'), ...of('snowflake.table')] as Resource<SqlDefinition>[];
  const source = planSource(ctx, scope, files, account, restorable);
  const compiled = await Promise.all(
    code.map(async (declared) => ({ declared, resource: await codeResource(declared, scope, source) })),
  );
  const tasks = taskStatements(
    files.filter(({ kind }) => kind === 'task'),
    scope,
  );
  return {
    objects: [...made, ...compiled],
    tasks,
    graphs: taskGraphs(tasks, settings, of('snowflake.table')),
  };
}
