// What the DDL of all kinds has in common.
import type { Catalog } from './catalog.js';
import { identifier } from './names.js';
import type { CatalogObject } from './objects.js';

/** Whom the DDL is for: how names are written, and what is left out. */
export interface DdlContext {
  catalog: Catalog;
  /** GET_DDL(…, TRUE): names in full. */
  qualified: boolean;
  /** Objects in a container that the role may not see are left out. */
  visible(object: CatalogObject): boolean;
}

/** A string as a literal of Snowflake's, whose backslashes escape. */
export function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export function commentOf(object: { comment: string }): string {
  return object.comment ? `COMMENT=${text(object.comment)}` : '';
}

/** The object's name, in full if that was asked for. */
export function nameForDdl({ catalog, qualified }: DdlContext, object: CatalogObject): string {
  return qualified ? catalog.nameOf(object) : identifier(object.name);
}

/** A value of an option: a list, a string in quotes, or a word. */
export function optionText(value: string | number | boolean | string[]): string {
  if (Array.isArray(value)) return `(${value.map(text).join(', ')})`;
  return typeof value === 'string' ? text(value) : String(value).toUpperCase();
}
