// Objects that name others: what has to change in them when what they name moves.
import { TokenStream } from '../language/lexer.js';
import { identifier } from './names.js';
import type { CatalogObject } from './objects.js';

/** Where an object of this full name is now. */
export type NewName = (path: string[]) => string[];

/**
 * The object with the full names in it changed: tasks' predecessors, external functions' translators. The texts
 * of views and bodies stay as they were written, as in Snowflake. The object itself if nothing in it changes.
 */
export function withNames<T extends CatalogObject>(object: T, to: NewName): T {
  if (object.kind === 'TASK') {
    const rename = (name: string) => to(new TokenStream(name).name()).map(identifier).join('.');
    const predecessors = object.predecessors.map(rename);
    const finalizes = object.finalizes === undefined ? undefined : rename(object.finalizes);
    if (predecessors.join() === object.predecessors.join() && finalizes === object.finalizes) return object;
    return { ...object, predecessors, ...(finalizes !== undefined && { finalizes }) };
  }
  if ((object.kind === 'FUNCTION' || object.kind === 'PROCEDURE') && object.external) {
    const { requestTranslator, responseTranslator } = object.external;
    if (!requestTranslator && !responseTranslator) return object;
    return {
      ...object,
      external: {
        ...object.external,
        ...(requestTranslator && { requestTranslator: to(requestTranslator) }),
        ...(responseTranslator && { responseTranslator: to(responseTranslator) }),
      },
    };
  }
  return object;
}

/** Names of what lay in one container and lies in another now. @param from database, or database and schema */
export function moveFrom(from: string[], to: string[]): NewName {
  return (path) => (from.every((part, i) => path[i] === part) ? [...to, ...path.slice(from.length)] : path);
}
