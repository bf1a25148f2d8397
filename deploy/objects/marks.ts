import type { Mark, Marks } from '../../procedures/records/mark-columns.js';
import type { Declaration } from '../headers/header.js';
import type { Scope } from './scope.js';

/** The marked columns of a table or view; none of an object of another kind. */
export function marksOf({ header }: Pick<Declaration, 'header'>, scope: Scope): Marks {
  const entries = scope.render(header.masks ?? '').text.matchAll(ENTRY);
  return Object.fromEntries([...entries].map(([, column = '', mark]) => [column, mark as Mark]));
}

const ENTRY = /("(?:[^"]|"")*"|[\w$]+) (identifier|sensitive)(?:, |$)/g;
