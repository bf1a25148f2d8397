import { jsonPath } from '../../expressions/json/semi-structured.js';
import type { TableFunction } from '../../feature.js';
import { Sequences } from '../../storage/sequences.js';
import { isSemiStructured } from '../../types/coerce.js';
import { NUMBER, TEXT, VARIANT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { typeName } from '../../types/type-name.js';
import { UNDEFINED_JSON } from '../../types/undefined.js';
import type { Relation } from './bind-source.js';

/** The parameters of FLATTEN in the order in which they may stand without names. */
const PARAMETERS = ['INPUT', 'PATH', 'OUTER', 'RECURSIVE', 'MODE'];

const COLUMNS: Relation['columns'] = [
  { name: 'SEQ', physical: 'seq', type: NUMBER(38, 0), nullable: false },
  { name: 'KEY', physical: 'key', type: TEXT() },
  { name: 'PATH', physical: 'path', type: TEXT() },
  { name: 'INDEX', physical: 'index', type: NUMBER(38, 0) },
  { name: 'VALUE', physical: 'value', type: VARIANT },
  { name: 'THIS', physical: 'this', type: VARIANT },
];

/** FLATTEN(input [, path, outer, recursive, mode]): docs.snowflake.com/en/sql-reference/functions/flatten. */
export const flatten: TableFunction = (b, args, named) => {
  const [input, path, outer, recursive, mode] = PARAMETERS.map((name, i) => args[i] ?? named.get(name));
  if (!input)
    throw b.error('000938', '22023', 'not enough arguments for function [FLATTEN], expected 1, got 0');
  if (!input.untyped && !isSemiStructured(input.type))
    throw b.error('001007', '22023', `invalid type [${typeName(input.type)}] for parameter 'INPUT'`);
  for (const [name, flag] of Object.entries({ OUTER: outer, RECURSIVE: recursive }))
    if (flag && flag.type.kind !== 'BOOLEAN')
      throw b.error('001007', '22023', `invalid type [${typeName(flag.type)}] for parameter '${name}'`);
  for (const name of named.keys())
    if (!PARAMETERS.includes(name)) throw b.error('001003', '42000', `unexpected argument name '${name}'.`);
  if (mode && !['BOTH', 'ARRAY', 'OBJECT'].includes(String(mode.constant).toUpperCase()))
    throw b.error('001008', '22023', `invalid value [${String(mode.constant)}] for parameter 'MODE'`);
  const base = String(path?.constant ?? '');
  const json = base ? jsonPath(input.sql, base) : b.cast(input, VARIANT).sql;
  const kinds = String(mode?.constant ?? 'BOTH').toUpperCase();
  const elements = recursive?.constant === true ? deepElements(kinds, base) : flatElements(kinds, base);
  const or = outer?.constant === true;
  const lateral = (from: string, carried: string[]) => {
    b.collected.drawn = true;
    const rows = `SELECT ${[...carried, `${json} AS j`, `${Sequences.inputSql(from)} AS seq`].join(', ')}${from}`;
    return elements(`(${rows})`, carried, or);
  };
  return { sql: lateral('', []), columns: COLUMNS, lateral };
};

type Elements = (rows: string, carried: string[], outer: boolean) => string;

/** The members of one object or the items of one array. */
function flatElements(kinds: string, base: string): Elements {
  return (rows, carried, outer) => {
    const pick = (object: string, array: string) => {
      const objects = kinds === 'ARRAY' ? '' : `WHEN 'OBJECT' THEN ${object} `;
      const arrays = kinds === 'OBJECT' ? '' : `WHEN 'ARRAY' THEN ${array} `;
      return `CASE json_type(j) ${objects}${arrays}END`;
    };
    const values = pick("json_extract(j, '$.*')", "json_extract(j, '$[*]')");
    const orNull = (list: string) =>
      outer ? `CASE WHEN coalesce(len(${values}), 0) = 0 THEN [NULL] ELSE ${list} END` : list;
    const lists = [
      `unnest(${orNull(pick('json_keys(j)', 'NULL'))}) AS key`,
      `unnest(${orNull(pick('NULL', 'range(CAST(json_array_length(j) AS BIGINT))'))}) AS index`,
      `unnest(${orNull(values)}) AS value`,
    ];
    const path = `concat(${quote(base)}, CASE WHEN key IS NULL THEN '[' || index || ']' ELSE ${quote(base ? '.' : '')} || key END)`;
    const inner = `SELECT ${[...carried, 'seq', 'j', ...lists].join(', ')} FROM ${rows}`;
    // An undefined element is no row.
    const there = `value IS DISTINCT FROM ${UNDEFINED_JSON}`;
    return `SELECT ${[...carried, 'seq', 'key', `${path} AS path`, 'index', 'value', 'j AS this'].join(', ')} FROM (${inner}) WHERE ${there}`;
  };
}

/** All members and items at every depth, each after what contains it. */
function deepElements(kinds: string, base: string): Elements {
  return (rows, carried, outer) => {
    const inside = 'substr(t.fullkey, 2)';
    const path = `${quote(base)} || ${base ? inside : `ltrim(${inside}, '.')`}`;
    // With a MODE only that kind is expanded, so nothing below the other kind is reached.
    const only =
      kinds === 'OBJECT'
        ? " AND NOT contains(t.fullkey, '[')"
        : kinds === 'ARRAY'
          ? " AND NOT contains(t.fullkey, '.')"
          : '';
    const item = `{key: CASE WHEN t.fullkey NOT LIKE '%]' THEN t.key END, path: ${path},
      index: CASE WHEN t.fullkey LIKE '%]' THEN CAST(t.key AS BIGINT) END, value: t.value, this: json_extract(j, t.path)}`;
    const list = `(SELECT list(${item} ORDER BY t.id) FROM json_tree(j) AS t WHERE t.fullkey <> '$' AND t.value IS DISTINCT FROM ${UNDEFINED_JSON}${only})`;
    const all = outer ? `coalesce(${list}, [NULL])` : list;
    const inner = `SELECT ${[...carried, 'seq', `unnest(${all}) AS item`].join(', ')} FROM ${rows}`;
    const fields = ['key', 'path', 'index', 'value', 'this'].map((field) => `item.${field} AS ${field}`);
    return `SELECT ${[...carried, 'seq', ...fields].join(', ')} FROM (${inner})`;
  };
}
