import type { DataType } from '../types/data-type.js';
import type { CatalogObject, ObjectKind } from './objects.js';

/** The parts of an object's full name. */
export function pathOf(object: CatalogObject): string[] {
  if ('schema' in object) return [object.database, object.schema, object.name];
  if (object.kind === 'SCHEMA') return [object.database, object.name];
  return [object.name];
}

const IN_ACCOUNT: ObjectKind[] = [
  'ACCOUNT',
  'DATABASE',
  'WAREHOUSE',
  'ROLE',
  'USER',
  'NETWORK POLICY',
  'INTEGRATION',
];

/** What objects of a kind lie in. */
export function containerOf(kind: ObjectKind): 'ACCOUNT' | 'DATABASE' | 'SCHEMA' {
  if (IN_ACCOUNT.includes(kind)) return 'ACCOUNT';
  return kind === 'SCHEMA' ? 'DATABASE' : 'SCHEMA';
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
