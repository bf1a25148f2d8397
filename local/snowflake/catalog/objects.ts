import type { DataType } from '../types/data-type.js';

/**
 * Everything that has a name in the account. Objects are plain JSON values: the catalog keeps them in memory
 * and in a table of the same DuckDB file as the data, so that DDL is one transaction.
 */
export type CatalogObject =
  | AccountSettings
  | Database
  | Schema
  | Table
  | View
  | Sequence
  | Stage
  | FileFormat
  | Stream
  | Task
  | Routine
  | Warehouse
  | Role
  | User
  | NetworkPolicy
  | Tag
  | MaskingPolicy
  | Integration;

export type ObjectKind = CatalogObject['kind'];

/** What the catalog's table holds: objects, the grants on them, and what UNDROP could bring back. */
export type Stored = CatalogObject | Grant | FutureGrant | Dropped;

/** A table, schema or database that was dropped, with all that went with it; its rows are still in DuckDB. */
export interface Dropped {
  kind: 'DROPPED';
  id: number;
  object: Table | Schema | Database;
  /** The object itself, what it contained, and the grants on these. */
  stored: (CatalogObject | Grant | FutureGrant)[];
  /** Milliseconds since 1970; from `until` on it is gone for good. */
  droppedOn: number;
  until: number;
}

/** A role or user that a privilege is granted to. */
export interface Grantee {
  kind: 'ROLE' | 'USER';
  name: string;
}

/** A privilege on one object. A role granted to a role or user is the privilege USAGE on that role. */
export interface Grant {
  kind: 'GRANT';
  id: number;
  /** SELECT, USAGE, CREATE TABLE … ; ownership is the object's own `owner`. */
  privilege: string;
  /** id 0 with kind ACCOUNT: a privilege on the account itself. */
  on: { kind: ObjectKind | 'ACCOUNT'; id: number };
  to: Grantee;
  grantOption: boolean;
  /** The role that granted it; empty for the system. */
  by: string;
  createdOn: number;
}

/** A privilege that every object of a kind will get when it is made in this database or schema. */
export interface FutureGrant {
  kind: 'FUTURE GRANT';
  id: number;
  privilege: string;
  objects: ObjectKind;
  in: { kind: 'DATABASE' | 'SCHEMA'; id: number };
  to: Grantee;
  grantOption: boolean;
  by: string;
  createdOn: number;
}

export interface Named {
  /** Unique in the account, never used again. */
  id: number;
  name: string;
  /** The owning role's name; empty for roles and users that the system made. */
  owner: string;
  comment: string;
  /** Milliseconds since 1970 on the account's clock. */
  createdOn: number;
}

/** What ALTER … SET gave an object that parameters can be set for: LOG_LEVEL, EVENT_TABLE …; see events/parameters.ts. */
export type ObjectParameters = Record<string, string | number | boolean>;

/** The account itself, once ALTER ACCOUNT has set something. */
export interface AccountSettings extends Named {
  kind: 'ACCOUNT';
  parameters: ObjectParameters;
}

/** What lives in a schema. A routine's overloads share a name and differ in `signature`. */
export interface InSchema extends Named {
  database: string;
  schema: string;
  /** A stage, file format or view that goes with the session that made it. */
  temporary?: true;
}

/** How long changes are kept, in days, where a table, schema or database says it itself; see streams/staleness.ts. */
export interface Retention {
  /** DATA_RETENTION_TIME_IN_DAYS */
  retentionDays?: number;
  /** MAX_DATA_EXTENSION_TIME_IN_DAYS */
  extensionDays?: number;
}

export interface Database extends Named, Retention {
  kind: 'DATABASE';
  transient: boolean;
  parameters?: ObjectParameters;
}
export interface Schema extends Named, Retention {
  kind: 'SCHEMA';
  database: string;
  transient: boolean;
  parameters?: ObjectParameters;
}

export interface Column {
  name: string;
  /** The column's name in DuckDB, whose identifiers ignore case even when quoted. */
  physical: string;
  type: DataType;
  /** The type as the statement named it, such as BIGINT; undefined where none did. */
  typeAlias?: string;
  nullable: boolean;
  /** Snowflake SQL of the DEFAULT, if any. */
  default?: string;
  /** AUTOINCREMENT / IDENTITY: the id of the sequence that feeds it. */
  sequence?: number;
  comment: string;
  tags?: ColumnTags;
}

/** What tags say of a column, by the tag's id; a tag that was dropped says nothing. */
export type ColumnTags = Readonly<Record<number, string>>;

export interface Constraint {
  kind: 'PRIMARY KEY' | 'UNIQUE' | 'FOREIGN KEY';
  name: string;
  columns: string[];
  rely: boolean;
  comment: string;
  /** What a foreign key refers to: a table's id, and its columns in the order of these. */
  references?: { tableId: number; columns: string[] };
}

