// Snowflake names the level of its JavaScript engine nowhere. A body that only a newer engine takes would pass every
// test here and fail in the first real account, so handlers get ES2017 and nothing of what came after.
import vm from 'node:vm';

export interface SyntaxProblem {
  message: string;
  /** From 1, of the source. */
  line: number;
  /** From 0, in that line. */
  column: number;
}

/** Object → what was added to it after ES2017. */
const NEWER: Record<string, string> = {
  this: `globalThis BigInt BigInt64Array BigUint64Array WeakRef FinalizationRegistry AggregateError Iterator
    AsyncDisposableStack DisposableStack SuppressedError Float16Array`,
  Object: 'fromEntries hasOwn groupBy',
  Map: 'groupBy',
  Array: 'fromAsync',
  'Array.prototype': 'flat flatMap at findLast findLastIndex toReversed toSorted toSpliced with',
  'Object.getPrototypeOf(Int8Array.prototype)': 'at findLast findLastIndex toReversed toSorted with',
  'String.prototype': 'trimStart trimEnd matchAll replaceAll at isWellFormed toWellFormed',
  Promise: 'allSettled any try withResolvers',
  'Promise.prototype': 'finally',
  RegExp: 'escape',
  'Set.prototype': 'union intersection difference symmetricDifference isSubsetOf isSupersetOf isDisjointFrom',
  'Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]()))':
    'map filter take drop flatMap reduce toArray forEach some every find',
  'Symbol.prototype': 'description',
  Error: 'isError',
  Math: 'f16round sumPrecise',
};

const withhold = new vm.Script(
  Object.entries(NEWER)
    .flatMap(([owner, names]) =>
      names
        .trim()
        .split(/\s+/)
        .map((name) => `delete (${owner})[${JSON.stringify(name)}];`),
    )
    .join('\n'),
);

/** Takes what is newer than ES2017 out of a realm; what has been made in it before keeps working. */
export function withholdNewer(context: vm.Context): void {
  withhold.runInContext(context);
}
