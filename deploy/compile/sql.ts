import type { SqlFunction } from '../../procedures/dataset/inputs-sql.js';
import { qualified } from '../../procedures/ground/names.js';
import type { Resource, ResourceId } from '../resources/resource.js';
import { commentClause, type SqlDefinition, sqlResource } from '../resources/snowflake/definition.js';
import type { Settings } from '../settings/settings.js';
import { type CompiledEntry, compileEntry } from './compile.js';
import { type Signature, signatureName } from './signature.js';

/**
 * The statement that makes a JavaScript UDF of a compiled entry.
 * @param comment the COMMENT clause; left out: what the entry says of itself, and the placeholder for apply's fingerprint
 */
export function createFunctionSql(
  { signature, body, description = '' }: CompiledEntry,
  comment = commentClause(description),
): string {
  return [
    `CREATE OR REPLACE FUNCTION ${head(signature)}`,
    'COPY GRANTS',
    `RETURNS ${signature.returns}`,
    'LANGUAGE JAVASCRIPT',
    signature.nullInput ?? 'CALLED ON NULL INPUT',
    signature.volatility ?? 'VOLATILE',
    comment,
    `AS $$\n${body}\n$$`,
  ].join('\n');
}

/** The statement that makes a JavaScript procedure of a compiled entry. */
export function createProcedureSql(
  { signature, body, description = '' }: CompiledEntry,
  comment = commentClause(description),
): string {
  return [
    `CREATE OR REPLACE PROCEDURE ${head(signature)}`,
    'COPY GRANTS',
    `RETURNS ${signature.returns}`,
    'LANGUAGE JAVASCRIPT',
    signature.nullInput ?? 'CALLED ON NULL INPUT',
    comment,
    `EXECUTE AS ${signature.executeAs ?? 'OWNER'}`,
    `AS $$\n${body}\n$$`,
  ].join('\n');
}

/** Compiles an entry file and describes it as a resource that apply looks after. */
export async function functionResource(
  file: string,
  options: { define?: Readonly<Record<string, unknown>>; dependsOn?: readonly ResourceId[] } = {},
): Promise<Resource<SqlDefinition>> {
  const compiled = await compileEntry(file, options);
  const sql = { create: createFunctionSql(compiled) };
  return sqlResource('snowflake.function', signatureName(compiled.signature), sql, options);
}

/** The same for a stored procedure. */
export async function procedureResource(
  file: string,
  options: { define?: Readonly<Record<string, unknown>>; dependsOn?: readonly ResourceId[] } = {},
): Promise<Resource<SqlDefinition>> {
  const compiled = await compileEntry(file, options);
  const sql = { create: createProcedureSql(compiled) };
  return sqlResource('snowflake.procedure', signatureName(compiled.signature), sql, options);
}

/**
 * A SQL function whose body is an expression, which Snowflake puts in the place of its calls.
 * @param name unqualified
 * @param description what it is, in a sentence
 */
export function sqlFunctionResource(
  settings: Settings,
  name: string,
  description: string,
  { args, body }: SqlFunction,
  returns: string,
  dependsOn: readonly ResourceId[],
): Resource<SqlDefinition> {
  const list = args.map(([argument, type]) => `${argument} ${type}`).join(', ');
  const create = [
    `CREATE OR REPLACE FUNCTION ${qualified(settings, name)}(${list})`,
    'COPY GRANTS',
    `RETURNS ${returns}`,
    commentClause(description),
    `AS $$\n${body}\n$$`,
  ].join('\n');
  return sqlResource(
    'snowflake.function',
    `${name}(${args.map(([, type]) => type).join(', ')})`,
    { create },
    { dependsOn },
  );
}

function head(signature: Signature): string {
  return `${signature.name}(${signature.args.map(([name, type]) => `${name} ${type}`).join(', ')})`;
}
