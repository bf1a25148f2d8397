import type { Routine } from '../../catalog/objects.js';
import type { Typed } from '../../types/coerce.js';
import type { Cell } from '../../types/data-type.js';
import type { Relation } from '../bind/bind-source.js';
import type { Binder } from '../bind/binder.js';

/**
 * Row sources that other parts bring: each registers itself when it is loaded.
 * A source whose rows are only known when the statement runs puts a placeholder into its SQL and the text's
 * supplier into `b.collected.deferred`.
 */

/** `TABLE(name(…))`. `args` are positional, `named` are `name => value`. */
export type TableFunction = (b: Binder, args: Typed[], named: Map<string, Typed>) => Relation;

/** By upper-case name, without the schema: FLATTEN, TASK_HISTORY … */
export const tableFunctions = new Map<string, TableFunction>();

/** Table functions whose first argument is the name of a table, in parts: VALIDATE(t, JOB_ID => …). */
export const tablesByName = new Map<
  string,
  (b: Binder, table: string[], named: Map<string, Typed>) => Relation
>();

/** Relations that are no object of the catalog, e.g. DB.INFORMATION_SCHEMA.TABLES; the first that answers wins. */
export const relations: ((b: Binder, parts: string[]) => Relation | undefined)[] = [];

/** `FROM @stage/path (FILE_FORMAT => …)`. The columns are named $1, $2 … (by position) and METADATA$…. */
export const stageSource: {
  bind?: (b: Binder, location: string, options: Map<string, Typed>) => Relation;
} = {};

/**
 * Calls an external function. `rows` are the JSON texts of the argument lists, `[1,"a",{…}]`, in order; the
 * answer has one cell a row.
 */
export const callExternal: {
  call?: (b: Binder, routine: Routine, rows: string[]) => Promise<Cell[]>;
} = {};
