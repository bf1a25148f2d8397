import type { DataType } from '../types/data-type.js';

/**
 * The syntax tree of queries and DML. Names are folded already; `at` and `end` are offsets into the
 * statement's text, for error positions and for the names of columns that have no alias.
 */
interface Node {
  at: number;
  end: number;
}

/** A dotted name, or IDENTIFIER(…) whose text is only known when the statement is bound. */
export type Name = { parts: string[]; at: number } | { identifier: Expr; at: number };

export interface OrderItem {
  expr: Expr;
  descending: boolean;
  nullsFirst?: boolean;
}

export type FrameBound =
  | 'UNBOUNDED PRECEDING'
  | 'UNBOUNDED FOLLOWING'
  | 'CURRENT ROW'
  | { offset: Expr; direction: 'PRECEDING' | 'FOLLOWING' };

export interface Over {
  partitionBy: Expr[];
  orderBy: OrderItem[];
  frame?: { unit: 'ROWS' | 'RANGE'; from: FrameBound; to: FrameBound };
}

export interface Call extends Node {
  kind: 'call';
  name: string[];
  /** `IDENTIFIER(…)(…)`: gives the name when the statement is bound. */
  identifier?: Expr;
  args: Expr[];
  /** `f(name => value)` */
  named: { name: string; value: Expr }[];
  distinct: boolean;
  /** `f(ALL x)`, which aggregates take as a word for nothing. */
  all?: boolean;
  withinGroup?: OrderItem[];
  ignoreNulls?: boolean;
  /** IGNORE or RESPECT NULLS stands between the parentheses. */
  nullsInside?: boolean;
  over?: Over;
}

export type Expr = Node &
  (
    | { kind: 'number'; text: string }
    | { kind: 'string'; value: string }
    | { kind: 'boolean'; value: boolean }
    | { kind: 'null' }
    | { kind: 'bind'; key: string }
    /** `$name`, a session variable */
    | { kind: 'variable'; name: string }
    /** `$1` or `t.$1`, a column by position */
    | { kind: 'position'; index: number; of?: string }
    | { kind: 'column'; parts: string[] }
    | { kind: 'identifier'; expr: Expr }
    /** `v:a.b[0]` */
    | { kind: 'path'; base: Expr; steps: (string | Expr)[] }
    /** `*` or `t.*` as an argument */
    | { kind: 'star'; star: Star }
    | Call
    | { kind: 'unary'; op: '-' | '+' | 'NOT'; operand: Expr }
    | { kind: 'binary'; op: string; left: Expr; right: Expr }
    | { kind: 'is'; what: 'NULL' | 'TRUE' | 'FALSE'; not: boolean; operand: Expr }
    | { kind: 'distinctFrom'; not: boolean; left: Expr; right: Expr }
    | { kind: 'between'; not: boolean; operand: Expr; low: Expr; high: Expr }
    | { kind: 'in'; not: boolean; operand: Expr; items: Expr[] }
    | { kind: 'inQuery'; not: boolean; operand: Expr; query: Query }
    | {
        kind: 'like';
        op: 'LIKE' | 'ILIKE' | 'RLIKE';
        quantifier?: 'ANY' | 'ALL';
        not: boolean;
        operand: Expr;
        patterns: Expr[];
        escape?: Expr;
      }
    | { kind: 'quantified'; op: string; quantifier: 'ANY' | 'ALL'; left: Expr; query: Query }
    | { kind: 'case'; operand?: Expr; whens: { when: Expr; result: Expr }[]; otherwise?: Expr }
    | { kind: 'cast'; operand: Expr; type: DataType; tolerant: boolean }
    | { kind: 'exists'; query: Query }
    | { kind: 'subquery'; query: Query }
    | { kind: 'tuple'; items: Expr[] }
    | { kind: 'array'; items: Expr[] }
    | { kind: 'object'; pairs: { key: string; value: Expr }[] }
    | { kind: 'interval'; text: string }
    /** `x -> …`, an argument of FILTER, TRANSFORM or REDUCE */
    | { kind: 'lambda'; parameters: { name: string; type?: DataType }[]; body: Expr }
  );

export interface Star {
  /** `t.*` */
  of?: string[];
  ilike?: string;
  exclude: string[];
  replace: { expr: Expr; name: string }[];
  rename: { from: string; to: string }[];
}

