import type { Clock } from '@local-cloud/kit/clock.js';
import type { CallFault } from '@local-cloud/kit/faults/fault.js';
import type { Access } from './access/access.js';
import type { Catalog } from './catalog/catalog.js';
import type { Features } from './feature.js';
import type { StatementOutcome } from './kernel/statement.js';
import type { History } from './sessions/history.js';
import type { Session } from './sessions/session.js';
import type { Locks } from './storage/locks.js';
import type { Storage } from './storage/storage.js';

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

/** What Snowflake sells; there is Virtual Private Snowflake above, which has all of the last. */
export type Edition = 'STANDARD' | 'ENTERPRISE' | 'BUSINESS_CRITICAL';

/** What differs between accounts. */
export interface AccountKind {
  /** Default BUSINESS_CRITICAL, the one for health data. */
  readonly edition?: Edition;
  /** What CURRENT_REGION() says, e.g. AZURE_WESTEUROPE; default the region of the local AWS. */
  readonly region?: string;
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
export interface StatementResult extends StatementOutcome {
  queryId: string;
  /** How many values it takes. */
  binds?: number;
}

/** One Snowflake account: everything that statements work on. Assembled in open-account.ts. */
export interface Account {
  name: string;
  region: string;
  edition: Edition;
  /** The account's folder: internal stages and the DuckDB file. */
  folder: string;
  clock: Clock;
  network: Network;
  /** Decides which runs of tasks go wrong, and which batches of external functions are sent twice; see local/kit/faults. */
  faults?: { take(operation: string): CallFault | undefined; repeats(externalFunction: string): boolean };
  storage: Storage;
  catalog: Catalog;
  access: Access;
  locks: Locks;
  history: History;
  features: Features;
  /**
   * Runs one statement as this session: parses, checks privileges, keeps the transaction rules and the query
   * history. The protocol, tasks, procedures and SQL bodies all come through here.
   * @throws SnowflakeError
   */
  run(session: Session, text: string, options?: RunOptions): Promise<StatementResult>;
  /**
   * A session without a login, for a task or, with `caller`, an owner's-rights procedure: that one shares the
   * caller's connection, transaction and temporary tables. Close it with `closeSession`.
   */
  internalSession(options: {
    user: string;
    role: string;
    database?: string;
    schema?: string;
    warehouse?: string;
    caller?: Session;
    /** Of the client's session that it acts for; without it a new one. */
    id?: number;
  }): Promise<Session>;
  /** Every open session. */
  sessions(): Session[];
  /** Rolls back what is open and lets go of the connection (unless it is the caller's). */
  closeSession(session: Session): Promise<void>;
}
