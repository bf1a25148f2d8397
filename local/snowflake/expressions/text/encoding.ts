import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Typed } from '../../types/coerce.js';
import { type DataType, MAX_BINARY, NUMBER, TEXT } from '../../types/data-type.js';
import { quote } from '../../types/duck-type.js';
import {
  type CallContext,
  type FunctionSpec,
  fn,
  invalidArguments,
  literal,
  onlyText,
  result,
} from '../function.js';
import { native } from '../native.js';
import { fitSize } from '../value-size.js';

const BINARY: DataType = { kind: 'BINARY', length: MAX_BINARY };

/** The bytes of a BINARY, or of a text in UTF-8, as hexadecimal digits. */
const hexOf = (value: Typed, { b }: CallContext): string =>
  `hex(${value.type.kind === 'BINARY' ? value.sql : b.cast(value, TEXT()).sql})`;

const bytes = (hex: string): Buffer => Buffer.from(hex, 'hex');

const DIGESTS: Record<number, string> = {
  0: 'sha256',
  224: 'sha224',
  256: 'sha256',
  384: 'sha384',
  512: 'sha512',
};

const DUCKDB_DIGESTS = new Set(['md5', 'sha1', 'sha256']);

function digestText(algorithm: string, value: Typed, call: CallContext): string {
  if (value.type.kind === 'ARRAY' || value.type.kind === 'OBJECT') throw invalidArguments(call);
  // DuckDB has these itself, of text in UTF-8 as of bytes.
  if (DUCKDB_DIGESTS.has(algorithm))
    return `${algorithm}(${value.type.kind === 'BINARY' ? value.sql : call.b.cast(value, TEXT()).sql})`;
  const run = native(call.b, `digest_${algorithm}`, 1, (hex) =>
    createHash(algorithm).update(bytes(hex)).digest('hex'),
  );
  return `${run}(${hexOf(value, call)})`;
}

/** SHA2(value [, bits]): 256 bits if none are given. @throws SnowflakeError for any other number than 224 … 512 */
function sha2(call: CallContext, digits: Typed | undefined): string {
  const size = digits ? Number(literal(digits, call)) : 256;
  const algorithm = DIGESTS[size];
  if (!algorithm)
    throw call.b.error(
      '001015',
      '22023',
      `invalid digest size ${size} for function ${call.name}: it is 224, 256, 384 or 512`,
      call.at,
    );
  return algorithm;
}

/** A digest as hexadecimal text, or as BINARY. */
function digest(
  names: string,
  algorithm: (call: CallContext, digits?: Typed) => string,
  length?: number,
): FunctionSpec {
  return fn(names, 1, names.startsWith('SHA2') ? 2 : 1, ([value, digits], call) => {
    const sql = digestText(algorithm(call, digits), value!, call);
    return length === undefined
      ? result(`unhex(${sql})`, BINARY, [value!])
      : result(sql, TEXT(length), [value!]);
  });
}

/** Half of an MD5 as an unsigned number. */
function md5Half(name: string, from: number): FunctionSpec {
  return fn(name, 1, 1, (args, call) => {
    const half = `substring(${digestText('md5', args[0]!, call)}, ${from}, 16)`;
    return result(`CAST(CAST('0x' || ${half} AS UBIGINT) AS DECIMAL(38,0))`, NUMBER(38, 0), args);
  });
}

/** The characters behind A–Z, a–z and 0–9, and the one that fills up: BASE64_… take others as an argument. */
function base64Encoded(hex: string, width: string, alphabet: string): string {
  const text = bytes(hex).toString('base64');
  const shown = [...text].map((c) => alphabet['+/='.indexOf(c)] ?? c).join('');
  const n = Number(width);
  return n > 0 ? shown.replace(new RegExp(`(.{${n}})(?=.)`, 'g'), '$1\n') : shown;
}

function base64Decoded(text: string, alphabet: string): string | undefined {
  const plain = [...text.replace(/\s/g, '')]
    .map((c) => (alphabet.includes(c) ? '+/='[alphabet.indexOf(c)]! : c))
    .join('');
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(plain);
  return valid ? Buffer.from(plain, 'base64').toString('hex') : undefined;
}

const hexDecoded = (text: string): string | undefined =>
  /^(?:[0-9A-Fa-f]{2})*$/.test(text) ? text : undefined;

/** The alphabet's three characters that may be given; the standard ones stand for those that are left out. */
function alphabetSql(given: Typed | undefined, { b }: CallContext): string {
  if (!given) return "'+/='";
  const text = b.cast(given, TEXT()).sql;
  return `(${text} || substring('+/=', CAST(length(${text}) AS INTEGER) + 1))`;
}

