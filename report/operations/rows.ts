import type { Contract } from '../../procedures/dataset/contract.js';
import { hasStream } from '../../procedures/dataset/origin/door.js';
import { originsOf, relationName } from '../../procedures/dataset/origin/relation.js';

/**
 * Describes where the rows are and how changes are noticed and why, and what is
 * missing, in sentences; none where all are in a table of ours.
 * @param closed why they cannot be read, and what their owner does
 */
export function describeRows(
  contract: Contract,
  closed?: { readonly what: string; readonly next: string },
): string[] {
  const others = originsOf(contract).map(
    (other) => `Rows of ${other.key}: ${relationName(other)}, read with SELECT alone.`,
  );
  return [
    ...(closed ? [`Missing: ${closed.what} ${closed.next}`] : []),
    ...admissionRows(contract),
    ...others,
  ];
}

function admissionRows(contract: Contract): string[] {
  const { origin, changes } = contract;
  if (origin === undefined) return [];
  const why =
    changes === 'comparison'
      ? ', as the contract says (changes: comparison)'
      : ', which asks nothing of their owner but SELECT (changes: stream needs change tracking)';
  const way = hasStream(contract)
    ? 'by a stream, as the contract says (changes: stream); where it cannot be read, by comparison in the same run'
    : `by comparison${why}`;
  return [`Rows: ${origin.source ?? 'a query'}, read with SELECT alone. Changes are noticed ${way}.`];
}
