import type { Statement } from './statement.js';

/** Every statement family of the local Snowflake. Each folder exports its own list. */
export const statements: Statement[] = [];
