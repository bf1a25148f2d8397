import type { Typed } from '../../types/coerce.js';
import { ARRAY, BOOLEAN, type DataType, MAX_BINARY, MAX_TEXT, NUMBER, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import { balance } from '../balanced.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  result,
  wholeNumber,
} from '../function.js';
import { native } from '../native.js';
import { concat } from '../numbers/arithmetic.js';
import { fitSize, guardSize, sumWithin } from '../value-size.js';
import { capitalize, WORD_SEPARATORS } from './words.js';

/** An argument as a text. @throws SnowflakeError 001044 for an ARRAY or OBJECT, which only a cast makes a text */
export function text(value: Typed, call: CallContext): string {
  if (value.type.kind === 'ARRAY' || value.type.kind === 'OBJECT') throw invalidArguments(call);
  return call.b.cast(value, TEXT()).sql;
}

/** A length or a position; no text is as long as this, and DuckDB’s functions of texts take no larger ones. */
const LONGEST = 1e9;

export const int = (value: Typed, call: CallContext): string => wholeNumber(value, call, LONGEST);

/** A function of texts only: `upper(a)`. */
function plainFunction(names: string, duck: string, count: number, type: DataType = TEXT()): FunctionSpec {
  return fn(names, count, count, (args, call) =>
    result(`${duck}(${args.map((arg) => text(arg, call)).join(', ')})`, type, args),
  );
}

/** LPAD and RPAD cut to the length as DuckDB's do; the pad is a blank if left out. BINARY goes by its bytes. */
function pad(duck: string): FunctionSpec['bind'] {
  return ([value, length, fill], call) => {
    const args = [value!, length!, ...(fill ? [fill] : [])];
    if (value!.type.kind === 'BINARY') {
      if (!fill) throw call.b.error('000938', '22023', `${call.name} of BINARY needs a pad.`, call.at);
      const size = int(length!, call);
      const most = `CASE WHEN ${size} < 0 THEN 0 WHEN ${size} > ${MAX_BINARY} THEN ${MAX_BINARY} ELSE ${size} END`;
      const digits = `CAST(2 * ${most} AS INTEGER)`;
      return result(`unhex(${duck}(hex(${value!.sql}), ${digits}, hex(${fill.sql})))`, value!.type, args);
    }
    const size = int(length!, call);
    const shown = `CASE WHEN ${size} < 0 THEN 0 WHEN ${size} > ${MAX_TEXT} THEN ${MAX_TEXT} ELSE ${size} END`;
    const padded = `${duck}(${text(value!, call)}, CAST(${shown} AS INTEGER), ${fill ? text(fill, call) : "' '"})`;
    return result(fitSize(size, padded), TEXT(), args);
  };
}

function trim(duck: string): FunctionSpec['bind'] {
  return (args, call) =>
    result(`${duck}(${text(args[0]!, call)}, ${args[1] ? text(args[1], call) : "' '"})`, TEXT(), args);
}

/** The bytes of a text that is repeated: as a fraction, which does not overflow. */
const times = (value: string, count: string): string => `(CAST(strlen(${value}) AS DOUBLE) * ${count})`;

/** DuckDB's greatest() would pass over NULL. */
const clampAtZero = (n: string): string => (/^\d+$/.test(n) ? n : `CASE WHEN ${n} < 0 THEN 0 ELSE ${n} END`);

/** SUBSTR counts from 1, or from the end if negative; 0 is taken as 1. */
const substring: FunctionSpec['bind'] = ([value, start, length], call) => {
  const from = int(start!, call);
  const first = `CASE WHEN ${from} = 0 THEN 1 ELSE ${from} END`;
  const args = [value!, start!, ...(length ? [length] : [])];
  const size = length && clampAtZero(int(length, call));
  if (value!.type.kind === 'BINARY') {
    // Two digits for each byte; a negative start counts from the end.
    const digit = `CASE WHEN ${first} < 0 THEN 2 * ${first} ELSE 2 * ${first} - 1 END`;
    const count = size ? `, 2 * (${size})` : '';
    return result(`unhex(substring(hex(${value!.sql}), ${digit}${count}))`, value!.type, args);
  }
  return result(`substring(${text(value!, call)}, ${first}${size ? `, ${size}` : ''})`, TEXT(), args);
};

/** LEFT and RIGHT; BINARY goes by its bytes. */
function side(duck: string): FunctionSpec['bind'] {
  return (args, call) => {
    const [value, count] = args;
    const size = clampAtZero(int(count!, call));
    return value!.type.kind === 'BINARY'
      ? result(`unhex(${duck}(hex(${value!.sql}), 2 * (${size})))`, value!.type, args)
      : result(`${duck}(${text(value!, call)}, ${size})`, TEXT(), args);
  };
}

