/** The summaries of the events of one name, or one number of all events of a stay. */
export type EventFeature = readonly Summary[] | { readonly sql: string };

/** A list of planned admissions: where it is, and what its columns are called there. */
export interface PlannedSource extends Relation {
  /** The id that the admission will have, as the contract's `id` has it; with `patient`, one of the booking's own will do. */
  readonly id: RelationColumn;
  /** Who is booked, as the contract's `patient` has it: by whom bookings find their admissions where these have other ids. */
  readonly patient?: RelationColumn;
  /** The day for which the patient is booked. */
  readonly day: RelationColumn;
  /** When this row was written: the list is read as it stood on an evening. */
  readonly recorded: RelationColumn;
  /** Mark of a row that takes the booking back; left out: none is. */
  readonly cancelled?: RelationColumn;
  readonly ward?: RelationColumn;
  readonly department?: RelationColumn;
  /** Way in which the patient will come, as `admissionType` has it. */
  readonly kind?: RelationColumn;
  /** Columns of the contract that the list knows already: names, or by the contract's names those of the list. */
  readonly features?: readonly string[] | Readonly<Record<string, string>>;
}

/** Dates on which people expect stays to end: where their rows are, one for each writing, and what their columns are called there. */
export interface ExpectedDischargeSource extends Relation {
  /** The id of the stay, as the contract's `id` has it. */
  readonly stay: RelationColumn;
  /** The day of the discharge that is expected; NULL takes back what was written before. */
  readonly day: RelationColumn;
  /** When it was written: of several of one stay the last counts. */
  readonly recorded: RelationColumn;
  /** The kind of person who wrote it, as doctor or nurse: each kind is as reliable as it has been. */
  readonly by?: RelationColumn;
  /** BOOLEAN: the date is certain; left out: none is. */
  readonly confirmed?: RelationColumn;
  /** A code of what the patient waits for; never free text. */
  readonly reason?: RelationColumn;
}

/** From when on patients are fit to leave: where its rows are, one for each writing, and what their columns are called there. */
export interface ReadyForDischargeSource extends Relation {
  /** The id of the stay, as the contract's `id` has it. */
  readonly stay: RelationColumn;
  /** Since when; NULL takes back what was written before. */
  readonly since: RelationColumn;
  /** When it was written: of several of one stay the last counts. */
  readonly recorded: RelationColumn;
  /** A code of why the patient is still here; never free text. */
  readonly reason?: RelationColumn;
}

/** Moves between wards: where their rows are, and what their columns are called there. */
export interface MovesSource extends Relation {
  /** The id of the stay, as the contract's `id` has it. */
  readonly stay: RelationColumn;
  /** From when on the patient lies there. */
  readonly from: RelationColumn;
  /** Ward, as the contract's `ward` calls it; NULL: the row says nothing of it, as for a leave of absence. */
  readonly ward: RelationColumn;
  /** When the row was written: of several of one stay and time the last counts. */
  readonly recorded?: RelationColumn;
  /** Mark of a row that takes the move of its stay and time back; left out: none does. */
  readonly cancelled?: RelationColumn;
}

/** Rows of what happens during stays: where they are, and what their columns are called there. */
export interface EventSource extends Relation {
  /** The id of the stay, as the contract's `id` has it. */
  readonly stay: RelationColumn;
  /** When it happened. */
  readonly time: RelationColumn;
  /** Subject: the name of a measurement, or WARD where the value is the ward. */
  readonly name: RelationColumn;
  /** A number or a text; left out: each row counts as 1. */
  readonly value?: RelationColumn;
  /** From when on it was known; left out: from when it happened. */
  readonly recorded?: RelationColumn;
}

/** A column of a relation, by the name that it has there; its type where that is not the one that is expected. */
export type RelationColumn = string | { readonly column: string; readonly type: string };

/** Rows beside the admissions that a contract reads and never writes: one of three. */
export interface Relation {
  /** A table or view of the product's schema, which the hospital fills. */
  readonly table?: string;
  /** A relation of any schema and owner, as it stands in SQL. */
  readonly source?: string;
  /** One SELECT, which may join several. */
  readonly query?: string;
}

/** Summaries: what becomes a number, or with `category` a level, of a stay's events of one name (sql/stay/features.sql says how). */
export const SUMMARIES = [
  'last',
  'change',
  'step',
  'least',
  'most',
  'mean',
  'count',
  'total',
  'hours',
  'ever',
  'category',
  'changes',
] as const;
export type Summary = (typeof SUMMARIES)[number];
