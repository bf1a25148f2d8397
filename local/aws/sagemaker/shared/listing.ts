/** The List operations' common part: filters, order, pages. */
import type { Operation } from './call.js';
import type { AccountRecords, Records } from './records.js';
import { type Input, onlyMembers, optionalInteger, optionalString, validationError } from './validation.js';

/** The members of every List operation. */
export const LIST_MEMBERS = [
  'NameContains',
  'CreationTimeAfter',
  'CreationTimeBefore',
  'SortBy',
  'SortOrder',
  'MaxResults',
  'NextToken',
];
/** Those that lists of resources with a status have besides. */
const STATUS_MEMBERS = ['StatusEquals', 'LastModifiedTimeAfter', 'LastModifiedTimeBefore'];

/** What an item is filtered and sorted by. */
export interface Listed {
  name: string;
  created: number;
  modified?: number;
  status?: string;
  /** What FinalObjectiveMetricValue sorts by. */
  value?: number;
}

/** A List operation over all of an account's resources of one kind. */
interface Listing<T> {
  /** Its name, e.g. `ListModels`. */
  operation: string;
  kind: (records: AccountRecords) => Records<T>;
  /** Whether the resources have a status, by which they can be filtered and sorted, and change. */
  status?: boolean;
  listed: (item: T) => Listed;
  /** What a request that leaves the order open gets: newest first, unless said otherwise. */
  order?: Input;
  /** The answer's member with the items, and how an item stands in it. */
  member: string;
  summary: (item: T, records: AccountRecords) => object;
}

/** The List operation that a listing describes. */
export function listOperation<T>(listing: Listing<T>): Operation {
  const { operation, status, listed, member, summary } = listing;
  const members = status ? [...LIST_MEMBERS, ...STATUS_MEMBERS] : LIST_MEMBERS;
  const sortable = ['Name', 'CreationTime', ...(status ? ['Status'] : [])];
  return (call) => {
    onlyMembers(call.input, operation, members);
    call.authorize(operation, '*');
    optionalString(call.input, 'SortBy', { values: sortable });
    const items = listing.kind(call.records).values();
    const { items: shown, ...next } = page(items, { ...listing.order, ...call.input }, listed);
    return { [member]: shown.map((item) => summary(item, call.records)), ...next };
  };
}

/**
 * One page of a listing.
 *
 * @param listed what an item is filtered and sorted by
 * @returns the page's items and the token of the next page, if any
 */
export function page<T>(
  items: T[],
  input: Input,
  listed: (item: T) => Listed,
): { items: T[]; NextToken?: string } {
  const contains = optionalString(input, 'NameContains', { max: 63, pattern: /^[a-zA-Z0-9-]+$/ });
  const status = optionalString(input, 'StatusEquals');
  const sortBy = optionalString(input, 'SortBy') ?? 'CreationTime';
  const order = optionalString(input, 'SortOrder', { values: ['Ascending', 'Descending'] }) ?? 'Descending';
  const limit = optionalInteger(input, 'MaxResults', { min: 1, max: 100 }) ?? 10;
  const time = (member: string, otherwise: number) => (input[member] as number | undefined) ?? otherwise;
  const chosen = items
    .map((item) => ({ item, ...listed(item) }))
    .filter(
      (entry) =>
        (!contains || entry.name.toLowerCase().includes(contains.toLowerCase())) &&
        (!status || entry.status === status) &&
        entry.created >= time('CreationTimeAfter', 0) &&
        entry.created <= time('CreationTimeBefore', Number.POSITIVE_INFINITY) &&
        (entry.modified ?? entry.created) >= time('LastModifiedTimeAfter', 0) &&
        (entry.modified ?? entry.created) <= time('LastModifiedTimeBefore', Number.POSITIVE_INFINITY),
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
    throw validationError('The NextToken is not one that a listing returned.');
  return start;
}
