import type { Routine } from '../catalog/objects.js';
import { notSupportedLocally } from '../errors.js';
import { jsonPath } from '../expressions/semi-structured.js';
import { TokenStream } from '../statements/lexer.js';
import { fromCell } from '../types/cells.js';
import type { Typed } from '../types/coerce.js';
import { NUMBER, type ResultColumn, type Row, TEXT, VARIANT } from '../types/data-type.js';
import { quoted } from '../types/duck-type.js';
import type { Call } from './ast.js';
import { bindQuery } from './bind-query.js';
import { argumentsFor, bestOverload } from './bind-routine.js';
import { fromQuery, type Relation } from './bind-source.js';
import type { Binder } from './binder.js';
import { parseQuery } from './parse-query.js';
import { type TableFunction, tableFunctions } from './plugins.js';
import { Scope } from './scope.js';

/** The hidden column by which SEQ4() counts a generator's rows. */
export const GENERATOR_COUNTER = '$SEQ';

/** `TABLE(f(…))` and `LATERAL FLATTEN(…)`. @throws SnowflakeError 002140 for an unknown function */
export function bindTableFunction(b: Binder, call: Call, scope: Scope): Relation {
  const name = call.name[call.name.length - 1]!;
  const args = call.args.map((arg) => b.bind(arg, scope));
  const named = new Map(call.named.map((arg): [string, Typed] => [arg.name, b.bind(arg.value, scope)]));
  const builtIn = tableFunctions.get(name);
  if (builtIn) return builtIn(b, args, named);
  const overloads = b.account.catalog.findRoutines('FUNCTION', call.name, b.session);
  const routine = bestOverload(overloads, args);
  if (!routine) throw b.error('002140', '42601', `Unknown table function ${call.name.join('.')}`, call.at);
  b.account.access.require(b.session, 'USAGE', routine);
  return sqlTableFunction(b, routine, args);
}

function sqlTableFunction(b: Binder, routine: Routine, args: Typed[]): Relation {
  if (routine.language !== 'SQL' || !routine.returnsTable)
    throw notSupportedLocally(
      `TABLE(${routine.name}(…))`,
      `only SQL functions that return a table are built`,
    );
  const values = argumentsFor(b, routine, args, []);
  const inner = b.inside(routine, routine.body);
  routine.arguments.forEach((argument, i) => {
    inner.parameters.set(argument.name, values[i]!);
  });
  const relation = fromQuery(bindQuery(inner, parseQuery(new TokenStream(routine.body)), new Scope()));
  relation.columns.forEach((column, i) => {
    column.name = routine.returnsTable![i]!.name;
  });
  return relation;
}

/** Rows that are at hand, as a relation. */
export function fromRows(columns: ResultColumn[], rows: Row[]): Relation {
  const cells = columns.map(({ type }, i) => `${fromCell(type, `r[${i + 1}]`)} AS c${i + 1}`);
  const list = `from_json(${quoted(JSON.stringify(rows))}, '[["VARCHAR"]]')`;
  return fromQuery({ sql: `SELECT ${cells.join(', ')} FROM (SELECT unnest(${list}) AS r)`, columns });
}

/** FLATTEN(input [, path, outer, recursive, mode]): docs.snowflake.com/en/sql-reference/functions/flatten. */
const flatten: TableFunction = (b, args, named) => {
  const at = (i: number, name: string) => args[i] ?? named.get(name);
  const input = at(0, 'INPUT');
  if (!input)
    throw b.error('000938', '22023', 'not enough arguments for function [FLATTEN], expected 1, got 0');
  if (at(3, 'RECURSIVE')?.constant === true)
    throw notSupportedLocally('FLATTEN(RECURSIVE => TRUE)', 'only one level is expanded');
  const path = at(1, 'PATH')?.constant;
  const mode = at(4, 'MODE')?.constant ?? 'BOTH';
  const outer = at(2, 'OUTER')?.constant === true;
  const source = typeof path === 'string' && path ? jsonPath(input.sql, path) : b.cast(input, VARIANT).sql;
  const when = (object: string, array: string) =>
    `CASE json_type(j) ${mode === 'ARRAY' ? '' : `WHEN 'OBJECT' THEN ${object} `}${mode === 'OBJECT' ? '' : `WHEN 'ARRAY' THEN ${array} `}END`;
  const values = when(`json_extract(j, '$.*')`, `json_extract(j, '$[*]')`);
  const keys = when('json_keys(j)', 'NULL');
  const indexes = when('NULL', 'range(CAST(json_array_length(j) AS BIGINT))');
  const orOne = (list: string) =>
    outer ? `CASE WHEN coalesce(len(${values}), 0) = 0 THEN [NULL] ELSE ${list} END` : list;
  const base = typeof path === 'string' ? path : '';
  const sql = `SELECT s AS seq, key, concat(${quoted(base)}, CASE WHEN key IS NOT NULL THEN ${quoted(base ? '.' : '')} || key ELSE '[' || index || ']' END) AS path,
    index, value, j AS this FROM (SELECT s, j, unnest(${orOne(keys)}) AS key, unnest(${orOne(indexes)}) AS index, unnest(${orOne(values)}) AS value
    FROM (SELECT ${source} AS j, nextval('row_ids') AS s))`;
  return {
    sql,
    columns: [
      { name: 'SEQ', physical: 'seq', type: NUMBER(38, 0), nullable: false },
      { name: 'KEY', physical: 'key', type: TEXT() },
      { name: 'PATH', physical: 'path', type: TEXT() },
      { name: 'INDEX', physical: 'index', type: NUMBER(38, 0) },
      { name: 'VALUE', physical: 'value', type: VARIANT },
      { name: 'THIS', physical: 'this', type: VARIANT },
    ],
  };
};

const generator: TableFunction = (_b, args, named) => {
  const rows = (args[0] ?? named.get('ROWCOUNT'))?.constant;
  if (typeof rows !== 'number')
    throw notSupportedLocally(
      'GENERATOR without ROWCOUNT',
      'rows are counted, not timed',
      'Give ROWCOUNT => n.',
    );
  return {
    sql: `SELECT range AS n FROM range(${rows})`,
    columns: [{ name: GENERATOR_COUNTER, physical: 'n', type: NUMBER(19, 0), nullable: false, hidden: true }],
  };
};

const resultScan: TableFunction = (b, args) => {
  const id = args[0]?.constant;
  const record = typeof id === 'string' ? b.account.history.get(id) : undefined;
  if (!record?.outcome) throw b.error('000709', '02000', `Statement ${id ?? ''} not found`);
  return fromRows(record.outcome.columns, record.outcome.rows);
};

const splitToTable: TableFunction = (b, args) => {
  const [text, delimiter] = args.map((arg) => b.cast(arg, TEXT()).sql);
  return {
    sql: `SELECT s AS seq, unnest(range(1, len(l) + 1)) AS index, unnest(l) AS value FROM (SELECT nextval('row_ids') AS s, string_split(${text}, ${delimiter}) AS l)`,
    columns: [
      { name: 'SEQ', physical: 'seq', type: NUMBER(38, 0), nullable: false },
      { name: 'INDEX', physical: 'index', type: NUMBER(38, 0), nullable: false },
      { name: 'VALUE', physical: 'value', type: TEXT(), nullable: false },
    ],
  };
};

tableFunctions.set('FLATTEN', flatten);
tableFunctions.set('GENERATOR', generator);
tableFunctions.set('RESULT_SCAN', resultScan);
tableFunctions.set('SPLIT_TO_TABLE', splitToTable);
