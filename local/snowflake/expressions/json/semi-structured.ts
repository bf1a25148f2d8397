import { SnowflakeError } from '../../errors.js';
import { isSemiStructured, type Typed, toVariant, variantJson } from '../../types/coerce.js';
import { ARRAY, BOOLEAN, NUMBER, OBJECT, TEXT, VARIANT } from '../../types/data-type.js';
import { isQuoted, quote } from '../../types/duck-type.js';
import { defineSql, jsonAsText, UNDEFINED_JSON } from '../../types/undefined.js';
import { type CallContext, type FunctionSpec, fn, invalidArguments, literal, result } from '../function.js';
import { native } from '../native.js';
import { fitSize, jsonWithin } from '../value-size.js';
import { semiStructured } from './array.js';
import { lenientJson } from './lenient-json.js';
import { objectOfColumns } from './object-of-columns.js';

/** One step of a path: an object's key or an array's index. A missing element is SQL NULL. */
export function pathStep(sql: string, key: Typed): string {
  if (typeof key.constant === 'string') return `json_extract(${sql}, ${quote(keyPath(key.constant))})`;
  if (key.type.kind === 'TEXT')
    return `json_extract(${sql}, CASE ${key.sql} WHEN '' THEN '${EMPTY_KEY}' ELSE '$."' || replace(${key.sql}, '"', '\\"') || '"' END)`;
  return defineSql(`json_extract(${sql}, '$[' || CAST(${key.sql} AS INTEGER) || ']')`);
}

/** DuckDB's paths know no empty key; its JSON pointers do (RFC 6901). */
const EMPTY_KEY = '/';

