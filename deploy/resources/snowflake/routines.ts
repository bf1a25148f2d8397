import { createHash } from 'node:crypto';
import { schemaPath } from '../../../procedures/ground/names.js';
import { type Row, SnowflakeError } from '../../clients/snowflake.js';
import type { Context } from '../../context.js';
import type { Properties } from '../difference.js';
import type { ResourceKind } from '../resource.js';
import type { SqlDefinition } from './definition.js';
import { bodyOf, clauseOf, listItems, signatureOf, typeText } from './read-statement.js';
import { showOrNothing, sqlKind } from './sql-kind.js';

type Routine = 'FUNCTION' | 'PROCEDURE';

/**
 * Functions or procedures of the project's schema with their bodies, in one query. SHOW leaves the bodies
 * out, INFORMATION_SCHEMA has them but needs a warehouse: without one (it is still to be made) SHOW must do,
 * and only fingerprints are compared.
 * `name` is `NAME(TYPES)`, `comment` the comment, the rest INFORMATION_SCHEMA's columns.
 */
export async function routineRows(ctx: Context, what: Routine): Promise<Row[]> {
  const { database, schema } = ctx.settings.snowflake;
  try {
    const rows = await showOrNothing(
      ctx,
      `SELECT * FROM ${database}.INFORMATION_SCHEMA.${what}S WHERE ${what}_SCHEMA = '${schema}'`,
    );
    return rows.map((row) => ({
      ...row,
      name: `${row[`${what}_NAME`]}(${typesOf(String(row.ARGUMENT_SIGNATURE))})`,
      comment: row.COMMENT,
    }));
  } catch (error) {
    if (!(error instanceof SnowflakeError && error.code === '000606')) throw error;
    const shown = what === 'FUNCTION' ? 'USER FUNCTIONS' : 'PROCEDURES';
    const rows = await showOrNothing(ctx, `SHOW ${shown} IN SCHEMA ${schemaPath(ctx.settings)}`);
    return rows.map((row) => ({
      name: callableName(row),
      comment: row.description,
      IS_EXTERNAL: row.is_external_function === 'Y' ? 'YES' : 'NO',
    }));
  }
}

/** `F(OBJECT) RETURN FLOAT` → `F(OBJECT)`; defaults and table returns do not occur in this project. */
const callableName = (row: Row) =>
  String(row.arguments)
    .replace(/\s+RETURN .*$/s, '')
    .replaceAll(/\s*,\s*/g, ', ');

/** `(A OBJECT, B VARCHAR)` → `OBJECT, VARCHAR`. */
function typesOf(signature: string): string {
  return listItems(signature.slice(1, -1))
    .map((argument) => argument.replace(/^("(?:[^"]|"")*"|\S+)\s+/, ''))
    .join(', ');
}

/** Properties of the row of a JavaScript routine; a body that the role may not see is compared by its hash, or not at all. */
function live(what: Routine) {
  return (row: Row): Properties => ({
    arguments: text(row.ARGUMENT_SIGNATURE),
    RETURNS: row.DATA_TYPE === undefined ? undefined : typeText(String(row.DATA_TYPE), false),
    LANGUAGE: text(row[`${what}_LANGUAGE`]),
    volatility: text(row.VOLATILITY),
    SECURE: text(row.IS_SECURE),
    ...bodyText(text(row[`${what}_DEFINITION`])?.trim()),
  });
}

/** @param body or its hash, which is all that a role gets that may only plan (inspect-deployment.ts) */
const bodyText = (body: string | undefined) =>
  body?.startsWith(HASH) ? { 'hash of the body': body } : { body };
const HASH = 'sha256:';

const text = (value: unknown) => (value === undefined || value === null ? undefined : String(value));

function propertiesOf({ create }: SqlDefinition): Properties {
  return {
    arguments: signatureOf(create),
    RETURNS: typeText(clauseOf(create, 'RETURNS') ?? 'VARIANT', false),
    LANGUAGE: clauseOf(create, 'LANGUAGE') ?? 'SQL',
    volatility: /^(IMMUTABLE|VOLATILE)$/m.exec(create)?.[1],
    SECURE: 'NO',
    body: bodyOf(create).trim(),
    'hash of the body': HASH + createHash('sha256').update(bodyOf(create).trim()).digest('hex'),
  };
}

const functions = sqlKind({
  id: 'snowflake.function',
  restore: true,
  rows: (ctx) => routineRows(ctx, 'FUNCTION'),
  // External functions have a kind of their own.
  include: (row) => row.IS_EXTERNAL !== 'YES',
  live: live('FUNCTION'),
  definitionProperties: propertiesOf,
});

/** Drops a function of a kind; not one of the other kind that has taken its name meanwhile, as when predict_los changes from one to the other. */
export async function dropFunction(ctx: Context, name: string, external: boolean): Promise<void> {
  const rows = await routineRows(ctx, 'FUNCTION');
  const row = rows.find((each) => each.name === name);
  if (row && (row.IS_EXTERNAL === 'YES') !== external) return;
  await ctx.snowflake.execute(`DROP FUNCTION IF EXISTS ${name}`);
}

/** UDFs and procedures of the project's schema, compared with their bodies. */
export const routineKinds: ResourceKind<SqlDefinition>[] = [
  { ...functions, remove: (ctx, live) => dropFunction(ctx, live.name, false) },
  sqlKind({
    id: 'snowflake.procedure',
    restore: true,
    rows: (ctx) => routineRows(ctx, 'PROCEDURE'),
    live: live('PROCEDURE'),
    definitionProperties: propertiesOf,
  }),
];
