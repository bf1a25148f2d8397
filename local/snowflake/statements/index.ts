import { sessionStatements } from './session-statements.js';
import type { Statement } from './statement.js';
import { transactionStatements } from './transactions.js';

/** Every statement family of the local Snowflake. Each folder exports its own list. */
export const statements: Statement[] = [...sessionStatements, ...transactionStatements];
