import type { Routine } from '../../catalog/objects.js';
import { localRefusal } from '../../errors.js';
import { tokens } from '../../expressions/text/string.js';
import type { TableFunction } from '../../feature.js';
import type { Call } from '../../language/ast.js';
import { Sequences } from '../../storage/sequences.js';
import { fromCell, isInstant, microsOf, ofMicros } from '../../types/cells.js';
import type { Typed } from '../../types/coerce.js';
import { NUMBER, type ResultColumn, type Row, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { storedQuery } from '../stored-trees.js';
import { nextval } from './bind-expression.js';
import { bindQuery } from './bind-query.js';
import { argumentsFor, bestOverload } from './bind-routine.js';
import { fromQuery, type Relation } from './bind-source.js';
import type { Binder } from './binder.js';
import { flatten } from './flatten.js';
import { Scope } from './scope.js';

/** The hidden column by which SEQ4() counts a generator's rows. */
export const GENERATOR_COUNTER = '$SEQ';

/** `TABLE(f(…))` and `LATERAL FLATTEN(…)`. @throws SnowflakeError 002139 for an unknown function */
export function bindTableFunction(b: Binder, call: Call, scope: Scope): Relation {
  const name = call.name[call.name.length - 1]!;
  if (name === 'GETNEXTVAL') return getNextval(b, call);
  const byName = b.account.features.functionsOfTables.get(name);
  const args = byName ? [] : call.args.map((arg) => b.bind(arg, scope));
  const named = new Map(call.named.map((arg): [string, Typed] => [arg.name, b.bind(arg.value, scope)]));
  if (byName) {
    const [table] = call.args;
    if (table?.kind !== 'column' || call.args.length > 1)
      throw b.error('001003', '42000', `${name} takes the name of a table.`, call.at);
    return byName(b, table.parts, named);
  }
  const builtIn = b.account.features.tableFunctions.get(name);
  if (
    builtIn &&
    !ANYWHERE.has(name) &&
    call.name.at(-2) !== 'INFORMATION_SCHEMA' &&
    b.session.schema !== 'INFORMATION_SCHEMA'
  )
    throw b.error('002140', '42601', `Unknown table function ${call.name.join('.')}`, call.at);
  if (builtIn) return builtIn(b, args, named);
  const overloads = b.account.catalog.findRoutines('FUNCTION', call.name, b.session);
  const routine = bestOverload(overloads, args);
  if (!routine) throw b.error('002139', '42601', `Unknown table function ${call.name.join('.')}`, call.at);
  b.account.access.require(b.session, 'USAGE', routine);
  return sqlTableFunction(b, routine, args);
}

/** Table functions without a schema; all others are INFORMATION_SCHEMA's. */
const ANYWHERE = new Set([
  'FLATTEN',
  'GENERATOR',
  'INFER_SCHEMA',
  'RESULT_SCAN',
  'SPLIT_TO_TABLE',
  'STRTOK_SPLIT_TO_TABLE',
]);

/** TABLE(GETNEXTVAL(sequence)): a value for each row before it (docs: user-guide/querying-sequences). */
function getNextval(b: Binder, call: Call): Relation {
  const [sequence] = call.args;
  if (sequence?.kind !== 'column' || call.args.length > 1)
    throw b.error('001003', '42000', 'GETNEXTVAL takes the name of a sequence.', call.at);
  const value = nextval(b, sequence.parts);
  const lateral = (from: string, carried: string[]) =>
    `SELECT ${[...carried, `${value.sql} AS n`].join(', ')}${from}`;
  const column = { name: 'NEXTVAL', physical: 'n', type: value.type, nullable: false };
  return { sql: lateral('', []), columns: [column], lateral };
}

function sqlTableFunction(b: Binder, routine: Routine, args: Typed[]): Relation {
  if (routine.language !== 'SQL' || !routine.returnsTable)
    throw localRefusal(`TABLE(${routine.name}(…))`, `only SQL functions that return a table are built`);
  const values = argumentsFor(b, routine, args, []);
  const inner = b.enter(routine, routine.body);
  routine.arguments.forEach((argument, i) => {
    inner.parameters.set(argument.name, values[i]!);
  });
  const relation = fromQuery(bindQuery(inner, storedQuery(routine.body), new Scope()));
  relation.columns.forEach((column, i) => {
    column.name = routine.returnsTable![i]!.name;
  });
  return relation;
}

/**
 * Rows that are at hand, as a relation.
 * @param read whether a column is read, by its name in DuckDB's SQL: each that is read is planned anew in every statement
 */
export function fromRows(
  columns: ResultColumn[],
  rows: Row[],
  read: (column: string) => boolean = () => true,
): Relation {
  const named = columns.flatMap((_, i) => (read(`c${i + 1}`) ? [i] : []));
  // Rows that are only counted have a column all the same.
  const wanted = named.length > 0 ? named : [0];
  // What is the same in all rows stands in the statement once: most columns of INFORMATION_SCHEMA are.
  const varying = wanted.filter((i) => rows.some((row) => row[i] !== rows[0]![i]));
  // DuckDB takes 40 µs to read a time's seconds from a text, and next to nothing for microseconds.
  const micros = varying.map((i) => {
    const times = isInstant(columns[i]!.type) ? rows.map((row) => row[i] && microsOf(row[i]!)) : [undefined];
    return times.includes(undefined) ? undefined : times;
  });
  const cells = wanted.map((i) => {
    const { type } = columns[i]!;
    const at = varying.indexOf(i);
    const same = rows[0]?.[i];
    const once = same === undefined || same === null ? 'CAST(NULL AS VARCHAR)' : quote(same);
    const text = at >= 0 ? `r[${at + 1}]` : once;
    return `${micros[at] ? ofMicros(type, `CAST(${text} AS BIGINT)`) : fromCell(type, text)} AS c${i + 1}`;
  });
  const texts = JSON.stringify(
    rows.map((row, n) => varying.map((i, at) => micros[at]?.[n] ?? row[i] ?? null)),
  );
  const list = `from_json(${quote(texts)}, '[["VARCHAR"]]')`;
  return fromQuery({ sql: `SELECT ${cells.join(', ')} FROM (SELECT unnest(${list}) AS r)`, columns });
}

/** Rows that a second of TIMELIMIT gives here; in Snowflake it is as many as the warehouse makes. */
const ROWS_PER_SECOND = 100_000;

/** GENERATOR(ROWCOUNT => n, TIMELIMIT => seconds): ends with whichever is reached first; no rows without both. */
const generator: TableFunction = (b, args, named) => {
  const constant = (value: Typed | undefined): number | undefined => {
    if (!value || value.constant === null) return undefined;
    if (typeof value.constant === 'number') return value.constant;
    if (typeof value.constant === 'string' && /^\d+$/.test(value.constant)) return Number(value.constant);
    throw localRefusal(
      'GENERATOR with a row count that is no constant',
      'rows are made before the query runs',
      'Give ROWCOUNT => n.',
    );
  };
  const count = constant(args[0] ?? named.get('ROWCOUNT'));
  const seconds = constant(args[1] ?? named.get('TIMELIMIT'));
  if (count === undefined && seconds !== undefined)
    b.collected.steps.push({ kind: 'prepare', run: () => waitSeconds(b, seconds) });
  const rows = count ?? (seconds ?? 0) * ROWS_PER_SECOND;
  return {
    sql: `SELECT range AS n FROM range(${rows})`,
    columns: [{ name: GENERATOR_COUNTER, physical: 'n', type: NUMBER(19, 0), nullable: false, hidden: true }],
  };
};

async function waitSeconds(b: Binder, seconds: number): Promise<void> {
  await b.account.clock.sleep(seconds * 1000, b.signal);
  b.signal?.throwIfAborted();
}

const resultScan: TableFunction = (b, args) => {
  const id = args[0]?.constant;
  if (id === null || args[0]?.untyped)
    throw b.error('001015', '22023', 'argument 1 to function RESULT_SCAN needs to be a string');
  const record = typeof id === 'string' ? b.account.history.get(id) : undefined;
  if (!record?.outcome) throw b.error('000709', '02000', `Statement ${id ?? ''} not found`);
  return fromRows(record.outcome.columns, record.outcome.rows);
};

/** SPLIT_TO_TABLE and STRTOK_SPLIT_TO_TABLE. @param least how many arguments it takes @param split gives a DuckDB list of the parts */
const splitting =
  (name: string, least: number, split: (text: string, delimiter?: string) => string): TableFunction =>
  (b, args, named) => {
    if (named.size > 0)
      throw b.error('001003', '42000', `${name} takes a text and a delimiter, without their names.`);
    const { length } = args;
    if (length < least)
      throw b.error(
        '000938',
        '22023',
        `not enough arguments for function [${name}], expected ${least}, got ${length}`,
      );
    if (length > 2)
      throw b.error('000939', '22023', `too many arguments for function [${name}] expected 2, got ${length}`);
    const [text, delimiter] = args.map((arg) => b.cast(arg, TEXT()).sql);
    const lateral = (from: string, carried: string[]) => {
      b.collected.drawn = true;
      const rows = `SELECT ${[...carried, `${Sequences.inputSql(from)} AS seq`, `${split(text!, delimiter)} AS l`].join(', ')}${from}`;
      const items = ['seq', 'unnest(range(1, len(l) + 1)) AS index', 'unnest(l) AS value'];
      return `SELECT ${[...carried, ...items].join(', ')} FROM (${rows})`;
    };
    return {
      sql: lateral('', []),
      columns: [
        { name: 'SEQ', physical: 'seq', type: NUMBER(38, 0), nullable: false },
        { name: 'INDEX', physical: 'index', type: NUMBER(38, 0), nullable: false },
        { name: 'VALUE', physical: 'value', type: TEXT(), nullable: false },
      ],
      lateral,
    };
  };

/** The table functions of every query. */
export const tableFunctions: Record<string, TableFunction> = {
  FLATTEN: flatten,
  GENERATOR: generator,
  RESULT_SCAN: resultScan,
  SPLIT_TO_TABLE: splitting('SPLIT_TO_TABLE', 2, (text, delimiter) => `string_split(${text}, ${delimiter})`),
  STRTOK_SPLIT_TO_TABLE: splitting('STRTOK_SPLIT_TO_TABLE', 1, tokens),
};
