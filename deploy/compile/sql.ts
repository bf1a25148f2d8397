import { commentClause } from '../resources/snowflake/definition.js';
import type { CompiledEntry } from './compile.js';
import type { Signature } from './signature.js';

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

function head(signature: Signature): string {
  return `${signature.name}(${signature.args.map(([name, type]) => `${name} ${type}`).join(', ')})`;
}
