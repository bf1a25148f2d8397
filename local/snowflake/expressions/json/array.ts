import { isSemiStructured, type Typed } from '../../types/coerce.js';
import { ARRAY, BOOLEAN, type DataType, MAX_TEXT, OBJECT, TEXT, VARIANT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { showUndefined, UNDEFINED } from '../../types/undefined.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  result,
  wholeNumber,
} from '../function.js';
import { native } from '../native.js';
import { fitSize, textWithin } from '../value-size.js';
import { arrayOf, itemsOf, membersOf, objectOf } from './json-parts.js';

/** A semi-structured argument as JSON text; texts are no JSON here. */
export function jsonText(value: Typed, { b }: CallContext): string {
  const json = isSemiStructured(value.type) ? value.sql : b.cast(value, VARIANT).sql;
  return `CAST(${json} AS VARCHAR)`;
}

/** Refuses arguments that are not semi-structured where Snowflake converts nothing. @throws SnowflakeError 001044 */
export function semiStructured(call: CallContext, positions = [0]): void {
  // A function of arrays takes no OBJECT, one of objects no ARRAY; a VARIANT may hold either.
  const other = call.name.startsWith('ARRAY')
    ? 'OBJECT'
    : call.name.startsWith('OBJECT')
      ? 'ARRAY'
      : undefined;
  const fits = (at: number) => {
    const arg = call.args[at];
    return !arg || arg.untyped || (isSemiStructured(arg.type) && arg.type.kind !== other);
  };
  if (!positions.every(fits)) throw invalidArguments(call);
}

/** A function from JSON texts to a JSON text, in JavaScript. NULL in any argument gives NULL. */
function jsonFunction(
  name: string,
  count: number,
  type: DataType,
  run: (...args: string[]) => string | null,
  semi = [0],
): FunctionSpec {
  return fn(name, count, count, (args, call) => {
    semiStructured(call, semi);
    const sizeSql = (...texts: string[]) => {
      const made = run(...texts);
      return made === null ? null : textWithin(made);
    };
    const duck = native(call.b, name.toLowerCase(), count, sizeSql);
    const sql = `${duck}(${args.map((arg) => jsonText(arg, call)).join(', ')})`;
    const json = type.kind === 'TEXT' ? sql : `CAST(${sql} AS JSON)`;
    return { ...result(json, type, args), nullable: true };
  });
}

/** @throws Error that becomes the query's */
function items(json: string, name: string): string[] {
  const found = itemsOf(json);
  if (!found) throw new Error(`Invalid argument for function ${name}: ${showUndefined(json)} is no array`);
  return found;
}

function members(json: string, name: string): Map<string, string> {
  const found = membersOf(json);
  if (!found) throw new Error(`Invalid argument for function ${name}: ${showUndefined(json)} is no object`);
  return found;
}

/** A place in an array: from its end if negative. */
const place = (index: number, length: number): number => (index < 0 ? length + index : index);

/** A position that came as JSON. @throws Error that becomes the query's */
function position(json: string): number {
  const text = json.replace(/^"|"$/g, '');
  const index = Math.round(Number(text));
  if (Number.isNaN(index)) throw new Error(`Numeric value '${text}' is not recognized`);
  return index;
}

/** JSON nulls come behind everything else; numbers by value, texts by their characters. */
function order(a: string, z: string): number {
  if (a === 'null' || z === 'null') return Number(a === 'null') - Number(z === 'null');
  const [x, y] = [JSON.parse(a), JSON.parse(z)] as [unknown, unknown];
  if (typeof x === 'number' && typeof y === 'number') return x - y;
  if (typeof x === 'string' && typeof y === 'string') return x < y ? -1 : Number(x > y);
  return a < z ? -1 : Number(a > z);
}

