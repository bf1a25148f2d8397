export type Status = 'WAITING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'REFUSED' | 'LOST';

/** Action of the history. */
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
  /** Outcome, or the error. */
  readonly message: string | null;
}

export interface ApplyResult {
  readonly created: string[];
  readonly renamed: string[];
  readonly updated: string[];
  readonly removed: string[];
  readonly unchanged: number;
  /** Omissions, each with its reason and remedy. */
  readonly leftOut: string[];
  /** Losses for good, and who accepted them. */
  readonly lost?: readonly string[];
}

/** One property that is not as declared; undefined on a side: there is none. */
export interface Difference {
  readonly property: string;
  readonly live: string | undefined;
  readonly declared: string | undefined;
}

/** Change of one object by an apply. */
export interface ChangeSummary {
  readonly action: 'create' | 'rename' | 'update' | 'remove';
  /** Name of the object: its kind and name. */
  readonly id: string;
  /** Why, in a few words. */
  readonly reason: string;
  /** Property by property, as far as the listing shows them; for a creation what it will have. */
  readonly differences: readonly Difference[];
  /** True when the declaration is the same as at the last apply: the object itself was changed. */
  readonly drift?: boolean;
  /** True when the object cannot be altered to what is declared and is made again. */
  readonly replaces?: boolean;
  /** Earlier name of a renamed object: what it was called, without its kind. */
  readonly from?: string;
}
