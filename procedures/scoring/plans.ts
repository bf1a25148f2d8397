/**
 * Plans that the scoring procedures are compiled with: their statements, rendered from sql/ for one dataset
 * (statements/, called where procedures are compiled). Only types: nothing of this file is in a body.
 */

import type { Place } from '../ground/names.js';
import type { EndpointSize } from '../jobs/rows-at-once.js';
import type { RestsPlan } from '../stay/rests.js';
import type { HeldKind } from './plausibility.js';

/** The settings that scoring heeds. */
export interface ScoringSettings extends Place {
  /** The hospital's. */
  readonly timeZone: string;
  readonly endpoint: EndpointSize;
}

/** Who is to be scored; see sql/scoring/queue.sql. */
export interface QueuePlan {
  /** Empties the queue for the admissions that it is about to be filled with. */
  readonly clear: string;
  readonly fill: string;
}

/** A feature whose SQL expression may fail on some rows. */
export interface FragileFeature {
  readonly name: string;
  readonly expression: string;
  /** As it stands in `merge`; `kept` instead of it takes what `compute` has kept. */
  readonly derived: string;
  readonly kept: string;
  /** The columns that the expression reads. */
  readonly inputs: string;
}

/** Statements that are the same for all of them but for their placeholders. */
export interface OneByOnePlan {
  readonly features: readonly FragileFeature[];
  /** Columns that an expression sees of each row of the batch, `{{inner}}`; a WHERE may follow. */
  readonly inner: string;
  /** Numbers the batch's rows by `{{inputs}}`; see sql/features/place.sql. */
  readonly place: string;
  /** Number of places: one row, one column. */
  readonly places: string;
  /** Computes `{{expression}}` for the rows of two places, binds 1 and 2, and throws where it cannot be. */
  readonly probe: string;
  /** Computes it for every row outside `{{places}}` and keeps the values as `{{name}}`. */
  readonly compute: string;
  /** Writes down that `{{name}}` is missing in the rows within `{{places}}`. */
  readonly mark: string;
}

/** Statements by which changes are held that look like an accident (hold.ts). */
export interface HoldPlan {
  /** Query of what is held: one row, of NULLs where nothing is. */
  readonly open: string;
  /** Query of what changes are held beside: one row. */
  readonly present: string;
  /** Query of what the past makes plausible: one row. Bind: the last day of the discharges in question. */
  readonly past: string;
  /** Number of admissions that differ in the hospital's table and in the features: one row. Bind: up to which day discharges count. */
  readonly source: string;
  /** Names of wards of which half is gone, in the batch and in the whole table: one row, one column; null: the contract names no wards. */
  readonly emptied: { readonly batch: string; readonly source: string } | null;
  /** Takes out of the batch what meets `{{which}}`, one of these or several. Bind: as above. */
  readonly drop: string;
  readonly which: Readonly<Record<HeldKind, string>>;
  readonly write: string;
  /** Bind: how it ended. */
  readonly end: string;
}

/** Expressions by which values of some columns are read in the hospital's table; `{{column}}` stands for a column's name there. */
export interface TriedValue {
  /** SQL of the value, and where the column may be text: NULL for what is none by its type. */
  readonly plain: string;
  readonly tried: string;
  /** SQL of whether a text is none; '' where it may be any. */
  readonly unfit: string;
}

/** Text after FROM to read the hospital's rows, and what has come in their stream. */
export type SourceRows = Readonly<Record<'raw' | 'stream', string>>;

/** Statements that read the hospital's table where a column of it is text that is another type in the contract. */
export interface SourcePlan {
  /** Makes a temporary table of rows that others own, `kept`, and drops it; '': the own table is read where it stands. */
  readonly keep: string;
  readonly kept: string;
  readonly drop: string;
  /** Names of the columns that are text in the table: rows of one column. */
  readonly textColumns: string;
  /** Texts that `{{raw}}` and `{{stream}}` stand for in statements, as long as the values fit. */
  readonly rows: SourceRows;
  readonly raw: string;
  readonly stream: string;
  readonly id: string;
  /** Names of the features. */
  readonly inputs: readonly string[];
  readonly values: readonly TriedValue[];
  /** Column → which of these it is read by. */
  readonly columns: Readonly<Record<string, number>>;
  /** Names in the table that are others, and in SQL. */
  readonly sources: Readonly<Record<string, readonly [source: string, sql: string]>>;
  /** Computed feature → columns that it reads. */
  readonly reads: Readonly<Record<string, readonly string[]>>;
  /** Writes down which features of a batch's rows cannot be read. */
  readonly mark: string;
  /** These features, and in how many rows. */
  readonly marked: string;
  /** Number of rows that have an id that is none: of those that have come in the stream, and of the table. One row, one column. */
  readonly unfitNow: string;
  readonly unfit: string;
}

export interface BuildPlan {
  readonly source: SourcePlan;
  readonly hold: HoldPlan;
  readonly dataset: string;
  readonly runLog: string;
  /** Query of whether the raw table's stream holds anything: one row, one column; '': there is no stream. */
  readonly pending: string;
  /** Recreates it, from all rows; for one that cannot be read any more. */
  readonly restoreStream: string;
  readonly empty: string;
  readonly collect: string;
  /** Which one counts, where an admission has several rows. */
  readonly choose: string;
  readonly count: string;
  readonly merge: string;
  readonly oneByOne: OneByOnePlan;
  readonly withdraw: string;
  readonly unquarantine: string;
  readonly actuals: string;
  /** The same of daily predictions, where there are such. */
  readonly rests: RestsPlan | null;
  readonly queue: QueuePlan;
  readonly all: ReconcilePlan;
  readonly comparison: ComparisonPlan;
  /** Texts that `merge` has in place of `{{first_built}}` and `{{seen_open}}` of rows that a reconciliation finds missing. */
  readonly first: { readonly built: string; readonly open: string };
  /**
   * Query that a run begins with: a name for it, whether a reconciliation is due, whether the feature table has lost all rows, the mark of the
   * last comparison, and what is held. One row.
   */
  readonly opening: string;
  /** The same where there is no run log: whether that is due cannot be known then. */
  readonly openingUnlogged: string;
}

