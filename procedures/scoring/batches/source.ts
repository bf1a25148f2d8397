import { fill } from '../../ground/plan.js';
import { run, scalar } from '../../runs.js';
import type { BuildPlan, SourcePlan, SourceRows, TriedValue } from '../plans.js';
import type { Tally } from './tally.js';

/** Messages of Snowflake about a value that is none of the type that is wanted, and of a column of such a type. */
const MISFIT =
  /is not recognized|cannot be (cast|converted)|failed to cast|invalid argument types|does not match column data type/i;

/**
 * The hospital's rows, as statements read them. Where a column of the table has become text, and a value in it is none of the contract's type,
 * they read such columns value by value from then on: a row whose id is none is set aside, and a feature that cannot be read is missing.
 */
export class Source {
  private relaxed = false;
  private isKept = false;
  /** Text after FROM to read the table, and its stream. */
  private rows: SourceRows;

  constructor(readonly plan: BuildPlan) {
    this.rows = plan.source.rows;
  }

  /** A statement that reads the rows, where they are at the moment. @param values other placeholders */
  sql(text: string, values: Readonly<Record<string, string>> = {}): string {
    const raw = this.isKept ? this.plan.source.kept : this.rows.raw;
    return fill(text, { ...this.rows, raw, ...values });
  }

  /**
   * Does some work on the rows as they are now. Those that others own are read once for it, for what they are behind a view or a query costs as
   * much each time; an own table is read where it stands. Not within a transaction, which a temporary table would commit.
   */
  keep<T>(work: () => T): T {
    const { keep, drop } = this.plan.source;
    if (keep === '') return work();
    try {
      this.read(() => run(this.sql(keep)));
      this.isKept = true;
      return work();
    } finally {
      this.isKept = false;
      run(drop);
    }
  }

  /** Does some work, once more where a value does not fit. It must not leave a trace where it fails. */
  read<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (this.relaxed || !MISFIT.test(String((error as Error).message))) throw error;
      const text = textColumns(this.plan.source);
      if (text.length === 0) throw error;
      this.relaxed = true;
      this.rows = tolerantRows(this.plan.source, text);
      if (this.isKept) {
        this.isKept = false;
        run(this.sql(this.plan.source.keep));
        this.isKept = true;
      }
      return work();
    }
  }

  /** Marks what cannot be read of the rows of a batch, and counts it. */
  markUnfit(total: Tally): void {
    if (!this.relaxed) return;
    const { mark, marked } = this.plan.source;
    if (run(this.sql(mark)).getNumRowsUpdated() === 0) return;
    const rows = snowflake.execute({ sqlText: marked });
    while (rows.next()) {
      const name = String(rows.getColumnValue(1));
      total.notComputed[name] = (total.notComputed[name] || 0) + Number(rows.getColumnValue(2));
    }
  }

  /** Counts rows of the table, or of what has come in its stream, have an id that is none. */
  countUnfit(which: 'unfit' | 'unfitNow'): number {
    return this.relaxed ? Number(scalar(this.sql(this.plan.source[which]))) : 0;
  }
}

/** Columns of the contract that are another type there, and text in the table. */
function textColumns({ textColumns: sql, columns, values, sources }: SourcePlan): string[] {
  const found: string[] = [];
  const rows = snowflake.execute({ sqlText: sql });
  while (rows.next()) found.push(String(rows.getColumnValue(1)));
  return Object.keys(columns).filter((name) => {
    const source = sources[name];
    return values[columns[name] as number]?.unfit !== '' && found.indexOf(source ? source[0] : name) >= 0;
  });
}

/**
 * Texts after FROM in the place of table and stream.
 * @param text names of the columns that are read value by value
 */
function tolerantRows(source: SourcePlan, text: readonly string[]): SourceRows {
  const { values, columns, sources, reads, inputs, id, raw, stream } = source;
  const sqlOf = (name: string, what: keyof TriedValue) => {
    const own = sources[name];
    const sql = (values[columns[name] as number] as TriedValue)[what];
    return fill(sql, { column: own ? own[1] : name });
  };
  const isText = (name: string) => text.indexOf(name) >= 0;
  const selected = Object.keys(columns).map(
    (name) => `${sqlOf(name, isText(name) ? 'tried' : 'plain')} AS ${name}`,
  );
  const unfit = (names: readonly string[]) => names.filter(isText).map((name) => sqlOf(name, 'unfit'));
  const lost: string[] = [];
  const lose = (feature: string, read: readonly string[]) => {
    const conditions = unfit(read);
    if (conditions.length > 0) lost.push(`IFF(${conditions.join(' OR ')}, '${feature}', NULL)`);
  };
  for (const name of Object.keys(columns)) if (inputs.indexOf(name) >= 0) lose(name, [name]);
  for (const name of Object.keys(reads)) lose(name, reads[name] || []);
  const select = `SELECT ${selected.join(', ')}, ARRAY_CONSTRUCT_COMPACT(${lost.join(', ')}) AS LOS_UNFIT, ${
    isText(id) ? `COALESCE(${sqlOf(id, 'unfit')}, FALSE)` : 'FALSE'
  } AS LOS_UNFIT_ID`;
  return { raw: `(${select} FROM ${raw})`, stream: `(${select}, METADATA$ACTION FROM ${stream})` };
}