export type SelectItem = (Node & { star: Star }) | (Node & { expr: Expr; alias?: string });

export interface TableAlias {
  name: string;
  columns?: string[];
}

export interface Sample {
  method: 'BERNOULLI' | 'BLOCK';
  rows: boolean;
  amount: Expr;
  seed?: Expr;
}

export type Source = { alias?: TableAlias; sample?: Sample; pivot?: Pivot | Unpivot; at: number } & (
  | { kind: 'table'; name: Name }
  | { kind: 'stage'; location: string; options: { name: string; value: Expr }[] }
  | { kind: 'function'; call: Call }
  | { kind: 'query'; query: Query; lateral: boolean }
  | { kind: 'values'; rows: Expr[][] }
  | { kind: 'join'; join: Join }
);

/** A value of the pivoted column and the name of the column that it becomes. */
export interface PivotValue {
  value: Expr;
  name: string;
}

export interface Pivot {
  kind: 'pivot';
  aggregate: Call;
  column: string;
  values: PivotValue[];
  /** Stands behind the values in the names of the columns: `'2023_Q1_TOTAL'`. */
  alias?: string;
  /** The values are those that the column has, or that a query gives: see pivot-any.ts. */
  any?: { orderBy: OrderItem[] } | { query: Query };
  otherwise?: Expr;
}

export interface Unpivot {
  kind: 'unpivot';
  value: string;
  name: string;
  columns: { column: string; shown: string }[];
  includeNulls: boolean;
}

export interface Join {
  type: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL' | 'CROSS' | 'ASOF';
  natural: boolean;
  left: Source;
  right: Source;
  on?: Expr;
  using?: string[];
  /** ASOF JOIN … MATCH_CONDITION (…) */
  match?: Expr;
}

/** What stands between the commas of a GROUP BY; undefined instead of a list is GROUP BY ALL. */
export type GroupItem =
  | { kind: 'expression'; expr: Expr }
  | { kind: 'ROLLUP' | 'CUBE'; items: Expr[] }
  | { kind: 'GROUPING SETS'; sets: Expr[][] };

export interface Select extends Node {
  kind: 'select';
  distinct: boolean;
  items: SelectItem[];
  from: Source[];
  where?: Expr;
  groupBy?: GroupItem[] | 'ALL';
  having?: Expr;
  qualify?: Expr;
  /** Where the word QUALIFY stands. */
  qualifyAt?: number;
}

export interface Cte {
  name: string;
  columns?: string[];
  query: Query;
  recursive: boolean;
}

export interface Query extends Node {
  with: Cte[];
  body: QueryBody;
  orderBy: OrderItem[];
  /** ORDER BY ALL */
  orderByAll?: Omit<OrderItem, 'expr'>;
  limit?: Expr;
  offset?: Expr;
}

export type QueryBody =
  | Select
  | { kind: 'values'; rows: Expr[][]; at: number; end: number }
  | { kind: 'nested'; query: Query; at: number; end: number }
  | {
      kind: 'set';
      op: 'UNION' | 'EXCEPT' | 'INTERSECT';
      all: boolean;
      /** UNION BY NAME */
      byName?: boolean;
      left: QueryBody;
      right: QueryBody;
      at: number;
      end: number;
    };

/** `undefined` stands for DEFAULT. */
export type InsertValue = Expr | undefined;

export interface Insert {
  kind: 'insert';
  overwrite: boolean;
  table: Name;
  columns?: string[];
  source: { values: InsertValue[][] } | { query: Query };
}

export interface Assignment {
  column: string;
  /** What stands before the column's name. */
  qualifier: string[];
  at: number;
  value: InsertValue;
}

export interface Update {
  kind: 'update';
  table: Name;
  alias?: string;
  set: Assignment[];
  from: Source[];
  where?: Expr;
}

export interface Delete {
  kind: 'delete';
  table: Name;
  alias?: string;
  using: Source[];
  where?: Expr;
}

export interface MergeClause {
  matched: boolean;
  condition?: Expr;
  action:
    | { kind: 'update'; set: Assignment[] | 'ALL BY NAME' }
    | { kind: 'delete' }
    | { kind: 'insert'; columns?: string[]; values: InsertValue[] | 'ALL BY NAME' };
}

export interface Merge {
  kind: 'merge';
  table: Name;
  alias?: string;
  using: Source;
  on: Expr;
  clauses: MergeClause[];
}
