import type { Routine } from '../../catalog/objects.js';
import { SnowflakeError } from '../../errors.js';
import type { Call, Expr } from '../../language/ast.js';
import type { Typed } from '../../types/coerce.js';
import type { DataType } from '../../types/data-type.js';
import { quoteName } from '../../types/duck-type.js';
import type { ExternalStep } from './binder.js';
import type { ColumnUse } from './grouping.js';

/** A column that expressions may name. */
export interface ScopeColumn {
  name: string;
  sql: string;
  type: DataType;
  nullable: boolean;
  /** Not part of `*`. */
  hidden?: boolean;
  untyped?: boolean;
  /** A lambda's parameter, which belongs to no source. */
  local?: boolean;
  /** Of a column of JOIN … USING: the sources that it was merged from. */
  sources?: ScopeTable[];
}

/** A source of a FROM clause. */
export interface ScopeTable {
  /** What qualifies its columns: the alias, or the parts of the table's full name. */
  path: string[];
  /** The alias in DuckDB. */
  alias: string;
  columns: ScopeColumn[];
  answers?: Answers;
}

/** What a query has each of its rows from, one after the other: a row that was sent out, with its answer, and nothing else. */
export interface Answers {
  step: ExternalStep;
  /** The query's columns that are an answer as it came, by their physical names: the number of the call. */
  columns: ReadonlyMap<string, number>;
}

/** A WITH query, bound once; its DuckDB text stands in the WITH clause of its reader. */
export interface BoundCte {
  alias: string;
  columns: OutputColumn[];
}

export interface OutputColumn {
  name: string;
  type: DataType;
  nullable: boolean;
  /** Nothing but NULL: takes any type. */
  untyped?: boolean;
}

/** A call that must leave DuckDB: its arguments are materialised, its values come back in a table. */
export interface ExternalCall {
  index: number;
  routine: Routine;
  args: Typed[];
}

/** What one SELECT has collected while its clauses are bound. */
export interface Block {
  /** Select-list aliases, for use elsewhere in the block; bound when they are first needed. */
  aliases: Map<string, Expr>;
  /** The same before FROM is bound, in which only ON knows them. */
  selected?: Map<string, Expr>;
  bindingAlias: Set<string>;
  externals: ExternalCall[];
  /** Which clause is being bound. */
  clause: 'FROM' | 'WHERE' | 'SELECT' | 'AGGREGATE';
  aggregates: boolean;
  windows: boolean;
  /** True once a column of an enclosing query was used. */
  correlated: boolean;
  /** What the clause that is being bound reads outside of aggregates, while it is SELECT. */
  uses: ColumnUse[];
  /** The aggregate whose arguments are being bound. */
  aggregate?: Call;
  /** The window function whose arguments are being bound. */
  window?: Call;
}

/** A name as Snowflake shows it: quoted where it would be folded otherwise. */
export const identifierText = (name: string): string =>
  /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : `"${name}"`;

/** Names that are visible to the expressions of a block; `parent` is the enclosing block's. */
export class Scope {
  tables: ScopeTable[] = [];
  /** Columns of JOIN … USING, which have no qualifier. */
  merged: ScopeColumn[] = [];
  readonly ctes: Map<string, BoundCte>;
  readonly block: Block = {
    aliases: new Map(),
    bindingAlias: new Set(),
    externals: [],
    clause: 'FROM',
    aggregates: false,
    windows: false,
    correlated: false,
    uses: [],
  };

  constructor(readonly parent?: Scope) {
    this.ctes = new Map(parent?.ctes);
  }

  /** The column of this block that a name means. @throws SnowflakeError 002028 if several do */
  own(parts: string[]): ScopeColumn | undefined {
    const found = this.ownAll(parts);
    if (found.length > 1)
      throw new SnowflakeError(
        '002028',
        '42601',
        `SQL compilation error:\nambiguous column name '${identifierText(parts[parts.length - 1]!)}'`,
      );
    return found[0];
  }

  /** All columns of this block with the name. */
  ownAll(parts: string[]): ScopeColumn[] {
    const name = parts[parts.length - 1]!;
    const qualifier = parts.slice(0, -1);
    if (qualifier.length === 0) {
      const merged = this.merged.find((column) => column.name === name);
      if (merged) return [merged, ...this.columnsToMerge(merged)];
    }
    const found: ScopeColumn[] = [];
    for (const table of this.tables) {
      if (!qualifies(table, qualifier)) continue;
      for (const column of table.columns) if (column.name === name) found.push(column);
    }
    return found;
  }

  /** Columns of the name that sources behind a JOIN … USING have besides. */
  private columnsToMerge({ name, sources }: ScopeColumn): ScopeColumn[] {
    if (!sources) return [];
    const others = this.tables.filter((table) => !sources.includes(table));
    return others.flatMap(({ columns }) => columns.filter((column) => column.name === name));
  }

  /** The sources that `t.*` or `*` stands for. */
  tablesFor(qualifier?: string[]): ScopeTable[] {
    return qualifier ? this.tables.filter((table) => qualifies(table, qualifier)) : this.tables;
  }
}

function qualifies(table: ScopeTable, qualifier: string[]): boolean {
  if (qualifier.length === 0) return true;
  const tail = table.path.slice(-qualifier.length);
  return tail.length === qualifier.length && tail.every((part, i) => part === qualifier[i]);
}

/** A bound query: DuckDB SQL whose columns are c1 … cn. */
export interface BoundQuery {
  sql: string;
  columns: OutputColumn[];
  /** It reads columns of an enclosing query. */
  correlated?: boolean;
  /** It has one row whatever its sources hold: an aggregate without GROUP BY, or no sources. */
  oneRow?: boolean;
  answers?: Answers;
}

export function columnRef(alias: string, physical: string): string {
  return `${quoteName(alias)}.${quoteName(physical)}`;
}
