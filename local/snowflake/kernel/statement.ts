import type { Account, Bind } from '../account.js';
import type { TokenStream } from '../language/lexer.js';
import type { Session } from '../sessions/session.js';
import { type DataType, NUMBER, type ResultColumn, type Row, TEXT } from '../types/data-type.js';

/** One statement on its way through. */
export interface StatementContext {
  account: Account;
  session: Session;
  /** The statement as written, without its final `;`. */
  text: string;
  /** At the statement's first token. */
  tokens: TokenStream;
  binds: Record<string, Bind>;
  /** Answer the columns only; run nothing. */
  describeOnly: boolean;
  queryId: string;
  /** Aborted when the client cancels or a timeout ends; DuckDB is interrupted for you. */
  signal: AbortSignal;
}

export interface StatementOutcome {
  /** Snowflake's numeric type, see STATEMENT_TYPE. */
  statementTypeId: number;
  columns: ResultColumn[];
  rows: Row[];
  /** PUT and GET: fields of the response's `data` that make the driver move files. */
  transfer?: Record<string, unknown>;
  /** EXECUTE of several statements: the ids of their results. */
  children?: { queryId: string; statementTypeId: number }[];
  /** Rows that the statement put in or took out beside those that its answer counts. */
  changed?: { inserted?: number; deleted?: number };
}

/** A family of statements: how they begin and what they do. */
export interface Statement {
  /**
   * Leading keywords, e.g. [['ALTER', 'TASK']]; the longest match wins. After CREATE leave out OR REPLACE,
   * OR ALTER and modifiers (TRANSIENT, TEMPORARY, SECURE …): ['CREATE', 'TABLE']. After SHOW leave out TERSE;
   * DESC counts as DESCRIBE.
   */
  leading: string[][];
  /** Commits the open transaction before it runs. */
  ddl?: boolean;
  /** Opens a transaction when AUTOCOMMIT is off. */
  dml?: boolean;
  /** Runs other statements (CALL, EXECUTE IMMEDIATE): they keep the transaction rules, not this one. */
  compound?: boolean;
  /** Understands describeOnly; others answer a status column without running. */
  describes?: boolean;
  /** @throws SnowflakeError */
  run(context: StatementContext): Promise<StatementOutcome> | StatementOutcome;
}

/** The ids that drivers look at (snowflake-connector-nodejs, lib/connection/result: statementTypeId). */
export const STATEMENT_TYPE = {
  SELECT: 0x1000,
  EXPLAIN: 0x2000,
  DML: 0x3000,
  INSERT: 0x3100,
  UPDATE: 0x3200,
  DELETE: 0x3300,
  MERGE: 0x3400,
  MULTI_INSERT: 0x3500,
  COPY: 0x3600,
  UNLOAD: 0x3700,
  SCL: 0x4000,
  ALTER_SESSION: 0x4100,
  USE: 0x4300,
  SET: 0x4700,
  UNSET: 0x4720,
  TCL: 0x5000,
  BEGIN: 0x5100,
  COMMIT: 0x5400,
  ROLLBACK: 0x5500,
  DDL: 0x6000,
  CREATE: 0x6100,
  ALTER: 0x6300,
  DROP: 0x6500,
  GRANT: 0x6400,
  SHOW: 0x4b00,
  DESCRIBE: 0x4c00,
  LIST: 0x4e00,
  CALL: 0x9000,
  MULTI_STMT: 0xa000,
} as const;

/** The one-row answer of DDL: "Table T successfully created." */
export function status(message: string, statementTypeId: number = STATEMENT_TYPE.DDL): StatementOutcome {
  return { statementTypeId, columns: [textColumn('status')], rows: [[message]] };
}

/** A result's column of text. */
export function textColumn(name: string): ResultColumn {
  return { name, type: TEXT(), nullable: true };
}

/** Columns of SHOW that are no text, by their names. */
const SHOWN_TYPES: Record<string, DataType> = {
  created_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  granted_on_date: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  dropped_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  resumed_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  updated_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  stale_after: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  last_committed_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  last_suspended_on: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  last_success_login: { kind: 'TIMESTAMP_LTZ', scale: 3 },
  rows: NUMBER(),
  bytes: NUMBER(),
  interval: NUMBER(),
  next_value: NUMBER(),
  assigned_to_users: NUMBER(),
  granted_to_roles: NUMBER(),
  granted_roles: NUMBER(),
};

/** A result of text columns (but for a few known names), as SHOW and DESCRIBE give. */
export function textResult(names: string[], rows: Row[], statementTypeId: number): StatementOutcome {
  const columns = names.map((name) => ({ ...textColumn(name), type: SHOWN_TYPES[name] ?? TEXT() }));
  return { statementTypeId, columns, rows };
}