function keyPath(key: string): string {
  if (key === '') return EMPTY_KEY;
  return `$."${key.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** A path in a text, as FLATTEN and GET_PATH take it: `a.b[0]['c']`. */
export function jsonPath(sql: string, path: string): string {
  let out = sql;
  for (const [, key, index, quotedKey] of path.matchAll(/([^.[\]]+)|\[(\d+)\]|\["?'?([^\]'"]*)'?"?\]/g)) {
    const step = index === undefined ? keyPath(key ?? quotedKey!) : `$[${index}]`;
    const found = `json_extract(${out}, ${quote(step)})`;
    out = index === undefined ? found : defineSql(found);
  }
  return out;
}

/** A semi-structured argument; texts are no JSON here. */
export function variant(value: Typed, { b }: CallContext): string {
  return isSemiStructured(value.type) ? value.sql : b.cast(value, VARIANT).sql;
}

/** What may already hold much. */
const semiStructuredOf = (values: Typed[]): string[] =>
  values
    .filter(({ type, constant }) => constant === undefined && isSemiStructured(type))
    .map(({ sql }) => sql);

/**
 * OBJECT_CONSTRUCT leaves out pairs with a NULL key or value; …_KEEP_NULL keeps values as JSON null.
 * Keys that are literals come in alphabetical order, as Snowflake keeps objects.
 */
function objectConstruct(keepNull: boolean): FunctionSpec['bind'] {
  return (args, call) => {
    if (args.length % 2 === 1)
      throw call.b.error('000938', '22023', `odd number of arguments for function [${call.name}]`, call.at);
    const pairs: { key: Typed; value: Typed }[] = [];
    for (let i = 0; i < args.length; i += 2) {
      if (!args[i]!.untyped && args[i]!.type.kind !== 'TEXT') throw invalidArguments(call);
      pairs.push({ key: call.b.cast(args[i]!, TEXT()), value: args[i + 1]! });
    }
    const literals = pairs.flatMap(({ key }) => (typeof key.constant === 'string' ? [key.constant] : []));
    const twice = literals.find((key, i) => literals.indexOf(key) !== i);
    if (twice !== undefined) throw new SnowflakeError('100104', '22000', `Duplicate field key '${twice}'`);
    if (pairs.every(({ key }) => typeof key.constant === 'string'))
      pairs.sort((a, z) => (String(a.key.constant) < String(z.key.constant) ? -1 : 1));
    // Concatenation is NULL with a NULL value, and concat_ws passes over NULLs.
    const members = pairs
      .filter(({ value }) => keepNull || !value.untyped)
      .map(({ key, value }) => {
        const name =
          typeof key.constant === 'string'
            ? quote(`${JSON.stringify(key.constant)}:`)
            : `CAST(to_json(${key.sql}) AS VARCHAR) || ':'`;
        const text = value.untyped ? "'null'" : variantJson(value, call.b.casts);
        if (isQuoted(name) && isQuoted(text)) return name.slice(0, -1) + text.slice(1);
        return `${name} || ${keepNull ? `coalesce(${text}, 'null')` : text}`;
      });
    const written = members.every(isQuoted)
      ? `'${members.map((member) => member.slice(1, -1)).join()}'`
      : undefined;
    const inner = written ?? `concat_ws(',', ${members.join(', ')})`;
    const made = written
      ? `CAST('{${written.slice(1, -1)}}' AS JSON)`
      : `CAST('{' || ${inner} || '}' AS JSON)`;
    const sql = (keepNull ? undefined : objectOfColumns(pairs, made)) ?? made;
    return { sql: jsonWithin(semiStructuredOf(args), sql), type: OBJECT, nullable: false };
  };
}

/**
 * PARSE_JSON(text [, 'd' | 's']): empty text is NULL; what is no JSON is an error (TRY_: NULL). Objects come out
 * with their keys in order, which DuckDB would not see to.
 */
function parseJson(tolerant: boolean): FunctionSpec['bind'] {
  return ([value, option], call) => {
    const { b } = call;
    if (!value!.untyped && value!.type.kind !== 'TEXT' && !isSemiStructured(value!.type))
      throw invalidArguments(call);
    if (value!.type.kind === 'ARRAY' || value!.type.kind === 'OBJECT') return value!;
    const duplicates = option !== undefined && String(literal(option, call)).includes('d');
    if (value!.type.kind === 'TEXT' && typeof value!.constant === 'string') {
      const known = literalJson(value!.constant, duplicates, tolerant);
      if (known !== undefined) return { sql: known, type: VARIANT, nullable: true };
    }
    const given = value!.type.kind === 'VARIANT' ? value!.sql : undefined;
    const text = b.cast(value!, TEXT()).sql;
    const name = `${tolerant ? 'try_' : ''}parse_json${duplicates ? '_d' : ''}`;
    const parse = native(b, name, 1, (source) => {
      try {
        return lenientJson(source, duplicates);
      } catch (error) {
        if (tolerant) return null;
        throw new Error(`Error parsing JSON: ${(error as Error).message}`);
      }
    });
    const plain = `json_valid(${text}) AND NOT regexp_matches(${text}, '${NOT_PLAIN.source}')`;
    const json = `CASE WHEN ${plain} THEN CAST(${text} AS JSON) ELSE CAST(${parse}(${text}) AS JSON) END`;
    const parsed = `CASE WHEN trim(${text}) <> '' THEN ${json} END`;
    // A string in a VARIANT is parsed; what is more than that is parsed already.
    const sql = given
      ? `CASE WHEN json_type(${given}) <> 'VARCHAR' THEN ${given} ELSE ${parsed} END`
      : parsed;
    return { sql, type: VARIANT, nullable: true };
  };
}

/** TO_OBJECT(value): a VARIANT that holds the text of an object is read as one, as Snowpark's docstrings show. */
const toObject: FunctionSpec['bind'] = ([value], call) => {
  const { b } = call;
  if (value!.type.kind !== 'VARIANT') return b.cast(value!, OBJECT);
  const { sql } = value!;
  const read = parseJson(true)([value!], call).sql;
  const held = `CASE WHEN json_type(${sql}) = 'VARCHAR' AND json_type(${read}) = 'OBJECT' THEN ${read} ELSE ${sql} END`;
  return b.cast({ ...value!, sql: held, nullable: true }, OBJECT);
};

/** What valid JSON has in it that may have to be written otherwise. */
const NOT_PLAIN = /[{\s]|,[\],]/;

/**
 * The same for a text that the statement says, or a bind: it is read here, once, and stands there once, not in each branch.
 * @returns undefined for what is no JSON, where that is an error when the statement runs
 */
function literalJson(text: string, duplicates: boolean, tolerant: boolean): string | undefined {
  if (/^ *$/.test(text)) return 'CAST(NULL AS JSON)';
  try {
    return `CAST(${quote(NOT_PLAIN.test(text) ? lenientJson(text, duplicates) : plainJson(text, duplicates))} AS JSON)`;
  } catch {
    return tolerant ? 'CAST(NULL AS JSON)' : undefined;
  }
}

/** JSON without objects or blanks, as it is; of what is no JSON whatever it is taken for. */
function plainJson(text: string, duplicates: boolean): string {
  try {
    JSON.parse(text);
    return text;
  } catch {
    return lenientJson(text, duplicates);
  }
}

/** An element that is looked for must be a VARIANT: of a text, TO_VARIANT makes one. @throws SnowflakeError 001044 */
function refuseTexts(item: Typed, call: CallContext): void {
  if (!item.untyped && item.type.kind === 'TEXT') throw invalidArguments(call);
}

/** `result` for functions of which all arguments, or those at the positions, are arrays. */
function arraysOnly(call: CallContext, positions = call.args.map((_, i) => i)): typeof result {
  semiStructured(call, positions);
  return result;
}

/** A value as an array's element: SQL NULL becomes an undefined one. */
function element(value: Typed, call: CallContext): string {
  if (value.untyped) return UNDEFINED_JSON;
  return value.nullable ? `coalesce(${variant(value, call)}, ${UNDEFINED_JSON})` : variant(value, call);
}

const elements = (json: string): string => `CAST(json_extract(${json}, '$[*]') AS JSON[])`;
const fromList = (list: string): string => `CAST(to_json(${list}) AS JSON)`;

/** Elements are found by a text or a number. @throws SnowflakeError 001044 */
function onlyKey({ type, untyped }: Typed, call: CallContext): void {
  if (!untyped && !['TEXT', 'NUMBER', 'FLOAT', 'VARIANT'].includes(type.kind)) throw invalidArguments(call);
}

/** ARRAY_CONSTRUCT and `[…]`: SQL NULLs become undefined elements. */
export function array(b: CallContext['b'], items: Typed[]): Typed {
  const values = items.map((item) =>
    item.untyped ? UNDEFINED_JSON : `coalesce(${toVariant(item, b.casts)}, ${UNDEFINED_JSON})`,
  );
  const sql = jsonWithin(semiStructuredOf(items), `CAST(json_array(${values.join(', ')}) AS JSON)`);
  return { sql, type: { kind: 'ARRAY' }, nullable: false };
}

export const semiStructuredFunctions: FunctionSpec[] = [
  fn('OBJECT_CONSTRUCT', 0, 2000, objectConstruct(false)),
  fn('OBJECT_CONSTRUCT_KEEP_NULL', 0, 2000, objectConstruct(true)),
  fn('ARRAY_CONSTRUCT', 0, 10_000, (args, { b }) => array(b, args)),
  fn('ARRAY_CONSTRUCT_COMPACT', 0, 10_000, (args, { b }) => {
    const values = args.filter((arg) => !arg.untyped).map((arg) => toVariant(arg, b.casts));
    const list = `list_filter([${values.join(', ')}], lambda x: x IS NOT NULL)`;
    return { sql: values.length > 0 ? fromList(list) : "CAST('[]' AS JSON)", type: ARRAY, nullable: false };
  }),
  fn('PARSE_JSON', 1, 2, parseJson(false)),
  fn('TRY_PARSE_JSON', 1, 2, parseJson(true)),
  fn('TO_JSON', 1, 1, ([value], call) => result(jsonAsText(variant(value!, call)), TEXT(), [value!])),
  fn('TO_VARIANT', 1, 1, ([value], { b }) => b.cast(value!, VARIANT)),
  fn('TO_OBJECT', 1, 1, toObject),
  fn('TO_ARRAY', 1, 1, ([value], { b }) => b.cast(value!, ARRAY)),
  fn('GET', 2, 2, ([value, key], call) => {
    semiStructured(call);
    onlyKey(key!, call);
    return { sql: pathStep(variant(value!, call), key!), type: VARIANT, nullable: true };
  }),
  fn('GET_PATH', 2, 2, ([value, path], call) => {
    semiStructured(call);
    const written = String(literal(path!, call));
    return { sql: jsonPath(variant(value!, call), written), type: VARIANT, nullable: true };
  }),
  fn('GET_IGNORE_CASE', 2, 2, ([value, key], call) => {
    semiStructured(call);
    onlyKey(key!, call);
    const json = variant(value!, call);
    const exact = pathStep(json, key!);
    if (key!.type.kind !== 'TEXT') return { sql: exact, type: VARIANT, nullable: true };
    const { constant } = key!;
    const word = typeof constant === 'string' && /^\w+$/.test(constant) ? constant : undefined;
    const lower = word === undefined ? `lower(${key!.sql})` : quote(word.toLowerCase());
    const found = `list_filter(json_keys(${json}), lambda k: lower(k) = ${lower})[1]`;
    // What equals a word has nothing in it that a path would have to escape.
    const named =
      word === undefined
        ? pathStep(json, { sql: found, type: TEXT(), nullable: true })
        : `json_extract(${json}, '$."' || ${found} || '"')`;
    return { sql: `coalesce(${exact}, ${named})`, type: VARIANT, nullable: true };
  }),
  fn('JSON_EXTRACT_PATH_TEXT', 2, 2, ([value, path], call) => {
    // It parses texts, those in a VARIANT as well; an OBJECT or ARRAY is read with GET_PATH.
    if (!value!.untyped && (value!.type.kind === 'OBJECT' || value!.type.kind === 'ARRAY'))
      throw invalidArguments(call);
    const json = parseJson(false)([value!], call).sql;
    if (path!.constant === undefined) {
      // A path of a row: keys that need no quotes are written alike in DuckDB.
      const text = call.b.cast(path!, TEXT()).sql;
      const place = `(CASE WHEN ${text} LIKE '[%' THEN '$' ELSE '$.' END || ${text})`;
      return { sql: `(${json} ->> ${place})`, type: TEXT(), nullable: true };
    }
    return { sql: `(${jsonPath(json, String(literal(path!, call)))} ->> '$')`, type: TEXT(), nullable: true };
  }),
  fn('CHECK_JSON', 1, 1, ([value], call) => {
    const check = native(call.b, 'check_json', 1, (given) => {
      try {
        if (given.trim() !== '') lenientJson(given);
        return null;
      } catch (error) {
        return (error as Error).message;
      }
    });
    return { sql: `${check}(${call.b.cast(value!, TEXT()).sql})`, type: TEXT(), nullable: true };
  }),
  fn('OBJECT_KEYS', 1, 1, ([value], call) => {
    semiStructured(call);
    return result(fromList(`list_sort(json_keys(${variant(value!, call)}))`), ARRAY, [value!]);
  }),
  fn('ARRAY_SIZE', 1, 1, ([value], call) => {
    semiStructured(call);
    const json = variant(value!, call);
    return {
      sql: `CASE WHEN json_type(${json}) = 'ARRAY' THEN CAST(json_array_length(${json}) AS BIGINT) END`,
      type: NUMBER(9, 0),
      nullable: true,
    };
  }),
  fn('ARRAY_CONTAINS', 2, 2, ([item, value], call) => {
    semiStructured(call, [1]);
    refuseTexts(item!, call);
    return result(`list_contains(${elements(variant(value!, call))}, ${variant(item!, call)})`, BOOLEAN, [
      item!,
      value!,
    ]);
  }),
  fn('ARRAY_POSITION', 2, 2, ([item, value], call) => {
    semiStructured(call, [1]);
    refuseTexts(item!, call);
    const sql = `nullif(list_position(${elements(variant(value!, call))}, ${variant(item!, call)}), 0) - 1`;
    return { sql, type: NUMBER(9, 0), nullable: true };
  }),
  fn('ARRAY_APPEND', 2, 2, ([value, item], call) =>
    arraysOnly(call, [0])(
      fromList(`list_append(${elements(variant(value!, call))}, ${element(item!, call)})`),
      ARRAY,
      [value!],
    ),
  ),
  fn('ARRAY_PREPEND', 2, 2, ([value, item], call) =>
    arraysOnly(call, [0])(
      fromList(`list_prepend(${element(item!, call)}, ${elements(variant(value!, call))})`),
      ARRAY,
      [value!],
    ),
  ),
  fn('ARRAY_CAT', 2, 2, ([a, z], call) =>
    arraysOnly(call)(
      jsonWithin(
        semiStructuredOf([a!, z!]),
        fromList(`list_concat(${elements(variant(a!, call))}, ${elements(variant(z!, call))})`),
      ),
      ARRAY,
      [a!, z!],
    ),
  ),
  fn('ARRAY_COMPACT', 1, 1, ([value], call) =>
    arraysOnly(call, [0])(
      fromList(
        `list_filter(${elements(variant(value!, call))}, lambda x: json_type(x) <> 'NULL' AND x <> ${UNDEFINED_JSON})`,
      ),
      ARRAY,
      [value!],
    ),
  ),
  fn('ARRAY_TO_STRING', 2, 2, ([value, separator], call) =>
    arraysOnly(call, [0])(
      itemsJoined(
        `list_transform(${elements(variant(value!, call))}, lambda x: coalesce(${defineSql('x')} ->> '$', ''))`,
        call.b.cast(separator!, TEXT()).sql,
      ),
      TEXT(),
      [value!, separator!],
    ),
  ),
  fn('ARRAYS_OVERLAP', 2, 2, ([a, z], call) =>
    arraysOnly(call)(
      `list_has_any(${elements(variant(a!, call))}, ${elements(variant(z!, call))})`,
      BOOLEAN,
      [a!, z!],
    ),
  ),
];

/** Texts with another between them. DuckDB's own function takes only a constant there. */
function itemsJoined(list: string, by: string): string {
  const bytes = `(coalesce(list_sum(list_transform(texts, lambda t: strlen(t))), 0) + len(texts) * strlen(${by}))`;
  const made = `CASE WHEN ${by} IS NULL THEN NULL WHEN len(texts) = 0 THEN '' ELSE list_reduce(texts, lambda a, t: a || ${by} || t) END`;
  const constant = /^'(?:[^']|'')*'$/.test(by);
  const joined = constant ? `array_to_string(texts, ${by})` : made;
  return `(list_transform([${list}], lambda texts: ${fitSize(`CAST(${bytes} AS HUGEINT)`, joined)}))[1]`;
}
