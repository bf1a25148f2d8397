import type { Contract, Origin } from '../contract.js';
import { queryProblem, trimQuery } from './query-text.js';

/** The keys of a contract's file that say where the rows are. */
export interface Door {
  readonly name: string;
  readonly table?: string;
  readonly source?: string;
  readonly query?: string;
}

/** Finds what is wrong with them, before anything is made of them. */
export function doorProblems({ table, source, query }: Door): string[] {
  const doors = { table, source, query };
  const given = Object.keys(doors).filter((key) => doors[key as keyof typeof doors] !== undefined);
  if (given.length === 0)
    return [
      'it does not say where the rows are: table (in the schema of los), source (DATABASE.SCHEMA.NAME of any relation) or query (one SELECT)',
    ];
  if (given.length > 1) return [`${given.join(' and ')} exclude each other: the rows are in one place`];
  const problem = query === undefined ? undefined : queryProblem(trimQuery(query));
  return problem === undefined ? [] : [`query: ${problem}`];
}

/**
 * Opens a door: what follows from them.
 * @param sources what columns are called there, where that is not the contract's name
 */
export function openDoor(
  { name, table, source, query }: Door,
  sources: Readonly<Record<string, string>>,
): Pick<Contract, 'table' | 'origin' | 'sources'> {
  if (table !== undefined) return { table, ...(Object.keys(sources).length > 0 ? { sources } : {}) };
  const origin: Origin = {
    ...(source === undefined ? {} : { source }),
    ...(query === undefined ? {} : { query: trimQuery(query) }),
    columns: sources,
  };
  return { table: `${name.toUpperCase()}_SOURCE`, origin };
}

/** Tells whether changes come in a stream: on the product's own table always, unless the contract wants otherwise. */
export function hasStream({ origin, changes }: Pick<Contract, 'origin' | 'changes'>): boolean {
  return changes === undefined ? origin === undefined : changes === 'stream';
}
