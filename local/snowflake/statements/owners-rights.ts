// What a procedure with its owner's rights may not run. Docs: developer-guide/stored-procedure/stored-procedures-rights,
// "Restrictions on SQL statements": it may run SELECT, DML, DDL, GRANT and REVOKE, transactions, CALL, DESCRIBE, SHOW, and
// nothing else.
import { SnowflakeError } from '../errors.js';
import type { Statement } from '../kernel/statement.js';

/** Refused statements by how they begin, with the name that an account gives them. */
const REFUSED: Readonly<Record<string, string>> = {
  'ALTER SESSION': 'ALTER_SESSION',
  'EXECUTE TASK': 'EXECUTE_TASK',
  EXPLAIN: 'EXPLAIN',
  GET: 'GET_FILES',
  LIST: 'LIST_FILES',
  PUT: 'PUT_FILES',
  REMOVE: 'REMOVE_FILES',
  SET: 'SET',
  UNSET: 'UNSET',
  USE: 'USE',
};

/** @throws SnowflakeError 090236 where a procedure with its owner's rights may not run the statement */
export function refuseInOwnersRights({ leading: [words = []] }: Statement): void {
  const type = REFUSED[words[0] ?? ''] ?? REFUSED[words.slice(0, 2).join(' ')];
  if (type)
    throw new SnowflakeError(
      '090236',
      '42601',
      `Stored procedure execution error: Unsupported statement type '${type}'.`,
    );
}