/** ARRAY_EXCEPT and ARRAY_INTERSECTION count copies: what is left of `a` after each match took one away from `z`. */
function matching(a: string, z: string, name: string, keep: boolean): string {
  const others = items(z, name);
  return arrayOf(
    items(a, name).filter((item) => {
      const at = others.indexOf(item);
      if (at >= 0) others.splice(at, 1);
      return at >= 0 === keep;
    }),
  );
}

/** An array's element as a member of an object, which has no undefined ones. */
const member = (item: string | undefined): string =>
  item === undefined || item === UNDEFINED ? 'null' : item;

/** ARRAYS_ZIP: the n-th elements of all arrays as an object with the keys $1, $2 …; JSON null where one is shorter. */
function zip(json: string): string {
  const arrays = items(json, 'ARRAYS_ZIP').map((each) => items(each, 'ARRAYS_ZIP'));
  const longest = Math.max(0, ...arrays.map((array) => array.length));
  if (longest === 0) return '[{}]';
  const element = (at: number) =>
    objectOf(new Map(arrays.map((array, i): [string, string] => [`$${i + 1}`, member(array[at])])));
  return arrayOf(Array.from({ length: longest }, (_, at) => element(at)));
}

/** ARRAY_UNION_AGG: each element as often as in the array that has it most often. */
function unite(json: string): string {
  const most = new Map<string, number>();
  for (const array of items(json, 'ARRAY_UNION_AGG')) {
    const here = new Map<string, number>();
    for (const item of items(array, 'ARRAY_UNION_AGG')) here.set(item, (here.get(item) ?? 0) + 1);
    for (const [item, count] of here) most.set(item, Math.max(count, most.get(item) ?? 0));
  }
  return arrayOf([...most].flatMap(([item, count]) => new Array<string>(count).fill(item)));
}

const extreme = (json: string, name: string, sign: 1 | -1): string | null => {
  const values = items(json, name).filter((item) => item !== UNDEFINED);
  return values.sort((a, z) => sign * order(a, z))[0] ?? null;
};

/** OBJECT_INSERT(object, key, value [, update]): a NULL value leaves the object as it is. */
const objectInsert: FunctionSpec['bind'] = ([value, key, item, update], call) => {
  const insert = native(call.b, 'object_insert', 4, (json, name, added, replace) => {
    const all = members(json, 'OBJECT_INSERT');
    if (all.has(name) && replace !== 'true') throw new Error(`Duplicate field key '${name}'`);
    return objectOf(all.set(name, added));
  });
  semiStructured(call);
  if (!key!.untyped && key!.type.kind !== 'TEXT') throw invalidArguments(call);
  const object = jsonText(value!, call);
  if (item!.untyped) return { sql: `CAST(${object} AS JSON)`, type: OBJECT, nullable: value!.nullable };
  const flag = update ? `CAST(coalesce(${call.b.cast(update, BOOLEAN).sql}, false) AS VARCHAR)` : "'false'";
  const sql = `${insert}(${object}, ${call.b.cast(key!, TEXT()).sql}, ${jsonText(item!, call)}, ${flag})`;
  return { sql: `CAST(coalesce(${sql}, ${object}) AS JSON)`, type: OBJECT, nullable: value!.nullable };
};

/** OBJECT_DELETE and OBJECT_PICK: the object without these keys, or with these only. */
function withKeys(keep: boolean): FunctionSpec['bind'] {
  return ([value, ...keys], call) => {
    semiStructured(call);
    const wrong = keys.some(({ type, untyped }) => !untyped && !['TEXT', 'ARRAY'].includes(type.kind));
    if (wrong) throw invalidArguments(call);
    const name = keep ? 'object_pick' : 'object_delete';
    const run = native(call.b, name, 2, (json, list) => {
      const wanted = new Set((JSON.parse(list) as unknown[]).flat().map(String));
      const kept = [...members(json, name.toUpperCase())].filter(([key]) => wanted.has(key) === keep);
      return objectOf(new Map(kept));
    });
    const list = `CAST(json_array(${keys.map((key) => key.sql).join(', ')}) AS VARCHAR)`;
    return result(`CAST(${run}(${jsonText(value!, call)}, ${list}) AS JSON)`, OBJECT, [value!]);
  };
}

