/** A table of records, as its file of sql/tables/ describes them. */
export interface CountedTable {
  readonly name: string;
  /** Columns that tell rows apart; with ? behind it one that may be NULL. */
  readonly key: readonly string[];
  /** SQL of the day that a row counts for. Left out: rows are replaced by others, so that they are counted as a whole. */
  readonly day?: string;
  /** Condition on the rows that are counted: of this dataset, where the table is of several. */
  readonly rows: string;
  /** The column of the moment at which a row was written: what was written since the last count stands for nothing that is gone. */
  readonly moment?: string;
  /** The statement that sets right what follows from the order of rows, once lost ones are brought back. */
  readonly settle?: string;
  /** Rows go when they have had their time (watch.keepDays). */
  readonly expires: boolean;
}
