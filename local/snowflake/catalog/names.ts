import type { DataType } from '../types/data-type.js';
import type { CatalogObject } from './objects.js';

/** The parts of an object's full name. */
export function pathOf(object: CatalogObject): string[] {
  if ('schema' in object) return [object.database, object.schema, object.name];
  if (object.kind === 'SCHEMA') return [object.database, object.name];
  return [object.name];
}

/** A type as signatures show it, without length, precision and scale. */
export function shortTypeName(type: DataType): string {
  return type.kind === 'TEXT' ? 'VARCHAR' : type.kind;
}

/** An identifier as Snowflake prints it: quoted only if it must be. */
export function identifier(name: string): string {
  return /^[A-Z_][A-Z0-9_$]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** 'FILE FORMAT' → 'File format'. */
export function title(kind: string): string {
  return kind[0] + kind.slice(1).toLowerCase();
}