/** The functions that read base64 or hexadecimal digits, to BINARY or to text, with an error or (TRY_) with NULL. */
function decoding(encoding: 'base64' | 'hex', kind: 'BINARY' | 'STRING', tolerant: boolean): FunctionSpec {
  const name = `${tolerant ? 'TRY_' : ''}${encoding.toUpperCase()}_DECODE_${kind}`;
  return fn(name, 1, encoding === 'base64' ? 2 : 1, ([value, alphabet], call) => {
    const read = native(call.b, name.toLowerCase(), 2, (text, characters) => {
      const hex = encoding === 'hex' ? hexDecoded(text) : base64Decoded(text, characters);
      const readable = hex !== undefined && (kind === 'BINARY' || isUtf8(bytes(hex)));
      if (readable) return hex;
      if (tolerant) return null;
      if (hex !== undefined) throw new Error(`Invalid UTF8 detected in string '${hex.toUpperCase()}'`);
      throw new Error(`The following string is not a legal ${encoding}-encoded value: '${text}'`);
    });
    const hex = `${read}(${call.b.cast(value!, TEXT()).sql}, ${alphabetSql(alphabet, call)})`;
    const binary = `unhex(${hex})`;
    const type = kind === 'BINARY' ? BINARY : TEXT();
    const sql = kind === 'BINARY' ? binary : `decode(${binary})`;
    return { sql, type, nullable: value!.nullable || tolerant };
  });
}

/** docs.snowflake.com/en/sql-reference/functions-string, "Cryptographic hash" and "Encoding and decoding". */
export const encodingFunctions: FunctionSpec[] = [
  digest('MD5 MD5_HEX', () => 'md5', 32),
  digest('MD5_BINARY', () => 'md5'),
  md5Half('MD5_NUMBER_UPPER64', 1),
  md5Half('MD5_NUMBER_LOWER64', 17),
  digest('SHA1 SHA1_HEX', () => 'sha1', 40),
  digest('SHA1_BINARY', () => 'sha1'),
  digest('SHA2 SHA2_HEX', sha2, 128),
  digest('SHA2_BINARY', sha2),
  fn('BASE64_ENCODE', 1, 3, ([value, width, alphabet], call) => {
    const run = native(call.b, 'base64_encode', 3, base64Encoded);
    const n = width ? `CAST(${call.b.cast(width, NUMBER(38, 0)).sql} AS VARCHAR)` : "'0'";
    const hex = hexOf(value!, call);
    const sql =
      width || alphabet ? `${run}(${hex}, ${n}, ${alphabetSql(alphabet, call)})` : `to_base64(unhex(${hex}))`;
    return result(fitSize(`(2 * strlen(${hex}) // 3)`, sql), TEXT(), [value!]);
  }),
  fn('HEX_ENCODE', 1, 2, ([value, upper], call) => {
    const lower = upper !== undefined && Number(literal(upper, call)) === 0;
    const hex = hexOf(value!, call);
    return result(fitSize(`strlen(${hex})`, lower ? `lower(${hex})` : hex), TEXT(), [value!]);
  }),
  ...[false, true].flatMap((tolerant) =>
    (['base64', 'hex'] as const).flatMap((encoding) => [
      decoding(encoding, 'BINARY', tolerant),
      decoding(encoding, 'STRING', tolerant),
    ]),
  ),
  fn('BIT_LENGTH', 1, 1, (args, call) =>
    result(`(length(${hexOf(args[0]!, call)}) * 4)`, NUMBER(18, 0), args),
  ),
  fn('OCTET_LENGTH', 1, 1, (args, call) =>
    result(`(length(${hexOf(args[0]!, call)}) // 2)`, NUMBER(18, 0), args),
  ),
  fn('TO_BINARY', 1, 2, toBinary(false)),
  fn('TRY_TO_BINARY', 1, 2, toBinary(true)),
];

/** TO_BINARY(text [, 'HEX' | 'BASE64' | 'UTF-8']). */
function toBinary(tolerant: boolean): FunctionSpec['bind'] {
  return ([value, format], call) => {
    onlyText(value!, BINARY, tolerant);
    if (value!.type.kind === 'BINARY') return value!;
    const model = format ? String(literal(format, call)).toUpperCase().replace('-', '') : 'HEX';
    const text = call.b.cast(value!, TEXT()).sql;
    const [read, valid] = {
      HEX: [`unhex(${text})`, `regexp_full_match(${text}, '([0-9A-Fa-f]{2})*')`],
      BASE64: [
        `from_base64(${text})`,
        `regexp_full_match(${text}, '([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?')`,
      ],
      UTF8: [`encode(${text})`, 'TRUE'],
    }[model] ?? ['', ''];
    if (!read) throw call.b.error('001003', '22023', `invalid binary format '${model}'`, call.at);
    const words = `The following string is not a legal ${model.toLowerCase()}-encoded value: '`;
    const otherwise = tolerant ? 'NULL' : `CAST(error(${quote(words)} || ${text} || '''') AS BLOB)`;
    const sql = `CASE WHEN ${text} IS NULL THEN NULL WHEN ${valid} THEN ${read} ELSE ${otherwise} END`;
    return { sql, type: BINARY, nullable: value!.nullable || tolerant };
  };
}
