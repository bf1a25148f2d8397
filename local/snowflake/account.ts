import type { Clock } from '../clock.js';
import type { Access } from './access/access.js';
import type { Catalog } from './catalog/catalog.js';
import type { Session } from './sessions/session.js';
import type { Locks } from './storage/locks.js';
import type { Storage } from './storage/storage.js';
import type { ResultColumn, Row } from './types/data-type.js';

/** How this Snowflake reaches the world: nothing but the loopback servers of the same local cloud. */
export interface Network {
  aws: {
    endpoint: string;
    region: string;
    /** The IAM user of Snowflake's own AWS account, which assumes the roles that integrations name. */
    user: { arn: string; accessKeyId: string; secretAccessKey: string };
  };
  smtpUrl: string;
}

/** One value bound to `?` or `:1`, as the driver sends it. Array binds carry one value a row. */
export interface Bind {
  /** FIXED, REAL, TEXT, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ … */
  type: string;
  value: string | null | (string | null)[];
}

export interface RunOptions {
  binds?: Record<string, Bind>;
  describeOnly?: boolean;
  queryId?: string;
  /** Aborts the statement (SnowflakeError 000604). */
  signal?: AbortSignal;
}

/** What a statement answers. */
export interface StatementResult {
  queryId: string;
  /** Snowflake's numeric statement type: 0x1000 SELECT, 0x3100 INSERT, 0x3200 UPDATE, 0x3300 DELETE, 0x3400 MERGE, … */
  statementTypeId: number;
  columns: ResultColumn[];
  rows: Row[];
}

/** One Snowflake account: everything that statements work on. Assembled in server.ts. */
export interface Account {
  name: string;
  region: string;
  /** The account's folder: internal stages and the DuckDB file. */
  folder: string;
  clock: Clock;
  network: Network;
  storage: Storage;
  catalog: Catalog;
  access: Access;
  locks: Locks;
  /**
   * Runs one statement as this session: parses, checks privileges, keeps the transaction rules and the query
   * history. The protocol, tasks, procedures and SQL bodies all come through here.
   * @throws SnowflakeError
   */
  run(session: Session, text: string, options?: RunOptions): Promise<StatementResult>;
  /** A session without a login, for a task or an owner's-rights procedure. */
  internalSession(options: {
    user: string;
    role: string;
    database?: string;
    schema?: string;
    warehouse?: string;
  }): Promise<Session>;
}
