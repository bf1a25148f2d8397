import { run, scalar } from '../../runs.js';
import type { BuildPlan, SourcePlan } from '../plans.js';
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

  constructor(public plan: BuildPlan) {}

  /** Does some work, once more where a value does not fit. It must not leave a trace where it fails. */
  read<T>(work: (plan: BuildPlan) => T): T {
    try {
      return work(this.plan);
    } catch (error) {
      if (this.relaxed || !MISFIT.test(String((error as Error).message))) throw error;
      const text = textColumns(this.plan.source);
      if (text.length === 0) throw error;
      this.relaxed = true;
      this.plan = relax(this.plan, tolerantRows(this.plan.source, text)) as BuildPlan;
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

/** Columns of the contract that are another type there, and text in the table. */
function textColumns({ textColumns: sql, columns }: SourcePlan): string[] {
  const found: string[] = [];
  const rows = snowflake.execute({ sqlText: sql });
  while (rows.next()) found.push(String(rows.getColumnValue(1)));
  return columns
    .filter(({ source, unfit }) => unfit !== '' && found.indexOf(source) >= 0)
    .map(({ name }) => name);
}

/** What stands after FROM in the place of table and stream. @param text names of the columns that are read value by value */
function tolerantRows(
  { columns, reads, id, raw, stream }: SourcePlan,
  text: readonly string[],
): Readonly<Record<string, string>> {
  const values = columns.map(
    ({ name, plain, tried }) => `${text.indexOf(name) < 0 ? plain : tried} AS ${name}`,
  );
  const unfit = (name: string) => columns.filter((column) => column.name === name)[0]?.unfit || 'FALSE';
  const features = Object.keys(reads)
    .map((feature) => ({ feature, read: (reads[feature] || []).filter((name) => text.indexOf(name) >= 0) }))
    .filter(({ read }) => read.length > 0)
    .map(({ feature, read }) => `IFF(${read.map(unfit).join(' OR ')}, '${feature}', NULL)`);
  const select = `SELECT ${values.join(', ')}, ARRAY_CONSTRUCT_COMPACT(${features.join(', ')}) AS LOS_UNFIT, ${
    text.indexOf(id) < 0 ? 'FALSE' : `COALESCE(${unfit(id)}, FALSE)`
  } AS LOS_UNFIT_ID`;
  return { raw: `(${select} FROM ${raw})`, stream: `(${select}, METADATA$ACTION FROM ${stream})` };
}

/** A plan whose statements read other rows. */
function relax(value: unknown, rows: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string')
    return value.replace(
      /\/\*(raw|stream)\*\/[\s\S]*?\/\*end\*\//g,
      (_, kind: string) => rows[kind] as string,
    );
  if (Array.isArray(value)) return value.map((each) => relax(each, rows));
  if (value === null || typeof value !== 'object') return value;
  const made: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) made[key] = relax(each, rows);
  return made;
}
