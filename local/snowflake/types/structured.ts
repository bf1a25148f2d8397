import { type CastSettings, castTo, toVariant } from './coerce.js';
import type { DataType } from './data-type.js';
import { quote } from './duck-type.js';
import { typeName } from './type-name.js';
import { defineSql, jsonAsText, UNDEFINED_JSON } from './undefined.js';

type StructuredObject = DataType & { kind: 'OBJECT' };
type StructuredArray = DataType & { kind: 'ARRAY' };

/** Structured types are semi-structured ones whose parts have types: sql-reference/data-types-structured. */
export const isStructured = (type: DataType): boolean =>
  (type.kind === 'OBJECT' && type.fields !== undefined) ||
  (type.kind === 'ARRAY' && type.element !== undefined);

/**
 * Computes `json` once for `made`, in which it stands many times: the SQL would grow with every level of a type.
 * A lambda's parameter hides those around it, so that each level has a name of its own.
 */
function computeOnce(json: string, made: (json: string) => string): string {
  if (json.length <= 20) return made(json);
  let level = 1;
  while (json.includes(`part${level}`)) level++;
  const name = `part${level}`;
  return `(list_transform([${json}], lambda ${name}: ${made(name)}))[1]`;
}

/** One part of a value in its own type, as JSON again. */
function part(json: string, type: DataType, settings: CastSettings): string {
  return computeOnce(json, (sql) =>
    toVariant(castTo({ sql, type: { kind: 'VARIANT' }, nullable: true }, type, settings), settings),
  );
}

/**
 * A JSON array or object with all its parts brought to their types; an object's members in the order of the type.
 * @returns DuckDB SQL that is NULL for NULL, and raises for another kind of value, other keys or a NULL that is refused
 */
export function structureSql(json: string, type: DataType, settings: CastSettings): string {
  return computeOnce(json, (sql) => structureOnceSql(sql, type, settings));
}

function structureOnceSql(json: string, type: DataType, settings: CastSettings): string {
  const words = `'Failed to cast variant value ' || ${jsonAsText(json)} || ' to ${typeName(type).replaceAll("'", "''")}'`;
  const otherwise = `CASE WHEN json_type(${json}) <> 'NULL' THEN CAST(error(${words}) AS JSON) END`;
  const { fits, made } =
    type.kind === 'ARRAY'
      ? array(json, type as StructuredArray, settings)
      : object(json, type as StructuredObject, settings);
  return `CASE WHEN ${json} IS NULL THEN NULL WHEN ${fits} THEN ${made} ELSE ${otherwise} END`;
}

function array(json: string, { element, notNull }: StructuredArray, settings: CastSettings) {
  const list = `CAST(json_extract(${json}, '$[*]') AS JSON[])`;
  const full = notNull ? ` AND NOT list_has_any(${list}, [CAST('null' AS JSON), ${UNDEFINED_JSON}])` : '';
  const name = `item${json.replace(/\D/g, '')}`;
  const value = part(defineSql(`nullif(${name}, CAST('null' AS JSON))`), element!, settings);
  const item = `coalesce(${value}, ${UNDEFINED_JSON})`;
  return {
    fits: `json_type(${json}) = 'ARRAY'${full}`,
    made: `CAST(to_json(list_transform(${list}, lambda ${name}: ${item})) AS JSON)`,
  };
}

function object(json: string, { fields }: StructuredObject, settings: CastSettings) {
  const names = fields!.map(({ name }) => name);
  const keys = `[${[...names].sort().map(quote).join(', ')}]`;
  const member = (name: string) => `json_extract(${json}, ${quote(`$."${name}"`)})`;
  const full = fields!
    .filter(({ notNull }) => notNull)
    .map(({ name }) => ` AND json_type(${member(name)}) <> 'NULL'`);
  const members = fields!.map(({ name, type }) => {
    const value = part(`nullif(${member(name)}, CAST('null' AS JSON))`, type, settings);
    return `${quote(`${JSON.stringify(name)}:`)} || coalesce(CAST(${value} AS VARCHAR), 'null')`;
  });
  return {
    fits: `json_type(${json}) = 'OBJECT' AND list_sort(json_keys(${json})) = ${keys}${full.join('')}`,
    made: `CAST('{' || concat_ws(',', ${members.join(', ')}) || '}' AS JSON)`,
  };
}

/** The type of a part of a structured value; undefined for what has no type of its own. */
export function partType(type: DataType, key: string | number | undefined): DataType | undefined {
  if (type.kind === 'ARRAY') return type.element;
  if (type.kind !== 'OBJECT') return undefined;
  return type.fields?.find(({ name }) => name === key)?.type;
}
