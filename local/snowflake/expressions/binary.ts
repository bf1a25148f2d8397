import { MAX_BINARY, TEXT } from '../types/data-type.js';
import { type FunctionSpec, fn, literal } from './function.js';

/** TO_BINARY(text [, 'HEX' | 'BASE64' | 'UTF-8']). */
function toBinary(tolerant: boolean): FunctionSpec['bind'] {
  return ([value, format], call) => {
    if (value!.type.kind === 'BINARY') return value!;
    const model = format ? String(literal(format, call)).toUpperCase().replace('-', '') : 'HEX';
    const text = call.b.cast(value!, TEXT()).sql;
    const [read, valid] = {
      HEX: [`unhex(${text})`, `regexp_full_match(${text}, '([0-9A-Fa-f]{2})*')`],
      BASE64: [
        `from_base64(${text})`,
        `regexp_full_match(${text}, '([A-Za-z0-9+/]{4})*[A-Za-z0-9+/=]{0,4}')`,
      ],
      UTF8: [`encode(${text})`, 'TRUE'],
    }[model] ?? ['', ''];
    if (!read) throw call.b.error('001003', '22023', `invalid binary format '${model}'`, call.at);
    const otherwise = tolerant
      ? 'NULL'
      : `CAST(error('The following string is not a legal ${model.toLowerCase()}-encoded value: ''' || ${text} || '''') AS BLOB)`;
    const sql = `CASE WHEN ${text} IS NULL THEN NULL WHEN ${valid} THEN ${read} ELSE ${otherwise} END`;
    return { sql, type: { kind: 'BINARY', length: MAX_BINARY }, nullable: value!.nullable || tolerant };
  };
}

export const binaryFunctions: FunctionSpec[] = [
  fn('TO_BINARY', 1, 2, toBinary(false)),
  fn('TRY_TO_BINARY', 1, 2, toBinary(true)),
];
