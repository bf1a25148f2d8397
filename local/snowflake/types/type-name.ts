import type { DataType } from './data-type.js';

/** The type as Snowflake prints it: `NUMBER(38,0)`, `VARCHAR(16777216)`; short: `NUMBER`, `VARCHAR`. */
export function typeName(type: DataType, { short = false } = {}): string {
  if (short) return type.kind === 'TEXT' ? 'VARCHAR' : type.kind;
  switch (type.kind) {
    case 'NUMBER':
      return `NUMBER(${type.precision},${type.scale})`;
    case 'TEXT':
      return `VARCHAR(${type.length})`;
    case 'DECFLOAT':
      return 'DECFLOAT(38)';
    case 'BINARY':
      return `BINARY(${type.length})`;
    case 'TIME':
    case 'TIMESTAMP_NTZ':
    case 'TIMESTAMP_LTZ':
    case 'TIMESTAMP_TZ':
      return `${type.kind}(${type.scale})`;
    case 'ARRAY':
      return type.element ? `ARRAY(${typeName(type.element)}${type.notNull ? ' NOT NULL' : ''})` : 'ARRAY';
    case 'OBJECT': {
      const fields = type.fields?.map((field) => {
        const name = /^[A-Za-z_][A-Za-z0-9_$]*$/.test(field.name) ? field.name : `"${field.name}"`;
        return `${name} ${typeName(field.type)}${field.notNull ? ' NOT NULL' : ''}`;
      });
      return fields ? `OBJECT(${fields.join(', ')})` : 'OBJECT';
    }
    default:
      return type.kind;
  }
}

/** The bytes that hold a whole number of so many digits: `SB1` … `SB16`. */
export function integerStorage(digits: number): string {
  const most = [2, 4, 9, 18].findIndex((limit) => digits <= limit);
  return `SB${most < 0 ? 16 : 2 ** most}`;
}