/** ARRAY_SORT(array [, ascending [, nulls first]]): the null of JSON is the largest value; NULLs are, unless it is said where they go. */
const arraySort: FunctionSpec['bind'] = ([value, ascending, nullsFirst], call) => {
  semiStructured(call);
  const run = native(call.b, 'array_sort', 3, (json, up, first) => {
    const all = items(json, 'ARRAY_SORT');
    const nulls = all.filter((item) => item === UNDEFINED);
    const rank = (item: string) => (item === 'null' ? 1 : 0);
    const compare = (a: string, z: string) => rank(a) - rank(z) || order(a, z);
    const values = all.filter((item) => item !== UNDEFINED);
    values.sort((a, z) => (up === 'true' ? compare(a, z) : compare(z, a)));
    return arrayOf(first === 'true' ? [...nulls, ...values] : [...values, ...nulls]);
  });
  const flag = (arg: Typed) => `CAST(${call.b.cast(arg, BOOLEAN).sql} AS VARCHAR)`;
  const up = ascending ? flag(ascending) : "'true'";
  const first = nullsFirst ? flag(nullsFirst) : `CASE ${up} WHEN 'true' THEN 'false' ELSE 'true' END`;
  return result(`CAST(${run}(${jsonText(value!, call)}, ${up}, ${first}) AS JSON)`, ARRAY, [value!]);
};

/** ARRAY_GENERATE_RANGE(from, to [, step]), without `to`. */
const generateRange: FunctionSpec['bind'] = (args, call) => {
  const [from, to, step] = args.map((arg) => wholeNumber(arg, call));
  if (args[2]?.constant === 0)
    throw call.b.error('001015', '22023', `argument of function ${call.name} must not be 0`, call.at);
  // A digit and a comma for each.
  const bytes = `(2 * abs(${to} - ${from}) // CASE WHEN ${step ?? '1'} = 0 THEN 1 ELSE abs(${step ?? '1'}) END)`;
  // DuckDB makes constants before it asks whether they are wanted.
  const end = `CASE WHEN ${bytes} > ${MAX_TEXT} THEN ${from} ELSE ${to} END`;
  const range = `CAST(to_json(range(${from}, ${end}, ${step ?? '1'})) AS JSON)`;
  return result(fitSize(bytes, range), ARRAY, args);
};

const remove = jsonFunction('ARRAY_REMOVE', 2, ARRAY, (json, item) =>
  arrayOf(items(json, 'ARRAY_REMOVE').filter((each) => each !== item)),
);

