import type { Table } from '../../report/mail/events.js';
import type { DateOrder } from '../files/dates.js';
import type { ColumnProfile } from '../profiling/profile.js';

/** Hints of what the user knows already. */
export interface Hints {
  /** Columns, as the table, the file or the contract calls them. */
  readonly id?: string;
  readonly los?: string;
  readonly admission?: string;
  readonly discharge?: string;
  readonly patient?: string;
  /** Texts that stand for a missing value; left out: those that usually do, where they are met. */
  readonly nulls?: readonly string[];
  /** In which order a file's dates are written where its values do not say it. */
  readonly order?: DateOrder;
  /** Notes on the rows, to be said before anything else. */
  readonly notes?: readonly string[];
}

/** Place of the rows: one of the three. */
export type Door = { readonly table: string } | { readonly source: string } | { readonly query: string };

/** A first contract for a table, to be read and corrected by someone who knows the data. */
export interface DraftContract {
  readonly name: string;
  readonly yaml: string;
  /** Table of what every column was taken for, and why. */
  readonly decisions: Table;
  /** Notes on what was guessed or left out, for people. */
  readonly notes: readonly string[];
  /** Questions about what cannot be seen in the data; the contract can be used as it is, and may be wrong. */
  readonly looks: readonly string[];
  /** Decisions to be made before the contract can be used; empty where it can be as it is. */
  readonly open: readonly string[];
}

/** Findings of drafting, in the order in which people read it. */
export interface Findings {
  readonly notes: string[];
  readonly looks: string[];
  readonly open: string[];
}

/** Why columns are no features: a reason for each. */
export type Omissions = Map<ColumnProfile, string>;

/** Names of columns, for a sentence. */
export function namesOf(columns: readonly ColumnProfile[]): string {
  return columns.map(({ name }) => name).join(', ');
}
