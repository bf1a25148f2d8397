import { localRefusal, syntaxError } from '../errors.js';
import {
  type DataType,
  DECFLOAT,
  type Field,
  FLOAT,
  MAX_BINARY,
  MAX_TEXT,
  NUMBER,
  TEXT,
} from '../types/data-type.js';
import { positionOf, TokenStream } from './lexer.js';

/** Bytes of a VARCHAR and a BINARY that says its length: docs.snowflake.com/en/sql-reference/data-types-text. */
const LONGEST_TEXT = 134_217_728;
const LONGEST_BINARY = 67_108_864;

const INTEGERS = ['INT', 'INTEGER', 'BIGINT', 'SMALLINT', 'TINYINT', 'BYTEINT'];
const DECIMALS = ['NUMBER', 'DECIMAL', 'DEC', 'NUMERIC', 'FIXED'];
const FLOATS = ['FLOAT', 'FLOAT4', 'FLOAT8', 'DOUBLE', 'REAL'];
const TEXTS = ['VARCHAR', 'STRING', 'TEXT', 'NVARCHAR', 'NVARCHAR2'];
const CHARS = ['CHAR', 'CHARACTER', 'NCHAR'];

/**
 * Reads a data type such as `NUMBER(10, 2)`, `VARCHAR`, `DOUBLE PRECISION`, `TIMESTAMP WITH LOCAL TIME ZONE`.
 * Synonyms: docs.snowflake.com/en/sql-reference/intro-summary-data-types.
 * @throws SnowflakeError 001003 if no type stands there
 */
export function parseType(stream: TokenStream): DataType {
  const at = stream.peek().start;
  const word = stream.identifier();
  const number = (): number => {
    const token = stream.peek();
    if (token.kind !== 'number' || !/^\d+$/.test(token.value)) throw stream.tokenError();
    return Number(stream.next().value);
  };
  const optional = (otherwise: number, least: number, most: number): number => {
    if (!stream.take('(')) return otherwise;
    const place = stream.peek().start;
    const value = number();
    stream.expect(')');
    if (value < least || value > most)
      throw syntaxError(
        `invalid length or scale ${value} of ${word}: it is from ${least} to ${most}.`,
        positionOf(stream.text, place),
      );
    return value;
  };
  const parseScale = () => optional(9, 0, 9);
  if (INTEGERS.includes(word)) return NUMBER(38, 0);
  if (DECIMALS.includes(word)) return decimal(stream, number);
  if (FLOATS.includes(word)) {
    stream.take('PRECISION');
    return FLOAT;
  }
  if (TEXTS.includes(word)) return TEXT(optional(MAX_TEXT, 1, LONGEST_TEXT));
  if (CHARS.includes(word)) {
    const length = stream.take('VARYING') ? MAX_TEXT : 1;
    return TEXT(optional(length, 1, LONGEST_TEXT));
  }
  switch (word) {
    case 'BOOLEAN':
      return { kind: 'BOOLEAN' };
    case 'DATE':
      return { kind: 'DATE' };
    case 'TIME':
      return { kind: 'TIME', scale: parseScale() };
    case 'DATETIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMPNTZ':
      return { kind: 'TIMESTAMP_NTZ', scale: parseScale() };
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMPLTZ':
      return { kind: 'TIMESTAMP_LTZ', scale: parseScale() };
    case 'TIMESTAMP_TZ':
    case 'TIMESTAMPTZ':
      return { kind: 'TIMESTAMP_TZ', scale: parseScale() };
    case 'TIMESTAMP': {
      const scale = parseScale();
      if (stream.take('WITH', 'LOCAL', 'TIME', 'ZONE')) return { kind: 'TIMESTAMP_LTZ', scale };
      if (stream.take('WITH', 'TIME', 'ZONE')) return { kind: 'TIMESTAMP_TZ', scale };
      if (stream.take('WITHOUT', 'TIME', 'ZONE')) return { kind: 'TIMESTAMP_NTZ', scale };
      return { kind: stream.timestampType, scale };
    }
    case 'BINARY':
    case 'VARBINARY':
      return { kind: 'BINARY', length: optional(MAX_BINARY, 1, LONGEST_BINARY) };
    case 'DECFLOAT':
      optional(38, 1, 38);
      return DECFLOAT;
    case 'VARIANT':
      return { kind: 'VARIANT' };
    case 'ARRAY':
      return stream.take('(') ? parseArray(stream) : { kind: 'ARRAY' };
    case 'OBJECT':
      return stream.take('(') ? parseObject(stream) : { kind: 'OBJECT' };
    case 'GEOGRAPHY':
    case 'GEOMETRY':
    case 'VECTOR':
    case 'MAP':
    case 'FILE':
      throw localRefusal(
        `data type ${word}`,
        'only the scalar, semi-structured and structured OBJECT and ARRAY types are built',
      );
  }
  stream.seek(at);
  throw stream.tokenError();
}

/** `element [NOT NULL])`: docs.snowflake.com/en/sql-reference/data-types-structured. */
function parseArray(stream: TokenStream): DataType {
  const element = parseType(stream);
  const notNull = stream.take('NOT', 'NULL');
  stream.expect(')');
  return notNull ? { kind: 'ARRAY', element, notNull } : { kind: 'ARRAY', element };
}

/** `key type [NOT NULL], …)`; keys keep their case, quoted or not. */
function parseObject(stream: TokenStream): DataType {
  const fields: Field[] = [];
  do {
    const token = stream.peek();
    const name = stream.identifier();
    const type = parseType(stream);
    const field = { name: token.kind === 'word' ? stream.text.slice(token.start, token.end) : name, type };
    fields.push(stream.take('NOT', 'NULL') ? { ...field, notNull: true } : field);
  } while (stream.take(','));
  stream.expect(')');
  return { kind: 'OBJECT', fields };
}

function decimal(stream: TokenStream, number: () => number): DataType {
  if (!stream.take('(')) return NUMBER(38, 0);
  const at = stream.peek().start;
  const precision = number();
  const scale = stream.take(',') ? number() : 0;
  stream.expect(')');
  if (!(precision >= 1 && precision <= 38 && scale >= 0 && scale <= precision && scale <= 37))
    throw syntaxError(`invalid precision or scale (${precision}, ${scale}).`, positionOf(stream.text, at));
  return NUMBER(precision, scale);
}

/** The type that a text names, e.g. from a procedure's signature. @throws SnowflakeError 001003 */
export function typeFromText(text: string): DataType {
  const stream = new TokenStream(text);
  const type = parseType(stream);
  stream.expectEnd();
  return type;
}