/** The part-th field, from 1, or from the end if negative; 0 is taken as 1; empty beyond the end. */
const splitPart: FunctionSpec['bind'] = (args, call) => {
  const [value, delimiter, part] = args;
  const n = int(part!, call);
  const [v, d] = [text(value!, call), text(delimiter!, call)];
  const list = `CASE WHEN ${d} = '' THEN [${v}] ELSE string_split(${v}, ${d}) END`;
  return result(
    `CASE WHEN ${v} IS NOT NULL AND ${d} IS NOT NULL THEN coalesce((${list})[CASE WHEN ${n} = 0 THEN 1 ELSE ${n} END], '') END`,
    TEXT(),
    args,
  );
};

const position: FunctionSpec['bind'] = (args, call) => {
  const [part, value, start] = args;
  if (part!.type.kind === 'BINARY' && value!.type.kind === 'BINARY') {
    const find = native(call.b, 'position_of_bytes', 3, positionOfBytes);
    const from = start ? `CAST(${int(start, call)} AS VARCHAR)` : "'1'";
    const found = `${find}(hex(${part!.sql}), hex(${value!.sql}), ${from})`;
    return result(`CAST(${found} AS BIGINT)`, NUMBER(18, 0), args);
  }
  const [p, v] = [text(part!, call), text(value!, call)];
  if (!start) return result(`instr(${v}, ${p})`, NUMBER(18, 0), args);
  const from = int(start, call);
  const found = `instr(substring(${v}, ${from}), ${p})`;
  return result(`CASE WHEN ${found} = 0 THEN 0 ELSE ${found} + ${from} - 1 END`, NUMBER(18, 0), args);
};

/** Where the bytes begin (1 is the first byte, 0: nowhere); both are hexadecimal. */
function positionOfBytes(part: string, value: string, start: string): string {
  let at = (Number(start) - 1) * 2;
  do at = value.indexOf(part, at);
  while (at >= 0 && at++ % 2 === 1);
  return String(at < 0 ? 0 : (at - 1) / 2 + 1);
}

/** The parts of a text between any of the delimiting characters, without the empty ones: a DuckDB list. */
export function tokens(value: string, delimiters = "' '"): string {
  const first = `left(${delimiters}, 1)`;
  const one = `translate(${value}, ${delimiters}, repeat(${first}, length(${delimiters})))`;
  return `CASE WHEN ${delimiters} = '' THEN list_filter([${value}], lambda x: x <> '') ELSE list_filter(string_split(${one}, ${first}), lambda x: x <> '') END`;
}

/** How long texts of these types may be, in all. */
const longestOf = (args: Typed[]): number =>
  args.reduce((sum, { type }) => sum + (type.kind === 'TEXT' ? type.length : 0), 0);

/** Whether one constant is no longer than another. */
const shorter = (by: Typed, part: Typed): boolean =>
  typeof by.constant === 'string' &&
  typeof part.constant === 'string' &&
  Buffer.byteLength(by.constant) <= Buffer.byteLength(part.constant);