/**
 * Every physical table has the columns' physical names and one hidden column `$row` BIGINT, unique in the
 * table and growing (storage/numbers.ts): streams identify rows by it.
 */
export interface Table extends InSchema, Retention {
  kind: 'TABLE';
  /** When it was last altered, in milliseconds since 1970. */
  ddlOn?: number;
  /** The table's name in DuckDB's schema `main`. */
  physical: string;
  columns: Column[];
  persistence: 'permanent' | 'transient' | 'temporary';
  /** Temporary tables belong to one session. */
  session?: string;
  /** The columns of the PRIMARY KEY among the constraints. */
  primaryKey: string[];
  /** Kept and shown, but not enforced, as in Snowflake; NOT NULL is the columns' own. */
  constraints?: Constraint[];
  /**
   * True from the first stream on. While one reads the table, each change is also written to the physical table
   * `<physical>$changes`: `$seq` BIGINT (numbers as `$row`'s), `$action` 'INSERT' | 'DELETE', `$update` BOOLEAN,
   * `$row`, and the columns. Many inserted rows are two records with `$action` 'ROWS'; see streams/ranges.ts. What no stream can
   * ask for any more is deleted from it; see streams/keeper.ts.
   */
  changeTracking: boolean;
  /** The text of CLUSTER BY; shown, without effect on a store this small. */
  clusterBy?: string;
  /** An event table: Snowflake alone adds rows to it; see events/. */
  event?: true;
}

export interface View extends InSchema {
  kind: 'VIEW';
  /** When it was last altered, in milliseconds since 1970. */
  ddlOn?: number;
  /** The query after AS, as written; names in it resolve in the view's own schema. */
  query: string;
  columns: { name: string; type: DataType; nullable: boolean; comment: string; tags?: ColumnTags }[];
  /** The whole CREATE statement, for GET_DDL and SHOW. */
  text: string;
  secure: boolean;
  /** Roles that do not own the view may make streams on it. */
  changeTracking?: boolean;
}

export interface Sequence extends InSchema {
  kind: 'SEQUENCE';
  physical: string;
  start: number;
  increment: number;
  /** ORDER: kept for SHOW; numbers come in their order here in any case. */
  ordered?: true;
  /** Feeds an AUTOINCREMENT column: no object that users see. */
  hidden?: boolean;
}

export interface FileFormat extends InSchema {
  kind: 'FILE FORMAT';
  /** Option names upper-case: TYPE, FIELD_DELIMITER, SKIP_HEADER … */
  options: Record<string, string | number | boolean | string[]>;
}

export interface Stage extends InSchema {
  kind: 'STAGE';
  /** Internal stages keep their files in the account's folder; external ones name an s3:// URL. */
  url?: string;
  integration?: string;
  /** ENCRYPTION = (TYPE = 'SNOWFLAKE_SSE'), for SHOW. */
  serverSide?: boolean;
  fileFormat: Record<string, string | number | boolean | string[]>;
}

/** A table whose changes a stream offers. */
export interface TrackedTable {
  tableId: number;
  /** The table's full name when the stream was made, for the message when it is gone. */
  tableName?: string;
  /** The last `$seq` of the table's changes that the stream's consumer has seen. */
  offset: number;
}

export interface Stream extends InSchema, TrackedTable {
  kind: 'STREAM';
  /** Of a stream on a view, whose id and name `tableId` and `tableName` are then: the tables that the view reads. */
  below?: TrackedTable[];
  mode: 'DEFAULT' | 'APPEND_ONLY';
  /** When it was last consumed (or made, or found empty): from then on it has the table's retention time. */
  consumedOn?: number;
  /** True once the changes behind its offset have been given up; it never recovers. */
  stale: boolean;
  /** SHOW_INITIAL_ROWS: the first consumption gets the rows the table had, kept aside until then. */
  initial?: boolean;
  /** They are consumed and still there, for a query that was bound to them before; the next consumption drops them. */
  spent?: boolean;
}