/** Statements that notice changes without a stream. */
export interface ComparisonPlan {
  /** Query of a mark that tells the rows of the hospital as they are from any other state, and how many have no id: one row. */
  readonly mark: string;
  /** Reads no row of the source. */
  readonly probe: string;
  /** The mark of the last comparison, and whether the feature table is empty: one row. */
  readonly known: string;
  /** Takes what the stream has without its rows. */
  readonly take: string;
  /** As that of a reconciliation, of admissions whose feature row is new and younger than their first prediction: it had been lost. */
  readonly remember: string;
}

/** Comparison of everything with everything: the statements of a batch over all admissions, and what finds which differ. */
export interface ReconcilePlan {
  readonly actuals: string;
  readonly queue: QueuePlan;
  /** Query of whether the prediction log has lost rows that may come back: one row, one column. */
  readonly lostLog: string;
  /** Admissions that a piece has at most. */
  readonly pieceRows: number;
  /** Number of rows of the hospital's table that are beyond the first of their admission: one row, one column. */
  readonly repeated: string;
  /** Number of feature rows that are more than one of an admission: one row, one column. */
  readonly doubled: string;
  readonly keepOne: string;
  readonly dropOthers: string;
  readonly unmark: string;
  /**
   * Puts ids of the admissions to be built into the table of changed ones, those that the hospital's table no longer has among them:
   * `{{after}}` stands twice for a condition on ids, `{{all}}` for whether those that do not differ are too.
   */
  readonly differences: string;
  /** Text that is added for the first of them, a piece. */
  readonly first: string;
  /** The condition: ids after a bind. */
  readonly after: string;
  /** Counts of a piece: how many are missing, different and without a hash but for those that wait in the stream, and the last id as text. */
  readonly found: string;
  /** The same where the stream cannot be read. */
  readonly foundAlone: string;
  readonly collect: string;
  readonly choose: string;
  /** Takes the ids out again, once what they look like is collected. */
  readonly collected: string;
  readonly remember: string;
  /** Marks predictions of which neither feature nor raw row is left. */
  readonly lost: string;
  /** Says of who waits without a reason that the features are of the time of the prediction. */
  readonly unchanged: string;
  /** Lets admissions that are in quarantine more than once be tried again. */
  readonly quarantined: string;
}

export interface ScorePlan {
  readonly dataset: string;
  readonly runLog: string;
  /** See sql/scoring/opening.sql. */
  readonly opening: string;
  /** Queues those in quarantine that another version than bind 1 refused and that are still to be scored. */
  readonly retry: string;
  /** Takes the others of these out of quarantine. */
  readonly dismiss: string;
  /** Ids of the first piece, and of the largest. */
  readonly pieceRows: number;
  readonly mostRows: number;
  /** Number of ids that wait; `{{range}}` is a condition on ID. */
  readonly count: string;
  /** The id in a range before which `{{before}}` others come. */
  readonly middle: string;
  /** Cast of a bound id, e.g. `::NUMBER(38,0)`. */
  readonly idType: string;
  readonly claim: string;
  readonly score: string;
  /** Features that come late to new admissions: names with commas between (bind: the champion), and what `score` says of the lots over which it averages. */
  readonly late: { readonly find: string; readonly given: string; readonly lots: string };
  readonly done: string;
  readonly release: string;
  readonly quarantine: string;
  /** Asks the model about an admission that it has answered before: one row, one column, or none. */
  readonly proof: string;
  /** Moves the offset of the stream that wakes the task. */
  readonly sleep: string;
  /** Number of admissions that wait. */
  readonly waiting: string;
}

export interface RescorePlan {
  readonly dataset: string;
  readonly runLog: string;
  /** Conditions on features f and log l, by option; each takes one bind. */
  readonly since: string;
  readonly version: string;
  /** Queues what meets `{{which}}`. */
  readonly fill: string;
  readonly queue: QueuePlan;
}

export interface ForgetPlan {
  readonly place: Place;
  readonly dataset: string;
  /** The hospital's. */
  readonly table: string;
  readonly runLog: string;
  /** The ids of a patient's admissions, each statement by one table; they take the patient once. Left out: the contract names no patients. */
  readonly admissions?: readonly string[];
  /** Remembers a patient, whose rows others own; takes the id twice. */
  readonly remember?: string;
  /** Which versions admissions may have shaped; takes their ids once, as the JSON of a list. */
  readonly versions: string;
  /** Steps, in order: in which table, by which statement, and what is forgotten of its counts before; each takes the ids once. */
  readonly steps: readonly { readonly table: string; readonly sql: string; readonly counts?: string }[];
  /** Copies that cannot be erased by id, and until when it stays. */
  readonly stays: readonly string[];
}

/** Counts of what CHECK_FEATURES found; all of it but `unfit` and `repeated` is mended by then. */
export interface FeaturesCheck {
  readonly missing: number;
  readonly doubled: number;
  readonly different: number;
  readonly unqueued: number;
  /** Rows of the hospital's table whose id is none by its type. */
  readonly unfit: number;
  /** Rows of it beyond the first of their admission, where there are far more than there were; 0: as usual. */
  readonly repeated: number;
}
