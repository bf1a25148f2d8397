/** An error that the client sees: Snowflake's number, SQLSTATE and message. */
export class SnowflakeError extends Error {
  /**
   * @param code Snowflake's six-digit error number, e.g. '002003'
   * @param sqlState e.g. '42S02'
   * @param position where in the statement, if known: line from 1, character from 0 (as Snowflake counts)
   */
  constructor(
    readonly code: string,
    readonly sqlState: string,
    message: string,
    readonly position?: { line: number; character: number },
  ) {
    super(message);
    this.name = 'SnowflakeError';
  }
}

/** 001003: the text is no statement of Snowflake's. */
export function syntaxError(detail: string, position?: { line: number; character: number }): SnowflakeError {
  const where = position ? `syntax error line ${position.line} at position ${position.character} ` : '';
  return new SnowflakeError('001003', '42000', `SQL compilation error:\n${where}${detail}`, position);
}

/** What SQLSTATE 42S02 (no such table) is said of; of other objects it is 02000 (no data). */
const RELATIONS = new Set(['OBJECT', 'TABLE', 'VIEW', 'STREAM']);

/** 002003: Snowflake does not tell a missing object from a forbidden one, and neither do we. */
export function doesNotExist(kind: string, name: string): SnowflakeError {
  return new SnowflakeError(
    '002003',
    RELATIONS.has(kind.toUpperCase()) ? '42S02' : '02000',
    `SQL compilation error:\n${kind} '${name}' does not exist or not authorized.`,
  );
}

/** 002002: CREATE without OR REPLACE / IF NOT EXISTS on a name that is taken. */
export function existsError(name: string): SnowflakeError {
  return new SnowflakeError('002002', '42710', `SQL compilation error:\nObject '${name}' already exists.`);
}

/** 003041: CREATE on a name that belongs to an object on which the active role has no privilege. */
export function takenUnseen(kind: string, name: string): SnowflakeError {
  return new SnowflakeError(
    '003041',
    '42710',
    `SQL compilation error:\n${kind} '${name}' already exists, but current role has no privileges on it. If this is unexpected and you cannot resolve this problem, contact your system administrator. ACCOUNTADMIN role may be required to manage the privileges on the object.`,
  );
}

/** 001420: an option that objects of this kind do not have. */
export function invalidProperty(key: string, kind: string): SnowflakeError {
  return new SnowflakeError(
    '001420',
    '22023',
    `SQL compilation error:\ninvalid property '${key}' for '${kind}'`,
  );
}

/** 002203: a name that belongs to an object of another kind. */
export function wrongKind(found: string, wanted: string): SnowflakeError {
  return new SnowflakeError(
    '002203',
    '42601',
    `SQL compilation error:\nObject found is of type '${found}', not specified type '${wanted}'.`,
  );
}

/** 000904: a column name that no table in scope has. */
export function invalidIdentifier(
  name: string,
  position?: { line: number; character: number },
): SnowflakeError {
  const where = position ? ` error line ${position.line} at position ${position.character}` : '';
  return new SnowflakeError(
    '000904',
    '42000',
    `SQL compilation error:${where}\ninvalid identifier '${name}'`,
    position,
  );
}

/** 003001: the active role lacks a privilege on an object that it can see. */
export function insufficientPrivileges(kind: string, name: string): SnowflakeError {
  return new SnowflakeError(
    '003001',
    '42501',
    `SQL access control error:\nInsufficient privileges to operate on ${kind} '${name}'`,
  );
}

/**
 * 003001: the first stream on a table or view makes its owner, or who finds the change tracking on (docs:
 * sql-reference/sql/create-stream, access control requirements; the words as accounts say them).
 */
export function insufficientForStream(name: string): SnowflakeError {
  return new SnowflakeError(
    '003001',
    '42501',
    `SQL access control error:\nInsufficient privileges to operate on stream source without CHANGE_TRACKING enabled '${name}'`,
  );
}

/** 091930: what happened to a table since then is not known. @param name the table's full name */
export function changeTrackingMissing(name: string): SnowflakeError {
  return new SnowflakeError(
    '091930',
    '2F003',
    `SQL compilation error:\nChange tracking is not enabled or has been missing for the time range requested on table '${name}'.`,
  );
}

/**
 * What this local Snowflake leaves out is refused by name, never accepted and ignored.
 * @param what the statement, option or function, as the user wrote it
 * @param why one clause
 * @param instead what to write or where to run it
 */
export function localRefusal(what: string, why: string, instead?: string): SnowflakeError {
  return new SnowflakeError(
    '000002',
    '0A000',
    `Unsupported feature '${what}': the local Snowflake does not support it, because ${why}.${instead ? ` ${instead}` : ''}`,
  );
}

/** 000002: a statement whose parts stand too deep in each other. */
export function depthError(levels: number): SnowflakeError {
  return localRefusal(
    `a statement nested more than ${levels} levels deep`,
    'it takes too long to simplify',
    'Compute parts of it in WITH queries.',
  );
}

/** 000604: the client cancelled the statement. */
export function cancelError(): SnowflakeError {
  return new SnowflakeError('000604', '57014', 'SQL execution canceled');
}

/** 001008: a value that an option does not take. */
export function invalidValue(key: string, value: string): SnowflakeError {
  return new SnowflakeError(
    '001008',
    '22023',
    `SQL compilation error:\ninvalid value [${value}] for parameter '${key}'`,
  );
}
