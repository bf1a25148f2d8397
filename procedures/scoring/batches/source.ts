import { run, scalar } from '../../runs.js';
import type { BuildPlan, SourcePlan, TriedValue } from '../plans.js';
import { expand, mapTexts } from './expand.js';
import type { Tally } from './tally.js';

/** What Snowflake says of a value that is none of the type that is wanted, and of a column of such a type. */
const MISFIT =
  /is not recognized|cannot be (cast|converted)|failed to cast|invalid argument types|does not match column data type/i;

/**
 * The statements that read the hospital's table. Where a column of it has become text, and a value in it is none of the contract's type,
 * they read such columns value by value from then on: a row whose id is none is set aside, and a feature that cannot be read is missing.
 */
export class Source {
  private relaxed = false;
  private isKept = false;
  /** With marks around what reads the table. */
  private marked: BuildPlan;

  plan: BuildPlan;

  constructor(plan: BuildPlan) {
    this.marked = this.plan = expand(plan, plan.lists);
  }

  /**
   * Does some work on the rows as they are now. Those that others own are read once for it, for what they are behind a view or a query costs as
   * much each time; an own table is read where it stands. Not within a transaction, which a temporary table would commit.
   */
  keep<T>(work: () => T): T {
    const { keep, drop } = this.marked.source;
    if (keep === '') return work();
    try {
      this.read((plan) => run(plan.source.keep));
      this.isKept = true;
      this.plan = readKept(this.marked);
      return work();
    } finally {
      this.isKept = false;
      this.plan = this.marked;
      run(drop);
    }
  }

  /** Does some work, once more where a value does not fit. It must not leave a trace where it fails. */
  read<T>(work: (plan: BuildPlan) => T): T {
    try {
      return work(this.plan);
    } catch (error) {
      if (this.relaxed || !MISFIT.test(String((error as Error).message))) throw error;
      const text = textColumns(this.plan.source);
      if (text.length === 0) throw error;
      this.relaxed = true;
      const rows = tolerantRows(this.plan.source, text, (name) =>
        (this.plan.lists.inputs || []).some((input) => input.indexOf(`${name} `) === 0),
      );
      this.plan = this.marked = replaceMarked(this.marked, (kind) => `/*${kind}*/${rows[kind]}/*end*/`);
      if (this.isKept) {
        run(this.plan.source.keep);
        this.plan = readKept(this.marked);
      }
      return work(this.plan);
    }
  }

  /** Marks what cannot be read of the rows of a batch, and counts it. */
  markUnfit(total: Tally): void {
    if (!this.relaxed) return;
    const { mark, marked } = this.plan.source;
    if (run(mark).getNumRowsUpdated() === 0) return;
    const rows = snowflake.execute({ sqlText: marked });
    while (rows.next()) {
      const name = String(rows.getColumnValue(1));
      total.notComputed[name] = (total.notComputed[name] || 0) + Number(rows.getColumnValue(2));
    }
  }

  /** How many rows of the table, or of what has come in its stream, have an id that is none. */
  countUnfit(which: 'unfit' | 'unfitNow'): number {
    return this.relaxed ? Number(scalar(this.plan.source[which])) : 0;
  }
}

function replaceMarked(plan: BuildPlan, textOf: (kind: 'raw' | 'stream', text: string) => string): BuildPlan {
  return mapTexts(plan, (sql) =>
    sql.replace(/\/\*(raw|stream)\*\/[\s\S]*?\/\*end\*\//g, (text, kind: 'raw' | 'stream') =>
      textOf(kind, text),
    ),
  );
}

/** The statements, reading the rows that are kept. */
function readKept(plan: BuildPlan): BuildPlan {
  return replaceMarked(plan, (kind, text) => (kind === 'raw' ? plan.source.kept : text));
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
 * What stands after FROM in the place of table and stream.
 * @param text names of the columns that are read value by value
 * @param isInput whether a column is a feature
 */
function tolerantRows(
  source: SourcePlan,
  text: readonly string[],
  isInput: (column: string) => boolean,
): Readonly<Record<'raw' | 'stream', string>> {
  const { values, columns, sources, reads, id, raw, stream } = source;
  const sqlOf = (name: string, what: keyof TriedValue) => {
    const own = sources[name];
    const sql = (values[columns[name] as number] as TriedValue)[what];
    return sql.split('/*c*/').join(own ? own[1] : name);
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
  for (const name of Object.keys(columns)) if (isInput(name)) lose(name, [name]);
  for (const name of Object.keys(reads)) lose(name, reads[name] || []);
  const select = `SELECT ${selected.join(', ')}, ARRAY_CONSTRUCT_COMPACT(${lost.join(', ')}) AS LOS_UNFIT, ${
    isText(id) ? `COALESCE(${sqlOf(id, 'unfit')}, FALSE)` : 'FALSE'
  } AS LOS_UNFIT_ID`;
  return { raw: `(${select} FROM ${raw})`, stream: `(${select}, METADATA$ACTION FROM ${stream})` };
}
