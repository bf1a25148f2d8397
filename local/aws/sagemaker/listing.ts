/** The List operations' common part: filters, order, pages. */
import { type Input, invalid, optionalInteger, optionalString } from './validation.js';

export interface Listed {
  name: string;
  created: number;
  modified: number;
  status?: string;
  /** What FinalObjectiveMetricValue sorts by. */
  value?: number;
}

/**
 * One page of a listing.
 *
 * @param describe what an item is filtered and sorted by
 * @returns the page's items and the token of the next page, if any
 */
export function page<T>(
  items: T[],
  input: Input,
  describe: (item: T) => Listed,
): { items: T[]; NextToken?: string } {
  const contains = optionalString(input, 'NameContains', { max: 63, pattern: /^[a-zA-Z0-9-]+$/ });
  const status = optionalString(input, 'StatusEquals');
  const sortBy = optionalString(input, 'SortBy') ?? 'CreationTime';
  const order = optionalString(input, 'SortOrder', { values: ['Ascending', 'Descending'] }) ?? 'Descending';
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 100 }) ?? 10;
  const time = (member: string, otherwise: number) => (input[member] as number | undefined) ?? otherwise;
  const chosen = items
    .map((item) => ({ item, ...describe(item) }))
    .filter(
      (entry) =>
        (!contains || entry.name.toLowerCase().includes(contains.toLowerCase())) &&
        (!status || entry.status === status) &&
        entry.created >= time('CreationTimeAfter', 0) &&
        entry.created <= time('CreationTimeBefore', Number.POSITIVE_INFINITY) &&
        entry.modified >= time('LastModifiedTimeAfter', 0) &&
        entry.modified <= time('LastModifiedTimeBefore', Number.POSITIVE_INFINITY),
    )
    .sort((a, b) => {
      if (sortBy === 'Status' && a.status !== b.status) return (a.status ?? '') < (b.status ?? '') ? -1 : 1;
      if (sortBy === 'FinalObjectiveMetricValue' && a.value !== b.value) return a.value! - b.value!;
      if (sortBy !== 'Name' && a.created !== b.created) return a.created - b.created;
      return a.name < b.name ? -1 : 1;
    });
  if (order === 'Descending') chosen.reverse();
  const start = startOf(optionalString(input, 'NextToken'));
  const chosenPage = chosen.slice(start, start + limit).map((entry) => entry.item);
  const next =
    start + limit < chosen.length ? { NextToken: Buffer.from(`${start + limit}`).toString('base64') } : {};
  return { items: chosenPage, ...next };
}

function startOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const start = Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(start) || start < 0)
    throw invalid('The NextToken is not one that a listing returned.');
  return start;
}
