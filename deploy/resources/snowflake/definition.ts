import { literal } from '../../../procedures/ground/names.js';
import { type Resource, type ResourceId, type ResourceOptions, resourceOf } from '../resource.js';

/** Kinds of Snowflake objects that are described by their statements, and what SHOW and DROP call one. */
export const SQL_NOUNS = {
  'snowflake.role': 'ROLE',
  'snowflake.warehouse': 'WAREHOUSE',
  'snowflake.database': 'DATABASE',
  'snowflake.schema': 'SCHEMA',
  'snowflake.api-integration': 'API INTEGRATION',
  'snowflake.storage-integration': 'STORAGE INTEGRATION',
  'snowflake.notification-integration': 'NOTIFICATION INTEGRATION',
  'snowflake.table': 'TABLE',
  'snowflake.view': 'VIEW',
  'snowflake.stage': 'STAGE',
  'snowflake.file-format': 'FILE FORMAT',
  'snowflake.stream': 'STREAM',
  'snowflake.procedure': 'PROCEDURE',
  'snowflake.function': 'FUNCTION',
} as const;

export type SqlKind = keyof typeof SQL_NOUNS;

/**
 * A Snowflake object as the statements that make it. Names may be unqualified: the session's database and
 * schema are the project's.
 */
export interface SqlDefinition {
  /**
   * The statement that makes the object. It must contain COMMENT_CLAUSE where Snowflake's grammar has
   * `COMMENT = '…'`: the fingerprint goes there, in the same statement, so that no interruption can leave
   * an object without it.
   */
  readonly create: string;
  /**
   * The statements that bring an existing object to this state, the last one carrying COMMENT_CLAUSE.
   * Left out: `create` again, which then must be a CREATE OR REPLACE or CREATE OR ALTER.
   */
  readonly update?: readonly string[];
  /** For a table: columns without whose values nothing is lost, for they are recomputed; one whose type cannot be altered is made again. */
  readonly recomputed?: readonly string[];
  /**
   * For a table: the one that is computed from it, qualified. While that has rows, an empty one does not take the
   * place of one that is gone.
   */
  readonly sourceOf?: string;
}

/** In the comment of what los drops on purpose, in place of its fingerprint. */
export const GIVEN_UP = 'given-up';

/** Placeholder for the object's comment, replaced by `COMMENT = 'predict-los/<prefix> <fingerprint>'`. */
export const COMMENT_CLAUSE = "COMMENT = '{fingerprint}'";

/** The same with what the object is before it, for readers of SHOW VIEWS and the like. */
export function commentClause(description: string): string {
  return description === ''
    ? COMMENT_CLAUSE
    : `COMMENT = '${literal(description).slice(1, -1)} {fingerprint}'`;
}

/** Description before the fingerprint in the comment of a statement, as it is written there. */
export function descriptionIn(statement: string): string {
  return /COMMENT = '((?:[^']|'')*)\{fingerprint\}'/.exec(statement)?.[1] ?? '';
}

/**
 * A resource of one of the statement-described kinds.
 * @param name as SHOW reports it: upper-case; with its argument types for functions and procedures,
 *   e.g. `PREDICT_LOS(OBJECT)`, `BUILD_FEATURES()`, `F(FLOAT, VARCHAR)`
 * @example
 * sqlResource('snowflake.view', 'LOS_INPUT', { create: `CREATE OR REPLACE VIEW LOS_INPUT ${COMMENT_CLAUSE} AS SELECT …` },
 *   { dependsOn: ['snowflake.table:LOS_FEATURES'] })
 */
export function sqlResource(
  kind: SqlKind,
  name: string,
  definition: SqlDefinition,
  options: ResourceOptions = {},
): Resource<SqlDefinition> {
  return resourceOf(kind, name, definition, options);
}

/**
 * A table of data, which is altered and never replaced.
 * @param statement begins with what it is given, CREATE TABLE or CREATE OR ALTER TABLE, and carries COMMENT_CLAUSE
 * @param options as of sqlResource, and what is said of a table
 */
export function tableResource(
  name: string,
  statement: (create: string) => string,
  { recomputed, sourceOf, ...options }: ResourceOptions & Pick<SqlDefinition, 'recomputed' | 'sourceOf'>,
): Resource<SqlDefinition> {
  const definition = {
    create: statement('CREATE TABLE'),
    update: [statement('CREATE OR ALTER TABLE')],
    ...(recomputed === undefined ? {} : { recomputed }),
    ...(sourceOf === undefined ? {} : { sourceOf }),
  };
  return sqlResource('snowflake.table', name, definition, { ...options, holdsData: true });
}

/** The qualified table that a stream is made on. */
export function tableOfStream({ create }: SqlDefinition): string {
  return /ON (?:TABLE|VIEW) (\S+)/.exec(create)?.[1] ?? '';
}

/** A graph of tasks that is created, changed and resumed as one. */
export interface TaskGraphDefinition {
  /** The root first; each `create` is a CREATE OR REPLACE TASK statement that carries COMMENT_CLAUSE. */
  readonly tasks: readonly { readonly name: string; readonly create: string }[];
  /** True if the graph is left running. */
  readonly resumed: boolean;
}

/** The resource of a task graph, named after its root task. @param formerly earlier names of any of its tasks */
export function taskGraph(
  definition: TaskGraphDefinition,
  dependsOn: readonly ResourceId[],
  formerly: readonly string[] = [],
): Resource<TaskGraphDefinition> {
  const root = definition.tasks[0];
  if (!root) throw new Error('A task graph needs at least its root task');
  return resourceOf('snowflake.task-graph', root.name, definition, {
    dependsOn,
    ...(formerly.length > 0 ? { formerly } : {}),
  });
}
