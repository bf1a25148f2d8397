import type { Lists } from './lists.js';

/**
 * Something for each column of a list.
 * @param text #1 stands for the column's name, #2 for its type, #3 for its key
 * @example
 * each('columns', 'r.#1'); // "/*each columns~r.#1~, *\/"
 */
export function each(list: keyof Lists, text: string, between = ', '): string {
  return `/*each ${list}~${text}~${between}*/`;
}