export const stringFunctions: FunctionSpec[] = [
  fn('CONCAT', 1, 1000, (args, { b, at }) => concat(b, args, 'CONCAT', at)),
  fn('CONCAT_WS', 2, 1000, (args, call) => {
    const [separator, ...rest] = args.map((arg) => text(arg, call));
    const parts = rest.flatMap((part, i) => (i > 0 ? [separator!, part] : [part]));
    return result(sumWithin(parts, balance(parts, '||'), longestOf(args)), TEXT(), args);
  }),
  plainFunction('UPPER', 'upper', 1),
  plainFunction('LOWER', 'lower', 1),
  fn('INITCAP', 1, 2, (args, call) => {
    const name = native(call.b, 'initcap', 2, capitalize);
    const separators = args[1] ? text(args[1], call) : quote(WORD_SEPARATORS);
    return result(`${name}(${text(args[0]!, call)}, ${separators})`, TEXT(), args);
  }),
  fn('LENGTH LEN', 1, 1, (args, call) =>
    result(
      args[0]!.type.kind === 'BINARY' ? `octet_length(${args[0]!.sql})` : `length(${text(args[0]!, call)})`,
      NUMBER(18, 0),
      args,
    ),
  ),
  plainFunction('REVERSE', 'reverse', 1),
  fn('REPLACE', 2, 3, (args, call) => {
    const [value, part, by] = args.map((arg) => text(arg, call));
    const sql = `replace(${value}, ${part}, ${by ?? "''"})`;
    if (!by || shorter(args[2]!, args[1]!)) return result(sql, TEXT(), args);
    // Without the parts, and as often as one was there, what stands in its place.
    const rest = `strlen(replace(${value}, ${part}, ''))`;
    const found = `CASE WHEN ${part} = '' THEN 0 ELSE (strlen(${value}) - ${rest}) // strlen(${part}) END`;
    const most = `CAST(strlen(${value}) AS HUGEINT) * (1 + strlen(${by}))`;
    return result(
      guardSize(most, `(${rest} + CAST(${found} AS HUGEINT) * strlen(${by}))`, sql),
      TEXT(),
      args,
    );
  }),
  fn('TRANSLATE', 3, 3, (args, call) =>
    result(`translate(${args.map((arg) => text(arg, call)).join(', ')})`, TEXT(), args),
  ),
  fn('TRIM', 1, 2, trim('trim')),
  fn('LTRIM', 1, 2, trim('ltrim')),
  fn('RTRIM', 1, 2, trim('rtrim')),
  fn('LPAD', 2, 3, pad('lpad')),
  fn('RPAD', 2, 3, pad('rpad')),
  fn('LEFT', 2, 2, side('left')),
  fn('RIGHT', 2, 2, side('right')),
  fn('SUBSTR SUBSTRING', 2, 3, substring),
  fn('REPEAT', 2, 2, (args, call) => {
    const [value, count] = [text(args[0]!, call), int(args[1]!, call)];
    return result(fitSize(times(value, count), `repeat(${value}, ${count})`), TEXT(), args);
  }),
  fn('SPACE', 1, 1, (args, call) => {
    const count = int(args[0]!, call);
    return result(fitSize(count, `repeat(' ', ${count})`), TEXT(), args);
  }),
  fn('SPLIT', 2, 2, (args, call) => {
    const [value, by] = args.map((arg) => text(arg, call));
    // DuckDB takes an empty separator for one between all characters; here, as in SPLIT_PART, nothing is separated.
    const list = /^'(?:[^']|'')+'$/.test(by!)
      ? `string_split(${value}, ${by})`
      : `CASE WHEN ${by} = '' THEN [${value}] ELSE string_split(${value}, ${by}) END`;
    const sql = `CAST(to_json(${list}) AS JSON)`;
    // Two quotes and a comma for each.
    const found = `(strlen(${value}) - strlen(replace(${value}, ${by}, ''))) // greatest(1, strlen(${by}))`;
    return result(guardSize(`4 * strlen(${value})`, `(strlen(${value}) + 3 * (${found}))`, sql), ARRAY, args);
  }),
  fn('SPLIT_PART', 3, 3, splitPart),
  fn('STRTOK', 1, 3, ([value, delimiters, part], call) => {
    const pieces = tokens(text(value!, call), delimiters && text(delimiters, call));
    return { sql: `(${pieces})[${part ? int(part, call) : 1}]`, type: TEXT(), nullable: true };
  }),
  fn('STRTOK_TO_ARRAY', 1, 2, (args, call) => {
    const pieces = tokens(text(args[0]!, call), args[1] && text(args[1], call));
    return result(`CAST(to_json(${pieces}) AS JSON)`, ARRAY, args);
  }),
  fn('POSITION CHARINDEX', 2, 3, position),
  plainFunction('CONTAINS', 'contains', 2, BOOLEAN),
  plainFunction('STARTSWITH', 'starts_with', 2, BOOLEAN),
  plainFunction('ENDSWITH', 'ends_with', 2, BOOLEAN),
  fn('UNICODE', 1, 1, (args, call) =>
    result(
      `CASE WHEN ${text(args[0]!, call)} = '' THEN 0 ELSE unicode(${text(args[0]!, call)}) END`,
      NUMBER(10, 0),
      args,
    ),
  ),
  fn('ASCII', 1, 1, (args, call) => result(`ascii(${text(args[0]!, call)})`, NUMBER(10, 0), args)),
  fn('CHR CHAR', 1, 1, (args, call) => {
    const code = int(args[0]!, call);
    const wrong = `error('Invalid character code ' || ${code} || ' in the CHR input')`;
    const known = `CASE WHEN ${code} BETWEEN 0 AND 1114111 THEN ${code} END`;
    return result(
      `CASE WHEN ${code} IS NULL THEN NULL WHEN ${known} IS NULL THEN ${wrong} ELSE chr(CAST(${known} AS INTEGER)) END`,
      TEXT(),
      args,
    );
  }),
  fn('INSERT', 4, 4, (args, call) => {
    const [value, at, length, by] = args;
    const v = text(value!, call);
    // A position before the first is the first: DuckDB's left() would count from the end. Its greatest() passes over NULL.
    const [from, to] = [`${int(at!, call)} - 1`, `${int(at!, call)} + ${int(length!, call)}`];
    const head = `left(${v}, CASE WHEN ${from} < 0 THEN 0 ELSE ${from} END)`;
    const tail = `substring(${v}, CASE WHEN ${to} < 1 THEN 1 ELSE ${to} END)`;
    const sql = `${head} || ${text(by!, call)} || ${tail}`;
    return result(fitSize(`(strlen(${v}) + strlen(${text(by!, call)}))`, `(${sql})`), TEXT(), args);
  }),
  fn('ILIKE LIKE', 2, 3, (args, call) =>
    result(
      `(${text(args[0]!, call)} ${call.name} ${text(args[1]!, call)}${args[2] ? ` ESCAPE ${text(args[2], call)}` : ''})`,
      BOOLEAN,
      args,
    ),
  ),
];