export interface Task extends InSchema {
  kind: 'TASK';
  warehouse?: string;
  schedule?: string;
  /** Fully qualified names of the tasks this one follows. */
  predecessors: string[];
  finalizes?: string;
  condition?: string;
  definition: string;
  state: 'started' | 'suspended';
  /** When it was resumed: intervals count from there. */
  resumedOn?: number;
  suspendedOn?: number;
  suspendedReason?:
    | 'USER_SUSPENDED'
    | 'SUSPENDED_DUE_TO_ERRORS'
    | 'CHILD_BECAME_ROOT'
    | 'GRANT_OWNERSHIP'
    | 'FINALIZER_BECAME_ROOT';
  /** Of a root: the definitions that its graph runs with, set when it is resumed or executed; see tasks/graph/versions.ts. */
  version?: { number: number; fingerprint: string; committedOn: number };
  config?: string;
  overlapPolicy: 'NO_OVERLAP' | 'ALLOW_CHILD_OVERLAP' | 'ALLOW_ALL_OVERLAP';
  suspendAfterFailures: number;
  autoRetryAttempts: number;
  /** USER_TASK_TIMEOUT_MS, if it was set; of a root it is the whole graph's. */
  timeoutMs?: number;
  /** USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS, if it was set. */
  triggerIntervalSeconds?: number;
  /** What serverless tasks say of their compute: sizes as XSMALL … XXLARGE. Shown; one machine has one size. */
  initialSize?: string;
  minSize?: string;
  maxSize?: string;
  targetCompletionInterval?: string;
  sessionParameters: Record<string, string | number | boolean>;
}

export interface Argument {
  /** Upper-case unless it was quoted. */
  name: string;
  type: DataType;
  default?: string;
}

/** Functions and procedures. */
export interface Routine extends InSchema {
  kind: 'FUNCTION' | 'PROCEDURE';
  language: 'JAVASCRIPT' | 'SQL' | 'EXTERNAL';
  arguments: Argument[];
  returns: DataType;
  /** For RETURNS TABLE (…). */
  returnsTable?: { name: string; type: DataType }[];
  nullable: boolean;
  /** STRICT / RETURNS NULL ON NULL INPUT. */
  strict: boolean;
  volatility: 'VOLATILE' | 'IMMUTABLE';
  executeAs: 'OWNER' | 'CALLER';
  secure: boolean;
  body: string;
  external?: ExternalFunction;
  parameters?: ObjectParameters;
}

export interface ExternalFunction {
  integration: string;
  url: string;
  headers: Record<string, string>;
  contextHeaders: string[];
  maxBatchRows?: number;
  compression: 'NONE' | 'AUTO' | 'GZIP' | 'DEFLATE';
  /** Full names, in parts. */
  requestTranslator?: string[];
  responseTranslator?: string[];
}

export interface Warehouse extends Named {
  kind: 'WAREHOUSE';
  size: string;
  autoSuspend: number | null;
  autoResume: boolean;
  /** As statements set it; a warehouse that has idled for AUTO_SUSPEND is suspended all the same. */
  state: 'STARTED' | 'SUSPENDED';
  /** When it was resumed last; since when it was never, it was made. */
  resumedOn?: number;
  /** Options that say how much to compute with, which one process does for all: kept for SHOW. */
  sizing?: Record<string, string | number | boolean>;
}

export interface Role extends Named {
  kind: 'ROLE';
}

export interface User extends Named {
  kind: 'USER';
  loginName: string;
  /** scrypt hash, never the password. */
  passwordHash?: string;
  rsaPublicKey?: string;
  /** A second one, so that keys can be changed while both are in use. */
  rsaPublicKey2?: string;
  type?: 'PERSON' | 'SERVICE' | 'LEGACY_SERVICE';
  /** Session parameters of this user's sessions. */
  parameters?: Record<string, string | number | boolean>;
  defaultRole?: string;
  defaultWarehouse?: string;
  defaultNamespace?: string;
  displayName?: string;
  firstName?: string;
  middleName?: string;
  lastName?: string;
  email?: string;
  defaultSecondaryRoles?: 'ALL';
  disabled: boolean;
  /** Who the workload is to its provider: by OpenID Connect, or to AWS. */
  workloadIdentity?: { issuer: string; subject: string } | { arn: string };
  /** Id of the network policy. */
  networkPolicy?: number;
}

/** From where a user with this policy may log in. */
export interface NetworkPolicy extends Named {
  kind: 'NETWORK POLICY';
  /** IPv4 addresses and ranges; none: from everywhere. */
  allowed: string[];
}

/** What columns can be marked by; docs: user-guide/object-tagging/introduction. */
export interface Tag extends InSchema {
  kind: 'TAG';
  /** Undefined: any value. */
  allowed?: string[];
  /** Ids of the masking policies that were set on it, one a type of data. */
  policies: number[];
}

/** What a column shows, and to whom; docs: sql-reference/sql/create-masking-policy. */
export interface MaskingPolicy extends InSchema {
  kind: 'MASKING POLICY';
  argument: string;
  type: DataType;
  /** The expression over the argument, as written. */
  body: string;
}

export interface Integration extends Named {
  kind: 'INTEGRATION';
  category: 'API' | 'STORAGE' | 'NOTIFICATION';
  enabled: boolean;
  /** Properties in the order and with the names that DESC INTEGRATION shows, e.g. API_AWS_EXTERNAL_ID. */
  properties: Record<string, string | boolean | string[]>;
}
