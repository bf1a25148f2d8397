export type Status = 'WAITING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'REFUSED' | 'LOST';

/** What is entered in the history. */
export type Action = 'apply' | 'destroy' | 'train' | 'promote' | 'rollback';

/** A row of LOS_DEPLOYMENT_LOG. Times are UTC in ISO form. */
export interface Entry {
  readonly id: string;
  readonly action: Action;
  /** The version or plan that it was about. */
  readonly subject: string | null;
  readonly status: Status;
  readonly asked: string;
  /** null: it never got its turn. */
  readonly started: string | null;
  readonly finished: string | null;
  readonly user: string;
  readonly host: string | null;
  /** Git commit of the project, with ` (changed)` behind it where files differed from it. */
  readonly commit: string | null;
  /** Release of los that it was asked of; null: one before 0.3.0. */
  readonly release: string | null;
  /** What came of it, or the error. */
  readonly message: string | null;
}

export interface ApplyResult {
  readonly created: string[];
  readonly renamed: string[];
  readonly updated: string[];
  readonly removed: string[];
  readonly unchanged: number;
  /** What was done without, each with why and what mends it. */
  readonly leftOut: string[];
  /** What is lost for good, and who accepted it. */
  readonly lost?: readonly string[];
}

/** One property that is not as declared; undefined on a side: there is none. */
export interface Difference {
  readonly property: string;
  readonly live: string | undefined;
  readonly declared: string | undefined;
}

/** What an apply does, or did, to one object. */
export interface ChangeSummary {
  readonly action: 'create' | 'rename' | 'update' | 'remove';
  /** Of the object: its kind and name. */
  readonly id: string;
  /** Why, in a few words. */
  readonly reason: string;
  /** Property by property, as far as the listing shows them; for a creation what it will have. */
  readonly differences: readonly Difference[];
  /** True when the declaration is the same as at the last apply: the object itself was changed. */
  readonly drift?: boolean;
  /** True when the object cannot be altered to what is declared and is made again. */
  readonly replaces?: boolean;
  /** Of a renaming: what it was called, without its kind. */
  readonly from?: string;
}
