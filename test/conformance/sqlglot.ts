import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../deploy/project.js';
import { pythonWith } from './python.js';

/** Version of Python's sqlglot on this machine, or undefined. */
export function sqlglotVersion(): string | undefined {
  const python = pythonWith('sqlglot');
  if (!python) return undefined;
  const probe = spawnSync(python, ['-c', 'import sqlglot; print(sqlglot.__version__)'], { encoding: 'utf8' });
  return probe.status === 0 ? probe.stdout.trim() : undefined;
}

/** What sqlglot's Snowflake dialect makes of each statement: "parsed", "command", or its error message. */
export function parseWithSqlglot(statements: readonly string[]): string[] {
  const script = readFileSync(join(projectRoot, 'test/conformance/sqlglot.py'), 'utf8');
  const python = pythonWith('sqlglot');
  if (!python) throw new Error('No Python here has sqlglot');
  const run = spawnSync(python, ['-c', script], {
    input: JSON.stringify(statements.map(inItsWords)),
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (run.status !== 0) throw new Error(`sqlglot failed: ${run.stderr}`);
  return JSON.parse(run.stdout) as string[];
}

/** Clauses of Snowflake's documented grammar that sqlglot does not have; the statements are parsed without them. */
const unknownClauses = /^CALLED ON NULL INPUT$/gm;

/**
 * A statement as sqlglot can read it: CALL, which it keeps as text, is read as a SELECT of the same arguments; a cast of a
 * bind gets parentheses, because from version 30 on it takes `?:` for the operator.
 */
const inItsWords = (sql: string) =>
  sql
    .replace(unknownClauses, '')
    .replace(/^CALL\b/i, 'SELECT')
    .replaceAll('?::', '(?)::');

/**
 * Statement kinds for which sqlglot has no grammar in any dialect: for these, being kept as text is all it can
 * do. Everything else must parse.
 */
export const unknownToSqlglot: readonly RegExp[] = [
  /^CREATE (OR REPLACE )?(API INTEGRATION|ROLE|STREAM|TASK)\b/i,
  /^ALTER (API INTEGRATION|STORAGE INTEGRATION|DATABASE|FUNCTION|ROLE|SCHEMA|STAGE|STREAM|TASK|WAREHOUSE)\b/i,
  /^ALTER SESSION SET\b/i,
  /^DROP (STREAM|TASK)\b/i,
  /^DESCRIBE INTEGRATION\b/i,
  // It reads GRANT of privileges on tables and schemas, but neither roles nor tasks in it.
  /^GRANT ROLE\b/i,
  /^GRANT [A-Z, ]+ ON TASK\b/i,
  /^EXECUTE TASK\b/i,
  /^(LIST|REMOVE) @/i,
  /^SHOW (API INTEGRATIONS|STORAGE INTEGRATIONS|NOTIFICATION INTEGRATIONS|EXTERNAL FUNCTIONS|USER FUNCTIONS|GRANTS|ROLES|STREAMS|TASKS)\b/i,
];
