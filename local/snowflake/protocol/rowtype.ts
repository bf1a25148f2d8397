import type { DataType, ResultColumn } from '../types/data-type.js';

/** One entry of `data.rowtype`: how the drivers know a column's type, size and nullability. */
export function rowtypeOf(column: ResultColumn): Record<string, unknown> {
  const { name, type, nullable } = column;
  return {
    name,
    database: '',
    schema: '',
    table: '',
    nullable,
    type: wireType(type),
    scale: 'scale' in type ? type.scale : null,
    precision: type.kind === 'NUMBER' ? type.precision : type.kind.startsWith('TIME') ? 0 : null,
    length: 'length' in type ? type.length : null,
    byteLength: type.kind === 'TEXT' ? type.length * 4 : type.kind === 'BINARY' ? type.length : null,
    collation: null,
  };
}

function wireType(type: DataType): string {
  if (type.kind === 'NUMBER') return 'fixed';
  if (type.kind === 'FLOAT') return 'real';
  return type.kind.toLowerCase();
}
