import type { Place } from '../ground/names.js';

/**
 * Plan that RENEW_PREDICTIONS is compiled with: its statements (statements.ts). Of the places that are left in them `{{as_of}}` is the
 * morning as SQL. Only types: nothing of this file is in the body.
 */
export interface RenewPlan {
  readonly place: Place;
  readonly dataset: string;
  readonly runLog: string;
  /** See sql/stay/renew-opening.sql. */
  readonly opening: string;
  /** Locks what a run at the same time locks too, and decides nothing. */
  readonly lock: string;
  /**
   * See sql/stay/renew.sql: `{{range}}` is a condition on CASE_ID, `{{known}}` one of the next two, `{{asks}}` whether the model of the
   * stay is asked.
   */
  readonly renew: string;
  /** Query of what is known of the events of those that are asked about; `{{since}}`: the earliest admission of them, as SQL. */
  readonly known: string;
  readonly unknown: string;
  /** Reads one event: where it fails, the model of the stay is not asked. */
  readonly probe: string;
  /** Ids of those that wait, in their order, of whom the model of the stay is asked. */
  readonly asked: string;
  /** Writes down the rest of those whose discharge is known already. Bind: the run. */
  readonly rests: string;
  /** Counts of the rows of the morning: how many by each source, and how many without a prediction. */
  readonly counts: string;
}
