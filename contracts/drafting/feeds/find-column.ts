import { isNumber } from '../../../procedures/dataset/column-rules.js';
import type { RelationColumn } from '../../../procedures/dataset/origin/feeds.js';
import { isCalled } from '../../naming/column-names.js';

/** A column of a relation, and its type in Snowflake. */
export interface Column {
  readonly name: string;
  readonly type: string;
}

type Test = (column: Column) => boolean;

export const isTime: Test = ({ type }) => /^(DATE|TIMESTAMP)/.test(type);

/** @param like key of `rules` or `patterns` in sql/words/columns.yaml */
export function isLike(like: string): Test {
  return ({ name }) => isCalled(like, name);
}

/**
 * Finds columns one after the other, each for one thing.
 * @returns finds the first column that nothing has taken and that meets the first of the tests which any meets
 */
export function columnFinder(columns: readonly Column[]): (...tests: readonly Test[]) => Column | undefined {
  const taken = new Set<Column>();
  return (...tests) => {
    for (const test of tests) {
      const found = columns.find((column) => !taken.has(column) && test(column));
      if (!found) continue;
      taken.add(found);
      return found;
    }
    return undefined;
  };
}

/** The column as a contract names it: with its type where that is no text and no TIMESTAMP_NTZ. */
export function columnOf({ name, type }: Column): RelationColumn {
  const kind = type.replace(/\(.*/, '');
  return isNumber(kind) || ['DATE', 'TIMESTAMP_LTZ', 'TIMESTAMP_TZ'].includes(kind)
    ? { column: name, type: kind }
    : name;
}
