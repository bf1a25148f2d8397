import { commentClause } from '../resources/snowflake/definition.js';
import type { CompiledEntry } from './compile.js';

/**
 * The statement that makes a JavaScript UDF of a compiled entry.
 * @param comment the COMMENT clause; left out: what the entry says of itself, and the placeholder for apply's fingerprint
 */
export function createFunctionSql(entry: CompiledEntry, comment?: string): string {
  return createSql('FUNCTION', entry, [entry.signature.volatility ?? 'VOLATILE', commentOf(entry, comment)]);
}

/** The statement that makes a JavaScript procedure of a compiled entry. */
export function createProcedureSql(entry: CompiledEntry, comment?: string): string {
  const rights = `EXECUTE AS ${entry.signature.executeAs ?? 'OWNER'}`;
  return createSql('PROCEDURE', entry, [commentOf(entry, comment), rights]);
}

const commentOf = ({ description = '' }: CompiledEntry, comment = commentClause(description)) => comment;

function createSql(kind: string, { signature, body }: CompiledEntry, clauses: readonly string[]): string {
  const args = signature.args.map(([name, type]) => `${name} ${type}`).join(', ');
  return [
    `CREATE OR REPLACE ${kind} ${signature.name}(${args})`,
    'COPY GRANTS',
    `RETURNS ${signature.returns}`,
    'LANGUAGE JAVASCRIPT',
    signature.nullInput ?? 'CALLED ON NULL INPUT',
    ...clauses,
    `AS $$\n${body}\n$$`,
  ].join('\n');
}