export const arrayFunctions: FunctionSpec[] = [
  fn('OBJECT_INSERT', 3, 4, objectInsert),
  fn('OBJECT_DELETE', 2, 100, withKeys(false)),
  fn('OBJECT_PICK', 2, 100, withKeys(true)),
  fn('ARRAY_SORT', 1, 3, arraySort),
  fn('ARRAY_GENERATE_RANGE', 2, 3, generateRange),
  jsonFunction('ARRAY_SLICE', 3, ARRAY, (json, from, to) => {
    const all = items(json, 'ARRAY_SLICE');
    const [first, end] = [from, to].map((index) => Math.max(0, place(position(index), all.length)));
    return arrayOf(all.slice(first, end));
  }),
  jsonFunction('ARRAY_INSERT', 3, ARRAY, (json, index, item) => {
    const all = items(json, 'ARRAY_INSERT');
    const at = place(position(index), all.length);
    // "undefined," for each place that is skipped.
    if (Math.abs(Number(index)) > MAX_TEXT / 10) textWithin(' '.repeat(MAX_TEXT + 1));
    while (all.length < at) all.push(UNDEFINED);
    while (at < 0 && all.length < -Number(index)) all.unshift(UNDEFINED);
    all.splice(Math.max(0, at), 0, item);
    return arrayOf(all);
  }),
  fn('ARRAY_REMOVE', 2, 2, (args, call) => {
    // As in ARRAY_POSITION, a text is no VARIANT here.
    if (!args[1]!.untyped && args[1]!.type.kind === 'TEXT') throw invalidArguments(call);
    return remove.bind(args, call);
  }),
  jsonFunction('ARRAY_REMOVE_AT', 2, ARRAY, (json, index) => {
    const all = items(json, 'ARRAY_REMOVE_AT');
    const at = place(Number(index), all.length);
    return arrayOf(all.filter((_, i) => i !== at));
  }),
  jsonFunction('ARRAY_EXCEPT', 2, ARRAY, (a, z) => matching(a, z, 'ARRAY_EXCEPT', false)),
  jsonFunction('ARRAY_INTERSECTION', 2, ARRAY, (a, z) => matching(a, z, 'ARRAY_INTERSECTION', true)),
  jsonFunction('ARRAY_REVERSE', 1, ARRAY, (json) => arrayOf(items(json, 'ARRAY_REVERSE').reverse())),
  fn('ARRAYS_ZIP', 1, 100, (args, call) => {
    const run = native(call.b, 'arrays_zip', 1, zip);
    const all = `'[' || ${args.map((arg) => jsonText(arg, call)).join(" || ',' || ")} || ']'`;
    return result(`CAST(${run}(${all}) AS JSON)`, ARRAY, args);
  }),
  fn(
    'ARRAY_UNION_AGG',
    1,
    1,
    ([value], call) => {
      const run = native(call.b, 'array_union', 1, unite);
      const json = jsonText(value!, call);
      const list = `string_agg(${json}, ',') FILTER (WHERE ${json} IS NOT NULL)${call.over}`;
      return {
        sql: `CAST(${run}('[' || coalesce(${list}, '') || ']') AS JSON)`,
        type: ARRAY,
        nullable: false,
      };
    },
    { group: 'aggregate' },
  ),
  jsonFunction('ARRAY_MIN', 1, VARIANT, (json) => extreme(json, 'ARRAY_MIN', 1)),
  jsonFunction('ARRAY_MAX', 1, VARIANT, (json) => extreme(json, 'ARRAY_MAX', -1)),
  jsonFunction('ARRAY_DISTINCT', 1, ARRAY, (json) => arrayOf([...new Set(items(json, 'ARRAY_DISTINCT'))])),
  jsonFunction('ARRAY_FLATTEN', 1, ARRAY, (json) => {
    const arrays = items(json, 'ARRAY_FLATTEN');
    if (arrays.includes('null') || arrays.includes(UNDEFINED)) return null;
    if (arrays.some((each) => !itemsOf(each)))
      throw new Error("Not an array: 'Input argument to ARRAY_FLATTEN is not an array of arrays'");
    return arrayOf(arrays.flatMap((each) => itemsOf(each)!));
  }),
  jsonFunction('ARRAYS_TO_OBJECT', 2, OBJECT, (keys, values) => {
    const all = items(values, 'ARRAYS_TO_OBJECT');
    const names = items(keys, 'ARRAYS_TO_OBJECT').map((key): unknown => JSON.parse(member(key)));
    return objectOf(
      new Map(
        names.flatMap((name, i): [string, string][] =>
          name === null ? [] : [[String(name), member(all[i])]],
        ),
      ),
    );
  }),
  fn('STRIP_NULL_VALUE', 1, 1, ([value], call) => {
    semiStructured(call);
    const json = `CAST(${jsonText(value!, call)} AS JSON)`;
    return {
      sql: `CASE WHEN json_type(${json}) <> ${quote('NULL')} THEN ${json} END`,
      type: VARIANT,
      nullable: true,
    };
  }),
];
